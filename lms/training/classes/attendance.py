"""What a class is worth to somebody who missed some half-days of it (domain §3), and what ticks say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lms.hours.actions import Worth
from lms.hours.models import HoursRule

CENT = Decimal("0.01")


def missed_hours(*, hours: Decimal, days: Decimal, absent_half_days: int, rule: HoursRule) -> Decimal:
    """The hours of the half-days missed: each half a day rate, or the class's own share if that is more."""
    own = hours / (2 * days) if days else Decimal(0)
    return min(hours, absent_half_days * max(rule.half_day_hours, own))


def worth_of(*, hours: Decimal, days: Decimal, absent_half_days: int, rule: HoursRule) -> Worth:
    """The hours and days of the half-days attended; nothing for somebody who is out of the class."""
    missed = missed_hours(hours=hours, days=days, absent_half_days=absent_half_days, rule=rule)
    if missed * rule.absence_divisor > hours:
        return Worth(Decimal(0), withheld=hours)
    return Worth((hours - missed).quantize(CENT), days - Decimal(absent_half_days) / 2, times=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A line of a timetable: how long it takes, and whether it is half a day of training or an evening."""

    seconds: int
    is_half_day: bool = True


def worth_of_sessions(
    *, hours: Decimal, days: Decimal, attended: Iterable[Session], missed: Iterable[Session], rule: HoursRule
) -> Worth:
    """The same where a timetable tells how long each half-day was: its hours are its share of the class's.

    An evening counts as hours and as no half-day. Who missed everything is out whatever the rule.
    """
    missed, attended = list(missed), list(attended)
    lost = sum(session.seconds for session in missed)
    whole = lost + sum(session.seconds for session in attended)
    if lost * rule.absence_divisor > whole or not attended:
        return Worth(Decimal(0), withheld=hours)
    half_days = sum(session.is_half_day for session in missed)
    return Worth(
        (hours - hours * lost / whole).quantize(CENT), max(Decimal(0), days - Decimal(half_days) / 2), times=1
    )


def present_since(ticks: Iterable[tuple[datetime, bool]]) -> datetime | None:
    """Since when somebody is marked, out of all ticks by the time of the event; None if they are not.

    The latest tick stands, of two at one moment the one that says present; the order in which they
    arrived, and how often, does not matter.
    """
    ticks = list(ticks)
    left = max((at for at, is_present in ticks if not is_present), default=None)
    return min((at for at, is_present in ticks if is_present and (left is None or at >= left)), default=None)
