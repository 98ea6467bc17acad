"""How hours are written, and what lessons of some length are worth under a rule."""

from collections.abc import Iterable
from decimal import Decimal

from django import template

from lms.hours.figures import plain
from lms.hours.models import HoursRule
from lms.hours.rules import online_hours as worth_of

register = template.Library()
register.filter("hours", plain)


@register.filter
def online_hours(seconds: int, rule: HoursRule) -> str:
    """What a lesson of so many seconds is worth under a rule."""
    return plain(worth_of(rule, seconds))


@register.filter
def online_hours_together(lengths: Iterable[int], rule: HoursRule) -> str:
    """What lessons of these lengths in seconds are worth together, each by itself as it is granted."""
    return plain(sum((worth_of(rule, seconds) for seconds in lengths), Decimal(0)))
