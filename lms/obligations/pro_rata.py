"""The share of a yearly amount that somebody owes who holds a post for a part of the year (ADR 0020)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

from lms.obligations.definitions import PostFact
from lms.obligations.models import MONTHS, Measure

# Hours and days are asked in halves, a class is a whole one.
HALF, WHOLE = Decimal("0.5"), Decimal(1)


def months_held(posts: Sequence[PostFact], year: int) -> int:
    """In how many months of a year some of these posts was held on the month's last day; one at least.

    So the month of the start counts, that of leaving only when it is whole, and posts side by side or one
    after the other count their months once.
    """
    return max(1, sum(any(post.is_held_on(day) for post in posts) for day in _last_days(year)))


@lru_cache(maxsize=100)
def _last_days(year: int) -> list[date]:
    return [date(year, month, monthrange(year, month)[1]) for month in range(1, MONTHS + 1)]


def share_of(amount: Decimal, measure: str, months: int) -> Decimal:
    """The amount for so many of twelve months, rounded up to a half (a class to a whole one)."""
    step = WHOLE if measure == Measure.TIMES else HALF
    steps = (amount * months / (MONTHS * step)).to_integral_value(ROUND_CEILING)
    return min(amount, steps * step)
