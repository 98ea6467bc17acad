"""The half-days of a class: added, changed, taken away; its days and hours follow."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.actions import lock_all
from accounts.audit import audit
from accounts.models import Cadre
from lms.training.classes.actions.calling import follow_timetable
from lms.training.classes.actions.changes import half_days_of, lock_own, note_changes
from lms.training.classes.actions.refusals import (
    Elsewhere,
    EndsBeforeStart,
    Marked,
    OutsideDates,
    SlotTaken,
)
from lms.training.classes.clashes import clashes
from lms.training.classes.models import HalfDay, Leave, LeaveStatus, TrainingClass, What
from lms.training.classes.timetable import Line, usual_lines

Changes = list[tuple[What, str, str]]


@transaction.atomic
def set_half_day(
    *, training_class: TrainingClass, line: Line, by: Cadre, at: datetime, half_day: HalfDay | None = None
) -> HalfDay:
    """Add a line, or change the one that is given.

    Raises OutsideDates, EndsBeforeStart, SlotTaken, Marked, Elsewhere, TooManyHours, NotOrganiser, NotOpen.
    """
    held = lock_own(training_class, by)
    existing = half_days_of(held)
    before = next((each for each in existing if half_day is not None and each.pk == half_day.pk), None)
    was = before.fact if before else ""
    if before and (before.starts_at, before.ends_at) != (line.starts_at, line.ends_at):
        _refuse_marked([before])
    written = _write(
        held, line, before, [each for each in existing if before is None or each.pk != before.pk]
    )
    _settle(held, [written], [(What.TIMETABLE, was, written.fact)], by=by, at=at)
    return written


@transaction.atomic
def fill_days(
    *,
    training_class: TrainingClass,
    first: date,
    days: int,
    topic: str,
    with_weekends: bool,
    by: Cadre,
    at: datetime,
) -> list[HalfDay]:
    """Lay the usual mornings and afternoons over some days; what is there already stays as it is."""
    held = lock_own(training_class, by)
    existing = half_days_of(held)
    filled = {(each.on, each.part) for each in existing}
    written: list[HalfDay] = []
    for line in usual_lines(first, days, topic, with_weekends=with_weekends):
        if (line.on, line.part) not in filled:
            written.append(_write(held, line, None, [*existing, *written]))
    _settle(held, written, [(What.TIMETABLE, "", each.fact) for each in written], by=by, at=at)
    return written


@transaction.atomic
def drop_half_day(*, half_day: HalfDay, by: Cadre, at: datetime) -> None:
    """Take a line away at which nobody was marked; taken away already changes nothing. Raises Marked."""
    held = lock_own(half_day.training_class, by)
    found = held.half_days.filter(pk=half_day.pk).first()
    if found is None:
        return
    _refuse_marked([found])
    # A mark that was taken back has left its history, which holds on to the half-day.
    if found.marks.exists():
        raise Marked
    fact = found.fact
    found.delete()
    asked = Leave.objects.filter(place__training_class=held, status=LeaveStatus.ASKED, half_days=None)
    asked.update(status=LeaveStatus.WITHDRAWN)
    _settle(held, [], [(What.TIMETABLE, fact, "")], by=by, at=at)


def _write(held: TrainingClass, line: Line, half_day: HalfDay | None, others: Sequence[HalfDay]) -> HalfDay:
    if not held.starts_on <= line.on <= held.ends_on:
        raise OutsideDates(line.on)
    if line.ends <= line.starts:
        raise EndsBeforeStart
    for other in others:
        is_same = (other.on, other.part) == (line.on, line.part)
        if is_same or (other.starts_at < line.ends_at and other.ends_at > line.starts_at):
            raise SlotTaken(other)
    written = half_day or HalfDay(training_class=held)
    written.on, written.part = line.on, line.part
    written.starts_at, written.ends_at = line.starts_at, line.ends_at
    written.topic, written.teacher, written.venue = line.topic, line.teacher, line.venue
    written.save()
    return written


def _refuse_marked(half_days: Iterable[HalfDay]) -> None:
    for half_day in half_days:
        if half_day.marks.filter(Q(in_at__isnull=False) | Q(out_at__isnull=False)).exists():
            raise Marked


def _settle(
    held: TrainingClass, half_days: Sequence[HalfDay], changes: Changes, *, by: Cadre, at: datetime
) -> None:
    """What follows from another timetable: nobody in two places, other days and hours, people told."""
    changes = [each for each in changes if each[1] != each[2]]
    if not changes:
        return
    _refuse_clashes(held, half_days)
    note_changes(held, [*changes, *follow_timetable(held)], by=by, at=at)
    told = [[old, new] for _what, old, new in changes]
    audit("class.timetable", by=by, at=at, unit=held.unit, training_class=held.pk, changes=told)


def _refuse_clashes(held: TrainingClass, half_days: Sequence[HalfDay]) -> None:
    called = list(held.places.accepted().values_list("person", flat=True))
    lock_all(called)
    for clash in clashes(called, half_days, but=held).values():
        raise Elsewhere(Cadre.objects.get(pk=clash.person), clash.half_day)
