"""How hours are written, and what lessons are worth under a rule."""

from collections.abc import Iterable
from decimal import Decimal

from django import template

from courses.models import LessonVersion
from lms.hours.figures import plain
from lms.hours.models import HoursRule
from lms.hours.rules import lesson_hours

register = template.Library()
register.filter("hours", plain)


@register.filter
def worth(version: LessonVersion, rule: HoursRule) -> str:
    """What finishing a lesson or passing a quiz is worth under a rule."""
    return plain(lesson_hours(rule, version))


@register.filter
def worth_together(versions: Iterable[LessonVersion], rule: HoursRule) -> str:
    """What several are worth together, each by itself as it is granted."""
    return plain(sum((lesson_hours(rule, version) for version in versions), Decimal(0)))
