"""Writing suggestions and answering them."""

from datetime import datetime

from django.db import transaction

from accounts.models import Cadre
from lms.feedback.models import Reply, Suggestion


def suggest(*, text: str, contact: str, page: str, person: Cadre | None, at: datetime) -> Suggestion:
    """Keep what somebody told us; it goes to the desk of the person's present unit."""
    return Suggestion.objects.create(
        text=text,
        contact=contact,
        page=page,
        person=person,
        unit=person.unit if person else None,
        written_at=at,
    )


@transaction.atomic
def answer(*, suggestion: Suggestion, text: str, closes: bool, by: Cadre, at: datetime) -> Reply:
    """Answer a suggestion; `closes` ends it, a later answer may still follow."""
    locked = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if closes and locked.closed_at is None:
        locked.closed_at = at
        locked.save(update_fields=["closed_at"])
    return Reply.objects.create(suggestion=locked, text=text, by=by, written_at=at)
