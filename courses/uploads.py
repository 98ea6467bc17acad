"""What the libraries of films and of documents ask of a file that somebody brings."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def refuse_replacing(kept: Any) -> None:  # Any: a film or a document, which lessons point at
    """Raise ValidationError, in words, where a published lesson uses the file that would be replaced."""
    if kept.pk and kept.lessons.filter(versions__isnull=False).exists():
        raise ValidationError(
            _(
                "A published lesson uses this file, so it stays as it is. "
                "Upload the new file beside it and choose it in the lesson."
            )
        )
