"""A small county through the real actions: what is organised there, beside the slow books of it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actions import (
    AlreadyHeld,
    EndsBeforeStart,
    NotYet,
    PostEnded,
    UnitNotInForce,
    UnlikelyStart,
)
from accounts.elections.actions import (
    ElectionClosed,
    ElectionOpen,
    NumberTaken,
    ResultHasErrors,
    StartsTooEarly,
    TermFacts,
    TermsOverlap,
    UnlikelyTerm,
    close_election,
    open_election,
    write_result,
)
from accounts.elections.judging import Ask, judge
from accounts.elections.models import Election
from accounts.mergers.actions import NotReady, prepare_merger, write_merger
from accounts.mergers.lines import Line
from accounts.mergers.plan import plan_of
from accounts.models import Cadre, CadreChange, Level, Post, Term, Unit
from accounts.roster.columns import Column
from accounts.roster.sheets import Row
from accounts.transfers.actions import (
    MovedMeanwhile,
    NotTheirs,
    OfferDecided,
    OfferedAlready,
    accept_offer,
    decline_offer,
    offer_person,
    withdraw_offer,
)
from accounts.transfers.models import TransferOffer
from lms.hours.actions import (
    NothingToCorrect,
    RuleNotLater,
    TooManyHours,
    VersionTaken,
    YearFrozen,
    correct,
    set_rule,
)
from lms.hours.defaults import DEFAULT_RULE
from lms.hours.models import EntryKind, HoursEntry, HoursRule, Ledger
from lms.obligations import actions
from lms.training.claims import actions as claiming
from lms.training.claims.evidence import Proof
from lms.training.claims.limits import ClaimFacts
from lms.training.claims.models import Claim, EvidenceKind
from lms.training.classes import actions as teaching
from lms.training.classes.actions import calling, names, refusals, timetable
from lms.training.classes.models import ClassKind, Edge, HalfDay, MarkHow, Part, Place, TrainingClass
from lms.training.classes.timetable import Line as Lesson
from lms.training.viewings import actions as viewing
from lms.training.viewings.models import Station, Viewing
from tests.factories import CadreFactory, StaffFactory, film
from tests.lms.obligations.organised import Books, Gain
from tests.lms.obligations.reference import Reference
from tests.lms.obligations.test_histories import DEFINITIONS, Years

PEOPLE = 3
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
FILM_SECONDS = 2_000
PROOF = Proof("结业证.pdf", EvidenceKind.PDF, b"%PDF-1.4\n%%EOF\n")
SPANS = {
    Part.MORNING: (time(8, 30), time(11, 30)),
    Part.AFTERNOON: (time(14, 30), time(17)),
    Part.EVENING: (time(19), time(20, 45)),
}
ELECTED = ("书记", "主任", "委员", "书记、主任")
# What may stand in the way of a mark that is told late: the hours elsewhere lie in a frozen year.
MARKING = (teaching.NotYet, teaching.NoPlace, teaching.NotAnnounced, teaching.ClassClosed, YearFrozen)
CLOSING = (
    teaching.NotAnnounced, teaching.NotOver, teaching.NobodyCalled, teaching.ElsewhereThen, YearFrozen,
)  # fmt: skip


class Life(Years):
    """Three people and those who organise for them; `Years` has what befalls one of them alone."""

    def __init__(self) -> None:
        super().__init__()
        self.person = CadreFactory(unit=self.villages[0], name="甲甲", is_party_member=True)
        self.people = [
            self.person,
            *(CadreFactory(unit=self.villages[n], name="甲乙丙"[n] * 2) for n in (1, 2)),
        ]
        self.clerk: Cadre = StaffFactory(unit=self.tree.county, role="COUNTY").person
        neighbour = Unit.objects.get(code="140729000000")
        self.neighbour: Cadre = StaffFactory(unit=neighbour, role="COUNTY").person
        self.abroad = self.villages[3]
        self.stations = [
            viewing.add_station(
                unit=self.villages[n], name=f"站{n}", from_on=date(2026, 1, 1), by=self.staff, at=self.at
            )
            for n in (0, 1)
        ]
        self.films = [film(seconds=FILM_SECONDS)]
        self.references = [Reference(person) for person in self.people]
        self.books = Books()
        self.code = 300

    # --- time -----------------------------------------------------------------------------------------
    def pass_time(self, gap: timedelta) -> None:
        """Later, with every day's work done at the edges that matter."""
        target = self.at + gap
        for year in range(self.today.year, timezone.localdate(target).year):
            self._dawn(datetime(year, 12, 31, 1, tzinfo=UTC))
        if timezone.localdate(target) != self.today or not self.references[0].duties:
            self._dawn(target)
        self.at = target

    def _dawn(self, at: datetime) -> None:
        self.at = max(self.at, at)
        actions.refresh([person.pk for person in self.people], at=self.at)
        self.look({person.pk for person in self.people})

    def look(self, touched: set[int]) -> None:
        """Let the slow way see the day of those to whom something happened."""
        for reference in self.references:
            if reference.person.pk in touched:
                reference.look(self.today)
                reference.rows(self.today)

    def live(self, name: str, *values: Any) -> None:
        """One thing happens, and the marks are read."""
        if name == "of":
            who, (name, *rest) = values
            self.person, values = self.people[who], tuple(rest)
        getattr(self, f"_{name}")(*values)
        touched = set(CadreChange.objects.values_list("person", flat=True))
        while actions.refresh_changed(at=self.at):
            pass
        assert not CadreChange.objects.exists()
        if name in DEFINITIONS:
            touched = {person.pk for person in self.people}
            actions.refresh(touched, at=self.at)  # the job that each of them queues
        self.look(touched)

    def _key(self) -> str:
        self.code += 1
        return str(self.code)

    @staticmethod
    def _pick(items: Sequence[Any], index: int) -> list[Any]:
        """One of them, or none where there are none."""
        return [items[index % len(items)]] if items else []

    def _bits(self, bits: int) -> list[Cadre]:
        return [person for number, person in enumerate(self.people) if bits >> number & 1]

    # --- classes --------------------------------------------------------------------------------------
    def _class(
        self, bits: int, days: int, shift: int, evenings: int, has_out: bool, is_rotation: bool
    ) -> None:
        """A class around today, announced, with some people called."""
        first = self.day(shift)
        facts = calling.CallingFacts(
            title="集中培训",
            organiser="县委党校",
            unit=self.tree.county if is_rotation else self.tree.township,
            kind=ClassKind.ROTATION if is_rotation else ClassKind.ORDINARY,
            ledger=Ledger.CONCENTRATED,
            starts_on=first,
            ends_on=first + days * DAY - DAY,
            has_sign_out=has_out,
        )
        held = calling.call_class(facts=facts, by=self.staff, at=self.at)
        try:
            self._lay(held, first, days, evenings)
            calling.announce(training_class=held, by=self.staff, at=self.at)
        except refusals.OverAlready:
            return
        called = []
        for person in self._bits(bits):
            with suppress(refusals.Elsewhere, refusals.NotYours):
                names.add_people(training_class=held, people=[person], by=self.staff, at=self.at)
                called.append(person.pk)
        lines = held.half_days.values_list("pk", "part", "starts_at", "ends_at")
        self.books.called(
            held.pk, facts.unit, EntryKind.ROTATION if is_rotation else EntryKind.CLASS, facts.ledger,
            facts.ends_on, lines, has_out, called,
        )  # fmt: skip

    def _lay(self, held: TrainingClass, first: date, days: int, evenings: int) -> None:
        timetable.fill_days(
            training_class=held, first=first, days=days, topic="集体经济", with_weekends=True, by=self.staff,
            at=self.at,
        )  # fmt: skip
        for number in range(min(evenings, days)):
            line = Lesson(first + number * DAY, Part.EVENING, *SPANS[Part.EVENING], "讨论")
            timetable.set_half_day(training_class=held, line=line, by=self.staff, at=self.at)

    def _course(
        self, called: tuple[Any, ...], missed: list[tuple[int, int]], is_backwards: bool, twice: bool
    ) -> None:
        """The whole of a class: called, held to its end, and closed."""
        self._class(*called)
        self.pass_time(timedelta(days=max(1, called[1] + called[2])))
        self._attend(0, missed, is_backwards, twice)
        self._close(0)

    def _again(self, index: int, tick: tuple[Any, ...]) -> None:
        """A closed class is put right: reopened, ticked, closed."""
        self._open(index)
        self._tick(index, *tick[1:])
        self._close(index)

    def _courses(self) -> list[TrainingClass]:
        return list(TrainingClass.objects.filter(pk__in=self.books.courses).order_by("-pk"))

    def _tick(
        self,
        index: int,
        half: int,
        who: int,
        edge: str,
        is_present: bool,
        minutes: int,
        how: str = MarkHow.TICK,
    ) -> None:
        """A tick so many minutes after the half-day began, told now."""
        for held in self._pick(self._courses(), index):
            (half_day,) = self._pick(list(held.half_days.all()), half)
            self._mark(held, half_day, self.people[who], edge, is_present, minutes, how)

    def _mark(
        self, held: TrainingClass, half_day: HalfDay, person: Cadre, edge: str, is_present: bool,
        minutes: int, how: str,
    ) -> None:  # fmt: skip
        moment = min(self.at, half_day.starts_at + minutes * MINUTE)
        with suppress(*MARKING):
            teaching.mark(
                half_day=half_day, person=person, edge=Edge(edge), is_present=is_present, how=MarkHow(how),
                marked_at=moment, by=self.staff, at=self.at, reason="补记",
            )  # fmt: skip
            self.books.marked(held.pk, half_day.pk, person.pk, edge, is_present, moment, self.at)

    def _attend(self, index: int, missed: list[tuple[int, int]], is_backwards: bool, twice: bool) -> None:
        """Everybody at every half-day so far, but for some; in any order, and once more."""
        for held in self._pick(self._courses(), index):
            halves = list(enumerate(held.half_days.all()))
            for number, half_day in list(reversed(halves) if is_backwards else halves) * (1 + twice):
                for who, person in enumerate(self.people):
                    if (who, number) not in missed:
                        self._mark(held, half_day, person, "IN", True, number, MarkHow.TICK)
                        if held.has_sign_out:
                            self._mark(held, half_day, person, "OUT", True, 90, MarkHow.TICK)

    def _walk_in(self, index: int, who: int) -> None:
        for held in self._pick(self._courses(), index):
            with suppress(teaching.NotAnnounced, teaching.NoRoom):
                teaching.call_in(training_class=held, person=self.people[who], by=self.staff, at=self.at)
                self.books.courses[held.pk].placed.add(self.people[who].pk)

    def _reject(self, index: int, who: int) -> None:
        for held in self._pick(self._courses(), index):
            for place in Place.objects.filter(training_class=held, person=self.people[who]):
                with suppress(refusals.NotCounting, refusals.Marked, refusals.NotOpen):
                    names.reject(place=place, reason="名额", by=self.staff, at=self.at)
                    self.books.courses[held.pk].placed.discard(self.people[who].pk)

    def _close(self, index: int) -> None:
        for held in self._pick(self._courses(), index):
            with suppress(*CLOSING):
                teaching.close_class(training_class=held, by=self.staff, at=self.at)
                self.books.closed_class(held.pk, self.at)

    def _open(self, index: int) -> None:
        for held in self._pick(self._courses(), index):
            with suppress(teaching.NotClosed, YearFrozen):
                teaching.reopen_class(training_class=held, reason=f"补{self.at}", by=self.staff, at=self.at)
                self.books.reopened_class(held.pk, self.at)

    def _record(
        self, bits: int, days: int, missed: list[int], back: int, hours: int, is_rotation: bool
    ) -> None:
        ends_on = self.day(-back)
        absent = {person: missed[number] for number, person in enumerate(self.people) if bits >> number & 1}
        facts = teaching.ClassFacts(
            title="外出培训", organiser="农广校", unit=self.tree.county,
            kind=ClassKind.ROTATION if is_rotation else ClassKind.ORDINARY, ledger=Ledger.CONCENTRATED,
            starts_on=ends_on - days * DAY + DAY, ends_on=ends_on, days=Decimal(days), hours=Decimal(hours),
        )  # fmt: skip
        with suppress(
            teaching.NobodyAttended, teaching.MoreAbsenceThanClass, teaching.MoreHoursThanDays,
            teaching.OutOfScope, teaching.ElsewhereThen,
        ):  # fmt: skip
            key = self._key()
            kept = teaching.record_class(facts=facts, absent=absent, by=self.staff, at=self.at, key=key)
            assert (
                teaching.record_class(facts=facts, absent=absent, by=self.staff, at=self.at, key=key) == kept
            )
            self.books.recorded(
                kept.source, facts.unit, EntryKind.ROTATION if is_rotation else EntryKind.CLASS, facts.ledger,
                ends_on, facts.days, facts.hours, {person.pk: halves for person, halves in absent.items()},
            )  # fmt: skip

    # --- viewings -------------------------------------------------------------------------------------
    def _show(self, place: int, minutes: int, is_lesson: bool) -> None:
        """A station's screen begins to play now."""
        station = Station.objects.get(pk=self.stations[place].pk)
        facts = (
            viewing.ProgrammeFacts(lesson=self.films[0])
            if is_lesson
            else viewing.ProgrammeFacts("党课直播", None, "CITY", minutes * 60)
        )
        with suppress(
            viewing.ScreenTaken, viewing.ScreenBusy, viewing.NotYourStations, viewing.StationNotRun
        ):
            programme = viewing.schedule(
                facts=facts, stations=[station], planned_at=self.at, by=self.staff, at=self.at
            )
            shown = viewing.start_viewing(viewing=programme.viewings.get(), by=self.staff, at=self.at)
            seconds = FILM_SECONDS if is_lesson else minutes * 60
            self.books.started(shown.pk, station.unit, seconds, is_lesson, self.at)

    def _viewings(self) -> list[Viewing]:
        return list(Viewing.objects.filter(pk__in=self.books.showings).order_by("-pk"))

    def _roll(self, index: int, who: int, is_present: bool, late: int, number: int) -> None:
        """A tick that was made some minutes ago, perhaps of a phone that brings it twice."""
        for shown in self._pick(self._viewings(), index):
            moment = self.at - late * MINUTE
            device = "phone" if number else ""
            for _time in range(2 if number else 1):
                with suppress(viewing.WrongState, YearFrozen):
                    viewing.tick_roll(
                        viewing=shown, person=self.people[who], is_present=is_present, marked_at=moment,
                        by=self.staff, at=self.at, device=device, number=number,
                    )  # fmt: skip
                    self.books.ticked(
                        shown.pk, self.people[who].pk, is_present, moment, self.at, device, number
                    )

    def _play(self, index: int, first: int, length: int) -> None:
        for shown in self._pick(self._viewings(), index):
            last = min(FILM_SECONDS, first + length)
            with suppress(viewing.WrongState, YearFrozen):
                viewing.record_played(viewing=shown, segments=[(first, last)], by=self.staff, at=self.at)
                self.books.played(shown.pk, first, last, self.at)

    def _finish(self, index: int) -> None:
        for shown in self._pick(self._viewings(), index):
            with suppress(viewing.WrongState, YearFrozen):
                viewing.end_viewing(viewing=shown, by=self.staff, at=self.at)
                self.books.ended(shown.pk, self.at)

    def _count(self, index: int) -> None:
        for shown in self._pick(self._viewings(), index):
            with suppress(viewing.WrongState, YearFrozen):
                viewing.close_viewing(viewing=shown, by=self.staff, at=self.at)
                self.books.closed_viewing(shown.pk)

    def _recount(self, index: int) -> None:
        for shown in self._pick(self._viewings(), index):
            with suppress(viewing.WrongState):
                viewing.reopen_viewing(viewing=shown, reason="补", by=self.staff, at=self.at)
                self.books.reopened_viewing(shown.pk)

    def _anew(self, index: int, roll: tuple[Any, ...]) -> None:
        """A closed viewing is put right: reopened, ticked, closed."""
        self._recount(index)
        self._roll(index, *roll[1:])
        self._count(index)

    def _strike(self, index: int) -> None:
        for shown in self._pick(self._viewings(), index):
            with suppress(viewing.WrongState, YearFrozen):
                viewing.cancel_viewing(viewing=shown, reason="没放", by=self.staff, at=self.at)
                self.books.struck_out(shown.pk)

    def _evening(
        self, minutes: int, rolls: list[tuple[int, int, int]], afterwards: list[tuple[int, int, bool]]
    ) -> None:
        """Both stations show something at once; each takes its roll, both close, and more ticks arrive."""
        for place in (0, 1):
            self._show(place, minutes, is_lesson=False)
        self.pass_time(minutes * MINUTE)
        for place, who, delay in rolls:
            self._roll(place, who, is_present=True, late=minutes - delay, number=0)
            if delay % 2:
                self._roll(1 - place, who, is_present=True, late=max(0, minutes - delay - 5), number=0)
        for index in (0, 1):
            self._finish(index)
            self._count(index)
        for index, who, is_present in afterwards:
            self._roll(index, who, is_present, late=minutes if is_present else 0, number=0)

    # --- claims ---------------------------------------------------------------------------------------
    def _claim(self, who: int, is_own: bool, kind: str, hours: int, days: int, back: int) -> None:
        facts = ClaimFacts(
            "外地学习",
            "农校",
            Ledger(kind),
            self.day(-back - 9),
            self.day(-back),
            Decimal(hours),
            Decimal(days) / 2,
        )
        person = self.people[who]
        with suppress(claiming.OutOfScope, claiming.Impossible):
            claiming.file_claim(
                person=person, facts=facts, proofs=[PROOF], by=person if is_own else self.staff, at=self.at,
                key=self._key(),
            )  # fmt: skip

    def _decide(self, index: int, what: str, less: int) -> None:
        for claim in self._pick(list(Claim.objects.select_related("person").order_by("-pk")), index):
            with suppress(
                claiming.AlreadyDecided, claiming.OutOfScope, claiming.NotSecond, claiming.NotTheirs,
                claiming.Impossible, claiming.MoreThanAsked,
            ):  # fmt: skip
                if what == "refuse":
                    claiming.refuse(claim=claim, reason="不符", by=self.clerk, at=self.at)
                elif what == "withdraw":
                    claiming.withdraw(claim=claim, by=claim.person, at=self.at)
                else:
                    self._approve(claim, self.staff if what == "own" else self.clerk, less)

    def _at_once(self, filed: tuple[Any, ...], decided: tuple[Any, ...]) -> None:
        self._claim(*filed)
        self._decide(0, *decided[1:])

    def _approve(self, claim: Claim, by: Cadre, less: int) -> None:
        hours, days = claim.hours_asked - less, claim.days_asked
        was = claim.status
        for _time in range(2):
            claiming.approve(claim=claim, hours=hours, days=days, reason="核减", by=by, at=self.at)
        if was == "FILED" or Claim.objects.get(pk=claim.pk).status != was:
            self.books.approved(
                claim.source, claim.person_id, claim.ledger, claim.ends_on, hours, days, self.at
            )

    # --- the ledger and its rules ---------------------------------------------------------------------
    def _correct(self, index: int, hours: str) -> None:
        for entry in self._pick(list(HoursEntry.objects.grants().order_by("pk")), index):
            worth = self._worth(EntryKind(entry.kind), hours)
            with suppress(NothingToCorrect, TooManyHours, YearFrozen):
                correct(entry=entry, worth=worth, reason="误", by=self.staff, at=self.at)
                self.books.corrected(
                    entry.person_id, entry.source, Gain(worth.hours, worth.days, worth.times)
                )

    def _rule(self, has_carry_over: bool, caps: dict[str, str], class_cap: str | None, divisor: int) -> None:
        with suppress(RuleNotLater, VersionTaken):
            set_rule(
                unit=self.tree.county,
                version=f"v{HoursRule.objects.count()}",
                valid_from=self.today,
                document="",
                by=self.staff,
                at=self.at,
                **{
                    **DEFAULT_RULE,
                    "has_carry_over": has_carry_over,
                    "yearly_caps": caps,
                    "class_cap": class_cap and Decimal(class_cap),
                    "absence_divisor": divisor,
                },
            )

    # --- people and places ----------------------------------------------------------------------------
    def _in_force(self) -> list[Unit]:
        return list(
            Unit.objects.within(self.tree.county).filter(level="VILLAGE", valid_to=None).order_by("code")
        )

    def _appoint(self, offset: int, role: str, place: int, is_elected: bool) -> None:
        with suppress(UnitNotInForce):
            super()._appoint(offset, role, place, is_elected)

    def _move(self, place: int) -> None:
        with suppress(UnitNotInForce):
            super()._move(place)

    def _offer(self, who: int, back: int, is_shared: bool, does_end: bool) -> None:
        """Offered to the village abroad, or from there to the township's."""
        person = Cadre.objects.get(pk=self.people[who].pk)
        is_abroad = person.unit_id == self.abroad.pk
        to = self._in_force()[0] if is_abroad else self.abroad
        ending = Post.objects.of(person.pk).running().values_list("pk", flat=True) if does_end else ()
        with suppress(UnlikelyStart, UnitNotInForce, OfferedAlready, MovedMeanwhile):
            offer_person(
                person=person, unit=to, on=self.day(-back), is_shared=is_shared, ending=ending,
                by=self.neighbour if is_abroad else self.staff, at=self.at,
            )  # fmt: skip

    def _answer(self, index: int, what: str, role: str) -> None:
        for offer in self._pick(list(TransferOffer.objects.order_by("-pk")), index):
            here, there = (
                (self.neighbour, self.staff)
                if offer.from_unit.code.startswith(self.abroad.code[:6])
                else (self.staff, self.neighbour)
            )
            with suppress(
                OfferDecided, MovedMeanwhile, NotTheirs, AlreadyHeld, UnlikelyStart, UnitNotInForce,
                PostEnded, EndsBeforeStart, NotYet,
            ):  # fmt: skip
                if what == "decline":
                    decline_offer(offer=offer, reason="不缺", by=there, at=self.at)
                elif what == "withdraw":
                    withdraw_offer(offer=offer, by=here, at=self.at)
                else:
                    accept_offer(offer=offer, unit=offer.to_unit, role=role, by=there, at=self.at)

    def _merge(self, one: int, other: int, back: int, goes_on: bool, choice: int) -> None:
        villages = self._in_force()
        olds = sorted(
            {villages[one % len(villages)], villages[other % len(villages)]}, key=lambda unit: unit.code
        )
        if goes_on and len(olds) == 2:
            lines = [Line(olds[0].code, olds[1].code)]
        else:
            new = f"{olds[0].code[:9]}{self._key()}"
            lines = [Line(old.code, new, "新合村") for old in olds]
        scope = self.staff.scope_units("COUNTY")
        merger = prepare_merger(
            over=self.tree.county,
            level=Level.VILLAGE,
            lines=lines,
            on=self.day(-back),
            by=self.staff,
            at=self.at,
        )
        plan = plan_of(merger, scope=scope, today=self.today)
        choices = {
            contest.key: [0, *(post.pk for post in contest.posts)][choice % (len(contest.posts) + 1)]
            for contest in plan.offices.contests
        }
        with suppress(NotReady):
            write_merger(
                merger=merger, choices=choices, seen=plan.digest, scope=scope, by=self.staff, at=self.at
            )
        viewing.close_stations_of_retired_villages(at=self.at)

    def _elect(self, back: int, seats: list[tuple[int, int]], lag: int) -> None:
        """A new term of the county, and the result of the villages of those who were elected."""
        starts_on = self.day(-back)
        number = max(Term.objects.filter(county=self.tree.county).values_list("number", flat=True)) + 1
        facts = TermFacts(self.tree.county, number, starts_on, starts_on + 1_700 * DAY, leaves_gap=True)
        with suppress(UnlikelyTerm, NumberTaken, StartsTooEarly, TermsOverlap, ElectionOpen):
            election = open_election(facts=facts, by=self.staff, at=self.at)
            self._vote(election, starts_on + min(lag, back) * DAY, seats)
            close_election(election=election, by=self.staff, at=self.at)

    def _vote(self, election: Election, begins_on: date, seats: list[tuple[int, int]]) -> None:
        villages, rows = self._in_force(), []
        for who, (place, roles) in enumerate(seats[:PEOPLE]):
            cells = {
                Column.NUMBER: self.people[who].number,
                Column.NAME: self.people[who].name,
                Column.UNIT_CODE: villages[place % len(villages)].code,
                Column.ROLES: ELECTED[roles],
            }
            rows.append(Row(who + 2, cells))
        ask, scope = Ask(tuple(rows), begins_on), [self.tree.county]
        seen = judge(election=election, ask=ask, scope=scope, on=self.today).seen
        with suppress(ResultHasErrors, ElectionClosed):
            for _time in range(2):
                write_result(election=election, ask=ask, scope=scope, seen=seen, by=self.staff, at=self.at)
