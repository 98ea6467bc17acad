"""The pages of an election: the new term, progress, a village, the close."""

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import actions as people_actions
from accounts.elections.models import Election, VillageResult
from accounts.models import Cadre, Post, Role, Term
from tests.accounts.elections.county import AT, EAST, END, ON, START, Eve, carry_on, held, holder
from tests.factories import StaffFactory, TermFactory, UnitFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(AT, tick=False)]
DESK = "/desk/elections/"


@pytest.fixture
def eve() -> Eve:
    return Eve()


@pytest.fixture
def clerk(eve: Eve, client: Client) -> Cadre:
    """Township staff, signed in."""
    person: Cadre = StaffFactory(unit=eve.tree.township).person
    client.force_login(person)
    return person


def address(eve: Eve, unit: str = "140728100201") -> str:
    return f"{DESK}{eve.election.pk}/villages/{unit}/"


def ticks(eve: Eve, **other: object) -> dict[str, object]:
    """The form of the eastern village as it stands when nobody touches it."""
    return {
        "begins_on": START.isoformat(),
        f"seat-{eve.secretary.pk}": ["SECRETARY"],
        f"seat-{eve.director.pk}": ["DIRECTOR"],
        f"seat-{eve.member.pk}": ["COMMITTEE_MEMBER"],
        "add-TOTAL_FORMS": "3",
        "add-INITIAL_FORMS": "0",
        # As browsers send them: ticked from the start.
        **{f"add-{number}-is_newly_elected": "on" for number in range(3)},
        **other,
    }


def newcomer(number: int = 0, **other: object) -> dict[str, object]:
    fields = {"name": "周新", "phone": "13812340001", "roles": ["DEPUTY_DIRECTOR"], **other}
    return {f"add-{number}-{name}": value for name, value in fields.items()}


def term(tree: CountyTree, **other: object) -> dict[str, object]:
    """The form of the county's thirteenth term."""
    days = {"starts_on": START.isoformat(), "ends_on": END.isoformat()}
    return {"county": tree.county.pk, "number": 13, **days, **other}


# --- the new term -----------------------------------------------------------------------------------
def test_a_term_is_previewed_and_begun_on_the_yes(client: Client) -> None:
    tree = county_tree()
    TermFactory(county=tree.county, number=12, starts_on=date(2021, 5, 1), ends_on=date(2026, 7, 31))
    client.force_login(StaffFactory(unit=tree.county, role="COUNTY").person)
    blank = client.get(f"{DESK}new/").content.decode()
    assert 'value="2026-08-01"' in blank
    assert 'value="2031-07-31"' in blank
    sent = {
        "county": tree.county.pk,
        "number": 13,
        "starts_on": START.isoformat(),
        "ends_on": END.isoformat(),
    }
    preview = client.post(f"{DESK}new/", sent)
    assert (preview.status_code, Election.objects.exists()) == (200, False)
    seen = preview.context["seen"]
    # Something else than what was looked at is looked at again.
    assert client.post(f"{DESK}new/", {**sent, "number": 14, "confirm": seen}).status_code == 200
    assert not Election.objects.exists()
    answer = client.post(f"{DESK}new/", {**sent, "confirm": seen})
    assert answer.url == f"{DESK}{Election.objects.get().pk}/"
    assert Term.objects.get(number=12).ends_on == date(2026, 5, 19)


def test_a_gap_is_named_before_the_yes(client: Client) -> None:
    tree = county_tree()
    TermFactory(county=tree.county, number=12, starts_on=date(2021, 5, 1), ends_on=date(2026, 3, 31))
    client.force_login(StaffFactory(unit=tree.county, role="COUNTY").person)
    sent = {
        "county": tree.county.pk,
        "number": 13,
        "starts_on": START.isoformat(),
        "ends_on": END.isoformat(),
    }
    page = client.post(f"{DESK}new/", {**sent, "leaves_gap": "on"})
    assert page.context["plan"].gap_days == 49
    assert "49" in page.content.decode()


@pytest.mark.parametrize(
    "other",
    [
        {"number": "12"},
        {"number": "x"},
        {"ends_on": "2020-01-01"},
        {"starts_on": "2021-05-02", "ends_on": "2026-01-01"},
        {"starts_on": "2021-04-01", "ends_on": "2026-01-01"},
        {"county": "0"},
        {"starts_on": "9999-12-31", "ends_on": "9999-12-31"},
    ],
)
def test_a_term_that_cannot_be_is_explained(client: Client, other: dict[str, str]) -> None:
    tree = county_tree()
    TermFactory(county=tree.county, number=12, starts_on=date(2021, 5, 1), ends_on=date(2026, 7, 31))
    client.force_login(StaffFactory(unit=tree.county, role="COUNTY").person)
    sent = {
        "county": tree.county.pk,
        "number": 13,
        "starts_on": START.isoformat(),
        "ends_on": END.isoformat(),
    }
    assert client.post(f"{DESK}new/", {**sent, **other}).status_code == 422
    assert not Election.objects.exists()


def test_only_who_decides_for_the_county_begins_a_term(client: Client, eve: Eve, clerk: Cadre) -> None:
    assert client.get(f"{DESK}new/").status_code == 403
    far = UnitFactory(code="140726000000", name="太谷区", level="COUNTY", parent=eve.tree.city)
    client.force_login(StaffFactory(unit=far, role="COUNTY").person)
    assert client.post(f"{DESK}new/", term(eve.tree, number=14)).status_code == 422
    assert client.get(f"{DESK}{eve.election.pk}/").status_code == 404


# --- progress ---------------------------------------------------------------------------------------
def test_the_county_sees_its_townships_and_the_township_its_villages(
    client: Client, eve: Eve, clerk: Cadre
) -> None:
    eve.write(*carry_on(eve))
    page = client.get(f"{DESK}{eve.election.pk}/")
    assert (page.context["done"], page.context["total"]) == (1, 2)
    assert EAST in page.content.decode()
    client.force_login(eve.by)
    page = client.get(f"{DESK}{eve.election.pk}/")
    assert [(each.done, each.villages) for each in page.context["townships"]] == [(1, 2), (0, 1)]
    assert page.context["villages"] == []
    chosen = client.get(f"{DESK}{eve.election.pk}/?township={eve.tree.township.code}")
    assert len(chosen.context["villages"]) == 2


@pytest.mark.parametrize("villages", [3, 30])
def test_progress_takes_as_many_queries_for_many_villages(
    client: Client,
    eve: Eve,
    clerk: Cadre,
    villages: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(villages):
        UnitFactory(
            code=f"1407281003{number:02d}", name=f"第{number}村", level="VILLAGE", parent=eve.tree.township
        )
    with django_assert_max_num_queries(14):
        assert client.get(f"{DESK}{eve.election.pk}/").status_code == 200
    with django_assert_max_num_queries(8):
        assert client.get(DESK).status_code == 200


# --- a village --------------------------------------------------------------------------------------
def test_a_village_left_as_it_is_carries_on(client: Client, eve: Eve, clerk: Cadre) -> None:
    before = held(START)
    page = client.get(address(eve)).content.decode()
    assert page.count("checked") == 3 + 3  # the three posts, and “newly elected” of three empty rows
    preview = client.post(address(eve), ticks(eve))
    assert preview.status_code == 200
    assert not VillageResult.objects.exists()
    answer = client.post(address(eve), ticks(eve, confirm=preview.context["plan"].seen))
    assert answer.status_code == 302
    assert held(START) == before
    assert VillageResult.objects.get().carried == 3


def test_whose_post_is_still_to_come_is_not_ticked(client: Client, eve: Eve, clerk: Cadre) -> None:
    coming = holder(eve.tree.village, "任丽娟", Role.DEPUTY_DIRECTOR, from_on=START + timedelta(days=400))
    page = client.get(address(eve))
    form = page.context["form"]
    assert coming not in form.present
    assert coming in form.others
    assert eve.secretary in form.present


def test_ticks_move_take_away_and_bring_in(client: Client, eve: Eve, clerk: Cadre) -> None:
    reserve = holder(eve.tree.village, "钱后备", Role.RESERVE)
    sent = ticks(
        eve,
        **{
            f"seat-{eve.secretary.pk}": ["SECRETARY", "DIRECTOR"],
            f"seat-{eve.director.pk}": [],
            f"seat-{reserve.pk}": ["DEPUTY_SECRETARY"],
            f"new-{reserve.pk}": "on",
            **newcomer(),
        },
    )
    preview = client.post(address(eve), sent)
    assert "王建国" in preview.content.decode()
    client.post(address(eve), {**sent, "confirm": preview.context["plan"].seen})
    assert {(name, role) for village, name, role in held(START) if village == EAST} == {
        ("李秀兰", "SECRETARY"),
        ("李秀兰", "DIRECTOR"),
        ("赵小梅", "COMMITTEE_MEMBER"),
        ("钱后备", "RESERVE"),
        ("钱后备", "DEPUTY_SECRETARY"),
        ("周新", "DEPUTY_DIRECTOR"),
    }
    new = Post.objects.filter(is_newly_elected=True).values_list("person__name", flat=True)
    assert set(new) == {"钱后备", "周新"}


def test_the_yes_to_something_else_is_refused_by_name(client: Client, eve: Eve, clerk: Cadre) -> None:
    plan = client.post(address(eve), ticks(eve)).context["plan"]
    people_actions.end_post(post=Post.objects.get(person=eve.member), to_on=ON, by=eve.by, at=AT)
    sent = ticks(eve, confirm=plan.seen, lines=",".join(plan.lines))
    answer = client.post(address(eve), sent)
    assert answer.status_code == 409
    assert "赵小梅" in " ".join(map(str, answer.context["messages"]))
    assert not VillageResult.objects.exists()


def test_a_second_yes_says_that_the_result_is_in(client: Client, eve: Eve, clerk: Cadre) -> None:
    plan = client.post(address(eve), ticks(eve)).context["plan"]
    for _ in range(2):
        client.post(address(eve), ticks(eve, confirm=plan.seen))
    assert VillageResult.objects.count() == 1
    page = client.get(address(eve))
    assert page.templates[0].name == "elections/village_done.html"
    assert "李秀兰" in page.content.decode()


@pytest.mark.parametrize(
    "other",
    [
        {"begins_on": "2026-05-19"},
        {"begins_on": "x"},
        newcomer(name=""),
        newcomer(phone="12"),
        newcomer(roles=[]),
        newcomer(roles=["RESERVE"]),
        newcomer(name="李秀兰"),
        {"add-TOTAL_FORMS": "x"},
        {"add-TOTAL_FORMS": "9999"},
    ],
)
def test_what_cannot_be_read_is_explained_and_kept(
    client: Client, eve: Eve, clerk: Cadre, other: dict[str, object]
) -> None:
    answer = client.post(address(eve), ticks(eve, **{"confirm": "x", **other}))
    assert answer.status_code in {409, 422}
    assert not VillageResult.objects.exists()
    assert "李秀兰" in answer.content.decode()


def test_more_rows_come_without_a_script_and_keep_what_was_typed(
    client: Client, eve: Eve, clerk: Cadre
) -> None:
    page = client.post(address(eve), ticks(eve, more="yes", **newcomer()))
    assert page.status_code == 200
    assert len(page.context["newcomers"].forms) == 6
    assert 'value="周新"' in page.content.decode()


def test_other_places_have_no_village_page(client: Client, eve: Eve, clerk: Cadre) -> None:
    assert client.get(address(eve, eve.tree.far_village.code)).status_code == 404
    assert client.get(address(eve, "9" * 30)).status_code == 404
    assert client.get(address(eve, eve.tree.township.code)).status_code == 404


# --- the close --------------------------------------------------------------------------------------
def test_closing_names_the_villages_without_a_result(client: Client, eve: Eve) -> None:
    client.force_login(eve.by)
    eve.write(*carry_on(eve))
    page = client.get(f"{DESK}{eve.election.pk}/close/").content.decode()
    assert "西城村" in page
    assert EAST not in page
    client.post(f"{DESK}{eve.election.pk}/close/")
    eve.election.refresh_from_db()
    assert eve.election.is_open
    client.post(f"{DESK}{eve.election.pk}/close/", {"confirm": "yes"})
    eve.election.refresh_from_db()
    assert not eve.election.is_open
    late = client.post(address(eve, eve.tree.other_village.code), ticks(eve))
    assert late.templates[0].name == "elections/village_done.html"


def test_a_township_does_not_close_the_county(client: Client, eve: Eve, clerk: Cadre) -> None:
    assert client.post(f"{DESK}{eve.election.pk}/close/", {"confirm": "yes"}).status_code == 403
