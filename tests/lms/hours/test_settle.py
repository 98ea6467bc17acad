"""Bringing the line of a source to a worth: granted once, then corrected by second lines."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Cadre, CadreChange
from lms.hours.actions import TooManyHours, Worth, YearFrozen, freeze_year, settle
from lms.hours.models import EntryKind, HoursEntry, Ledger
from tests.factories import CadreFactory, PostFactory, RuleFactory
from tests.lms.hours.conftest import NINE

pytestmark = pytest.mark.django_db


def bring(person: Cadre, hours: str, days: str = "0", times: int = 0) -> HoursEntry | None:
    return settle(
        person=person,
        source="viewing:1",
        kind=EntryKind.VIEWING,
        title="集体收看",
        ledger=Ledger.COLLECTIVE,
        worth=Worth(Decimal(hours), Decimal(days), times),
        earned_at=NINE,
        reason="点名更正",
        by=person,
        at=NINE,
    )


def test_first_it_is_granted_and_then_corrected(person: Cadre) -> None:
    first = bring(person, "1")
    assert bring(person, "1") == first
    assert HoursEntry.objects.count() == 1
    bring(person, "0.5")
    second = HoursEntry.objects.exclude(corrects=None).get()
    assert (second.hours, second.corrects, second.reason) == (Decimal("-0.5"), first, "点名更正")
    assert HoursEntry.objects.of(person.pk).total().hours == Decimal("0.5")


def test_nothing_leaves_no_line(person: Cadre) -> None:
    assert bring(person, "0") is None
    assert not HoursEntry.objects.exists()
    assert not CadreChange.objects.exists()


def test_what_was_granted_can_become_nothing_and_something_again(person: Cadre) -> None:
    for hours in ("1", "0", "0", "0.75"):
        bring(person, hours)
    assert [str(entry.hours) for entry in HoursEntry.objects.order_by("pk")] == ["1.00", "-1.00", "0.75"]


def test_beyond_what_its_kind_can_give_is_refused(person: Cadre) -> None:
    bring(person, "1")
    with pytest.raises(TooManyHours):
        bring(person, "13")


def test_a_frozen_year_is_not_corrected(person: Cadre) -> None:
    bring(person, "1")
    county = person.unit.parent.parent  # type: ignore[union-attr]  # a village of the factories has both
    freeze_year(unit=county, year=NINE.year, by=person, at=NINE.replace(year=NINE.year + 1))
    with pytest.raises(YearFrozen):
        bring(person, "0.5")
    assert HoursEntry.objects.count() == 1


class TestSequences(TestCase):
    @settings(deadline=None)
    @given(st.lists(st.decimals(0, 12, places=2), max_size=6))
    def test_whatever_came_before_the_last_worth_is_what_stands(self, worths: list[Decimal]) -> None:
        RuleFactory()
        person = PostFactory(person=CadreFactory()).person
        seen: list[tuple[int, Decimal]] = []
        for worth in worths:
            bring(person, str(worth))
            lines = list(HoursEntry.objects.order_by("pk").values_list("pk", "hours"))
            assert lines[: len(seen)] == seen
            seen = lines
            assert HoursEntry.objects.of(person.pk).total().hours == worth
        assert HoursEntry.objects.grants().count() <= 1
