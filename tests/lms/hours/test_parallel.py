"""Granting and correcting at the same moment."""

from decimal import Decimal

import pytest

from accounts.models import Cadre
from lms.hours.actions import Worth, correct
from lms.hours.models import HoursEntry
from tests.factories import CadreFactory, RuleFactory, county_tree
from tests.lms.hours.conftest import NINE, give, given
from tests.parallel import at_once


@pytest.fixture
def earner(transactional_db: None) -> Cadre:
    tree = county_tree()
    RuleFactory(unit=tree.province)
    person: Cadre = CadreFactory(unit=tree.village)
    return person


def test_one_source_at_once_is_granted_once(earner: Cadre) -> None:
    lines = at_once([lambda: give(earner, source="lesson:7")] * 6)
    assert [line for line in lines if line is not None] == [HoursEntry.objects.get()]


def test_the_cap_holds_for_lessons_at_once(earner: Cadre) -> None:
    at_once([lambda: give(earner, "3")] * 6)
    assert HoursEntry.objects.of(earner.pk).total().hours == 10
    assert sum(HoursEntry.objects.values_list("withheld", flat=True)) == 8


def test_one_correction_at_once_is_one_line(earner: Cadre) -> None:
    first = given(earner, "1")
    by = CadreFactory(unit=earner.unit)
    values = {"entry": first, "worth": Worth(Decimal("0.5")), "reason": "错", "by": by, "at": NINE}
    lines = at_once([lambda: correct(**values)] * 4)
    assert set(lines) == {HoursEntry.objects.get(corrects=first)}
