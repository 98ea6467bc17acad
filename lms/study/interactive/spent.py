"""How long somebody was at an attempt: what its content told, or what follows from when it told it. Pure.

H5P counts from the last opening to the end. Who left half-way and went on later was longer at it than that,
and some contents tell no time at all; then the time between one thing told and the next is the nearest to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

# What H5P tells of a whole content at each opening.
OPENED = "attempted"
# Whoever told nothing for longer was away.
LONGEST_PAUSE = timedelta(minutes=30)
# What is told just after the end is of the same go (`playing/go.js`).
AFTERWARDS_SECONDS = 3


class Moment(Protocol):
    """What is asked of a statement."""

    verb: str
    is_child: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """Whole seconds; `is_reckoned`: from the moments of what was told, and not told by the content."""

    seconds: int
    is_reckoned: bool


def time_spent(told: Decimal | None, moments: Iterable[Moment]) -> Spent:
    """The longer of the time that was told and of what follows from the moments, which are in their order.

    Between two openings nothing counts, nor does a pause in which somebody must have been away.
    """
    reckoned = int(sum((_between(*pair) for pair in pairwise(moments)), timedelta()).total_seconds())
    if told is None or reckoned > told + AFTERWARDS_SECONDS:
        return Spent(reckoned, is_reckoned=True)
    return Spent(int(told), is_reckoned=False)


def _between(one: Moment, other: Moment) -> timedelta:
    is_opening = other.verb == OPENED and not other.is_child
    passed = other.occurred_at - one.occurred_at
    return timedelta() if is_opening or passed > LONGEST_PAUSE else passed
