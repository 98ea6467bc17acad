"""What a timetable is worth, and how a plain one is laid over the days of a class."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal

from django.utils import timezone

from lms.hours.models import HoursRule
from lms.training.classes.models import HalfDay, Part

HALF = Decimal("0.5")
WEEKEND = 5
# The usual half-days of a township's class.
USUAL = {Part.MORNING: (time(8, 30), time(11, 30)), Part.AFTERNOON: (time(14, 30), time(17, 30))}


@dataclass(frozen=True)
class Line:
    """One line of a timetable as an organiser writes it, in the local time of the day."""

    on: date
    part: Part
    starts: time
    ends: time
    topic: str
    teacher: str = ""
    venue: str = ""

    @property
    def starts_at(self) -> datetime:
        """The moment at which it begins."""
        return timezone.make_aware(datetime.combine(self.on, self.starts))

    @property
    def ends_at(self) -> datetime:
        """The moment at which it ends."""
        return timezone.make_aware(datetime.combine(self.on, self.ends))


def worth_of_timetable(half_days: Iterable[HalfDay], rule: HoursRule) -> tuple[Decimal, Decimal]:
    """The days and hours of a class: a morning or afternoon is half a day at the day rate of the rule.

    An evening is no half-day; it gives its own hours, by halves and at most those of a half-day.
    """
    days = hours = Decimal(0)
    for half_day in half_days:
        if half_day.part == Part.EVENING:
            hours += min(_length(half_day), rule.half_day_hours)
        else:
            days += HALF
            hours += rule.half_day_hours
    return days, hours.quantize(Decimal("0.01"))


def _length(half_day: HalfDay) -> Decimal:
    """How long it takes, in hours, by halves."""
    halves = Decimal((half_day.ends_at - half_day.starts_at).total_seconds()) / 1800
    return halves.to_integral_value(ROUND_DOWN) / 2


def usual_lines(first: date, days: int, topic: str, *, with_weekends: bool) -> Iterator[Line]:
    """A morning and an afternoon on each of so many days from the first on."""
    on = first
    while days > 0:
        if with_weekends or on.weekday() < WEEKEND:
            for part, (starts, ends) in USUAL.items():
                yield Line(on, part, starts, ends, topic)
            days -= 1
        on += timedelta(days=1)
