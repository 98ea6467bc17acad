"""What a plan promises, the database holds; and what was done stays on record."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import StaffRole
from lms.training.plans.models import HistoryIsAppendOnly, Plan, PlanChange, PlanItem
from tests.factories import StaffFactory
from tests.lms.training.plans.conftest import NOW, World

PLAN = {
    "plan_approval_whole_or_absent": {"approved_version": 3},
    "plan_submitted_by_somebody": {"status": "SUBMITTED", "submitted_by": None},
    "plan_returned_with_reason": {"status": "RETURNED"},
}
ITEM = {
    "plan_item_ends_after_start": {"ends_on": date(2026, 8, 1)},
    "plan_item_is_worth_something": {"hours": 0},
    "plan_item_only_classes_count_days": {"kind": "VIEWING", "ledger": "COLLECTIVE", "days": 1},
    "plan_item_in_ledger_of_its_kind": {"kind": "ROTATION", "ledger": "ONLINE"},
    "plan_item_dropped_with_reason": {"is_dropped": True},
}


def refused(name: str, write: Callable[[], object]) -> bool:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()
    return True


@pytest.mark.parametrize("name", PLAN)
def test_plan_holds_its_constraints(world: World, name: str) -> None:
    plan = world.draft()
    assert refused(name, lambda: Plan.objects.filter(pk=plan.pk).update(**PLAN[name]))


@pytest.mark.parametrize("name", ITEM)
def test_item_holds_its_constraints(world: World, name: str) -> None:
    item = world.with_item()
    assert refused(name, lambda: PlanItem.objects.filter(pk=item.pk).update(**ITEM[name]))


def test_plan_is_never_approved_by_who_handed_it_in(world: World) -> None:
    plan = world.approved().plan
    same = {"submitted_by": world.county}
    assert refused("plan_approved_by_a_second_person", lambda: Plan.objects.filter(pk=plan.pk).update(**same))


def test_unit_has_one_plan_a_year_and_a_version_one_line(world: World) -> None:
    plan = world.draft()
    facts = {"unit": plan.unit, "year": 2026, "made_by": world.township, "made_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(**facts)
    line = {"plan": plan, "version": 1, "kind": "FOCUS", "by": world.township, "at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanChange.objects.create(**line)
    returned = {**line, "version": 2, "kind": "RETURNED"}
    assert refused("plan_change_return_has_reason", lambda: PlanChange.objects.create(**returned))


def test_line_of_history_is_neither_changed_nor_deleted(world: World) -> None:
    line = world.draft().changes.get()
    for act in (
        line.save,
        line.delete,
        PlanChange.objects.all().delete,
        lambda: PlanChange.objects.update(reason="改"),
        lambda: PlanChange.objects.bulk_update([line], ["reason"]),
    ):
        with pytest.raises(HistoryIsAppendOnly):
            act()


def test_plans_reach_those_below_once_they_are_approved(world: World) -> None:
    plan = world.waiting().plan
    keeper = StaffFactory(unit=world.places.village, role=StaffRole.STATION).person
    trainer = StaffFactory(unit=world.places.county, role=StaffRole.TRAINER).person
    for reader in (world.township, world.county, world.city):
        assert plan in Plan.objects.visible_to(reader)
    for stranger in (world.other_township, keeper, trainer):
        assert not Plan.objects.open_to(stranger).exists()
    Plan.objects.filter(pk=plan.pk).update(approved_by=world.county, approved_at=NOW, approved_version=3)
    assert not Plan.objects.visible_to(keeper).exists()
    assert plan in Plan.objects.open_to(keeper)
    for stranger in (world.other_township, trainer):
        assert not Plan.objects.open_to(stranger).exists()
