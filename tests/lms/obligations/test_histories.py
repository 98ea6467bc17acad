"""Random years of one person through the real actions: what is shown is what the domain says, day by day."""

import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actions import (
    AlreadyHeld,
    EndsBeforeStart,
    PostBegun,
    PostEnded,
    UnlikelyStart,
    appoint,
    edit_person,
    end_post,
    transfer,
    withdraw_post,
)
from accounts.models import Cadre, Level, Post, Term, Unit
from lms.hours.actions import (
    NothingToCorrect,
    RuleNotLater,
    TooManyHours,
    VersionTaken,
    Worth,
    YearFrozen,
    correct,
    freeze_year,
    grant,
    reopen_year,
    set_rule,
    settle,
)
from lms.hours.defaults import DEFAULT_RULE
from lms.hours.models import EntryKind, HoursEntry, HoursRule, Ledger, YearFreeze
from lms.obligations import actions
from lms.obligations.models import Obligation, Requirement
from tests.factories import CadreFactory, StaffFactory, TermFactory, UnitFactory
from tests.lms.obligations.people import under_the_defaults
from tests.lms.obligations.reference import Reference, shown
from tests.lms.obligations.test_rebuild import REQUIREMENT
from tests.rules import examples

START = datetime(2026, 5, 4, 4, tzinfo=UTC)
# A few by default; many where somebody has the time: EXAMPLES=1000.
EXAMPLES = int(os.environ.get("EXAMPLES", examples(12)))
ROLES = ("SECRETARY", "DIRECTOR", "COMMITTEE_MEMBER", "RESERVE", "GRID_WORKER")
CLASSES = (EntryKind.CLASS, EntryKind.ROTATION)
# Steps after which a closed year may say something else: all of them touch the ledger or its freezes.
LEDGER_STEPS = {"earn", "settle", "correct", "freeze", "reopen"}
DEFINITIONS = {"require", "add", "lower", "end_requirement"}

amounts = st.sampled_from(["0.5", "2", "6", "12", "30", "55"])
shift = st.integers(-200, 60)
places = st.integers(0, 3)
steps = st.one_of(
    st.tuples(st.just("earn"), shift, st.sampled_from(Ledger), st.sampled_from(EntryKind), amounts),
    st.tuples(st.just("settle"), st.integers(0, 2), amounts),
    st.tuples(st.just("correct"), st.integers(0, 30), amounts),
    st.tuples(st.just("appoint"), shift, st.sampled_from(ROLES), places, st.booleans()),
    st.tuples(st.just("end"), shift, st.integers(0, 3)),
    st.tuples(st.just("withdraw"), st.integers(0, 3)),
    st.tuples(st.just("move"), places),
    st.tuples(st.just("join"), st.booleans()),
    st.tuples(st.just("excuse"), shift, st.none() | st.integers(0, 90)),
    st.tuples(st.just("well"), shift),
    st.tuples(st.just("rule"), st.booleans(), st.booleans()),
    st.tuples(st.just("require"), st.integers(0, 40), st.integers(51, 80), st.booleans()),
    st.tuples(
        st.just("add"), st.integers(0, 40), st.integers(4, 40), st.sampled_from(["", *ROLES]), st.booleans()
    ),
    st.tuples(st.just("lower"), st.integers(0, 40), st.integers(20, 70), st.booleans(), st.booleans()),
    st.tuples(st.just("end_requirement"), st.integers(0, 5), st.integers(0, 40)),
    st.tuples(st.just("freeze"), st.sampled_from(["county", "province"])),
    st.tuples(st.just("reopen"), st.integers(0, 3)),
    st.tuples(st.just("wait")),
)
histories = st.lists(st.tuples(st.sampled_from([0, 1, 9, 31, 70, 200]), steps), min_size=4, max_size=14)


class Years:
    """One person in two counties; what is done to them, each step some days after the one before."""

    def __init__(self) -> None:
        self.tree = under_the_defaults()
        neighbour = UnitFactory(code="140729000000", level=Level.COUNTY)
        abroad = UnitFactory(code="140729100201", level=Level.VILLAGE)
        TermFactory(county=neighbour, number=11, starts_on=date(2021, 9, 1), ends_on=date(2026, 8, 31))
        Term.objects.create(
            county=neighbour, number=12, starts_on=date(2026, 9, 1), ends_on=date(2031, 8, 31)
        )
        self.villages: list[Unit] = [
            self.tree.village, self.tree.other_village, self.tree.far_village, abroad,
        ]  # fmt: skip
        self.person: Cadre = CadreFactory(unit=self.tree.village)
        self.staff: Cadre = StaffFactory(unit=self.tree.county, role="COUNTY").person
        self.at = START
        self.reference = Reference(self.person)

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def wake(self, days: int) -> None:
        """Days later, with every day's work done at the edges that matter: the last of a year, and today."""
        target = self.at + timedelta(days=days, minutes=7)
        for year in range(self.today.year, timezone.localdate(target).year):
            self._dawn(datetime(year, 12, 31, 1, tzinfo=UTC))
        self._dawn(target)

    def _dawn(self, at: datetime) -> None:
        self.at = max(self.at, at)
        actions.refresh([self.person.pk], at=self.at)
        self.reference.look(self.today)
        self.reference.rows(self.today)

    def do(self, name: str, *values: Any) -> None:
        getattr(self, f"_{name}")(*values)
        actions.refresh_changed(at=self.at)
        if name in DEFINITIONS:
            actions.refresh([self.person.pk], at=self.at)  # the job that each of them queues
        self.reference.look(self.today)

    def _wait(self) -> None:
        """Nothing happens."""

    def _earn(self, offset: int, ledger: Ledger, kind: EntryKind, hours: str) -> None:
        grant(
            person=self.person,
            source=f"step:{HoursEntry.objects.count()}",
            kind=kind,
            title="学",
            ledger=ledger,
            worth=self._worth(kind, hours),
            earned_at=self.at + timedelta(days=min(offset, 0)),
            at=self.at,
        )

    @staticmethod
    def _worth(kind: EntryKind, hours: str) -> Worth:
        is_class = kind in CLASSES
        days = (Decimal(hours) / 6).quantize(Decimal("0.01")) if is_class else Decimal(0)
        return Worth(Decimal(hours), days, int(is_class))

    def _settle(self, number: int, hours: str) -> None:
        with suppress(YearFrozen, TooManyHours):
            settle(
                person=self.person,
                source=f"class:{number}",
                kind=EntryKind.CLASS,
                title="班",
                ledger=Ledger.CONCENTRATED,
                worth=self._worth(EntryKind.CLASS, hours),
                earned_at=self.at,
                reason="重新结班",
                by=self.staff,
                at=self.at,
            )

    def _correct(self, index: int, hours: str) -> None:
        if lines := list(HoursEntry.objects.grants().order_by("pk")):
            entry = lines[index % len(lines)]
            with suppress(NothingToCorrect, TooManyHours, YearFrozen):
                worth = self._worth(EntryKind(entry.kind), hours)
                correct(entry=entry, worth=worth, reason="误", by=self.staff, at=self.at)

    def _appoint(self, offset: int, role: str, place: int, is_elected: bool) -> None:
        with suppress(AlreadyHeld, UnlikelyStart):
            appoint(
                person=self.person,
                unit=self.villages[place],
                role=role,
                from_on=self.day(offset),
                by=self.staff,
                at=self.at,
                is_newly_elected=is_elected,
            )

    def _end(self, offset: int, index: int) -> None:
        if posts := list(Post.objects.running().order_by("pk")):
            with suppress(EndsBeforeStart, PostEnded):
                post = posts[index % len(posts)]
                end_post(post=post, to_on=self.day(offset), by=self.staff, at=self.at)

    def _withdraw(self, index: int) -> None:
        if posts := list(Post.objects.order_by("pk")):
            with suppress(PostBegun):
                withdraw_post(post=posts[index % len(posts)], by=self.staff, at=self.at)

    def _move(self, place: int) -> None:
        transfer(person=self.person, unit=self.villages[place], on=self.today, by=self.staff, at=self.at)

    def _join(self, is_member: bool) -> None:
        edit_person(person=self.person, by=self.staff, at=self.at, is_party_member=is_member)

    def _excuse(self, offset: int, days: int | None) -> None:
        first = self.day(offset)
        last = None if days is None else first + timedelta(days=days)
        with suppress(actions.ExemptionOverlaps):
            actions.exempt(
                person=self.person, reason="病", from_on=first, to_on=last, by=self.staff, at=self.at
            )

    def _well(self, offset: int) -> None:
        for item in self.person.exemptions.filter(to_on=None):
            with suppress(actions.ExemptionEnded):
                actions.end_exemption(exemption=item, to_on=self.day(offset), by=self.staff, at=self.at)

    def _rule(self, has_carry_over: bool, is_capped: bool) -> None:
        caps = {"yearly_caps": {"CLAIM": "20"}, "class_cap": Decimal(24)} if is_capped else {}
        with suppress(RuleNotLater, VersionTaken):
            set_rule(
                unit=self.tree.county,
                version=f"v{HoursRule.objects.count()}",
                valid_from=self.today,
                document="",
                by=self.staff,
                at=self.at,
                **{**DEFAULT_RULE, "has_carry_over": has_carry_over, **caps},
            )

    def _set(self, slug: str, unit: Unit, offset: int, **fields: Any) -> None:
        with suppress(
            actions.VersionNotLater, actions.LowerThanAbove, actions.NotComparable, actions.NameTaken
        ):
            actions.set_requirement(
                slug=slug,
                unit=unit,
                valid_from=self.day(offset),
                by=self.staff,
                at=self.at,
                **{**REQUIREMENT, **fields},
            )

    def _require(self, offset: int, amount: int, is_pro_rata: bool) -> None:
        """The county raises the online hours."""
        self._set("online", self.tree.county, offset, amount=Decimal(amount), is_pro_rata=is_pro_rata)

    def _add(self, offset: int, amount: int, role: str, is_pro_rata: bool) -> None:
        """The county asks something of its own of one group, or of everybody."""
        self._set(
            "",
            self.tree.county,
            offset,
            name=f"专题{role}",
            amount=Decimal(amount),
            ledgers=["CONCENTRATED", "COLLECTIVE"],
            roles=[role] if role else [],
            is_pro_rata=is_pro_rata,
            min_classes=amount % 2,
        )

    def _lower(self, offset: int, amount: int, is_pro_rata: bool, counts_days: bool) -> None:
        """The province asks another amount online, a share of it, or days instead."""
        measure = "DAYS" if counts_days else "HOURS"
        self._set(
            "online",
            self.tree.province,
            offset,
            amount=Decimal(amount),
            is_pro_rata=is_pro_rata,
            measure=measure,
        )

    def _end_requirement(self, index: int, offset: int) -> None:
        if items := list(Requirement.objects.filter(unit=self.tree.county).order_by("pk")):
            with suppress(actions.EndsTooEarly, actions.EndsTooLate):
                actions.end_requirement(
                    requirement=items[index % len(items)], to_on=self.day(offset), by=self.staff, at=self.at
                )

    def _freeze(self, place: str) -> None:
        with suppress(ValueError):
            freeze_year(unit=getattr(self.tree, place), year=self.today.year - 1, by=self.staff, at=self.at)

    def _reopen(self, index: int) -> None:
        if freezes := list(YearFreeze.objects.order_by("pk")):
            with suppress(ValueError):
                freeze = freezes[index % len(freezes)]
                reopen_year(freeze=freeze, reason=f"补记{freeze.pk}", by=self.staff, at=self.at)


def digest(lines: list[tuple[object, ...]]) -> str:
    return sha256(repr(lines).encode()).hexdigest()


def ledger() -> list[tuple[object, ...]]:
    return list(HoursEntry.objects.order_by("pk").values_list())


SETTLED = ("requirement_id", "post_id", "starts_on", "due_on", "required", "share_months", "is_exempt")
FIGURES = ("carried", "earned", "classes", "is_met", "met_on", "released_on")


Closed = dict[int, tuple[tuple[object, ...], tuple[object, ...]]]


def closed_years(today: date) -> Closed:
    """The rows of years that are over: what was asked, and what was reached."""
    rows = Obligation.objects.filter(requirement__period="YEAR", due_on__lt=today)
    size = len(SETTLED)
    return {
        row[0]: (row[1 : size + 1], row[size + 1 :]) for row in rows.values_list("pk", *SETTLED, *FIGURES)
    }


def unaltered(before: Closed, after: Closed, *, may_follow_ledger: bool) -> Closed:
    """What is asked of a closed year stays for ever; what was reached follows the ledger and nothing else."""
    for pk, (settled, reached) in before.items():
        assert after[pk][0] == settled
        assert may_follow_ledger or after[pk][1] == reached
    return after


class Histories(TestCase):
    """Random appointments, moves, rules, requirements, exemptions, lines and corrections."""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(histories)
    def test_every_figure_is_what_the_slow_and_obvious_way_says(self, history: list) -> None:
        years = Years()
        years.wake(0)
        closed = closed_years(years.today)
        for days, (name, *values) in history:
            before = ledger()
            years.wake(days)
            closed = unaltered(closed, closed_years(years.today), may_follow_ledger=False)
            years.do(name, *values)
            person = years.person
            assert list(actions.differences([person.pk], at=years.at)) == []
            assert shown(person) == years.reference.rows(years.today)
            assert digest(ledger()[: len(before)]) == digest(before)
            closed = unaltered(closed, closed_years(years.today), may_follow_ledger=name in LEDGER_STEPS)
