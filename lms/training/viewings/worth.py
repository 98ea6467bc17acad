"""What a viewing is worth: the programme's hours by the rule, in proportion to what was really played."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Protocol

from lms.hours import coverage
from lms.hours.budget import LEEWAY_MS, NORMAL_SPEED
from lms.hours.models import HoursRule
from lms.hours.rules import online_hours
from lms.training.viewings.models import Viewing

HUNDREDTH = Decimal("0.01")


def viewing_hours(rule: HoursRule, *, seconds: int, played: int) -> Decimal:
    """What each person who was there is granted, down to a whole hundredth of an hour.

    As with a lesson that somebody studies alone, 95 % is all of it: no screen plays every last second.
    """
    whole = online_hours(rule, seconds)
    if played >= coverage.seconds_to_finish(seconds):
        return whole
    return (whole * played / seconds).quantize(HUNDREDTH, ROUND_DOWN)


def played_seconds(viewing: Viewing) -> int:
    """How much was really shown: a lesson's distinct seconds, or a broadcast's time by the server's clock."""
    if not viewing.is_broadcast:
        return coverage.count(coverage.from_bytes(viewing.bits))
    if viewing.started_at is None or viewing.ended_at is None:
        return 0
    return min(viewing.seconds, int((viewing.ended_at - viewing.started_at).total_seconds()))


def affordable(viewing: Viewing, at: datetime) -> int:
    """How many seconds of film the server's clock has paid for by a moment, since the viewing began.

    A station has one screen and one viewing running, so each second of its clock pays for one stream
    (ADR 0002); after the end nothing more is paid.
    """
    if viewing.started_at is None:
        return 0
    until = viewing.ended_at or min(at, viewing.latest_end)
    ran = int((until - viewing.started_at).total_seconds() * 1000) + LEEWAY_MS
    return max(0, ran) * viewing.speed // (1000 * NORMAL_SPEED)


class Tick(Protocol):
    """A tick of a roll as far as it decides."""

    is_present: bool
    marked_at: datetime


def present_since(ticks: Iterable[Tick]) -> datetime | None:
    """Since when somebody stands on the roll, from all ticks in the order of their events; None if not."""
    since: datetime | None = None
    for tick in ticks:
        if not tick.is_present:
            since = None
        elif since is None:
            since = tick.marked_at
    return since
