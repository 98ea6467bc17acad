"""Two classes that people are called to: one held and closed by its roll, one that lies ahead."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from accounts.models import Cadre
from lms.demo.county import County
from lms.demo.diary import Event
from lms.hours.models import Ledger
from lms.training.classes.actions import close_class, mark
from lms.training.classes.actions.calling import CallingFacts, announce, call_class, set_quotas
from lms.training.classes.actions.leave import ask_leave, decide_leave
from lms.training.classes.actions.names import accept, add_people, propose
from lms.training.classes.actions.timetable import fill_days
from lms.training.classes.models import ClassKind, Edge, HalfDay, MarkHow, Place, TrainingClass

HELD_AGO, AHEAD, SIZE = 12, 9, 12
TITLE = "农村集体“三资”管理培训班"


def called(county: County) -> Iterator[Event]:
    """Both of them, each at its time."""
    yield from _class_that_was_held(county)
    yield from _class_ahead(county)


def _class_that_was_held(county: County) -> Iterator[Event]:
    """Two days twelve days ago: called a fortnight before, the roll taken, closed that evening."""
    calendar = county.calendar
    first = calendar.ago(HELD_AGO)
    if first < calendar.opening:
        return
    called = max(calendar.opening, calendar.ago(HELD_AGO + 14))
    yield Event(calendar.moment(called, 9), partial(_call, county, first, called))
    evening = first + timedelta(days=1)
    yield Event(calendar.moment(evening, 19), partial(_hold, county, first))


def _call(county: County, first: date, called: date) -> None:
    by, at = county.staff["township"], county.calendar.moment(called, 9)
    held = _begin(TITLE, first, 2, by, at)
    people = county.committee(by.unit, first)
    away = {person.pk for person in county.cast.values()}
    busy = set(Place.objects.accepted().held_between(first, held.ends_on).values_list("person", flat=True))
    free = [person for person in people if person.pk not in away | busy]
    add_people(training_class=held, people=free[:SIZE], by=by, at=at)


def _begin(title: str, first: date, days: int, by: Cadre, at: datetime) -> TrainingClass:
    """A class with the usual mornings and afternoons, announced."""
    facts = CallingFacts(
        title=title,
        organiser=f"{by.unit.name}党校",
        unit=by.unit,
        kind=ClassKind.ORDINARY,
        ledger=Ledger.CONCENTRATED,
        starts_on=first,
        ends_on=first + timedelta(days=days - 1),
        purpose="看懂账、管好资产、公开到位",
        venue=f"{by.unit.name}党校二楼会议室",
        contact=f"{by.name} {by.phone}",
    )
    held = call_class(facts=facts, by=by, at=at)
    fill_days(
        training_class=held, first=first, days=days, topic="集体“三资”管理", with_weekends=True, by=by, at=at
    )
    held.refresh_from_db()
    return announce(training_class=held, by=by, at=at)


def _hold(county: County, first: date) -> None:
    """One stays away for an afternoon with leave, one comes on the first morning only."""
    calendar, by = county.calendar, county.staff["township"]
    held = TrainingClass.objects.get(starts_on=first, title=TITLE)
    places = list(held.places.accepted().select_related("person"))
    for number, half_day in enumerate(held.half_days.all()):
        away = {places[0].pk} if number == 1 else set()
        away |= {places[1].pk} if number else set()
        _take_roll(half_day, [place for place in places if place.pk not in away], by)
    close_class(training_class=held, by=by, at=calendar.moment(held.ends_on, 19))


def _take_roll(half_day: HalfDay, places: Sequence[Place], by: Cadre) -> None:
    at = half_day.starts_at + timedelta(minutes=10)
    for place in places:
        mark(
            half_day=half_day,
            person=place.person,
            edge=Edge.IN,
            is_present=True,
            how=MarkHow.TICK,
            marked_at=at,
            by=by,
            at=at,
        )


def _class_ahead(county: County) -> Iterator[Event]:
    """The county calls a class with places for two townships; names are coming in, one asks for leave."""
    calendar = county.calendar
    on = max(calendar.opening, calendar.ago(4))
    yield Event(calendar.moment(on, 9), partial(_call_ahead, county, on))


def _call_ahead(county: County, on: date) -> None:
    calendar, by = county.calendar, county.staff["county"]
    at, first = calendar.moment(on, 9), calendar.today + timedelta(days=AHEAD)
    held = _begin("冬季农业实用技术培训班", first, 2, by, at)
    mine, other = county.staff["township"], county.staff["other-township"]
    set_quotas(training_class=held, places={mine.unit: 8, other.unit: 6}, by=by, at=at)
    wanted = [county.cast["learner"], county.cast["fresh"], *county.committee(mine.unit, calendar.today)[:3]]
    own = [person for person in wanted if person.unit.code.startswith(mine.unit.code[:9])]
    quota = held.quotas.get(unit=mine.unit)
    places = propose(quota=quota, people=own, by=mine, at=at)
    called, _clashes = accept(places=places[:2], by=by, at=at)
    leave = ask_leave(place=called[-1], reason="家中老人住院", by=called[-1].person, at=at)
    decide_leave(leave=leave, is_granted=True, answer="同意，课后看网上课程补上", by=by, at=at)
