"""Two at once: one plan, one writer, one decision."""

import pytest
from django.db import connection

from lms.training.plans import actions
from lms.training.plans.models import Plan, PlanChange
from tests.factories.plans import item_facts
from tests.lms.training.plans.conftest import NOW, build
from tests.parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")


def outcome(act: object) -> object:
    """A work that gives the class of its refusal, or None."""

    def run() -> object:
        try:
            act()
        except (ValueError, PermissionError) as refused:
            return type(refused)
        return None

    return run


def test_plan_begun_by_two_at_once_is_one() -> None:
    world = build()
    make = [
        lambda by=by: actions.make_plan(unit=world.places.township, year=2026, focus="", by=by, at=NOW)
        for by in (world.township, world.colleague, world.county)
    ]
    assert sorted(map(str, at_once(map(outcome, make)))) == sorted(
        map(str, [None, actions.PlanExists, actions.PlanExists])
    )
    assert Plan.objects.count() == PlanChange.objects.count() == 1


def test_item_changed_by_two_at_once_is_changed_by_one() -> None:
    world = build()
    item = world.with_item()
    works = [
        lambda by=by: actions.change_item(
            item=item, facts=item_facts(teacher=by.name), seen=2, reason="", by=by, at=NOW
        )
        for by in (world.township, world.colleague, world.county, world.second_county)
    ]
    found = at_once(map(outcome, works))
    assert found.count(None) == 1
    assert found.count(actions.PlanMoved) == 3
    item.refresh_from_db()
    assert item.plan.changes.get(version=3).after == {"teacher": item.teacher}


def test_plan_is_decided_once_and_never_beside_a_change() -> None:
    world = build()
    item = world.waiting()
    plan = item.plan
    works = [
        lambda: actions.approve(plan=plan, seen=3, by=world.county, at=NOW),
        lambda: actions.approve(plan=plan, seen=3, by=world.second_county, at=NOW),
        lambda: actions.return_plan(plan=plan, seen=3, reason="改", by=world.city, at=NOW),
        lambda: actions.change_item(
            item=item, facts=item_facts(hours=6), seen=3, reason="", by=world.township, at=NOW
        ),
    ]
    found = at_once(map(outcome, works))
    assert found.count(None) == 1
    kept = Plan.objects.get(pk=plan.pk)
    assert kept.version == 4
    assert kept.changes.count() == 4


def test_form_sent_twice_at_once_adds_one_item() -> None:
    world = build()
    plan = world.draft()
    works = [
        lambda: actions.add_item(plan=plan, facts=item_facts(), seen=1, reason="", by=world.township, at=NOW)
    ] * 3
    assert at_once(map(outcome, works)) == [None] * 3
    assert plan.items.count() == 1
