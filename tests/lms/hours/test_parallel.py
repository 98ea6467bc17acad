"""Granting, correcting, freezing and reopening at the same moment."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import AuditLine, Cadre
from lms.hours.actions import Worth, correct, freeze_year, reopen_year
from lms.hours.models import EntryKind, HoursEntry, HoursRule, YearFreeze
from lms.obligations.actions import differences, refresh, refresh_changed
from lms.obligations.models import Obligation
from tests.factories import CadreFactory, RuleFactory, county_tree
from tests.lms.hours.conftest import NINE, give, given
from tests.lms.obligations.people import secretary, under_the_defaults
from tests.parallel import at_once

DECEMBER = datetime(2025, 12, 20, 4, tzinfo=UTC)


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


@pytest.mark.django_db(transaction=True)
def test_a_year_frozen_and_reopened_under_grants_ends_as_a_rebuild_says() -> None:
    """Each line was counted before or waits whole, whatever met whatever."""
    tree = under_the_defaults()
    people = [secretary(tree) for _ in range(4)]
    refresh([person.pk for person in people], at=DECEMBER)
    by = CadreFactory(unit=tree.county)

    def bringing(person: Cadre) -> list[HoursEntry | None]:
        return [
            give(person, "0.25", kind=EntryKind.VIEWING, earned_at=DECEMBER, at=timezone.now())
            for _number in range(12)
        ]

    def closing() -> list[HoursEntry | None]:
        for turn in range(4):
            freeze = freeze_year(unit=tree.county, year=DECEMBER.year, by=by, at=timezone.now())
            if turn < 3:
                reopen_year(freeze=freeze, reason=f"第{turn}次", by=by, at=timezone.now())
        return []

    def drain() -> list[HoursEntry | None]:
        for _turn in range(10):
            refresh_changed(at=timezone.now(), limit=5)
        return []

    at_once([*[partial(bringing, person) for person in people], closing, drain, drain])
    while refresh_changed(at=timezone.now()):
        pass
    assert HoursEntry.objects.count() == 48
    frozen_at = YearFreeze.objects.holding().get().frozen_at
    for person in people:
        lines = HoursEntry.objects.of(person.pk).filter(recorded_at__lte=frozen_at)
        row = Obligation.objects.get(person=person, slug="online", period_key=str(DECEMBER.year))
        assert row.earned == lines.total().hours
    assert list(differences([person.pk for person in people], at=timezone.now())) == []


@pytest.mark.django_db(transaction=True)
def test_a_year_frozen_by_several_at_once_is_frozen_once() -> None:
    tree = county_tree()
    by = CadreFactory(unit=tree.county)
    works = [partial(freeze_year, unit=tree.county, year=DECEMBER.year, by=by, at=timezone.now())] * 5
    assert set(at_once(works)) == {YearFreeze.objects.get()}
    freeze = YearFreeze.objects.get()
    reopen = partial(reopen_year, reason="补记", by=by, at=timezone.now())
    at_once([lambda: reopen(freeze=YearFreeze.objects.get(pk=freeze.pk))] * 5)
    assert AuditLine.objects.filter(action__in=["hours.freeze", "hours.reopen"]).count() == 2


def test_the_limit_of_a_year_holds_for_claims_at_once(earner: Cadre) -> None:
    HoursRule.objects.update(yearly_caps={"CLAIM": "10"})
    at_once([lambda: give(earner, "3", kind=EntryKind.CLAIM)] * 6)
    assert HoursEntry.objects.of(earner.pk).total().hours == 10
    assert sum(HoursEntry.objects.values_list("withheld", flat=True)) == 8
