"""What a class is worth to somebody who missed some half-days of it (domain §3)."""

from decimal import Decimal

from lms.hours.actions import Worth
from lms.hours.models import HoursRule

CENT = Decimal("0.01")


def missed_hours(*, hours: Decimal, days: Decimal, absent_half_days: int, rule: HoursRule) -> Decimal:
    """The hours of the half-days missed: each half a day rate, or the class's own share if that is more."""
    own = hours / (2 * days) if days else Decimal(0)
    return min(hours, absent_half_days * max(rule.day_hours / 2, own))


def worth_of(*, hours: Decimal, days: Decimal, absent_half_days: int, rule: HoursRule) -> Worth:
    """The hours and days of the half-days attended; nothing for somebody who is out of the class."""
    missed = missed_hours(hours=hours, days=days, absent_half_days=absent_half_days, rule=rule)
    if missed * rule.absence_divisor > hours:
        return Worth(Decimal(0), withheld=hours)
    return Worth((hours - missed).quantize(CENT), days - Decimal(absent_half_days) / 2, times=1)
