"""Films and sound recordings: the library behind film and audio lessons."""

import mimetypes

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia


class Film(AbstractMedia):
    """A film or a sound recording; its length and fingerprint are read from the file, never typed."""

    length_ms = models.PositiveIntegerField(_("length in milliseconds"), default=0, editable=False)
    size_bytes = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)

    admin_form_fields = ("title", "file", "collection", "thumbnail", "tags")

    class Meta(AbstractMedia.Meta):
        verbose_name = _("film or recording")
        verbose_name_plural = _("films and recordings")

    @property
    def seconds(self) -> int:
        """Whole seconds of the film; a trailing part of a second asks nothing of the learner."""
        return max(1, self.length_ms // 1000)

    @property
    def content_type(self) -> str:
        """What browsers are told that the file is."""
        return mimetypes.guess_type(self.file.name)[0] or "application/octet-stream"

    @property
    def url(self) -> str:
        """The protected address; the bare file is never served."""
        return reverse("films:play", args=[self.pk, self.digest or "0"])

    @property
    def poster_url(self) -> str:
        """The public address of the still picture, or nothing."""
        return reverse("films:poster", args=[self.pk, self.thumbnail_filename]) if self.thumbnail else ""
