"""What learning is worth under a rule, and which rule holds where and when."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from accounts.codes import ancestors
from accounts.models import Cadre, Post, Role, Unit
from accounts.models.units import within_any
from courses.models import LessonKind, LessonVersion
from lms.hours.defaults import DEFAULT_RULE
from lms.hours.kinds import CLASS_KINDS, STUDY_KINDS, EntryKind, Ledger, Withheld, read_caps
from lms.hours.models import HoursEntry, HoursRule, Totals
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


class Admitted(NamedTuple):
    """How many hours a line may stand at, and which limit stopped it, if one did."""

    hours: Decimal
    why: Withheld = Withheld.NOTHING


def within_limits(worth: Decimal, limits: Iterable[tuple[Withheld, Decimal]]) -> Admitted:
    """How much of a worth the room under each limit admits; the narrowest one is named."""
    admitted = Admitted(worth)
    for why, room in limits:
        if (left := max(Decimal(0), room)) < admitted.hours:
            admitted = Admitted(left, why)
    return admitted


def admitted(entry: HoursEntry, hours: Decimal) -> Admitted:
    """How many of these hours a line may stand at under its rule, beside the person's other lines.

    To be asked under the person's lock. What came before keeps its room: the order of arrival decides.
    """
    return within_limits(hours, limits_of(entry))


def limits_of(entry: HoursEntry) -> Iterator[tuple[Withheld, Decimal]]:
    """The room that each limit of the rule leaves for a line; a query for each that adds lines up."""
    rule, others = entry.rule, HoursEntry.objects.of(entry.person_id).besides(entry)
    if entry.kind in CLASS_KINDS and rule.class_cap is not None:
        yield Withheld.CLASS_CAP, rule.class_cap
    if entry.ledger == Ledger.ONLINE and entry.kind in STUDY_KINDS:
        that_day = others.filter(ledger=Ledger.ONLINE, kind__in=STUDY_KINDS, earned_on=entry.earned_on)
        yield Withheld.DAILY_CAP, rule.online_daily_cap - that_day.total().hours
    cap = read_caps(rule.yearly_caps).get(EntryKind(entry.kind))
    if cap is not None:
        yield Withheld.KIND_CAP, cap - others.in_year(entry.year).filter(kind=entry.kind).total().hours


def foreseen(
    worths: Mapping[int, Decimal], *, kind: EntryKind, on: date, rule: HoursRule
) -> dict[int, Admitted]:
    """What lines of a class or of claims would stand at for each person by key, were they written now.

    For previews (one query, and none without a yearly limit of the kind); what phones report has a limit
    of the day too and is not asked here.
    """
    cap = read_caps(rule.yearly_caps).get(kind)
    used: dict[int, Totals] = {}
    if cap is not None:
        used = HoursEntry.objects.filter(person__in=worths, kind=kind).in_year(on.year).by_person()
    found = {}
    for person_id, worth in worths.items():
        limits = []
        if kind in CLASS_KINDS and rule.class_cap is not None:
            limits.append((Withheld.CLASS_CAP, rule.class_cap))
        if cap is not None:
            limits.append((Withheld.KIND_CAP, cap - used.get(person_id, Totals()).hours))
        found[person_id] = within_limits(worth, limits)
    return found


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


def number_under(unit: Unit, on: date) -> int:
    """How many people a version of a region's rule touches from a day on (two queries).

    Everybody who belongs there, except where a region inside has a rule of its own by then.
    """
    inner = Unit.objects.within(unit).exclude(pk=unit.pk)
    own = inner.filter(pk__in=HoursRule.objects.valid_on(on).values("unit"))
    people = Cadre.objects.within(unit).filter(is_active=True).exclude(within_any(own, "unit__code"))
    number: int = people.count()
    return number
