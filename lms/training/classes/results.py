"""What each person of a class would get for the half-days at which they were, as its marks say now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.hours.actions import Worth
from lms.hours.models import HoursRule
from lms.training.classes.attendance import Session, worth_of_sessions
from lms.training.classes.models import (
    HalfDay,
    Leave,
    LeaveStatus,
    Mark,
    Part,
    Place,
    TrainingClass,
)
from lms.training.models import Presence


@dataclass(frozen=True)
class Result:
    """One person's class: the half-days counted and missed, and what that is worth."""

    place: Place
    attended: Sequence[HalfDay]
    missed: Sequence[HalfDay]
    worth: Worth
    # Half-days at which they were marked somewhere else before.
    refused: Mapping[int, Presence] = field(default_factory=dict)
    # Half-days for which leave was granted: excused, and absent all the same.
    on_leave: frozenset[int] = frozenset()
    # Half-days at which nobody ever ticked anything about them.
    unticked: Sequence[HalfDay] = ()

    @property
    def is_out(self) -> bool:
        """Whether they missed too much: no hours, no certificate."""
        return not self.worth.times

    @property
    def absent_half_days(self) -> int:
        """The mornings and afternoons missed."""
        return sum(half_day.part != Part.EVENING for half_day in self.missed)

    @property
    def missed_evenings(self) -> int:
        """The evenings missed, which cost hours and no half-day."""
        return len(self.missed) - self.absent_half_days


def results_of(
    held: TrainingClass, rule: HoursRule, *, person_ids: Iterable[int] | None = None
) -> list[Result]:
    """The results of everybody who has a place, or of some of them, village by village (five queries)."""
    places = held.places.accepted().select_related("person__unit").order_by("person__unit__code", "person")
    if person_ids is not None:
        places = places.filter(person__in=list(person_ids))
    half_days = list(held.half_days.all())
    record = Attendance(held, half_days)
    return [_result(place, held, half_days, record, rule) for place in places]


class Attendance:
    """The marks, seats and leaves of a class, read once."""

    def __init__(self, held: TrainingClass, half_days: Sequence[HalfDay]) -> None:
        """Read them (three queries and one for the leave's half-days)."""
        self.marks: dict[tuple[int, int], Mark] = {
            (kept.place_id, kept.half_day_id): kept for kept in Mark.objects.of_class(held)
        }
        self.seats: dict[tuple[int, str], Presence] = {
            (seat.person_id, seat.source): seat
            for seat in Presence.objects.filter(source__in=[each.source for each in half_days])
            .select_related("lost_to")
            .prefetch_related("beaten")
        }
        self.leaves: dict[int, set[int]] = defaultdict(set)
        granted = Leave.objects.filter(place__training_class=held, status=LeaveStatus.GRANTED)
        for place, half_day in granted.values_list("place", "half_days"):
            self.leaves[place].add(half_day)

    def seat(self, place: Place, half_day: HalfDay) -> Presence | None:
        """Somebody's seat at a half-day, standing or lost."""
        return self.seats.get((place.person_id, half_day.source))

    def is_there(self, place: Place, half_day: HalfDay, *, has_sign_out: bool) -> bool:
        """Whether a half-day counts: marked in, nowhere else before, and marked out where that is taken."""
        kept, seat = self.marks.get((place.pk, half_day.pk)), self.seat(place, half_day)
        if kept is None or seat is None or seat.lost_to_id is not None:
            return False
        return kept.in_at is not None and (kept.out_at is not None or not has_sign_out)


def _result(
    place: Place, held: TrainingClass, half_days: Sequence[HalfDay], record: Attendance, rule: HoursRule
) -> Result:
    attended: list[HalfDay] = []
    missed: list[HalfDay] = []
    for half_day in half_days:
        is_there = record.is_there(place, half_day, has_sign_out=held.has_sign_out)
        (attended if is_there else missed).append(half_day)
    worth = worth_of_sessions(
        hours=held.hours,
        days=held.days,
        attended=map(session_of, attended),
        missed=map(session_of, missed),
        rule=rule,
    )
    seats = {half_day.pk: record.seat(place, half_day) for half_day in missed}
    return Result(
        place,
        attended,
        missed,
        worth,
        refused={pk: seat.lost_to for pk, seat in seats.items() if seat and seat.lost_to},
        on_leave=frozenset(record.leaves[place.pk]),
        unticked=[half_day for half_day in missed if (place.pk, half_day.pk) not in record.marks],
    )


def session_of(half_day: HalfDay) -> Session:
    """A line of the timetable as the rule takes it."""
    seconds = int((half_day.ends_at - half_day.starts_at).total_seconds())
    return Session(seconds, half_day.part != Part.EVENING)
