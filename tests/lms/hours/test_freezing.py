"""A year is frozen and reopened: who may, what is refused, and which lines count meanwhile."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditLine, Cadre, CadreChange
from lms.hours.actions import (
    FrozenAbove,
    NotARegion,
    NotFrozen,
    Worth,
    YearFrozen,
    YearNotOver,
    correct,
    freeze_year,
    reopen_year,
)
from lms.hours.models import HoursEntry, YearFreeze
from tests.factories import CadreFactory, UnitFactory
from tests.factories.people import CountyTree
from tests.lms.hours.conftest import NINE, give, given

SHANGHAI = ZoneInfo("Asia/Shanghai")
JANUARY = datetime(2027, 1, 12, 9, tzinfo=SHANGHAI)
LATER = JANUARY + timedelta(days=3)
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(tree: CountyTree) -> Cadre:
    return CadreFactory(unit=tree.county)


@pytest.fixture
def freeze(tree: CountyTree, staff: Cadre) -> YearFreeze:
    return freeze_year(unit=tree.county, year=2026, by=staff, at=JANUARY)


def reopen(freeze: YearFreeze, by: Cadre, at: datetime = LATER, reason: str = "补记") -> YearFreeze:
    return reopen_year(freeze=freeze, reason=reason, by=by, at=at)


def waiting() -> list[HoursEntry]:
    return list(HoursEntry.objects.waiting())


def test_a_line_that_comes_after_the_freeze_is_kept_and_waits(person: Cadre, freeze: YearFreeze) -> None:
    before = given(person, at=JANUARY)
    late = given(person, at=LATER)
    assert waiting() == [late]
    assert list(HoursEntry.objects.counted()) == [before]
    assert (late.earned_at, late.year, late.is_late, late.hours) == (NINE, 2026, True, 1)
    told = {line.pk: line.is_waiting for line in HoursEntry.objects.with_waiting()}
    assert told == {before.pk: False, late.pk: True}


def test_lines_of_other_years_and_places_do_not_wait(person: Cadre, freeze: YearFreeze) -> None:
    given(person, earned_at=NINE.replace(year=2025), at=LATER)
    given(person, earned_at=JANUARY, at=LATER)
    elsewhere = UnitFactory(code="140729100201", name="外县村", level="VILLAGE")
    given(CadreFactory(unit=elsewhere), at=LATER)
    assert waiting() == []


@pytest.mark.parametrize("place", ["county", "city", "province"])
def test_a_freeze_holds_for_everything_below_it(
    tree: CountyTree, person: Cadre, staff: Cadre, place: str
) -> None:
    freeze_year(unit=getattr(tree, place), year=2026, by=staff, at=JANUARY)
    line = given(person, at=LATER)
    of_the_county = given(CadreFactory(unit=tree.county), at=LATER)
    assert waiting() == [line, of_the_county]


def test_a_reopened_year_counts_what_waited_and_a_new_freeze_keeps_it(
    tree: CountyTree, person: Cadre, staff: Cadre, freeze: YearFreeze
) -> None:
    given(person, at=LATER)
    reopen(freeze, staff)
    assert waiting() == []
    again = freeze_year(unit=tree.county, year=2026, by=staff, at=LATER + timedelta(days=1))
    assert again.pk != freeze.pk
    assert waiting() == []
    last = given(person, at=LATER + timedelta(days=2))
    assert waiting() == [last]
    assert HoursEntry.objects.after_freeze().count() == 2


def test_a_line_that_came_while_the_year_was_open_again_met_no_freeze(
    person: Cadre, staff: Cadre, freeze: YearFreeze
) -> None:
    reopen(freeze, staff)
    given(person, at=LATER + timedelta(days=1))
    assert not HoursEntry.objects.after_freeze().exists()


def test_a_late_line_still_takes_its_part_of_the_days_cap(person: Cadre, freeze: YearFreeze) -> None:
    given(person, "8", at=NINE)
    assert given(person, "3", at=LATER).hours == 2
    assert give(person, "3", source="lesson:x", at=LATER) is not None
    assert give(person, "3", source="lesson:x", at=LATER) is None


def test_a_year_side_by_side_holds_what_counts(person: Cadre, staff: Cadre, freeze: YearFreeze) -> None:
    given(person, "1", at=NINE)
    given(person, "2", at=LATER)
    assert [figures.online for figures in HoursEntry.objects.by_year()] == [1]
    reopen(freeze, staff)
    assert [figures.online for figures in HoursEntry.objects.by_year()] == [3]


def test_nothing_of_a_frozen_year_is_corrected_until_it_is_reopened(
    person: Cadre, staff: Cadre, freeze: YearFreeze
) -> None:
    line = given(person, "2", at=NINE)
    values = {"entry": line, "worth": Worth(Decimal(1)), "reason": "误", "by": staff}
    with pytest.raises(YearFrozen) as refused:
        correct(**values, at=LATER)
    assert refused.value.freeze == freeze
    reopen(freeze, staff)
    correction = correct(**values, at=LATER)
    assert (correction.is_after_year, correction.is_late) == (True, False)
    assert list(HoursEntry.objects.counted()) == [line, correction]


def test_only_a_year_that_has_ended_in_shanghai_is_frozen(tree: CountyTree, staff: Cadre) -> None:
    edge = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    with pytest.raises(YearNotOver):
        freeze_year(unit=tree.county, year=2026, by=staff, at=edge - timedelta(seconds=1))
    assert not AuditLine.objects.filter(action="hours.freeze").exists()
    freeze_year(unit=tree.county, year=2026, by=staff, at=edge)


@pytest.mark.parametrize("place", ["township", "village"])
def test_a_township_freezes_nothing(tree: CountyTree, staff: Cadre, place: str) -> None:
    with pytest.raises(NotARegion):
        freeze_year(unit=getattr(tree, place), year=2026, by=staff, at=JANUARY)


def test_freezing_twice_is_one_freeze(tree: CountyTree, staff: Cadre, freeze: YearFreeze) -> None:
    assert freeze_year(unit=tree.county, year=2026, by=staff, at=LATER) == freeze
    assert AuditLine.objects.filter(action="hours.freeze").count() == 1
    assert YearFreeze.objects.get().frozen_at == JANUARY


def test_reopening_twice_is_once_and_for_another_reason_refused(staff: Cadre, freeze: YearFreeze) -> None:
    reopen(freeze, staff)
    assert reopen(freeze, staff, LATER + timedelta(days=1)).reopened_at == LATER
    with pytest.raises(NotFrozen):
        reopen(freeze, staff, reason="另一个原因")
    assert AuditLine.objects.filter(action="hours.reopen").count() == 1


def test_a_county_decides_nothing_under_a_wider_freeze(
    tree: CountyTree, person: Cadre, staff: Cadre, freeze: YearFreeze
) -> None:
    wide = freeze_year(unit=tree.province, year=2026, by=staff, at=LATER)
    late = given(person, at=LATER + timedelta(hours=1))
    with pytest.raises(FrozenAbove) as refused:
        reopen(freeze, staff, LATER + timedelta(days=1))
    assert refused.value.freeze == wide
    reopen(wide, staff, LATER + timedelta(days=1))
    assert waiting() == [late]
    reopen(freeze, staff, LATER + timedelta(days=2))
    assert waiting() == []
    freeze_year(unit=tree.province, year=2026, by=staff, at=LATER + timedelta(days=3))
    with pytest.raises(FrozenAbove):
        freeze_year(unit=tree.county, year=2026, by=staff, at=LATER + timedelta(days=3))


def test_those_with_late_lines_are_marked_and_nobody_else(
    tree: CountyTree, person: Cadre, staff: Cadre, freeze: YearFreeze
) -> None:
    given(person, at=LATER)
    given(CadreFactory(unit=tree.village), at=NINE)
    CadreChange.objects.all().delete()
    reopen(freeze, staff)
    assert [mark.person for mark in CadreChange.objects.all()] == [person]


def test_a_clock_that_goes_behind_cannot_end_a_freeze_before_it_began(
    staff: Cadre, freeze: YearFreeze
) -> None:
    assert reopen(freeze, staff, JANUARY - timedelta(seconds=2)).reopened_at == JANUARY


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("year_frozen_once_at_a_time", {}),
        ("year_reopened_with_reason_and_person", {"reopened_at": LATER, "reason": "补记"}),
        ("year_reopened_with_reason_and_person", {"reason": "补记"}),
        ("year_reopened_after_frozen", {"reopened_at": NINE, "reason": "补记", "reopened_by": True}),
    ],
)
def test_what_a_freeze_promises_is_held_by_the_database(
    tree: CountyTree, staff: Cadre, freeze: YearFreeze, constraint: str, fields: dict
) -> None:
    values = {**fields, "reopened_by": staff} if "reopened_by" in fields else fields
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        YearFreeze.objects.create(unit=tree.county, year=2026, frozen_at=JANUARY, by=staff, **values)
    assert constraint in str(broken.value) or "UNIQUE" in str(broken.value)
