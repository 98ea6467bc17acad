"""A class that comes out of an item of a yearly plan: what it takes over, and what keeps the two together."""

import pytest
import time_machine
from django.test import Client

from accounts.models import Cadre, Unit
from lms.training.classes.actions import refusals
from lms.training.classes.actions.calling import cancel_class, edit_class
from lms.training.classes.models import TrainingClass
from lms.training.plans import actions as plans
from lms.training.plans.models import ItemKind, PlanItem
from tests.factories.plans import item_facts
from tests.lms.training.classes.calling import NOW, County, facts


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def item_of(unit: Unit, by: Cadre, **values: object) -> PlanItem:
    plan = plans.make_plan(unit=unit, year=2026, focus="", by=by, at=NOW)
    return plans.add_item(plan=plan, facts=item_facts(**values), seen=1, reason="", by=by, at=NOW)


def form_for(client: Client, who: Cadre, item: object) -> dict[str, object]:
    client.force_login(who)
    return client.get(f"/desk/classes/new/?item={item}").context["form"].initial


def sent(form: dict[str, object], unit: Unit, **values: object) -> dict[str, object]:
    told = {"unit": unit.pk, **form, **values}
    return {name: str(value) if name.endswith("_on") else value for name, value in told.items()}


def test_an_item_fills_the_form_and_the_plan_names_the_class(client: Client, county: County) -> None:
    item = item_of(county.tree.township, county.township)
    form = form_for(client, county.township, item.pk)
    assert (form["title"], form["venue"], form["roles"]) == (item.title, item.place, item.roles)
    client.post("/desk/classes/new/", sent(form, county.tree.township))
    held = TrainingClass.objects.get()
    assert (held.plan_item, held.starts_on, held.purpose) == (item, item.starts_on, item.purpose)
    assert f"/desk/classes/{held.pk}/" in client.get(f"/desk/plans/{item.plan_id}/").text


def test_a_township_is_offered_no_rotation(client: Client, county: County) -> None:
    item = item_of(county.tree.township, county.township, kind=ItemKind.ROTATION)
    assert form_for(client, county.township, item.pk)["kind"] == "ORDINARY"
    assert form_for(client, county.staff, item.pk)["kind"] == "ROTATION"


def test_an_item_of_another_township_is_not_taken(client: Client, county: County) -> None:
    item = item_of(county.tree.other_township, county.other_township)
    assert "plan_item" not in form_for(client, county.township, item.pk)
    form = form_for(client, county.other_township, item.pk)
    client.force_login(county.township)
    answer = client.post("/desk/classes/new/", sent(form, county.tree.township))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    with pytest.raises(refusals.NotOfPlan):
        county.begin(by=county.township, unit=county.tree.township, plan_item=item)
    # Not even for whoever reads both plans: the class of one township is not the item of another.
    with pytest.raises(refusals.NotOfPlan):
        county.begin(unit=county.tree.township, plan_item=item)
    assert not TrainingClass.objects.exists()


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999"])
def test_an_address_that_names_no_item_is_an_empty_form(client: Client, county: County, number: str) -> None:
    assert "plan_item" not in form_for(client, county.township, number)


def test_a_county_holds_what_its_township_planned(county: County) -> None:
    item = item_of(county.tree.township, county.township)
    assert county.begin(plan_item=item).plan_item == item


def test_what_is_no_class_or_struck_out_becomes_none(county: County) -> None:
    item = item_of(county.tree.township, county.township)
    plans.add_item(
        plan=item.plan, facts=item_facts(title="又"), seen=2, reason="", by=county.township, at=NOW
    )
    PlanItem.objects.filter(pk=item.pk).update(is_dropped=True, drop_reason="并入县班")
    with pytest.raises(refusals.NotOfPlan):
        county.begin(by=county.township, unit=county.tree.township, plan_item=item)
    viewing = {"kind": ItemKind.VIEWING, "days": 0, "ledger": "COLLECTIVE"}
    PlanItem.objects.filter(pk=item.pk).update(is_dropped=False, drop_reason="", **viewing)
    with pytest.raises(refusals.NotOfPlan):
        county.begin(by=county.township, unit=county.tree.township, plan_item=item)


def test_an_item_with_a_class_is_struck_out_and_not_deleted(county: County) -> None:
    item = item_of(county.tree.township, county.township)
    held = county.begin(by=county.township, unit=county.tree.township, plan_item=item)
    with pytest.raises(plans.ReasonMissing):
        plans.drop_item(item=item, seen=2, reason="", by=county.township, at=NOW)
    plans.drop_item(item=item, seen=2, reason="并入县班", by=county.township, at=NOW)
    item.refresh_from_db()
    assert (item.is_dropped, list(item.classes.all())) == (True, [held])
    # What came out of it is changed and cancelled as before, and still names it.
    changed = facts(county.tree.township, title="夏季班")
    assert edit_class(training_class=held, facts=changed, by=county.township, at=NOW).plan_item == item
    cancel_class(training_class=held, reason="汛情", by=county.township, at=NOW)


def test_the_form_of_a_class_keeps_its_item(client: Client, county: County) -> None:
    item = item_of(county.tree.township, county.township)
    held = county.begin(by=county.township, unit=county.tree.township, plan_item=item)
    client.force_login(county.township)
    form = client.get(f"/desk/classes/{held.pk}/edit/").context["form"]
    told = {field.name: value for field in form if (value := field.value())}
    answer = client.post(f"/desk/classes/{held.pk}/edit/", sent(told, county.tree.township, plan_item=""))
    assert answer.status_code == 302, answer.context["form"].errors
    held.refresh_from_db()
    assert held.plan_item == item
