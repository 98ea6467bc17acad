"""A person's half-days of a class in words: to come, on leave, there, missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lms.training.classes.models import HalfDay, Leave, LeaveStatus, Mark, Place, TrainingClass


@dataclass(frozen=True)
class Half:
    """One half-day as its person sees it."""

    half_day: HalfDay
    leave: Leave | None
    is_present: bool
    has_begun: bool
    is_over: bool

    @property
    def is_asked(self) -> bool:
        """Whether leave from it waits for an answer."""
        return self.leave is not None and self.leave.status == LeaveStatus.ASKED

    @property
    def is_excused(self) -> bool:
        """Whether leave from it was granted."""
        return self.leave is not None and self.leave.status == LeaveStatus.GRANTED

    @property
    def is_refused(self) -> bool:
        """Whether leave from it was refused."""
        return self.leave is not None and self.leave.status == LeaveStatus.REFUSED

    @property
    def can_be_left(self) -> bool:
        """Whether leave from it can be asked for now."""
        return not self.has_begun and not self.is_excused


def halves_of(held: TrainingClass, place: Place | None, *, at: datetime) -> list[Half]:
    """The half-days of a class with what each is for whoever has the place (four queries at most)."""
    leaves: dict[int, Leave] = {}
    present: set[int] = set()
    if place:
        leaves = _by_half_day(
            place.leaves.exclude(status=LeaveStatus.WITHDRAWN).prefetch_related("half_days")
        )
        present = {mark.half_day_id for mark in place.marks.all() if _counts(mark, held)}
    return [
        Half(
            half_day=each,
            leave=leaves.get(each.pk),
            is_present=each.pk in present,
            has_begun=each.starts_at <= at,
            is_over=each.ends_at <= at,
        )
        for each in held.half_days.all()
    ]


def _by_half_day(leaves: Iterable[Leave]) -> dict[int, Leave]:
    """The leave that says most about each half-day: granted before asked, asked before refused."""
    ranks = [LeaveStatus.REFUSED, LeaveStatus.ASKED, LeaveStatus.GRANTED]
    found: dict[int, Leave] = {}
    for leave in sorted(leaves, key=lambda each: (ranks.index(LeaveStatus(each.status)), each.asked_at)):
        found.update({half_day.pk: leave for half_day in leave.half_days.all()})
    return found


def _counts(mark: Mark, held: TrainingClass) -> bool:
    return mark.in_at is not None and (mark.out_at is not None or not held.has_sign_out)
