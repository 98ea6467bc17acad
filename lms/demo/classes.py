"""The classes, evenings and special courses of the demo's year, recorded by those who held them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import partial

from accounts.models import COMMITTEE_ROLES, Cadre, Role, Unit
from lms.demo.county import County
from lms.demo.dates import Span
from lms.demo.diary import Event
from lms.hours.models import Ledger
from lms.training.classes.actions import ClassFacts, record_class
from lms.training.classes.models import ClassKind

SCHOOL = "中共平遥县委党校"
ACADEMY = "省网络干部学院"
LEADERS = (Role.SECRETARY, Role.DIRECTOR)

# Four rotation classes, each for a quarter of the townships.
ROTATIONS = ((3, 16), (5, 18), (9, 14), (11, 9))
# The townships hold their own week one after the other from March to October, beginning with the one that
# has its own staff; the other nine have held none yet.
FIRST_MONTH, MONTHS, HELD = 3, 8, 7
FIRST_TOWNSHIP = 3
# How many townships, in the same order, took part in the rest.
SPRING_EVENINGS, AUTUMN_EVENINGS, SPRING_COURSE, AUTUMN_COURSE = 3, 2, 4, 2
# Who never comes to a class in the demo; the rest of the cast always does.
NEVER = ("fresh", "exempt", "elected", "late", "made-up", "upcoming")
HALF_DAY, OUT = 1, 3

Roll = Callable[[], dict[Cadre, int]]


@dataclass(frozen=True, kw_only=True)
class Held:
    """What kind of class was held, and what it was worth."""

    title: str
    organiser: str
    span: Span
    hours: Decimal
    kind: ClassKind = ClassKind.ORDINARY
    ledger: Ledger = Ledger.CONCENTRATED

    @property
    def days(self) -> Decimal:
        """The half-days that the hours fill at six hours a day, as days."""
        return (self.hours / 3).to_integral_value(ROUND_CEILING) / 2


def classes(county: County, *, is_full: bool) -> Iterator[Event]:
    """Every class of the year that is over by now; in full, every township took part in everything."""
    townships = county.townships[FIRST_TOWNSHIP:] + county.townships[:FIRST_TOWNSHIP]
    most = len(townships) if is_full else 0
    yield from _rotations(county)
    yield from _newly_elected(county)
    for index, township in enumerate(townships[: max(most, HELD)]):
        yield from _township_week(county, index, township)
    for township in townships[: max(most, SPRING_EVENINGS)]:
        yield from _evenings(county, township, "春季党员夜校", (3, 2), 12)
    for township in townships[: max(most, AUTUMN_EVENINGS)]:
        yield from _evenings(county, township, "秋季党员夜校", (9, 28), 14)
    yield from _special_course(county, townships[: max(most, SPRING_COURSE)], (4, 6), "春季", 26)
    yield from _special_course(county, townships[: max(most, AUTUMN_COURSE)], (9, 1), "秋季", 24)


def _rotations(county: County) -> Iterator[Event]:
    quarter = -(-len(county.townships) // len(ROTATIONS))
    for number, (month, day) in enumerate(ROTATIONS):
        called = county.townships[number * quarter : (number + 1) * quarter]
        for span in county.calendar.past(month, day, 5):
            year = span.starts_on.year
            held = Held(
                title=f"{year}年村（社区）党组织书记、村（居）委会主任轮训班（第{number + 1}期）",
                organiser=SCHOOL,
                span=span,
                hours=Decimal(30),
                kind=ClassKind.ROTATION,
            )
            roll = partial(_roll, county, called, LEADERS, span, 0.85)
            yield _event(county, held, roll, by=county.staff["county"])


def _newly_elected(county: County) -> Iterator[Event]:
    """Within three months of the election; and a later class for one of those who missed it."""
    by = county.staff["county"]
    for span in county.calendar.past(4, 13, 3):
        held = Held(title="新任村干部任职培训班", organiser=SCHOOL, span=span, hours=Decimal(18))
        yield _event(county, held, partial(_newcomers, county, span), by=by)
    late = Span(county.calendar.ago(40), county.calendar.ago(38))
    held = Held(title="新任村干部任职培训补训班", organiser=SCHOOL, span=late, hours=Decimal(18))
    yield _event(county, held, partial(_only, county.cast["made-up"]), by=by)


def _township_week(county: County, index: int, township: Unit) -> Iterator[Event]:
    month, day = FIRST_MONTH + index % MONTHS, 8 + index // MONTHS * 12
    for span in county.calendar.past(month, day, 5):
        held = Held(
            title=f"{township.name}{span.starts_on.year}年村（社区）“两委”成员集中培训班",
            organiser=f"{township.name}党校",
            span=span,
            hours=Decimal(30),
        )
        yield _event(county, held, partial(_week, county, township, span), by=county.keeper(township))


def _evenings(
    county: County, township: Unit, name: str, start: tuple[int, int], hours: int
) -> Iterator[Event]:
    """Some weeks of evenings at which the party members of a township studied together."""
    for span in county.calendar.past(*start, 26):
        held = Held(
            title=f"{township.name}{name}",
            organiser=f"{township.name}党委",
            span=span,
            hours=Decimal(hours),
            ledger=Ledger.COLLECTIVE,
        )
        yield _event(county, held, partial(_members, county, township, span), by=county.keeper(township))


def _special_course(
    county: County, townships: Sequence[Unit], start: tuple[int, int], season: str, hours: int
) -> Iterator[Event]:
    """A special course of the provincial academy, which reports its own hours of online study."""
    for span in county.calendar.past(*start, 40):
        held = Held(
            title=f"全省村（社区）干部网络培训{season}专题班",
            organiser=ACADEMY,
            span=span,
            hours=Decimal(hours),
            ledger=Ledger.ONLINE,
        )
        roll = partial(_roll, county, townships, (), span, 0.75)
        if season == "秋季":
            roll = partial(_without, roll, county.cast["learner"])
        yield _event(county, held, roll, by=county.staff["province"])


def top_up(county: County, person: Cadre, missing: Decimal) -> None:
    """A special course that ended this year and was worth exactly so many online hours."""
    calendar = county.calendar
    ends_on = max(calendar.ago(20), calendar.today.replace(month=1, day=1))
    starts_on = min(ends_on, max(calendar.opening, calendar.ago(50)))
    held = Held(
        title="乡村治理网络专题班",
        organiser=ACADEMY,
        span=Span(starts_on, ends_on),
        hours=missing,
        ledger=Ledger.ONLINE,
    )
    _event(county, held, partial(_only, person), by=county.staff["province"]).do()


def _roll(
    county: County, townships: Sequence[Unit], roles: Sequence[Role], span: Span, share: float
) -> dict[Cadre, int]:
    """A share of the townships' people, with no half-day missed."""
    people = [
        person for township in townships for person in county.holders(township, *roles, on=span.starts_on)
    ]
    return dict.fromkeys(_coming(county, people, share), 0)


def _newcomers(county: County, span: Span) -> dict[Cadre, int]:
    people = [
        person
        for township in county.townships
        for person in county.newly_elected(township, on=span.starts_on)
    ]
    return dict.fromkeys(_coming(county, people, 0.5), 0)


def _members(county: County, township: Unit, span: Span) -> dict[Cadre, int]:
    people = [person for person in county.holders(township, on=span.starts_on) if person.is_party_member]
    return dict.fromkeys(_coming(county, people, 0.8), 0)


def _week(county: County, township: Unit, span: Span) -> dict[Cadre, int]:
    """Now and then somebody misses a half-day; one misses more than a seventh and is out."""
    people = _roll(county, [township], COMMITTEE_ROLES, span, 0.88)
    for person in people:
        people[person] = HALF_DAY if county.random.random() < 0.06 else 0
    for key, absent in (("expelled", OUT), ("corrected", 0), ("learner", 0)):
        if county.cast[key] in people:
            people[county.cast[key]] = absent
    return people


def _only(person: Cadre) -> dict[Cadre, int]:
    return {person: 0}


def _without(roll: Roll, person: Cadre) -> dict[Cadre, int]:
    return {other: absent for other, absent in roll().items() if other != person}


def _coming(county: County, people: Sequence[Cadre], share: float) -> Iterator[Cadre]:
    """Who came: a share by chance, and of the cast by their part."""
    away = {county.cast[key].pk for key in NEVER}
    sure = {person.pk for person in county.cast.values()} - away
    for person in people:
        is_lucky = county.random.random() < share
        if person.pk in sure or (is_lucky and person.pk not in away):
            yield person


def _event(county: County, held: Held, roll: Roll, *, by: Cadre) -> Event:
    at = county.calendar.moment(held.span.ends_on, 18)
    return Event(at, partial(_record, county, held, roll, by))


def _record(county: County, held: Held, roll: Roll, by: Cadre) -> None:
    people = roll()
    if not people:
        return
    facts = ClassFacts(
        title=held.title,
        organiser=held.organiser,
        unit=by.unit,
        kind=held.kind,
        ledger=held.ledger,
        starts_on=held.span.starts_on,
        ends_on=held.span.ends_on,
        days=held.days,
        hours=held.hours,
    )
    at = county.calendar.moment(held.span.ends_on, 18)
    record_class(facts=facts, absent=people, by=by, at=at)
