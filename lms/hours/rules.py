"""What learning is worth under a rule, and which rule holds where and when."""

from datetime import date
from decimal import Decimal

from accounts.codes import ancestors
from accounts.models import Cadre, Post, Role, Unit
from courses.models import LessonKind, LessonVersion
from lms.hours.defaults import DEFAULT_RULE
from lms.hours.models import CLASS_KINDS, EntryKind, HoursEntry, HoursRule
from lms.hours.steps import read_steps

# Nobody teaches or learns longer within a day: more is a slip of the pen.
LONGEST_DAY = Decimal(12)


class NoRule(LookupError):
    """No region above the unit has a rule of hours that is valid on the day."""


def find_rule(unit: Unit, on: date) -> HoursRule | None:
    """The rule of the most specific region above a unit that is valid on a day, if any (one query)."""
    return (
        HoursRule.objects.valid_on(on)
        .filter(unit__code__in=ancestors(unit.code))
        # Codes of one branch grow with their depth, so the highest code is the nearest region.
        .order_by("-unit__code", "-valid_from")
        .first()
    )


def rule_for(unit: Unit, on: date) -> HoursRule:
    """The same where there has to be one; raises NoRule."""
    rule = find_rule(unit, on)
    if rule is None:
        raise NoRule(f"{unit.code} {on}")
    return rule


def platform_rule(on: date) -> HoursRule:
    """The rule that pages show which are the same for everybody; the shipped one where none holds."""
    return HoursRule.objects.of_the_platform(on) or HoursRule(**DEFAULT_RULE)


def place_on(person: Cadre, on: date) -> tuple[Unit, Post | None]:
    """Where a person's learning of a day is kept: the unit and the post held then (two queries at most).

    Of several posts the one in the present unit comes first, then the higher one.
    """
    ranks = list(Role)
    post = min(
        person.posts.held_on(on).select_related("unit"),
        key=lambda held: (held.unit_id != person.unit_id, ranks.index(Role(held.role)), held.pk),
        default=None,
    )
    return (post.unit if post else person.unit), post


def online_hours(rule: HoursRule, seconds: int) -> Decimal:
    """What a finished lesson of so many seconds is worth under a rule."""
    for step in read_steps(rule.online_steps):
        if step.admits(seconds):
            return step.hours
    return Decimal(0)


def lesson_hours(rule: HoursRule, version: LessonVersion) -> Decimal:
    """What finishing a lesson, or passing a quiz, is worth under a rule."""
    return rule.quiz_hours if version.kind == LessonKind.QUIZ else online_hours(rule, version.seconds)


def within_cap(rule: HoursRule, worth: Decimal, earned_that_day: Decimal) -> Decimal:
    """How much of an online worth the daily cap still admits."""
    return min(worth, max(Decimal(0), rule.online_daily_cap - earned_that_day))


def most_hours(entry: HoursEntry, days: Decimal) -> Decimal:
    """The most hours that a ledger line can stand at: what its kind of learning could ever give.

    A lesson or quiz is bound by the line's own rule, a class by its `days`; what counts no days by one
    long day, or by what it was worth at first.
    """
    if entry.kind == EntryKind.LESSON:
        return read_steps(entry.rule.online_steps)[0].hours
    if entry.kind == EntryKind.QUIZ:
        return entry.rule.quiz_hours
    if entry.kind in CLASS_KINDS and days:
        return LONGEST_DAY * days
    return max(LONGEST_DAY, entry.hours + entry.withheld)
