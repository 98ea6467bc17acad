"""Plans at the desk: the places of a year, one plan with its gaps, and the way from a gap to an item."""

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import StaffRole
from lms.desk.foresight import foresee, owed_in, planned
from lms.desk.planning.gaps import item_for
from lms.hours.models import EntryKind, Ledger
from lms.obligations.actions import refresh
from lms.training.classes.models import ClassState, Closing, TrainingClass
from lms.training.plans import actions
from lms.training.plans.forms import ItemForm
from lms.training.plans.models import ItemKind, Plan, PlanItem
from tests.factories import CadreFactory, PostFactory, StaffFactory, class_with
from tests.factories.people import CountyTree
from tests.factories.plans import item_facts
from tests.lms.obligations.people import AT, TODAY, earn, secretary, under_the_defaults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def tree() -> CountyTree:
    """Three directors and a secretary, none of them rotated; the secretary has the days."""
    tree = under_the_defaults()
    people = [secretary(tree, name="李书记", is_party_member=True)]
    for number, unit in enumerate([tree.village, tree.other_village, tree.far_village]):
        person = CadreFactory(name=f"主任{number}", unit=unit)
        PostFactory(person=person, role="DIRECTOR")
        people.append(person)
    earn(people[0], 30, ledger=Ledger.CONCENTRATED, kind=EntryKind.CLASS, days=5)
    refresh([person.pk for person in people], at=AT)
    return tree


@pytest.fixture
def client(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def keeper(tree: CountyTree) -> object:
    return StaffFactory(unit=tree.township, person__name="镇甲").person


def ruler(tree: CountyTree) -> object:
    return StaffFactory(unit=tree.county, role=StaffRole.COUNTY, person__name="县甲").person


def plan_of(unit: object, by: object, *facts: object, year: int = 2026) -> Plan:
    plan = actions.make_plan(unit=unit, year=year, focus="", by=by, at=AT)
    for seen, item in enumerate(facts, start=1):
        actions.add_item(plan=plan, facts=item, seen=seen, reason="", by=by, at=AT)
    return plan


def rotation(**fields: object) -> object:
    values = {"kind": ItemKind.ROTATION, "roles": ("DIRECTOR",), "title": "主任轮训"}
    return item_facts(**{**values, **fields})


def gap(page: object, slug: str) -> object:
    return next(gap for gap in page.context["gaps"] if gap.outlook.slug == slug)


def test_page_says_who_still_lacks_what_after_the_plan(client: Client, tree: CountyTree) -> None:
    township = keeper(tree)
    client.force_login(township)
    plan = plan_of(tree.township, township)
    page = client.get(f"/desk/plans/{plan.pk}/")
    assert "After this plan 3 people still lack “书记、主任任期轮训”" in page.text
    actions.add_item(plan=plan, facts=rotation(), seen=1, reason="", by=township, at=AT)
    page = client.get(f"/desk/plans/{plan.pk}/")
    assert "After this plan 1 person still lacks “书记、主任任期轮训”" in page.text
    shown = gap(page, "rotation")
    outlook = shown.outlook
    assert (outlook.asked, outlook.met, outlook.short, outlook.helped) == (3, 0, 3, 2)
    assert [(role, number) for role, _label, number in shown.roles] == [("SECRETARY", 1)]
    assert shown.places == [(tree.village, 1)]
    days = gap(page, "concentrated").outlook
    assert (days.asked, days.met, days.helped, len(days.lacks)) == (3, 1, 0, 2)


def test_figures_before_the_plan_are_those_of_the_desk(client: Client, tree: CountyTree) -> None:
    township = keeper(tree)
    client.force_login(township)
    page = client.get(f"/desk/plans/{plan_of(tree.township, township).pk}/")
    lines = {line.slug: line for line in client.get("/desk/requirements/").context["lines"]}
    for shown in page.context["gaps"]:
        line = lines[shown.outlook.slug]
        assert (shown.outlook.met, shown.outlook.short) == (line.met, line.short)
    assert set(lines) - {shown.outlook.slug for shown in page.context["gaps"]} == {"online"}


def test_item_that_is_over_or_struck_out_helps_nobody(client: Client, tree: CountyTree) -> None:
    township = keeper(tree)
    client.force_login(township)
    over = rotation(starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 3))
    plan = plan_of(tree.township, township, over, rotation())
    PlanItem.objects.filter(starts_on=date(2026, 9, 1)).update(is_dropped=True, drop_reason="停")
    page = client.get(f"/desk/plans/{plan.pk}/")
    assert gap(page, "rotation").outlook.helped == 0
    assert "1 item was struck out" in page.text


def test_item_whose_class_is_closed_is_in_the_ledger_and_no_longer_ahead(
    client: Client, tree: CountyTree
) -> None:
    township, county = keeper(tree), ruler(tree)
    client.force_login(township)
    plan = plan_of(tree.township, township, rotation())
    item = plan.items.get()

    def helped() -> int:
        return gap(client.get(f"/desk/plans/{plan.pk}/"), "rotation").outlook.helped

    def class_of_it() -> TrainingClass:
        held = class_with(days=1, people=[], tree=tree, organiser=county).training_class
        TrainingClass.objects.filter(pk=held.pk).update(plan_item=item)
        return held

    held = class_of_it()
    assert helped() == 2
    TrainingClass.objects.filter(pk=held.pk).update(state=ClassState.CLOSED)
    closing = Closing.objects.create(training_class=held, closed_at=AT, by=county)
    assert helped() == 0
    # Reopened, its lines still stand.
    TrainingClass.objects.filter(pk=held.pk).update(state=ClassState.CALLING)
    closing.reopened_at, closing.reopened_by, closing.reason = AT, county, "补记"
    closing.save()
    assert helped() == 0
    class_of_it()
    assert helped() == 2


def test_approved_plan_of_the_county_is_told_beside_the_own(client: Client, tree: CountyTree) -> None:
    township, county = keeper(tree), ruler(tree)
    second = StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person
    own = plan_of(tree.township, township)
    above = plan_of(tree.county, county, rotation())
    client.force_login(township)
    address = f"/desk/plans/{own.pk}/"
    assert gap(client.get(address), "rotation").outlook.elsewhere == 0
    assert client.get(f"/desk/plans/{above.pk}/").status_code == 404
    actions.submit(plan=above, seen=2, by=county, at=AT)
    actions.approve(plan=above, seen=3, by=second, at=AT)
    page = client.get(address)
    outlook = gap(page, "rotation").outlook
    assert (len(outlook.lacks), outlook.elsewhere, len(outlook.left)) == (3, 2, 1)
    assert "2 of them are met by what other approved plans hold." in page.text
    # Those below read it too, and learn of their own people only.
    seen = client.get(f"/desk/plans/{above.pk}/")
    assert gap(seen, "rotation").outlook.asked == 3
    assert "Add an item" not in seen.text
    client.force_login(county)
    assert gap(client.get(f"/desk/plans/{above.pk}/"), "rotation").outlook.asked == 4


def test_names_are_one_tap_away(client: Client, tree: CountyTree) -> None:
    township = keeper(tree)
    client.force_login(township)
    plan = plan_of(tree.township, township, rotation(roles=("SECRETARY",)))
    address = f"/desk/plans/{plan.pk}/lacking/"
    assert f"{address}?slug=rotation&amp;role=DIRECTOR" in client.get(f"/desk/plans/{plan.pk}/").text
    whole = client.get(address, {"slug": "rotation"})
    assert [person.name for person, _post, _lack in whole.context["rows"]] == ["主任0", "主任1"]
    asked = {"slug": "rotation", "unit": tree.other_village.code}
    assert [row[0].name for row in client.get(address, asked).context["rows"]] == ["主任1"]
    asked = {"slug": "rotation", "role": "SECRETARY"}
    assert "Nobody is left" in client.get(address, asked).text
    assert "Choose a requirement" in client.get(address, {"slug": "nothing"}).text


@pytest.mark.parametrize("slug", ["rotation", "concentrated", "committee", "party", "newly-elected"])
def test_item_made_from_a_gap_closes_it(client: Client, tree: CountyTree, slug: str) -> None:
    elected = CadreFactory(name="新人", unit=tree.village, is_party_member=True)
    PostFactory(person=elected, role="COMMITTEE_MEMBER", from_on=date(2026, 5, 20), is_newly_elected=True)
    refresh([elected.pk], at=AT)
    township = keeper(tree)
    client.force_login(township)
    plan = plan_of(tree.township, township)
    query = gap(client.get(f"/desk/plans/{plan.pk}/"), slug).item
    form = client.get(f"/desk/plans/{plan.pk}/items/new/?{query}").context["form"]
    told = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    told |= {"title": "补训", "starts_on": "2026-07-01", "ends_on": "2026-07-31"}
    if slug == "rotation":
        told |= {"days": 2, "hours": 12}
    sent = client.post(f"/desk/plans/{plan.pk}/items/new/", told)
    assert sent.status_code == 302, sent.context["form"].errors
    outlook = gap(client.get(f"/desk/plans/{plan.pk}/"), slug).outlook
    assert (outlook.left, outlook.helped) == ([], outlook.short)
    assert outlook.short == PlanItem.objects.get().expected


def test_gap_names_its_people_and_what_is_missing(tree: CountyTree) -> None:
    township = keeper(tree)
    found = {
        outlook.slug: parse_qs(item_for(outlook, Decimal(6)))
        for outlook in foresee(owed_in(tree.township, 2026, township, TODAY), [])
        if outlook.left
    }
    days = found["concentrated"]
    assert (days["kind"], days["role"], days["days"], days["hours"]) == (
        ["ORDINARY"], ["DIRECTOR"], ["5"], ["30"],
    )  # fmt: skip
    assert found["rotation"]["kind"] == ["ROTATION"]
    assert found["rotation"]["role"] == ["DIRECTOR", "SECRETARY"]
    # 56 hours at 6 a day: nine days and a half, by half days.
    assert (found["committee"]["days"], found["committee"]["hours"]) == (["9.5"], ["56"])
    assert (found["party"]["is_for_party_members"], "role" in found["party"]) == (["on"], False)
    assert set().union(*found.values()) <= {*ItemForm.PREFILLED, "role"}


def test_next_years_plan_foresees_next_year(client: Client, tree: CountyTree) -> None:
    township = keeper(tree)
    client.force_login(township)
    dates = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 5), "days": Decimal(5)}
    plan = plan_of(tree.township, township, item_facts(**dates), year=2027)
    days = gap(client.get(f"/desk/plans/{plan.pk}/"), "concentrated").outlook
    assert (days.met, days.short, days.helped) == (0, 3, 3)
    with time_machine.travel(datetime(2028, 1, 5, 4, tzinfo=UTC), tick=False):
        client.force_login(township)
        page = client.get(f"/desk/plans/{plan.pk}/")
        assert page.context["gaps"] == []
        assert "The year 2027 is over" in page.text


def test_list_names_every_place_with_its_plan_or_without(client: Client, tree: CountyTree) -> None:
    township, county = keeper(tree), ruler(tree)
    plan = plan_of(tree.township, township, item_facts())
    client.force_login(county)
    page = client.get("/desk/plans/")
    assert page.context["rows"] == [
        (tree.county, None, True), (tree.township, plan, True), (tree.other_township, None, True),
    ]  # fmt: skip
    assert f"/desk/plans/new/{tree.other_township.code}/2026/" in page.text
    assert [row[1] for row in client.get("/desk/plans/", {"year": 2027}).context["rows"]] == [None] * 3
    one = client.get("/desk/plans/", {"unit": tree.other_township.code})
    assert [row[0] for row in one.context["rows"]] == [tree.other_township]
    assert one.context["places"] == [tree.county, tree.township, tree.other_township]
    client.force_login(township)
    assert [row[0] for row in client.get("/desk/plans/").context["rows"]] == [tree.township]


def test_list_of_a_station_keeper_offers_a_way_on(client: Client, tree: CountyTree) -> None:
    client.force_login(StaffFactory(unit=tree.village, role=StaffRole.STATION).person)
    assert "No plan to read yet" in client.get("/desk/plans/").text


def test_reader_who_writes_nothing_is_offered_nothing_to_write(client: Client, tree: CountyTree) -> None:
    plan = plan_of(tree.township, keeper(tree), item_facts())
    client.force_login(StaffFactory(unit=tree.county, role=StaffRole.AUDITOR).person)
    for address in ("/desk/plans/", f"/desk/plans/{plan.pk}/"):
        page = client.get(address).text
        for link in ("/items/", "/submit/", "/decide/", "/plans/new/", "/focus/"):
            assert link not in page


@pytest.mark.parametrize("year", [2026, 2027])
def test_pages_cost_the_same_whatever_they_hold(
    client: Client, tree: CountyTree, year: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    township = keeper(tree)
    client.force_login(township)
    dates = {"starts_on": date(year, 9, 1), "ends_on": date(year, 9, 3)}
    plan = plan_of(tree.township, township, item_facts(**dates), year=year)
    pages = [
        f"/desk/plans/?year={year}",
        f"/desk/plans/{plan.pk}/",
        f"/desk/plans/{plan.pk}/lacking/?slug=committee",
    ]
    counts = {}
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(30) as few:
            client.get(page)
        counts[page] = len(few)
    refresh([secretary(tree).pk for _ in range(30)], at=AT)
    for seen in range(2, 14):
        facts = rotation(**dates) if seen % 2 else item_facts(**dates)
        actions.add_item(plan=plan, facts=facts, seen=seen, reason="", by=township, at=AT)
    for page in pages:
        with django_assert_max_num_queries(counts[page]):
            client.get(page)


def test_values_of_items_are_read_whole(tree: CountyTree) -> None:
    plan_of(tree.township, keeper(tree), item_facts())
    (value,) = planned(PlanItem.objects.select_related("plan__unit"))
    assert value.prefix == "140728100"
    assert (value.days, value.hours, value.ends_on) == (Decimal(3), Decimal(18), date(2026, 9, 3))
