"""Writing a plan at the desk: what is kept, what is refused and how it is said."""

from datetime import date

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from lms.training.plans import actions
from lms.training.plans.models import Plan, PlanItem
from tests.factories import StaffFactory, article
from tests.factories.plans import item_facts
from tests.lms.training.plans.conftest import NOW, World
from tests.parameters import parameters_sent

ITEM = {
    "title": "防汛培训",
    "purpose": "汛期",
    "kind": "ORDINARY",
    "ledger": "CONCENTRATED",
    "roles": ["SECRETARY"],
    "starts_on": "2026-07-01",
    "ends_on": "2026-07-02",
    "days": "2",
    "hours": "12",
    "place": "镇政府",
}


@pytest.fixture
def client(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_plan_is_begun_from_its_row_and_a_second_time_found(client: Client, world: World) -> None:
    client.force_login(world.township)
    address = f"/desk/plans/new/{world.places.township.code}/2026/"
    assert client.get(address).status_code == 200
    sent = client.post(address, {"focus": "防汛"})
    plan = Plan.objects.get()
    assert (sent.status_code, sent.url) == (302, f"/desk/plans/{plan.pk}/")
    again = client.post(address, {"focus": "别的"}, follow=True)
    assert "There is a plan for this year already" in again.text
    assert Plan.objects.get().focus == "防汛"


@pytest.mark.parametrize(("code", "year"), [("140728101000", 2026), ("140728100201", 2026), ("x", 2026)])
def test_plan_of_another_place_or_of_a_village_does_not_exist(
    client: Client, world: World, code: str, year: int
) -> None:
    client.force_login(world.township)
    assert client.post(f"/desk/plans/new/{code}/{year}/", {}).status_code == 404


def test_plan_of_a_year_out_of_reach_or_a_merged_place_is_refused_in_words(
    client: Client, world: World
) -> None:
    client.force_login(world.township)
    place = world.places.township
    refused = client.post(f"/desk/plans/new/{place.code}/2030/", {"focus": "远"})
    assert refused.status_code == 422
    assert "this year or the next" in refused.text
    assert "远" in refused.text
    place.valid_to = date(2026, 6, 1)
    place.save()
    assert "merged" in client.post(f"/desk/plans/new/{place.code}/2027/", {}).text
    assert not Plan.objects.exists()


def test_item_is_added_with_lessons_that_were_looked_for(client: Client, world: World) -> None:
    plan, lesson = world.draft(), article(title="防汛知识")
    article(title="直播卖货")
    client.force_login(world.township)
    address = f"/desk/plans/{plan.pk}/items/new/"
    looked = client.post(address, {**ITEM, "seen": 1, "find": "防汛", "look": "1"})
    assert looked.status_code == 200
    assert "防汛知识" in looked.text
    assert "直播卖货" not in looked.text
    assert 'value="镇政府"' in looked.text
    assert not PlanItem.objects.exists()
    sent = client.post(address, {**ITEM, "seen": 1, "lessons": [lesson.pk]})
    assert sent.status_code == 302
    item = PlanItem.objects.get()
    assert (item.roles, list(item.lessons.all())) == (["SECRETARY"], [lesson])
    assert "防汛知识" in client.get(f"/desk/plans/items/{item.pk}/").text


def test_looking_for_what_is_not_there_says_so(client: Client, world: World) -> None:
    client.force_login(world.township)
    sent = client.post(
        f"/desk/plans/{world.draft().pk}/items/new/", {**ITEM, "seen": 1, "find": "无", "look": "1"}
    )
    assert "No lesson has these words" in sent.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": "2026-06-30"}, "The last day lies before the first."),
        ({"ends_on": "2027-01-01"}, "Both days lie in the year of the plan."),
        ({"days": "-1"}, "Not below zero, please."),
        ({"hours": "0"}, "This is more than zero."),
        ({"days": "2.5"}, "There are fewer days between the first and the last."),
        ({"hours": "25"}, "That is more than 12 hours a day."),
        ({"kind": "VIEWING", "ledger": "COLLECTIVE"}, "Only classes count days: write 0 here."),
        ({"kind": "ROTATION", "ledger": "ONLINE"}, "A rotation class counts as concentrated training."),
        ({"kind": "VIEWING", "days": "0"}, "A viewing counts as collective study."),
        ({"kind": "ONLINE", "days": "0"}, "Online self-study has a ledger of its own."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_item_that_cannot_be_is_refused_beside_its_field_and_kept(
    client: Client, world: World, changes: dict[str, str], words: str
) -> None:
    client.force_login(world.township)
    sent = client.post(f"/desk/plans/{world.draft().pk}/items/new/", {**ITEM, "seen": 1, **changes})
    assert sent.status_code == 422
    assert words in sent.text
    assert 'value="镇政府"' in sent.text
    assert not PlanItem.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"lessons": ["9" * 40, "x", "\0"]},
        {"find": "a\0b", "look": "1"},
        {"kind": "X", "ledger": "\0", "roles": ["KING"]},
        {"seen": "x"},
        {"seen": "9" * 30},
        {"seen": "-1"},
        {"starts_on": "0001-01-01", "ends_on": "9999-12-31"},
        {"days": "1e9", "hours": "NaN"},
        {"title": "长" * 200, "expected": "99999999999999999999"},
    ],
)
def test_hostile_values_are_refused_and_never_reach_the_database(
    client: Client, world: World, changes: dict[str, object]
) -> None:
    client.force_login(world.township)
    with parameters_sent() as sent:
        answer = client.post(f"/desk/plans/{world.draft().pk}/items/new/", {**ITEM, "seen": 1, **changes})
    assert answer.status_code in (200, 422)
    assert not any("\0" in value for value in sent if isinstance(value, str))
    assert not PlanItem.objects.exists()


def test_gap_fills_in_the_form_and_nonsense_does_not_break_it(client: Client, world: World) -> None:
    client.force_login(world.township)
    address = f"/desk/plans/{world.draft().pk}/items/new/"
    asked = {"kind": "ROTATION", "role": ["DIRECTOR", "KING"], "days": "2.5", "expected": "14", "x": "1"}
    page = client.get(address, {**asked, "purpose": "书记、主任任期轮训"})
    assert page.context["form"].initial["roles"] == ["DIRECTOR"]
    assert "书记、主任任期轮训" in page.text
    assert client.get(address, {"days": "<b>", "kind": "9" * 900, "expected": "-"}).status_code == 200


def test_who_changed_it_meanwhile_is_shown_and_what_was_typed_is_kept(client: Client, world: World) -> None:
    item = world.with_item()
    client.force_login(world.township)
    actions.change_item(
        item=item, facts=item_facts(place="县党校"), seen=2, reason="", by=world.colleague, at=NOW
    )
    form = {**ITEM, "title": "我写的", "seen": 2}
    refused = client.post(f"/desk/plans/items/{item.pk}/", form)
    assert refused.status_code == 422
    for words in ("我写的", "镇乙", "县党校", 'name="seen" value="3"'):
        assert words in refused.text
    assert client.post(f"/desk/plans/items/{item.pk}/", {**form, "seen": 3}).status_code == 302
    item.refresh_from_db()
    assert item.title == "我写的"


def test_approved_plan_asks_for_a_reason_and_says_what_follows(client: Client, world: World) -> None:
    item = world.approved()
    client.force_login(world.township)
    address = f"/desk/plans/items/{item.pk}/"
    assert "other people, days, hours or dates wait" in client.get(address).text
    refused = client.post(address, {**ITEM, "seen": 4})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"reason"}
    done = client.post(address, {**ITEM, "seen": 4, "reason": "提前"}, follow=True)
    assert "waits for approval again" in done.text
    assert "Changed since approval" in done.text
    old = client.get(f"/desk/plans/{item.plan_id}/approved/4/").text
    assert "秋季集中培训" in old
    assert "防汛培训" not in old


def test_central_work_is_changed_and_the_same_twice_is_once(client: Client, world: World) -> None:
    plan = world.draft()
    client.force_login(world.township)
    for _ in range(2):
        sent = client.post(f"/desk/plans/{plan.pk}/focus/", {"focus": "集体经济", "seen": 1})
        assert sent.status_code == 302
    stale = client.post(f"/desk/plans/{plan.pk}/focus/", {"focus": "人居环境", "seen": 1})
    assert stale.status_code == 422
    assert "人居环境" in stale.text
    assert Plan.objects.get().focus == "集体经济"


def test_item_is_taken_out(client: Client, world: World) -> None:
    item = world.with_item()
    client.force_login(world.township)
    address = f"/desk/plans/items/{item.pk}/drop/"
    assert "never approved" in client.get(address).text
    assert client.post(address, {"seen": 1}).status_code == 422
    assert client.post(address, {"seen": 2}).status_code == 302
    assert client.get(address).status_code == 404


def test_item_that_was_approved_is_struck_out(client: Client, world: World) -> None:
    item = world.approved()
    client.force_login(world.township)
    address = f"/desk/plans/items/{item.pk}/drop/"
    assert client.post(address, {"seen": 4}).status_code == 422
    page = client.post(address, {"seen": 4, "reason": "并入县班"}, follow=True).text
    assert "<del>秋季集中培训</del>" in page
    assert "并入县班" in page
    assert client.get(f"/desk/plans/items/{item.pk}/").status_code == 404


def test_plan_is_handed_in_once_and_says_why_not(client: Client, world: World) -> None:
    item = world.with_item()
    client.force_login(world.township)
    address = f"/desk/plans/{item.plan_id}/submit/"
    assert client.get(address).status_code == 405
    for seen, words in (
        ("x", "It was not handed in"),
        ("1", "It was not handed in"),
        ("2", "The plan is handed in"),
        ("2", "The plan is handed in"),
        ("3", "had been handed in already"),
    ):
        assert words in client.post(address, {"seen": seen}, follow=True).text
    empty = actions.make_plan(unit=world.places.township, year=2027, focus="", by=world.township, at=NOW)
    sent = client.post(f"/desk/plans/{empty.pk}/submit/", {"seen": 1}, follow=True)
    assert "The plan is empty" in sent.text


def test_county_looks_it_through_and_approves(client: Client, world: World) -> None:
    plan = world.waiting().plan
    client.force_login(world.county)
    address = f"/desk/plans/{plan.pk}/decide/"
    page = client.get(address).text
    assert "秋季集中培训" in page
    assert 'name="approve"' in page
    stale = client.post(address, {"seen": 2, "approve": "1"})
    assert stale.status_code == 422
    assert "Nothing was decided" in stale.text
    assert "approved" in client.post(address, {"seen": 3, "approve": "1"}, follow=True).text
    again = client.post(address, {"seen": 3, "approve": "1"})
    assert again.status_code == 422
    assert "does not wait for approval any more" in again.text
    assert Plan.objects.get().version == 4


def test_county_gives_it_back_with_a_reason(client: Client, world: World) -> None:
    plan = world.waiting().plan
    client.force_login(world.county)
    address = f"/desk/plans/{plan.pk}/decide/"
    refused = client.post(address, {"seen": 3, "return": "1"})
    assert refused.status_code == 422
    assert "Write down what is to be changed" in refused.text
    stale = client.post(address, {"seen": 1, "return": "1", "reason": "加轮训"})
    assert "加轮训" in stale.text
    assert "加轮训" in client.post(address, {"seen": 3, "return": "1", "reason": "加轮训"}, follow=True).text
    assert Plan.objects.get().status == "RETURNED"


def test_who_wrote_it_is_told_that_somebody_else_decides(client: Client, world: World) -> None:
    item = world.waiting()
    actions.change_item(
        item=item, facts=item_facts(teacher="县里"), seen=3, reason="", by=world.county, at=NOW
    )
    client.force_login(world.county)
    address = f"/desk/plans/{item.plan_id}/decide/"
    page = client.get(address)
    assert "somebody else decides" in page.text
    assert 'name="approve"' not in page.text
    assert client.post(address, {"seen": 4, "approve": "1"}).status_code == 422
    assert Plan.objects.get().status == "SUBMITTED"


def test_deciding_on_a_township_from_within_it_does_not_exist(client: Client, world: World) -> None:
    plan = world.waiting().plan
    client.force_login(StaffFactory(unit=world.places.township, role="COUNTY").person)
    assert client.get(f"/desk/plans/{plan.pk}/decide/").status_code == 404


def test_history_says_before_and_after(client: Client, world: World) -> None:
    item = world.approved()
    actions.change_item(
        item=item, facts=item_facts(teacher="李老师"), seen=4, reason="换人", by=world.township, at=NOW
    )
    client.force_login(world.county)
    page = client.get(f"/desk/plans/{item.plan_id}/history/").text
    assert "<del>王老师</del> → <ins>李老师</ins>" in page
    assert "换人" in page
    assert client.get(f"/desk/plans/{item.plan_id}/approved/3/").status_code == 404


def test_writing_costs_the_same_whatever_the_plan_holds(
    client: Client, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    item = world.waiting()
    item.lessons.add(article())
    plan = item.plan
    pages = [f"/desk/plans/{plan.pk}/{name}/" for name in ("decide", "history", "focus", "items/new")]
    pages.append(f"/desk/plans/items/{item.pk}/")
    client.force_login(world.county)
    counts = {}
    with override("en"):
        for page in pages:
            client.get(page)
            with django_assert_max_num_queries(20) as few:
                client.get(page)
            counts[page] = len(few)
    for number in range(12):
        facts = item_facts(title=f"第{number}期", lessons=(article(), article()))
        actions.add_item(plan=plan, facts=facts, seen=number + 3, reason="", by=world.township, at=NOW)
    for page in pages:
        with django_assert_max_num_queries(counts[page]):
            assert client.get(page).status_code == 200
