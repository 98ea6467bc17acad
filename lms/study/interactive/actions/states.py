"""Keeping where a content stands."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Length

from lms.study import store
from lms.study.interactive.actions.attempts import Kept, TooMany, attempt_for, within
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.models import InteractiveAttempt, StateDocument

MOST_STATE_BYTES = 128 * 1024
# Of one attempt, all keys together.
MOST_STATES, MOST_CHARACTERS = 200, 1024 * 1024


class TooLarge(ValueError):
    """A state, or all those of an attempt, are longer than may be."""


@transaction.atomic
def keep_state(
    *,
    launch: PackageLaunch,
    key: str,
    data: str | None,
    written_at: datetime,
    at: datetime,
    device: str,
    number: int,
    registration: UUID | None = None,
) -> Kept:
    """Keep where a content stands; of several under one key the one that was written last stays.

    None takes it away. Raises TooLarge, TooMany, OtherPackage.
    """
    if len((data or "").encode()) > MOST_STATE_BYTES:
        raise TooLarge
    written_at = within(launch, written_at, at)
    store.hold(launch.study.person_id)
    attempt = attempt_for(launch, registration=registration, begun_at=written_at)
    before = StateDocument.objects.filter(attempt=attempt, key=key).first()
    order = (written_at, number, device)
    if before is not None and (before.written_at, before.number, before.device) >= order:
        return Kept.BEFORE
    _hold_within_limits(attempt, key, data or "")
    StateDocument.objects.update_or_create(
        attempt=attempt,
        key=key,
        defaults={"data": data or "", "written_at": written_at, "device": device, "number": number},
    )
    return Kept.KEPT


def _hold_within_limits(attempt: InteractiveAttempt, key: str, data: str) -> None:
    others = attempt.states.exclude(key=key).aggregate(count=Count("pk"), characters=Sum(Length("data")))
    if others["count"] >= MOST_STATES:
        raise TooMany
    if (others["characters"] or 0) + len(data) > MOST_CHARACTERS:
        raise TooLarge
