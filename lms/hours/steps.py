"""The online table of a rule: how long a lesson must be to be worth how much (domain §3)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_STEPS = 20
MOST_HOURS = Decimal(10)
LONGEST_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Step:
    """Lessons longer than `over` seconds (or exactly so long, if `or_equal`) are worth `hours`."""

    over: int
    or_equal: bool
    hours: Decimal

    def admits(self, seconds: int) -> bool:
        """Whether a lesson of so many seconds reaches this step."""
        return seconds > self.over or (self.or_equal and seconds == self.over)


def read_steps(table: object) -> tuple[Step, ...]:
    """The steps of a stored table, longest first; ValidationError says what is wrong with it."""
    if not isinstance(table, list) or not 1 <= len(table) <= MOST_STEPS:
        raise ValidationError(_("The online table needs between 1 and 20 rows."))
    steps = tuple(_read_step(row) for row in table)
    for longer, shorter in pairwise(steps):
        if longer.over <= shorter.over:
            raise ValidationError(_("The rows of the online table go from the longest to the shortest."))
        if longer.hours < shorter.hours:
            raise ValidationError(_("A longer lesson cannot be worth less than a shorter one."))
    return steps


def validate_steps(table: object) -> None:
    """Refuse a table that `read_steps` cannot read."""
    read_steps(table)


def _read_step(row: object) -> Step:
    if not isinstance(row, dict) or row.keys() != {"over", "or_equal", "hours"}:
        raise ValidationError(_("A row of the online table has a length, a boundary and hours."))
    over, or_equal = row["over"], row["or_equal"]
    if type(over) is not int or not 0 <= over <= LONGEST_SECONDS or type(or_equal) is not bool:
        raise ValidationError(_("A length in the online table is a whole number of seconds within a day."))
    return Step(over, or_equal, _read_hours(row["hours"]))


def _read_hours(text: object) -> Decimal:
    try:
        hours = Decimal(text) if isinstance(text, str) else Decimal("NaN")
    except InvalidOperation:
        hours = Decimal("NaN")
    # A NaN compares false with everything, an infinity is above the top.
    if not hours.is_finite() or not 0 < hours <= MOST_HOURS or hours != hours.quantize(Decimal("0.01")):
        raise ValidationError(_("Hours in the online table lie between 0.01 and 10."))
    return hours
