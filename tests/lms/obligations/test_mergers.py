"""Obligations go on when units merge: nothing begins anew, nothing is lost, nobody is newly elected."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.mergers.plan import plan_of
from accounts.models import Cadre, Post, Role
from lms.hours.models import EntryKind, HoursEntry, Ledger
from lms.obligations.actions import differences, refresh
from lms.obligations.models import Obligation, Requirement
from tests.accounts.mergers.merging import AT, NEW, ON, into, prepared, ruler, written
from tests.factories import PostFactory, RuleFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import earn, secretary, under_the_defaults

pytestmark = pytest.mark.django_db
BEFORE = datetime(2026, 6, 20, 4, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 1, 4, tzinfo=UTC)


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


def rows(person: Cadre, at: datetime) -> dict[str, Obligation]:
    refresh([person.pk], at=at)
    found = Obligation.objects.filter(person=person, released_on=None).select_related("requirement")
    assert len(found) == len({each.slug for each in found}), "one of each"
    return {each.slug: each for each in found}


def merge(tree: CountyTree) -> None:
    by = ruler(tree)
    written(prepared(tree, into(NEW, tree.village, tree.other_village), by), by)


def test_the_term_neither_begins_anew_nor_is_lost(tree: CountyTree) -> None:
    person = secretary(tree)
    earn(person, 30, on=date(2026, 3, 20), ledger=Ledger.CONCENTRATED, kind=EntryKind.ROTATION, days=5)
    before = rows(person, BEFORE)
    assert before["rotation"].is_met
    merge(tree)
    after = rows(person, AT)
    assert after.keys() == before.keys()
    for slug, row in after.items():
        for field in ("pk", "starts_on", "due_on", "period_key", "required", "earned", "is_met", "met_on"):
            assert getattr(row, field) == getattr(before[slug], field), (slug, field)
    assert list(differences([person.pk], at=AT)) == []


def test_a_class_before_the_merger_still_covers_the_term(tree: CountyTree) -> None:
    person = secretary(tree)
    merge(tree)
    assert not rows(person, AT)["rotation"].is_met
    earn(person, 30, on=date(2026, 5, 20), ledger=Ledger.CONCENTRATED, kind=EntryKind.ROTATION, days=5)
    assert rows(person, AT)["rotation"].is_met


def elected(tree: CountyTree, on: date) -> Cadre:
    person = secretary(tree)
    Post.objects.filter(person=person).delete()
    PostFactory(person=person, unit=tree.village, role=Role.DIRECTOR, from_on=on, is_newly_elected=True)
    return person


@pytest.mark.parametrize("on", [date(2026, 5, 10), date(2026, 2, 10)])
def test_an_election_goes_on_and_comes_once(tree: CountyTree, on: date) -> None:
    person = elected(tree, on)
    before = rows(person, BEFORE)["newly-elected"]
    merge(tree)
    for at in (AT, AUTUMN):
        after = rows(person, at)["newly-elected"]
        assert (after.pk, after.starts_on, after.due_on) == (before.pk, before.starts_on, before.due_on)
    assert Obligation.objects.filter(person=person, slug="newly-elected").count() == 1
    earn(person, 18, on=date(2026, 8, 1), ledger=Ledger.CONCENTRATED, kind=EntryKind.CLASS, days=3)
    assert rows(person, AUTUMN)["newly-elected"].is_met


def test_who_does_not_go_on_owes_nothing_more(tree: CountyTree) -> None:
    person, other = secretary(tree), secretary(tree)
    Post.objects.filter(person=other).update(unit=tree.other_village)
    by = ruler(tree)
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    chosen = Post.objects.get(person=other)
    written(merger, by, choices={f"{NEW}:SECRETARY": chosen.pk})
    assert rows(person, AT) == {}
    assert "rotation" in rows(other, AT)


def test_requirements_and_rules_of_a_retired_unit_are_named(tree: CountyTree) -> None:
    online = Requirement.objects.get(slug="online")
    online.pk, online.unit, online.amount, online.valid_from = None, tree.village, Decimal(60), ON
    online.save()
    RuleFactory(unit=tree.village, version="东城")
    by = ruler(tree)
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    plan = plan_of(merger, scope=[tree.county], today=AT.date())
    assert [tree.village.name in thing.words for thing in plan.open_things] == [True, True]


def test_lines_stay_where_they_were_earned(tree: CountyTree) -> None:
    person = secretary(tree)
    earn(person, 2, on=date(2026, 6, 30))
    before = list(HoursEntry.objects.values())
    merge(tree)
    late = earn(person, 1, on=date(2026, 6, 29))
    new = earn(person, 1, on=date(2026, 7, 2))
    assert list(HoursEntry.objects.exclude(pk__in=[late.pk, new.pk]).values()) == before
    assert (late.unit, new.unit.code) == (tree.village, NEW)
