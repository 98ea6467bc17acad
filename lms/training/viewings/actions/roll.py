"""The roll of a viewing: each tick is kept, and all together say who was there and since when."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import lock
from accounts.audit import audit
from accounts.models import Cadre
from lms.training.models import Presence
from lms.training.presence import leave_seat
from lms.training.viewings.models import RollTick, Viewing
from lms.training.viewings.worth import present_since

from .running import WrongState, lock_viewing, seat_at
from .settling import settle_person


@transaction.atomic
def tick_roll(
    *,
    viewing: Viewing,
    person: Cadre,
    is_present: bool,
    marked_at: datetime,
    by: Cadre,
    at: datetime,
    device: str = "",
    number: int = 0,
) -> Presence | None:
    """Keep a tick and give the person the seat that all ticks together say; None if not on the roll.

    The same number of the same phone is the same tick, whenever it comes. A tick after closing reaches the
    person's hours at once. Raises WrongState for a viewing that has not begun, and what `settle` raises.
    """
    kept = lock_viewing(viewing.pk)
    if not kept.has_started:
        raise WrongState(kept)
    person = lock(person.pk)
    if number and kept.ticks.filter(device=device, number=number).exists():
        return _seat(kept, person)
    RollTick.objects.create(
        viewing=kept,
        person=person,
        is_present=is_present,
        # Nobody was there before it began.
        marked_at=max(kept.begins_at, min(marked_at, at)),
        recorded_at=at,
        by=by,
        device=device,
        number=number,
    )
    _seat_by_ticks(kept, person, by=by, at=at)
    _note_guest(kept, person, by=by, at=at)
    seat = _seat(kept, person)
    if kept.is_closed:
        reason = _("Marked after the viewing was closed.")
        settle_person(person, kept, seat, reason=reason, by=by, at=at)
    return seat


def _seat_by_ticks(viewing: Viewing, person: Cadre, *, by: Cadre, at: datetime) -> None:
    since = present_since(viewing.ticks.filter(person=person))
    seat = _seat(viewing, person)
    if since is None and seat is not None:
        lower = partial(_lower, viewing, person, by, at) if viewing.is_closed else None
        leave_seat(person=person, source=viewing.source, by=by, at=at, lower=lower)
    if since is not None:
        seat_at(viewing, person, marked_at=since, by=by, at=at)


def _note_guest(viewing: Viewing, person: Cadre, *, by: Cadre, at: datetime) -> None:
    """Who looks for somebody of another village leaves a line."""
    unit = viewing.station.unit
    if person.unit_id != unit.pk:
        audit("viewing.guest", by=by, at=at, person=person, unit=unit, viewing=viewing.pk)


def _lower(viewing: Viewing, person: Cadre, by: Cadre, at: datetime) -> None:
    settle_person(person, viewing, None, reason="", by=by, at=at)


def _seat(viewing: Viewing, person: Cadre) -> Presence | None:
    seats = Presence.objects.of(person.pk).at_source(viewing.source)
    return seats.select_related("lost_to").first()
