"""What classes, viewings, recorded classes and claims give, a second time, straight from the domain's words.

It is told what really happened, one thing after the other, and keeps its own seats and lines; nothing of the
rooms' own reckoning is used. Of one happening, what is taken back goes before what is granted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from accounts.models import Cadre, Post, Role, Unit
from lms.hours.models import HoursEntry, HoursRule, YearFreeze
from lms.training.models import Presence

SHANGHAI = ZoneInfo("Asia/Shanghai")
CENT = Decimal("0.01")
OVERRUN = timedelta(hours=2)
LEEWAY = timedelta(seconds=2)


@dataclass(frozen=True)
class Gain:
    """What something is worth to somebody; `withheld` is what absence cost."""

    hours: Decimal = Decimal(0)
    days: Decimal = Decimal(0)
    times: int = 0
    withheld: Decimal = Decimal(0)


NOTHING = Gain()


@dataclass
class Seat:
    """Somebody marked at a place since a moment; `lost_to` is the place at which they were before."""

    starts: datetime
    ends: datetime
    since: datetime
    came: datetime
    lost_to: str = ""


@dataclass
class Line:
    """What the ledger should say of one person and source, corrections included."""

    kind: str
    ledger: str
    on: date
    rule: HoursRule
    unit: int
    hours: Decimal = Decimal(0)
    days: Decimal = Decimal(0)
    times: int = 0


Ticks = list[tuple[datetime, int, str, bool]]


@dataclass
class Half:
    """A line of a timetable."""

    place: str
    starts: datetime
    ends: datetime
    is_half_day: bool


@dataclass
class Course:
    """A class with a timetable."""

    source: str
    unit: Unit
    kind: str
    ledger: str
    ends_on: date
    halves: dict[int, Half]
    has_sign_out: bool
    days: Decimal
    hours: Decimal
    placed: set[int] = field(default_factory=set)
    is_closed: bool = False
    ticks: dict[tuple[int, int, str], Ticks] = field(default_factory=dict)
    # Since when somebody is marked, as it was told while the class was open.
    known: dict[tuple[int, int, str], datetime | None] = field(default_factory=dict)
    waiting: set[tuple[int, int]] = field(default_factory=set)


@dataclass
class Showing:
    """A viewing at a station."""

    source: str
    unit: Unit
    seconds: int
    is_lesson: bool
    started: datetime
    ended: datetime | None = None
    is_closed: bool = False
    shown: set[int] = field(default_factory=set)
    ticks: dict[int, Ticks] = field(default_factory=dict)
    numbers: set[tuple[str, int]] = field(default_factory=set)


class Books:
    """Everybody's seats and lines as they should be."""

    def __init__(self) -> None:
        self.courses: dict[int, Course] = {}
        self.showings: dict[int, Showing] = {}
        self.seats: dict[tuple[int, str], Seat] = {}
        self.lines: dict[tuple[int, str], Line] = {}

    # --- classes --------------------------------------------------------------------------------------
    def called(
        self,
        pk: int,
        unit: Unit,
        kind: str,
        ledger: str,
        ends_on: date,
        halves: Iterable[tuple[int, str, datetime, datetime]],
        has_sign_out: bool,
        people: Iterable[int],
    ) -> None:
        """A class with its timetable: half a day each, an evening only its hours, at most half a day's."""
        rule = rule_at(unit, ends_on)
        days = hours = Decimal(0)
        kept = {}
        for key, part, starts, ends in halves:
            kept[key] = Half(f"class:{key}", starts, ends, part != "EVENING")
            if part == "EVENING":
                whole_halves = (ends - starts) // timedelta(minutes=30)
                hours += min(Decimal(whole_halves) / 2, rule.half_day_hours)
            else:
                days, hours = days + Decimal("0.5"), hours + rule.half_day_hours
        course = Course(f"class:{pk}", unit, kind, ledger, ends_on, kept, has_sign_out, days, hours)
        course.placed.update(people)
        self.courses[pk] = course

    def marked(
        self, pk: int, half: int, person: int, edge: str, is_present: bool, moment: datetime, came: datetime
    ) -> None:
        """A tick; of a closed class it waits."""
        course = self.courses[pk]
        ticks = course.ticks.setdefault((person, half, edge), [])
        if (moment, 0, "", is_present) in ticks:
            return
        ticks.append((moment, 0, "", is_present))
        if course.is_closed:
            course.waiting.add((person, half))
        else:
            self._follow(course, person, half, came)

    def _follow(self, course: Course, person: int, half: int, came: datetime) -> None:
        for edge in ("IN", "OUT"):
            course.known[person, half, edge] = since_when(course.ticks.get((person, half, edge), []))
        since, line = course.known[person, half, "IN"], course.halves[half]
        seat = self.seats.get((person, line.place))
        if seat is None and since is None:
            return
        if seat and (seat.starts, seat.ends, seat.since) == (line.starts, line.ends, since):
            return
        self._bring(person, self._place(person, line.place, line.starts, line.ends, since, came))

    def closed_class(self, pk: int, at: datetime) -> None:
        """Everybody's line says what the marks say; of who has no place any more, nothing."""
        course = self.courses[pk]
        if course.is_closed:
            return
        course.is_closed = True
        gone = {who for who, source in self.lines if source == course.source}
        for person in sorted(course.placed | gone):
            gain = self._of_course(course, person) if person in course.placed else NOTHING
            self._settle_course(course, person, gain, at)

    def reopened_class(self, pk: int, came: datetime) -> None:
        """What waited is heard; the lines wait."""
        course = self.courses[pk]
        course.is_closed = False
        waiting, course.waiting = course.waiting, set()
        for person, half in sorted(waiting, key=lambda one: (one[0], course.halves[one[1]].starts)):
            self._follow(course, person, half, came)

    def _of_course(self, course: Course, person: int) -> Gain:
        """The share of the class for the time at which they were there; over 1/n missed is out."""
        lengths = {key: (half.ends - half.starts).total_seconds() for key, half in course.halves.items()}
        missed = [key for key in course.halves if not self._was_there(course, key, person)]
        lost, whole = int(sum(lengths[key] for key in missed)), int(sum(lengths.values()))
        divisor = rule_at(course.unit, course.ends_on).absence_divisor
        if lost * divisor > whole or len(missed) == len(course.halves):
            return Gain(withheld=course.hours)
        hours = (course.hours - course.hours * lost / whole).quantize(CENT, ROUND_HALF_EVEN)
        absent = sum(course.halves[key].is_half_day for key in missed)
        return Gain(hours, course.days - Decimal(absent) / 2, 1)

    def _was_there(self, course: Course, half: int, person: int) -> bool:
        seat = self.seats.get((person, course.halves[half].place))
        has_left = course.known.get((person, half, "OUT")) is not None
        return seat is not None and not seat.lost_to and (has_left or not course.has_sign_out)

    def _settle_course(self, course: Course, person: int, gain: Gain, at: datetime) -> None:
        on = min(course.ends_on, day_of(at))
        rule = rule_at(course.unit, course.ends_on)
        self._settle(person, course.source, course.kind, course.ledger, on, gain, rule)

    def recorded(
        self,
        source: str,
        unit: Unit,
        kind: str,
        ledger: str,
        ends_on: date,
        days: Decimal,
        hours: Decimal,
        absent: dict[int, int],
    ) -> None:
        """A class told afterwards: each half-day missed costs half a day's rate, or its share if more."""
        rule = rule_at(unit, ends_on)
        for person, halves in absent.items():
            share = hours / (2 * days) if days else Decimal(0)
            missed = min(hours, halves * max(rule.half_day_hours, share))
            gain = Gain((hours - missed).quantize(CENT), days - Decimal(halves) / 2, 1)
            if missed * rule.absence_divisor > hours:
                gain = Gain(withheld=hours)
            self._settle(person, source, kind, ledger, ends_on, gain, rule)

    # --- viewings -------------------------------------------------------------------------------------
    def started(self, pk: int, unit: Unit, seconds: int, is_lesson: bool, at: datetime) -> None:
        """A screen that begins to play."""
        self.showings[pk] = Showing(f"viewing:{pk}", unit, seconds, is_lesson, at)

    def ticked(
        self,
        pk: int,
        person: int,
        is_present: bool,
        moment: datetime,
        came: datetime,
        device: str = "",
        number: int = 0,
    ) -> None:
        """A tick of a roll; a number of a phone is one tick, and nobody was there before it began."""
        showing = self.showings[pk]
        if number and (device, number) in showing.numbers:
            return
        showing.numbers.add((device, number))
        moment = max(showing.started, min(moment, came))
        ticks = showing.ticks.setdefault(person, [])
        ticks.append((moment, number, device, is_present))
        touched = self._place(
            person, showing.source, showing.started, ends_of(showing), since_in_order(ticks), came
        )
        self._bring(person, {*touched, showing.source})

    def played(self, pk: int, first: int, last: int, at: datetime) -> None:
        """Seconds of the lesson, the earliest that are new, as far as the clock ran since the start."""
        showing = self.showings[pk]
        latest = showing.started + timedelta(seconds=showing.seconds) + OVERRUN
        ran = (showing.ended or min(at, latest)) - showing.started + LEEWAY
        room = max(0, ran // timedelta(seconds=1) - len(showing.shown))
        fresh = [second for second in range(first, last) if second not in showing.shown]
        showing.shown.update(fresh[:room])
        if fresh[:room]:
            self._bring_all(showing)

    def ended(self, pk: int, at: datetime) -> None:
        """Everybody's seat gets its true length."""
        showing = self.showings[pk]
        if showing.ended:
            return
        latest = showing.started + timedelta(seconds=showing.seconds) + OVERRUN
        showing.ended = max(showing.started + timedelta(seconds=1), min(at, latest))
        for person, place in sorted(self.seats):
            if place == showing.source:
                since = self.seats[person, place].since
                self._bring(person, self._place(person, place, showing.started, showing.ended, since, at))

    def closed_viewing(self, pk: int) -> None:
        """Everybody who was ever ticked."""
        self.showings[pk].is_closed = True
        self._bring_all(self.showings[pk])

    def reopened_viewing(self, pk: int) -> None:
        """The lines wait."""
        self.showings[pk].is_closed = False

    def struck_out(self, pk: int) -> None:
        """All stand up, and whoever had hours has none."""
        showing = self.showings[pk]
        for person, place in sorted(self.seats):
            if place == showing.source:
                touched = self._place(person, place, showing.started, showing.started, None, showing.started)
                self._take_all(person, showing.source)
                self._bring(person, touched)
        for person, source in sorted(self.lines):
            if source == showing.source:
                self._take_all(person, source)

    def _take_all(self, person: int, source: str) -> None:
        if line := self.lines.get((person, source)):
            line.hours, line.days, line.times = Decimal(0), Decimal(0), 0

    def _bring_all(self, showing: Showing) -> None:
        for person in sorted(showing.ticks):
            self._bring(person, {showing.source})

    def _of_showing(self, showing: Showing, person: int) -> Gain:
        """The lesson's hours by its length, all for 95 % of it, else the share that was really played."""
        seat = self.seats.get((person, showing.source))
        if seat is None or seat.lost_to:
            return NOTHING
        assert showing.ended is not None
        ran = (showing.ended - showing.started) // timedelta(seconds=1)
        played = len(showing.shown) if showing.is_lesson else min(showing.seconds, ran)
        minutes = Decimal(showing.seconds) / 60
        whole = Decimal(1) if minutes >= 30 else Decimal("0.5") if minutes > 15 else Decimal("0.25")
        if played * 100 >= showing.seconds * 95:
            return Gain(whole)
        return Gain((whole * played / showing.seconds).quantize(CENT, ROUND_DOWN))

    # --- claims ---------------------------------------------------------------------------------------
    def approved(
        self,
        source: str,
        person: int,
        ledger: str,
        ends_on: date,
        hours: Decimal,
        days: Decimal,
        at: datetime,
    ) -> None:
        """A claim with its yes."""
        self._settle(person, source, "CLAIM", ledger, min(ends_on, day_of(at)), Gain(hours, days), None)

    # --- nobody in two places -------------------------------------------------------------------------
    def _place(
        self,
        person: int,
        place: str,
        starts: datetime,
        ends: datetime,
        since: datetime | None,
        came: datetime,
    ) -> set[str]:
        """Give somebody a seat, or take it (no `since`); gives the sources elsewhere that this touches."""
        near = self._near(person, place)
        seat = self.seats.get((person, place))
        if seat is not None and (since is None or seat.since < since):
            del self.seats[person, place]
            seat = None
        if since is not None:
            self.seats[person, place] = Seat(starts, ends, since, seat.came if seat else came)
            if seat:
                self.seats[person, place].lost_to = seat.lost_to
            near |= self._near(person, place)
        return self._decide(person, near & {where for who, where in self.seats if who == person}) - {place}

    def _near(self, person: int, place: str) -> set[str]:
        """The places that share time with one, those that share time with these, and so on."""
        mine = {where: seat for (who, where), seat in self.seats.items() if who == person}
        found = {place} & mine.keys()
        while True:
            more = {
                where
                for where, seat in mine.items()
                for other in found
                if seat.starts < mine[other].ends and mine[other].starts < seat.ends
            }
            if more <= found:
                return found
            found |= more

    def _decide(self, person: int, places: set[str]) -> set[str]:
        """Who came first stands; what came after its year was frozen comes after all others."""
        unit = Cadre.objects.select_related("unit").get(pk=person).unit
        frozen = [
            (freeze.year, freeze.frozen_at)
            for freeze in YearFreeze.objects.filter(reopened_at=None).select_related("unit")
            if freeze.unit.contains(unit.code)
        ]

        def turn(place: str) -> tuple[bool, datetime, str]:
            seat = self.seats[person, place]
            year = day_of(seat.starts).year
            is_late = any(year == closed and seat.came > moment for closed, moment in frozen)
            return is_late, seat.since, place

        standing: list[str] = []
        touched = set()
        for place in sorted(places, key=turn):
            seat = self.seats[person, place]
            others = [
                other
                for other in standing
                if seat.starts < self.seats[person, other].ends
                and self.seats[person, other].starts < seat.ends
            ]
            lost_to = others[0] if others else ""
            if not others:
                standing.append(place)
            if seat.lost_to != lost_to:
                seat.lost_to = lost_to
                touched.add(place)
        return touched

    # --- lines ----------------------------------------------------------------------------------------
    def _bring(self, person: int, places: Iterable[str]) -> None:
        """Bring the lines of closed classes and viewings to what stands: what falls before what rises."""
        wanted: dict[str, tuple[tuple[object, ...], Course | Showing, Gain]] = {}
        for place in places:
            thing = self._behind(place)
            if not thing.is_closed or (isinstance(thing, Course) and person not in thing.placed):
                continue
            gain = (
                self._of_course(thing, person)
                if isinstance(thing, Course)
                else self._of_showing(thing, person)
            )
            line = self.lines.get((person, thing.source))
            rises = gain.hours > (line.hours if line else 0)
            seat = self.seats.get((person, place))
            turn = (rises, seat.since if seat else datetime.max.replace(tzinfo=SHANGHAI), place)
            wanted[thing.source] = min(wanted.get(thing.source, (turn, thing, gain)), (turn, thing, gain),
                                       key=lambda one: one[0])  # fmt: skip
        for _turn, thing, gain in sorted(wanted.values(), key=lambda one: one[0]):
            if isinstance(thing, Course):
                self._settle_course(thing, person, gain, datetime.max.replace(tzinfo=SHANGHAI))
            else:
                on, rule = day_of(ends_of(thing)), rule_at(thing.unit, day_of(thing.started))
                self._settle(person, thing.source, "VIEWING", "COLLECTIVE", on, gain, rule)

    def _behind(self, place: str) -> Course | Showing:
        kind, _colon, key = place.partition(":")
        if kind == "viewing":
            return self.showings[int(key)]
        return next(course for course in self.courses.values() if int(key) in course.halves)

    def _settle(
        self,
        person: int,
        source: str,
        kind: str,
        ledger: str,
        on: date,
        gain: Gain,
        rule: HoursRule | None,
    ) -> None:
        """The line of a source says the gain, as far as its limits let it rise above what it says already."""
        line = self.lines.get((person, source))
        if line is None:
            if gain == NOTHING:
                return
            unit = unit_of(person, on)
            line = Line(kind, ledger, on, rule or rule_at(unit, on), unit.pk)
            self.lines[person, source] = line
        if gain.hours > line.hours:
            line.hours = max(line.hours, min(gain.hours, self._room(person, source, line)))
        else:
            line.hours = gain.hours
        line.days, line.times = gain.days, gain.times

    def _room(self, person: int, source: str, line: Line) -> Decimal:
        """What one class and a year of a kind give at most, beside all that is there."""
        rooms = [Decimal(10_000)]
        if line.kind in ("CLASS", "ROTATION") and line.rule.class_cap is not None:
            rooms.append(line.rule.class_cap)
        if line.kind in line.rule.yearly_caps:
            others = [
                other.hours
                for (who, where), other in self.lines.items()
                if who == person
                and where != source
                and (other.kind, other.on.year) == (line.kind, line.on.year)
            ]
            rooms.append(Decimal(line.rule.yearly_caps[line.kind]) - sum(others))
        return max(Decimal(0), min(rooms))

    def corrected(self, person: int, source: str, gain: Gain) -> None:
        """Somebody wrote a second line."""
        line = self.lines[person, source]
        line.hours, line.days, line.times = gain.hours, gain.days, gain.times

    # --- beside the database --------------------------------------------------------------------------
    def lines_said(self) -> dict[tuple[int, str], tuple[object, ...]]:
        """Every line as it should be."""
        return {
            key: (line.kind, line.ledger, line.on, line.rule.pk, line.unit, line.hours, line.days, line.times)
            for key, line in self.lines.items()
        }

    def seats_said(self) -> dict[tuple[int, str], tuple[object, ...]]:
        """Every seat as it should be."""
        return {
            key: (seat.starts, seat.ends, seat.since, seat.lost_to == "") for key, seat in self.seats.items()
        }


def lines_shown() -> dict[tuple[int, str], tuple[object, ...]]:
    """The lines of the database, added up one by one; the first names what all of them say."""
    found: dict[tuple[int, str], list[HoursEntry]] = {}
    for entry in HoursEntry.objects.order_by("pk"):
        found.setdefault((entry.person_id, entry.source), []).append(entry)
    shown = {}
    for key, entries in found.items():
        assert [entry.corrects_id for entry in entries[1:]] == [entries[0].pk] * (len(entries) - 1)
        assert entries[0].corrects_id is None, "granted before it is corrected"
        (said,) = {
            (entry.kind, entry.ledger, entry.earned_on, entry.rule_id, entry.unit_id) for entry in entries
        }
        sums = [sum(getattr(entry, name) for entry in entries) for name in ("hours", "days", "times")]
        shown[key] = (*said, *sums)
    return shown


def seats_shown() -> dict[tuple[int, str], tuple[object, ...]]:
    """The presences of the database."""
    return {
        (seat.person_id, seat.source): (seat.starts_at, seat.ends_at, seat.marked_at, seat.lost_to_id is None)
        for seat in Presence.objects.all()
    }


def since_when(ticks: Ticks) -> datetime | None:
    """Since when somebody is there: at one moment, `there` is heard after `not there`."""
    return since_in_order([(moment, int(is_there), "", is_there) for moment, _n, _d, is_there in ticks])


def since_in_order(ticks: Ticks) -> datetime | None:
    """The same for the ticks of phones, which number theirs."""
    since = None
    for moment, _number, _device, is_there in sorted(ticks, key=lambda tick: tick[:3]):
        if not is_there:
            since = None
        elif since is None:
            since = moment
    return since


def ends_of(showing: Showing) -> datetime:
    """Its end, or when it would end."""
    return showing.ended or showing.started + timedelta(seconds=showing.seconds)


def day_of(moment: datetime) -> date:
    """Shanghai's day."""
    return moment.astimezone(SHANGHAI).date()


def noon(day: date, hour: int = 12) -> datetime:
    """An hour of a day in Shanghai."""
    return datetime.combine(day, time(hour), SHANGHAI)


def rule_at(unit: Unit, on: date) -> HoursRule:
    """The nearest region's rule that has begun, the latest of it."""
    begun = [
        rule
        for rule in HoursRule.objects.select_related("unit")
        if rule.valid_from <= on and rule.unit.contains(unit.code)
    ]
    return max(begun, key=lambda rule: (len(rule.unit.prefix), rule.valid_from))


def unit_of(person: int, on: date) -> Unit:
    """Where learning of a day is kept: the post held then, in the present unit first, then the higher."""
    cadre = Cadre.objects.select_related("unit").get(pk=person)
    held = [
        post
        for post in Post.objects.filter(person=person).select_related("unit")
        if post.from_on <= on and (post.to_on is None or on <= post.to_on)
    ]
    ranks = list(Role)
    held.sort(key=lambda post: (post.unit_id != cadre.unit_id, ranks.index(Role(post.role)), post.pk))
    return held[0].unit if held else cadre.unit
