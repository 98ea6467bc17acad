"""The stations of the demo and their evenings: broadcasts, a lesson, and a person on two rolls at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from accounts.models import Cadre
from courses.models import LessonPage
from lms.demo.cast import EAST, SOUTH, WEST
from lms.demo.county import County
from lms.demo.diary import Event
from lms.training.viewings.actions import (
    ProgrammeFacts,
    add_station,
    close_viewing,
    draw_samples,
    end_viewing,
    note_discussion,
    record_finding,
    record_played,
    schedule,
    start_viewing,
    tick_roll,
)
from lms.training.viewings.models import Finding, Platform, Station, Viewing

DISCUSSIONS = (
    "大家结合本村情况谈了怎样把冬闲田利用起来，商定先在两户试种。",
    "看完以后议了村里的排水沟，决定汛前清一遍，分段包干。",
    "几位老党员讲了过去办合作社的教训，建议账目每季度公开一次。",
)
# Who stays away from every evening, as from every class.
NEVER = ("fresh", "exempt", "upcoming", "elected")


@dataclass(frozen=True)
class Evening:
    """One evening at a station: what was shown, and how it ended."""

    days_ago: int
    title: str = ""
    lesson: str = ""
    hour: int = 19


EVENINGS = (
    Evening(44, "三晋乡村大讲堂：村级集体经济怎么起步"),
    Evening(37, lesson="before-the-rain"),
    Evening(30, "省农业农村厅：苹果园冬季管理"),
    Evening(23, "市广播电视台：农村防火十个不要"),
    Evening(16, "三晋乡村大讲堂：怎样开好村民代表会议"),
    Evening(9, "省农业农村厅：惠农补贴怎么申领"),
)
LENGTH = 45


def evenings(county: County) -> Iterator[Event]:
    """Three villages have a station; one holds evenings, and once two rolls name the same person."""
    calendar = county.calendar
    yield Event(calendar.moment(calendar.opening, 8), partial(_open_stations, county))
    for number, evening in enumerate(EVENINGS):
        on = calendar.ago(evening.days_ago)
        if on > calendar.opening:
            yield Event(
                calendar.moment(on, evening.hour), partial(_watch, county, evening, DISCUSSIONS[number % 3])
            )
    if calendar.ago(2) > calendar.opening:
        yield Event(calendar.moment(calendar.ago(2), 21), partial(_two_rolls, county))
        yield Event(calendar.moment(calendar.ago(1), 10), partial(_sample, county))
    yield Event(calendar.moment(calendar.today, 8), partial(_plan_evening, county))


def _open_stations(county: County) -> None:
    by = county.staff["township"]
    for code in (EAST, WEST, SOUTH):
        unit = county.units[code]
        add_station(
            unit=unit,
            name=f"{unit.short_name}收看点",
            from_on=county.calendar.opening,
            by=by,
            at=county.calendar.moment(county.calendar.opening, 8),
        )


def _begun(county: County, code: str, facts: ProgrammeFacts, starts_at: datetime, by: Cadre) -> Viewing:
    station = Station.objects.get(unit__code=code)
    programme = schedule(facts=facts, stations=[station], planned_at=starts_at, by=by, at=starts_at)
    viewing: Viewing = programme.viewings.get()
    return start_viewing(viewing=viewing, by=by, at=starts_at)


def _broadcast(title: str) -> ProgrammeFacts:
    platform = Platform.CITY if title.startswith("市") else Platform.PROVINCE
    return ProgrammeFacts(title=title, platform=platform, seconds=LENGTH * 60)


def _watch(county: County, evening: Evening, discussion: str) -> None:
    """The keeper of the eastern station starts, ticks whoever came, ends, writes and closes."""
    keeper, calendar = county.staff["station"], county.calendar
    starts_at = calendar.moment(calendar.ago(evening.days_ago), evening.hour)
    lesson = LessonPage.objects.live().get(slug=evening.lesson) if evening.lesson else None
    facts = ProgrammeFacts(lesson=lesson) if lesson else _broadcast(evening.title)
    viewing = _begun(county, EAST, facts, starts_at, keeper)
    _tick(viewing, _villagers(county, EAST, starts_at.date()), keeper, starts_at + timedelta(minutes=3))
    if lesson:
        record_played(
            viewing=viewing,
            segments=[(0, viewing.seconds)],
            by=keeper,
            at=starts_at + timedelta(seconds=viewing.seconds),
        )
    _finish(viewing, discussion, keeper, starts_at + timedelta(minutes=LENGTH))


def _villagers(county: County, code: str, on: date) -> list[Cadre]:
    """Those of a village who hold a post on a day; whoever never comes to anything in the demo stays away."""
    away = {county.cast[key].pk for key in NEVER}
    township = county.units[f"{code[:9]}000"]
    return [
        person
        for person in county.holders(township, on=on)
        if person.unit.code == code and person.pk not in away
    ]


def _tick(viewing: Viewing, people: Sequence[Cadre], by: Cadre, at: datetime) -> None:
    for person in people:
        tick_roll(viewing=viewing, person=person, is_present=True, marked_at=at, by=by, at=at)


def _finish(viewing: Viewing, discussion: str, by: Cadre, at: datetime) -> None:
    ended = end_viewing(viewing=viewing, by=by, at=at)
    note_discussion(viewing=ended, text=discussion, by=by, at=at)
    close_viewing(viewing=ended, by=by, at=at)


def _two_rolls(county: County) -> None:
    """Somebody of the southern village sat in the east at seven; the south's roll has them at half past."""
    keeper, township, calendar = county.staff["station"], county.staff["township"], county.calendar
    first_at = calendar.moment(calendar.ago(2), 19)
    guest = county.cast["certified"]
    title = "三晋乡村大讲堂：矛盾纠纷怎么调解"
    east = _begun(county, EAST, _broadcast(title), first_at, keeper)
    _tick(east, [guest, *_villagers(county, EAST, first_at.date())], keeper, first_at + timedelta(minutes=4))
    later = first_at + timedelta(minutes=30)
    south = _begun(county, SOUTH, _broadcast("市广播电视台：秋冬季安全用电"), later, township)
    _tick(south, [guest, *_villagers(county, SOUTH, later.date())], township, later + timedelta(minutes=2))
    _finish(east, DISCUSSIONS[0], keeper, first_at + timedelta(minutes=LENGTH))
    _finish(south, DISCUSSIONS[1], township, later + timedelta(minutes=LENGTH))


def _sample(county: County) -> None:
    by, calendar = county.staff["township"], county.calendar
    at = calendar.moment(calendar.ago(1), 10)
    first = max(calendar.opening, calendar.ago(60))
    draw = draw_samples(
        unit=by.unit, from_on=first, to_on=calendar.ago(2), wanted=2, seed=calendar.year, by=by, at=at
    )
    sample = draw.samples.order_by("pk")[0]
    record_finding(
        sample=sample,
        found=sample.on_roll,
        finding=Finding.AGREES,
        note="电话核对三人，均在场。",
        by=by,
        at=at,
    )


def _plan_evening(county: County) -> None:
    """Tomorrow evening at every station of the township."""
    calendar, by = county.calendar, county.staff["township"]
    schedule(
        facts=_broadcast("三晋乡村大讲堂：冬闲变冬忙"),
        stations=list(Station.objects.filter(unit__code__startswith=by.unit.code[:9])),
        planned_at=calendar.coming(1, 19),
        by=by,
        at=calendar.moment(calendar.today, 8),
    )
