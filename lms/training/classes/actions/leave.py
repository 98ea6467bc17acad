"""Leave from half-days of a class: asked by the person, answered by the organiser or the township."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.actions import lock
from accounts.audit import audit
from accounts.models import Cadre
from lms.training.classes.actions.calling import check_calling
from lms.training.classes.actions.notices import tell
from lms.training.classes.actions.refusals import (
    AskedAlready,
    BegunAlready,
    DecidedAlready,
    NoReason,
    NotDecider,
    NotYours,
)
from lms.training.classes.models import HalfDay, Leave, LeaveStatus, NoticeKind, Place, PlaceStatus
from lms.training.classes.reach import may_decide_leave


@transaction.atomic
def ask_leave(
    *, place: Place, reason: str, by: Cadre, at: datetime, half_days: Collection[int] | None = None
) -> Leave:
    """Ask to stay away from some half-days, or from all that have not begun.

    Raises NotYours, NotCalling, NoReason, AskedAlready, BegunAlready.
    """
    lock(place.person_id)
    held = place.training_class
    held.refresh_from_db()
    kept = Place.objects.get(pk=place.pk)
    if by.pk != kept.person_id or kept.status != PlaceStatus.ACCEPTED:
        raise NotYours([by.name])
    check_calling(held)
    if not (reason := reason.strip()[:200]):
        raise NoReason
    if kept.leaves.filter(status=LeaveStatus.ASKED).exists():
        raise AskedAlready
    wanted = _wanted(kept, half_days, at)
    leave = Leave.objects.create(place=kept, reason=reason, asked_at=at)
    leave.half_days.set(wanted)
    audit("class.leave.ask", by=by, at=at, person=by, unit=held.unit, leave=leave.pk, training_class=held.pk)
    return leave


def _wanted(place: Place, half_days: Collection[int] | None, at: datetime) -> list[HalfDay]:
    """The half-days asked for, which must all lie ahead; of the whole class, what is no leave yet."""
    free = Leave.objects.filter(place=place, status=LeaveStatus.GRANTED).values("half_days")
    timetable = list(place.training_class.half_days.exclude(pk__in=free))
    ahead = [each for each in timetable if each.starts_at > at]
    wanted = ahead if half_days is None else [each for each in timetable if each.pk in half_days]
    if not wanted or any(each.starts_at <= at for each in wanted):
        raise BegunAlready
    return wanted


@transaction.atomic
def withdraw_leave(*, leave: Leave, by: Cadre, at: datetime) -> Leave:
    """Take a request back while it waits and nothing of it has begun. Twice is once.

    Raises NotYours, DecidedAlready, BegunAlready.
    """
    kept = _locked(leave)
    if kept.place.person_id != by.pk:
        raise NotYours([by.name])
    if kept.status == LeaveStatus.WITHDRAWN:
        return kept
    if kept.status != LeaveStatus.ASKED:
        raise DecidedAlready
    if kept.half_days.filter(starts_at__lte=at).exists():
        raise BegunAlready
    kept.status = LeaveStatus.WITHDRAWN
    kept.save(update_fields=["status"])
    return kept


@transaction.atomic
def decide_leave(*, leave: Leave, is_granted: bool, answer: str, by: Cadre, at: datetime) -> Leave:
    """Grant leave, or refuse it with a reason; the person is told. The same answer twice is once.

    Raises NotDecider, NoReason, DecidedAlready, NotCalling.
    """
    kept = _locked(leave)
    held, person = kept.place.training_class, kept.place.person
    if not may_decide_leave(by, held, person):
        raise NotDecider
    check_calling(held)
    answer = answer.strip()[:200]
    status = LeaveStatus.GRANTED if is_granted else LeaveStatus.REFUSED
    if kept.status == status:
        return kept
    if kept.status != LeaveStatus.ASKED:
        raise DecidedAlready
    if not is_granted and not answer:
        raise NoReason
    kept.status, kept.answer, kept.decided_at, kept.decided_by = status, answer, at, by
    kept.save(update_fields=["status", "answer", "decided_at", "decided_by"])
    what = NoticeKind.LEAVE_GRANTED if is_granted else NoticeKind.LEAVE_REFUSED
    tell([person.pk], training_class=held, what=what, at=at, note=answer)
    audit(
        "class.leave.decide",
        by=by,
        at=at,
        person=person,
        unit=held.unit,
        leave=kept.pk,
        training_class=held.pk,
        status=status,
    )
    return kept


def _locked(leave: Leave) -> Leave:
    lock(leave.place.person_id)
    return Leave.objects.select_related("place__person__unit", "place__training_class__unit").get(pk=leave.pk)
