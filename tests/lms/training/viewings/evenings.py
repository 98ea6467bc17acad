"""A township with stations, and the few steps of an evening that the tests of this room share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from accounts.models import Cadre, StaffRole, Unit
from lms.hours.models import HoursEntry
from lms.phones.uploads import Entry, Json
from lms.training.models import Presence
from lms.training.rolls import write_roll_token
from lms.training.viewings.actions import (
    ProgrammeFacts,
    close_viewing,
    end_viewing,
    schedule,
    start_viewing,
    tick_roll,
)
from lms.training.viewings.entries import take_roll
from lms.training.viewings.models import Station, Viewing
from tests.factories import CadreFactory, PostFactory, RuleFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

# 14:00 in Shanghai on 8 May 2026.
AT = datetime(2026, 5, 8, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_numbers = count(1)


@dataclass(frozen=True)
class Town:
    """Two villages of a township and one of another, each with a station and its keeper."""

    tree: CountyTree
    near: Station
    other: Station
    far: Station
    keeper: Cadre
    other_keeper: Cadre
    far_keeper: Cadre
    township: Cadre
    county: Cadre


def town() -> Town:
    tree = county_tree()
    RuleFactory(unit=tree.province)
    stations = [
        Station.objects.create(unit=unit, name=f"{unit.name}收看点", from_on=date(2026, 1, 1))
        for unit in (tree.village, tree.other_village, tree.far_village)
    ]
    keepers = [staff(station.unit, StaffRole.STATION) for station in stations]
    township = staff(tree.township, StaffRole.TOWNSHIP)
    return Town(tree, *stations, *keepers, township, staff(tree.county, StaffRole.COUNTY))


def staff(unit: Unit, role: StaffRole) -> Cadre:
    person: Cadre = StaffFactory(unit=unit, role=role).person
    return Cadre.objects.get(pk=person.pk)


def villager(unit: Unit, **fields: object) -> Cadre:
    person: Cadre = CadreFactory(unit=unit, **fields)
    PostFactory(person=person, unit=unit)
    return person


def planned(
    station: Station,
    *,
    at: datetime = AT,
    minutes: int = 90,
    lesson: object = None,
    by: Cadre | None = None,
) -> Viewing:
    """A viewing planned for a moment, a broadcast unless a lesson is given."""
    facts = (
        ProgrammeFacts(lesson=lesson) if lesson else ProgrammeFacts("党课直播", None, "CITY", minutes * 60)
    )
    someone = by or staff(station.unit, StaffRole.STATION)
    programme = schedule(facts=facts, stations=[station], planned_at=at, by=someone, at=at)
    return programme.viewings.select_related("programme", "station__unit").get()


def running(station: Station, *, at: datetime = AT, by: Cadre | None = None, **fields: object) -> Viewing:
    """A viewing that began at a moment."""
    someone = by or staff(station.unit, StaffRole.STATION)
    viewing = planned(station, at=at, by=someone, **fields)
    return start_viewing(viewing=viewing, by=someone, at=at)


def tick(
    viewing: Viewing,
    person: Cadre,
    *,
    at: datetime,
    is_present: bool = True,
    came: datetime | None = None,
    by: Cadre | None = None,
    **key: object,
) -> Presence | None:
    """A tick at a moment that arrives at another."""
    return tick_roll(
        viewing=viewing,
        person=person,
        is_present=is_present,
        marked_at=at,
        by=by or viewing.by,
        at=came or at,
        **key,
    )


def held(
    station: Station, people: Iterable[Cadre], *, at: datetime = AT, minutes: int = 90, **fields: object
) -> Viewing:
    """A broadcast that ran its length with some people marked five minutes in, and is closed."""
    viewing = running(station, at=at, minutes=minutes, **fields)
    for person in people:
        tick(viewing, person, at=at + 5 * MINUTE)
    end = at + minutes * MINUTE
    end_viewing(viewing=viewing, by=viewing.by, at=end)
    return close_viewing(viewing=viewing, by=viewing.by, at=end + MINUTE)


def hours(person: Cadre, viewing: Viewing | None = None) -> Decimal:
    """What a person has from a viewing, or from all, corrections included."""
    lines = HoursEntry.objects.of(person.pk)
    return (lines.filter(source=viewing.source) if viewing else lines).total().hours


def roll_entry(
    viewing: Viewing, by: Cadre, *, opened: datetime, age: timedelta = timedelta(0), **body: object
) -> Entry:
    """A tick as a phone brings it: made so long before it is sent."""
    token = write_roll_token(kind="viewing", pk=viewing.pk, by=by.pk, at=opened)
    told: Json = {"slot": "here", "is": True, **body}
    return Entry(next(_numbers), "viewing_roll", token, int(age.total_seconds() * 1000), told)


def bring(
    viewing: Viewing, by: Cadre, *, opened: datetime, marked: datetime, came: datetime, **body: object
) -> Json:
    """Give the server a tick that was made offline."""
    return take_roll(roll_entry(viewing, by, opened=opened, age=came - marked, **body), "phone", came)
