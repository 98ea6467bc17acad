"""Locking a class for a change, and writing down what changed."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Cadre
from lms.training.classes.actions.notices import tell
from lms.training.classes.actions.refusals import NotOpen, NotOrganiser
from lms.training.classes.models import (
    TELLING,
    ClassChange,
    ClassState,
    HalfDay,
    NoticeKind,
    TrainingClass,
    What,
)
from lms.training.classes.reach import may_organise


def lock_class(pk: int) -> TrainingClass:
    """The class as it is now, locked: its state, timetable, quotas and names change one after the other.

    Whoever locks people too does so afterwards.
    """
    return TrainingClass.objects.select_for_update(no_key=True).get(pk=pk)


def lock_own(training_class: TrainingClass, by: Cadre) -> TrainingClass:
    """The same for whoever runs the class, as long as it is open; raises NotOrganiser, NotOpen."""
    held = lock_class(training_class.pk)
    if not may_organise(by, held):
        raise NotOrganiser
    if not held.is_open:
        raise NotOpen
    return held


def note_changes(
    held: TrainingClass, changes: Iterable[tuple[What, str, str]], *, by: Cadre, at: datetime
) -> list[ClassChange]:
    """Keep what changed; of time and place, everybody who has a place in an announced class is told."""
    written = [
        ClassChange.objects.create(training_class=held, at=at, by=by, what=what, old=old[:400], new=new[:400])
        for what, old, new in changes
        if old != new
    ]
    if held.state == ClassState.CALLING and any(change.what in TELLING for change in written):
        called = held.places.accepted().values_list("person", flat=True)
        tell(called, training_class=held, what=NoticeKind.CHANGED, at=at)
    return written


def half_days_of(held: TrainingClass) -> list[HalfDay]:
    """Its timetable, in order."""
    return list(held.half_days.all())
