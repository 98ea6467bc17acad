"""Closing a viewing, which grants its hours, and what undoes that: reopening and cancelling with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import MANAGERS
from accounts.audit import audit
from accounts.models import Cadre
from lms.training.models import Presence
from lms.training.presence import leave_seat
from lms.training.viewings.models import Closing, Viewing, ViewingState

from .running import WrongState, lock_viewing
from .settling import lock_concerned, rule_of, settle_everybody


class NotForKeepers(PermissionError):
    """What was shown is reopened or struck out by the township, not by the station that showed it."""


@transaction.atomic
def close_viewing(*, viewing: Viewing, by: Cadre, at: datetime) -> Viewing:
    """Grant everybody who was there the hours of what was really played; closing again settles anew.

    Raises WrongState, NoRule and what `lms.hours.actions.settle` raises.
    """
    kept = lock_viewing(viewing.pk)
    if not kept.is_over:
        raise WrongState(kept)
    rule_of(kept)  # nobody may have come: without a rule it waits all the same
    if not kept.is_closed:
        Closing.objects.create(viewing=kept, closed_at=at, by=by)
        kept.state = ViewingState.CLOSED
        kept.save(update_fields=["state"])
        audit("viewing.close", by=by, at=at, unit=kept.station.unit, viewing=kept.pk)
    settle_everybody(kept, reason=_("The viewing was closed again."), by=by, at=at)
    return kept


@transaction.atomic
def reopen_viewing(*, viewing: Viewing, reason: str, by: Cadre, at: datetime) -> Viewing:
    """Open a closed viewing again, with a reason; its lines stand until it is closed anew.

    Raises NotForKeepers, WrongState.
    """
    kept = lock_viewing(viewing.pk)
    _check_township(kept, by)
    if not kept.is_closed:
        raise WrongState(kept)
    closing = kept.closings.get(reopened_at=None)
    # The clocks of two servers may differ; nothing is reopened before it was closed.
    closing.reopened_at, closing.reopened_by, closing.reason = max(at, closing.closed_at), by, reason
    closing.save(update_fields=["reopened_at", "reopened_by", "reason"])
    kept.state = ViewingState.ENDED
    kept.save(update_fields=["state"])
    audit("viewing.reopen", by=by, at=at, unit=kept.station.unit, viewing=kept.pk, reason=reason)
    return kept


@transaction.atomic
def cancel_viewing(*, viewing: Viewing, reason: str, by: Cadre, at: datetime) -> Viewing:
    """Strike out a viewing: one that did not begin, or, by the township, one that ended.

    Seats are given up and hours taken back by correcting lines; the same again changes nothing. Raises
    NotForKeepers, WrongState and what `lms.hours.actions.settle` raises.
    """
    kept = lock_viewing(viewing.pk)
    if kept.state == ViewingState.CANCELLED:
        return kept
    if kept.state not in (ViewingState.PLANNED, ViewingState.ENDED):
        raise WrongState(kept)
    if kept.is_over:
        _check_township(kept, by)
    kept.state, kept.cancelled_why = ViewingState.CANCELLED, reason
    kept.save(update_fields=["state", "cancelled_why"])
    lock_concerned(kept)
    for seat in Presence.objects.at_source(kept.source).select_related("person").order_by("person"):
        leave_seat(person=seat.person, source=kept.source, by=by, at=at)
    settle_everybody(kept, reason=reason, by=by, at=at)
    audit("viewing.cancel", by=by, at=at, unit=kept.station.unit, viewing=kept.pk, reason=reason)
    return kept


def _check_township(viewing: Viewing, by: Cadre) -> None:
    units = by.scope_units(*MANAGERS)
    if not any(unit.contains(viewing.station.unit.code) for unit in units):
        raise NotForKeepers
