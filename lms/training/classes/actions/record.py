"""Recording a class that was held, and granting its hours to those who attended."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.access import MANAGERS, RULERS
from accounts.actions import lock_all
from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.hours.actions import grant
from lms.hours.models import EntryKind, HoursEntry, HoursRule, Ledger
from lms.hours.rules import LONGEST_DAY, rule_for
from lms.hours.sums import ExactSum
from lms.training.classes.attendance import worth_of
from lms.training.classes.models import ClassKind, ClassState, Closing, Place, PlaceStatus, TrainingClass
from lms.training.classes.reach import covers
from lms.training.once import insert_once

ENTRY_KINDS = {ClassKind.ORDINARY: EntryKind.CLASS, ClassKind.ROTATION: EntryKind.ROTATION}


class NobodyAttended(ValueError):
    """A class without people records nothing."""


class NotHeldYet(ValueError):
    """The last day of the class lies in the future."""


class MoreDaysThanDates(ValueError):
    """The class is said to have more days than lie between its first and its last."""


class MoreHoursThanDays(ValueError):
    """The class is said to have taken more hours than its days can hold."""


class NotForTownship(PermissionError):
    """Rotation classes are held by the party schools of cities and counties, which record them."""


class MoreAbsenceThanClass(ValueError):
    """Somebody is said to have missed more half-days than the class had."""

    def __init__(self, person: Cadre) -> None:
        """Keep the person for the words."""
        super().__init__(person.name)
        self.person = person


class ElsewhereThen(ValueError):
    """The days of this class and of another that counted are more than there were for one person."""

    def __init__(self, person: Cadre, other: TrainingClass) -> None:
        """Keep the person and the other class for the words."""
        super().__init__(f"{person.name}: {other.title}")
        self.person = person
        self.other = other


class OutOfScope(PermissionError):
    """People, or the unit, for whom the recorder does not keep the record."""

    def __init__(self, names: list[str]) -> None:
        """Keep the names for the words."""
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True)
class ClassFacts:
    """A class as its organiser tells of it: `days` attended in full are worth `hours`."""

    title: str
    organiser: str
    unit: Unit
    kind: ClassKind
    ledger: Ledger
    starts_on: date
    ends_on: date
    days: Decimal
    hours: Decimal


@transaction.atomic
def record_class(
    *, facts: ClassFacts, absent: dict[Cadre, int], by: Cadre, at: datetime, key: str | None = None
) -> TrainingClass:
    """Keep a class and give each person a line of the ledger; the same key twice is one class.

    `absent` holds everybody called to it, with the half-days missed. Raises the errors above, or NoRule.
    """
    # Two classes of one person are recorded one after the other, so that the second sees the first.
    lock_all(person.pk for person in absent)
    if before := _recorded(key, by):
        return before
    rule = judge_class(facts=facts, absent=absent, by=by, at=at)
    training_class = TrainingClass(**vars(facts), state=ClassState.CLOSED, recorded_at=at, by=by, key=key)
    return _write(training_class, absent, rule)


def _write(training_class: TrainingClass, absent: dict[Cadre, int], rule: HoursRule) -> TrainingClass:
    key, by, at = training_class.key, training_class.by, training_class.recorded_at
    training_class, is_new = insert_once(training_class, lambda: _recorded(key, by))
    if not is_new:
        return training_class
    Closing.objects.create(training_class=training_class, closed_at=at, by=by)
    _grant_all(training_class, absent, rule, at)
    audit(
        "class.record",
        by=by,
        at=at,
        unit=training_class.unit,
        training_class=training_class.pk,
        people=len(absent),
    )
    return training_class


def _recorded(key: str | None, by: Cadre) -> TrainingClass | None:
    """The class that somebody's form was recorded as, if it was."""
    return TrainingClass.objects.filter(key=key, by=by).first() if key else None


def judge_class(*, facts: ClassFacts, absent: dict[Cadre, int], by: Cadre, at: datetime) -> HoursRule:
    """The rule by which a class would count, or the error with which it would be refused; writes nothing."""
    rule = rule_for(facts.unit, facts.ends_on)
    _check_length(facts, at)
    _check_people(absent, facts.days, facts.unit, by)
    if facts.kind == ClassKind.ROTATION and not covers(by, facts.unit, *RULERS):
        raise NotForTownship
    _check_elsewhere(facts, absent, rule)
    return rule


def _check_length(facts: ClassFacts, at: datetime) -> None:
    span = (facts.ends_on - facts.starts_on).days + 1
    if facts.ends_on > timezone.localdate(at):
        raise NotHeldYet
    if facts.days > span:
        raise MoreDaysThanDates
    # Evenings may fill many hours and count as no day.
    if facts.hours > LONGEST_DAY * (facts.days if facts.days > 0 else span):
        raise MoreHoursThanDays


def _check_people(absent: dict[Cadre, int], days: Decimal, unit: Unit, by: Cadre) -> None:
    if not absent:
        raise NobodyAttended
    for person, half_days in absent.items():
        if half_days and not 0 < half_days <= days * 2:
            raise MoreAbsenceThanClass(person)
    ours = Cadre.objects.visible_to(by, *MANAGERS).filter(pk__in=[person.pk for person in absent])
    visible = set(ours.values_list("pk", flat=True))
    foreign = [person.name for person in absent if person.pk not in visible]
    if not covers(by, unit, *MANAGERS):
        foreign.append(unit.name)
    if foreign:
        raise OutOfScope(foreign)


def _check_elsewhere(facts: ClassFacts, absent: dict[Cadre, int], rule: HoursRule) -> None:
    """Nobody is in two classes at once: the days that count of both must fit between the dates of both."""
    people = {person.pk: person for person in absent}
    touching = TrainingClass.objects.touching(facts.starts_on, facts.ends_on)
    others = {item.source: item for item in touching.filter(places__person__in=people)}
    lines = HoursEntry.objects.filter(person__in=people, source__in=others)
    counted = lines.order_by("person", "source").values_list("person", "source").annotate(ExactSum("days"))
    for pk, source, days in counted:
        person, other = people[pk], others[source]
        here = worth_of(hours=facts.hours, days=facts.days, absent_half_days=absent[person], rule=rule).days
        span = max(facts.ends_on, other.ends_on) - min(facts.starts_on, other.starts_on)
        if here and days and here + days > span.days + 1:
            raise ElsewhereThen(person, other)


def _grant_all(
    training_class: TrainingClass, absent: dict[Cadre, int], rule: HoursRule, at: datetime
) -> None:
    """A place and one line for each, person by person in one order, so that no two classes deadlock."""
    people = sorted(absent, key=lambda person: person.pk)
    Place.objects.bulk_create(
        Place(
            training_class=training_class,
            person=person,
            status=PlaceStatus.ACCEPTED,
            absent_half_days=absent[person],
        )
        for person in people
    )
    midnight = timezone.make_aware(datetime.combine(training_class.ends_on + timedelta(days=1), time.min))
    for person in people:
        grant(
            person=person,
            source=training_class.source,
            kind=ENTRY_KINDS[ClassKind(training_class.kind)],
            title=training_class.title,
            ledger=Ledger(training_class.ledger),
            worth=worth_of(
                hours=training_class.hours,
                days=training_class.days,
                absent_half_days=absent[person],
                rule=rule,
            ),
            earned_at=min(at, midnight - timedelta(seconds=1)),
            at=at,
            rule=rule,
            by=training_class.by,
        )
