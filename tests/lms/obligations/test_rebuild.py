"""Rebuilt = shown = an obvious second reckoning, after whatever happened in whatever order."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actions import AlreadyHeld, EndsBeforeStart, PostEnded, UnlikelyStart, appoint, end_post
from accounts.models import Cadre, CadreChange, Post
from lms.hours.actions import (
    FrozenAbove,
    NotFrozen,
    NothingToCorrect,
    TooManyHours,
    Worth,
    YearFrozen,
    YearNotOver,
    correct,
    freeze_year,
    grant,
    reopen_year,
)
from lms.hours.models import EntryKind, HoursEntry, HoursRule, Ledger, YearFreeze
from lms.obligations.actions import (
    ExemptionOverlaps,
    VersionNotLater,
    differences,
    exempt,
    install_default_requirements,
    refresh,
    refresh_changed,
    set_requirement,
)
from lms.obligations.lines import lines_of, newest_lines
from lms.obligations.models import Obligation, Requirement
from tests.factories import CadreFactory, StaffFactory
from tests.lms.obligations.people import AT, earn, secretary, standing, under_the_defaults
from tests.lms.obligations.reference import add_up, figures
from tests.rules import examples

START = datetime(2026, 1, 3, 4, tzinfo=UTC)
days = st.integers(0, 420)
amounts = st.sampled_from(["0.25", "0.5", "1", "3", "6", "12", "30", "55"])
lines = st.tuples(
    st.just("grant"), days, st.sampled_from(list(Ledger)), st.sampled_from(list(EntryKind)), amounts
)
steps = st.one_of(
    lines,
    lines,
    st.tuples(st.just("correct"), st.integers(0, 30), amounts),
    st.tuples(st.just("appoint"), days, st.sampled_from(["SECRETARY", "DIRECTOR", "GRID_WORKER"])),
    st.tuples(st.just("end"), days),
    st.tuples(st.just("exempt"), days),
    st.tuples(st.just("raise"), days, st.integers(51, 80)),
    st.tuples(st.just("carry"), st.booleans()),
    st.tuples(st.just("new_year")),
    st.tuples(st.just("freeze"), st.sampled_from(["county", "city", "province"])),
    st.tuples(st.just("reopen"), st.integers(0, 3)),
    st.tuples(st.just("tick")),
)


class World:
    """One person and the steps that may happen to them; each at its own later moment."""

    def __init__(self) -> None:
        self.tree = under_the_defaults()
        self.person: Cadre = CadreFactory(unit=self.tree.village, is_party_member=True)
        self.staff = StaffFactory(unit=self.tree.county).person
        self.at = START

    def do(self, step: tuple[object, ...]) -> None:
        name, *values = step
        self.at += timedelta(days=9, hours=5)
        getattr(self, f"_{name}")(*values)

    def _day(self, offset: int) -> date:
        return (START + timedelta(days=offset)).date()

    def _grant(self, offset: int, ledger: Ledger, kind: EntryKind, hours: str) -> None:
        is_class = kind in (EntryKind.CLASS, EntryKind.ROTATION)
        grant(
            person=self.person,
            source=f"step:{HoursEntry.objects.count()}",
            kind=kind,
            title="学",
            ledger=ledger,
            worth=Worth(Decimal(hours), Decimal(hours) / 6 if is_class else Decimal(0), int(is_class)),
            earned_at=START + timedelta(days=offset),
            at=self.at,
        )

    def _correct(self, index: int, hours: str) -> None:
        entries = list(HoursEntry.objects.grants())
        if entries:
            entry = entries[index % len(entries)]
            try:
                correct(entry=entry, worth=Worth(Decimal(hours)), reason="误", by=self.staff, at=self.at)
            except (NothingToCorrect, TooManyHours, YearFrozen):
                return

    def _appoint(self, offset: int, role: str) -> None:
        unit = self.tree.village if offset % 2 else self.tree.other_village
        try:
            appoint(
                person=self.person,
                unit=unit,
                role=role,
                from_on=self._day(offset),
                by=self.staff,
                at=self.at,
                is_newly_elected=offset % 3 == 0,
            )
        except (AlreadyHeld, UnlikelyStart):
            return

    def _end(self, offset: int) -> None:
        post = Post.objects.filter(to_on=None).first()
        if post is not None:
            try:
                end_post(post=post, to_on=self._day(offset), by=self.staff, at=self.at)
            except (EndsBeforeStart, PostEnded):
                return

    def _exempt(self, offset: int) -> None:
        first = self._day(offset)
        try:
            exempt(
                person=self.person,
                reason="病",
                from_on=first,
                to_on=first + timedelta(days=20),
                by=self.staff,
                at=self.at,
            )
        except ExemptionOverlaps:
            return

    def _raise(self, offset: int, amount: int) -> None:
        online = Requirement.objects.filter(slug="online").order_by("pk").first()
        assert online is not None
        fields = {**REQUIREMENT, "amount": Decimal(amount)}
        try:
            set_requirement(
                slug="online",
                unit=self.tree.county,
                valid_from=self._day(offset),
                by=self.staff,
                at=self.at,
                **fields,
            )
        except VersionNotLater:
            return
        refresh([self.person.pk], at=self.at)

    def _carry(self, is_on: bool) -> None:
        HoursRule.objects.update(has_carry_over=is_on)

    def _new_year(self) -> None:
        self.at = max(self.at, START.replace(year=2027))

    def _freeze(self, place: str) -> None:
        with suppress(YearNotOver, FrozenAbove):
            freeze_year(unit=getattr(self.tree, place), year=2026, by=self.staff, at=self.at)

    def _reopen(self, index: int) -> None:
        freezes = list(YearFreeze.objects.order_by("pk"))
        if freezes:
            freeze = freezes[index % len(freezes)]
            with suppress(FrozenAbove, NotFrozen):
                reopen_year(freeze=freeze, reason=f"补记{freeze.pk}", by=self.staff, at=self.at)

    def _tick(self) -> None:
        refresh_changed(at=self.at)


REQUIREMENT = {
    "name": "网络自学",
    "period": "YEAR",
    "measure": "HOURS",
    "ledgers": ["ONLINE"],
    "roles": [],
    "is_for_party_members": False,
    "is_for_newly_elected": False,
    "months": None,
    "min_classes": 0,
    "is_pro_rata": False,
    "is_rotation": False,
    "lead_days": 0,
    "can_be_made_up": False,
    "has_certificate": True,
    "document": "",
}


late_steps = st.one_of(
    lines,
    st.tuples(st.just("freeze"), st.sampled_from(["county", "city", "province"])),
    st.tuples(st.just("freeze"), st.just("county")),
    st.tuples(st.just("reopen"), st.integers(0, 3)),
    st.tuples(st.just("correct"), st.integers(0, 30), amounts),
    st.tuples(st.just("tick")),
)


def frozen_rows() -> dict[int, tuple[object, ...]]:
    """What the rows of a frozen year say."""
    if not YearFreeze.objects.holding().exists():
        return {}
    rows = Obligation.objects.filter(requirement__period="YEAR", period_key="2026")
    return {row.pk: (row.earned, row.classes, row.is_met, row.met_on) for row in rows}


def holds(world: World) -> None:
    """Nothing differs after the marks alone are read, and each row says what the obvious way says."""
    refresh_changed(at=world.at)
    assert list(differences([world.person.pk], at=world.at)) == []
    for row in Obligation.objects.select_related("requirement__unit"):
        assert (row.earned, row.classes, row.is_met, row.met_on) == figures(row)
        assert add_up(list(lines_of(row)), row)[0] == row.earned


class RebuiltEqualsShown(TestCase):
    """Random histories of one person."""

    @settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(lines, max_size=4), st.lists(late_steps, min_size=4, max_size=14))
    def test_frozen_years_stay_as_they_were_until_they_are_reopened(self, before: list, after: list) -> None:
        world = World()
        appoint(
            person=world.person,
            unit=world.tree.village,
            role="SECRETARY",
            from_on=date(2026, 1, 1),
            by=world.staff,
            at=START,
        )
        for step in before:
            world.do(step)
        refresh([world.person.pk], at=START)
        world.do(("new_year",))
        refresh([world.person.pk], at=world.at)
        for step in after:
            shown = frozen_rows()
            world.do(step)
            holds(world)
            if step[0] != "reopen":
                assert {key: row for key, row in frozen_rows().items() if key in shown} == shown

    @settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(steps, min_size=4, max_size=25))
    def test_rebuilt_standing_equals_the_shown_one_and_the_obvious_one(self, history: list) -> None:
        world = World()
        for step in history:
            world.do(step)
        refresh_changed(at=world.at)
        refresh([world.person.pk], at=world.at)
        assert list(differences([world.person.pk], at=world.at)) == []
        for row in Obligation.objects.select_related("requirement__unit"):
            assert (row.earned, row.classes, row.is_met, row.met_on) == figures(row)
            assert add_up(list(lines_of(row)), row)[0] == row.earned
        rows = list(Obligation.objects.select_related("requirement__unit"))
        latest = {row.pk: list(lines_of(row).order_by("-earned_at", "-pk")[:3]) for row in rows}
        assert newest_lines(rows, 3) == latest

    @settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(lines, min_size=2, max_size=12), st.randoms(use_true_random=False))
    def test_order_of_lines_gives_one_standing(self, granted: list, random: object) -> None:
        world = World()
        other = CadreFactory(unit=world.tree.village, is_party_member=True)
        for person in (world.person, other):
            appoint(
                person=person,
                unit=world.tree.village,
                role="SECRETARY",
                from_on=date(2026, 1, 1),
                by=world.staff,
                at=START,
                is_newly_elected=True,
            )
        first = world.person
        # Only lines without a daily cap: which of two lessons the cap meets depends on their order.
        granted = [line for line in granted if line[3] not in (EntryKind.LESSON, EntryKind.QUIZ)]
        for step in granted:
            world.do(step)
        world.person = other
        random.shuffle(granted)
        for number, step in enumerate(granted):
            world.do(step)
            if number % 3 == 0:
                refresh([other.pk], at=world.at)
        refresh([first.pk, other.pk], at=world.at)
        shown = {
            person.pk: sorted(
                Obligation.objects.filter(person=person).values_list(
                    "slug", "starts_on", "earned", "classes", "is_met", "met_on", "due_on"
                )
            )
            for person in (first, other)
        }
        # The second one was refreshed in years that the first had not seen opened.
        keys = {row[:2] for row in shown[first.pk]}
        assert shown[first.pk] == [row for row in shown[other.pk] if row[:2] in keys]


@pytest.mark.django_db
def test_dropped_rows_are_rebuilt_to_the_same_figures_closed_years_with_them() -> None:
    person = secretary(under_the_defaults(), is_party_member=True)
    earn(person, 52)
    earn(person, 30, ledger=Ledger.CONCENTRATED, kind=EntryKind.CLASS, days=5)
    fields = ("slug", "period_key", "required", "earned", "classes", "is_met", "met_on", "due_on")
    refresh([person.pk], at=AT)
    refresh([person.pk], at=datetime(2027, 2, 1, tzinfo=UTC))
    shown = sorted(Obligation.objects.values_list(*fields))
    Obligation.objects.all().delete()
    refresh([person.pk], at=datetime(2027, 2, 1, tzinfo=UTC), since=2026)
    assert sorted(Obligation.objects.values_list(*fields)) == shown


@pytest.mark.django_db
@time_machine.travel(AT, tick=False)
def test_command_checks_without_changing_then_repairs() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    earn(person, 5)
    refresh_changed(at=AT)
    Obligation.objects.filter(slug="online").update(earned=7)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("rebuild_standings", "--check", stdout=out, stderr=StringIO())
    assert ended.value.code == 1
    assert f"{person.pk} online 2026: earned: 7.00 -> 5.00" in out.getvalue()
    assert Obligation.objects.get(slug="online").earned == 7
    call_command("rebuild_standings", "--unit", tree.county.code, stdout=out, stderr=StringIO())
    assert Obligation.objects.get(slug="online").earned == 5
    call_command("rebuild_standings", "--check", stdout=out, stderr=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize("at", [AT, datetime(2027, 2, 1, tzinfo=UTC)], ids=["open", "closed"])
@pytest.mark.parametrize(
    "dates",
    [
        {"due_on": date(2026, 5, 31)},
        {"starts_on": date(2026, 5, 1)},
        {"starts_on": date(2024, 1, 1), "due_on": date(2024, 12, 31)},
    ],
)
def test_tampered_dates_are_found_and_repaired(at: datetime, dates: dict[str, object]) -> None:
    person = secretary(under_the_defaults())
    earn(person, 52)
    for moment in (AT, at):
        refresh([person.pk], at=moment)
    CadreChange.objects.all().delete()
    shown = Obligation.objects.order_by("pk").values_list("slug", "starts_on", "due_on", "earned")
    right = list(shown)
    Obligation.objects.filter(slug="online", period_key="2026").update(**dates)
    (found,) = differences([person.pk], at=at)
    assert found.right.key == ("online", "2026")
    refresh([person.pk], at=at)
    assert list(shown.all()) == right


@pytest.mark.django_db
@time_machine.travel(AT, tick=False)
def test_row_of_somebody_who_never_held_a_post_is_looked_at() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    standing(person, "online")
    stranger = CadreFactory(unit=tree.village)
    Obligation.objects.update(person=stranger, post=None)
    Obligation.objects.exclude(slug="online").delete()
    Post.objects.all().delete()
    for unit in ([], ["--unit", tree.village.code]):
        with pytest.raises(SystemExit):
            call_command("rebuild_standings", "--check", *unit, stdout=StringIO(), stderr=StringIO())
    call_command("rebuild_standings", stdout=StringIO(), stderr=StringIO())
    assert Obligation.objects.get().released_on == AT.date()


@pytest.mark.django_db
@time_machine.travel(AT, tick=False)
def test_command_leaves_other_regions_alone_and_refuses_unknown_ones() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    call_command(
        "rebuild_standings", "--unit", tree.other_township.code, stdout=StringIO(), stderr=StringIO()
    )
    assert not Obligation.objects.filter(person=person).exists()
    with pytest.raises(CommandError):
        call_command("rebuild_standings", "--unit", "990000000000")
    with pytest.raises(CommandError):
        call_command("rebuild_standings", "--since", "1234")


@pytest.mark.django_db
def test_check_passes_over_people_whose_change_is_still_to_be_read() -> None:
    person = secretary(under_the_defaults())
    standing(person, "online")
    earn(person, 5)
    assert list(differences([person.pk], at=AT)) == []


@pytest.mark.django_db
def test_defaults_are_installed_once() -> None:
    tree = under_the_defaults()
    assert Requirement.objects.count() == 6
    install_default_requirements(tree.province, date(2025, 1, 1))
    assert Requirement.objects.count() == 6
