"""How hours are written, and what a lesson of some length is worth under the platform's rule."""

from collections.abc import Iterable
from decimal import Decimal

from asgiref.local import Local
from django import template
from django.core.signals import request_started
from django.utils import timezone
from django.utils.formats import number_format

from lms.hours.defaults import DEFAULT_RULE
from lms.hours.models import HoursRule
from lms.hours.rules import online_hours as worth_of

register = template.Library()

# The platform's rule, read once per request: a catalogue asks for it with every lesson.
_read = Local()


@register.filter
def hours(value: Decimal | int | float) -> str:
    """Hours without idle zeros: 1.00 is 1, 0.50 is 0.5."""
    exact = Decimal(str(value)).normalize()
    places = max(0, -int(exact.as_tuple().exponent))
    return str(number_format(exact, decimal_pos=places, use_l10n=True))


@register.filter
def online_hours(seconds: int) -> str:
    """What a lesson of so many seconds is worth under the platform's rule."""
    return hours(worth_of(_platform_rule(), int(seconds)))


@register.filter
def online_hours_together(lengths: Iterable[int]) -> str:
    """What lessons of these lengths in seconds are worth together, each by itself as it is granted."""
    return hours(sum((worth_of(_platform_rule(), seconds) for seconds in lengths), Decimal(0)))


def _platform_rule() -> HoursRule:
    rule: HoursRule | None = getattr(_read, "rule", None)
    if rule is None:
        rule = HoursRule.objects.of_the_platform(timezone.localdate()) or HoursRule(**DEFAULT_RULE)
        _read.rule = rule
    return rule


def forget(**_signal: object) -> None:
    """Read the platform's rule again when it is next asked for."""
    _read.rule = None


request_started.connect(forget, dispatch_uid="lms.hours.forget")
