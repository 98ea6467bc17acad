"""The desk's pages: who sees whom, what they show, and what they cost."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, StaffRole
from lms.certificates.actions import issue, revoke
from lms.hours.models import HoursEntry
from lms.obligations.actions import refresh
from tests.factories import CadreFactory, PostFactory, StaffFactory
from tests.lms.desk.conftest import NOW, World, study_online

PAGES = ["/desk/", "/desk/requirements/", "/desk/calls/", "/desk/people/", "/desk/exports/"]


@pytest.mark.parametrize("address", PAGES)
def test_desk_page_sends_a_stranger_to_sign_in(client: Client, world: World, address: str) -> None:
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", PAGES)
def test_desk_page_is_closed_to_a_cadre_without_a_scope(client: Client, world: World, address: str) -> None:
    client.force_login(world.secretary)
    assert client.get(address).status_code == 403


def test_home_counts_each_person_once_and_leaves_the_exempt_out(client: Client, world: World) -> None:
    client.force_login(world.township)
    total = client.get("/desk/").context["total"]
    assert (total.due, total.done, total.short, total.exempt) == (2, 1, 1, 1)
    assert total.percent == 50


def test_home_and_requirements_agree_on_who_owes_and_who_is_exempt(client: Client, world: World) -> None:
    client.force_login(world.township)
    total = client.get("/desk/").context["total"]
    online = client.get("/desk/requirements/").context["lines"][0]
    assert (online.due, online.exempt) == (total.due, total.exempt)


def test_home_fills_a_tile_by_the_figures_that_stand_in_it(client: Client, world: World) -> None:
    client.force_login(world.county)
    response = client.get("/desk/")
    tile = response.context["tiles"].tiles[0]
    assert (tile.figures.done, tile.figures.due, tile.figures.percent) == (1, 2, 50)
    assert tile.fill == 29
    assert ">1/2</text>" in response.content.decode()


def test_home_keeps_the_other_filters_where_a_place_is_opened(client: Client, world: World) -> None:
    client.force_login(world.county)
    page = client.get("/desk/", {"role": "SECRETARY"}).content.decode()
    assert f"?role=SECRETARY&amp;unit={world.places.township.code}" in page


@pytest.mark.parametrize("address", ["/desk/", "/desk/people/", "/desk/calls/"])
def test_pages_say_who_is_signed_in_and_lead_out(client: Client, world: World, address: str) -> None:
    client.force_login(world.township)
    page = client.get(address).content.decode()
    assert world.township.name in page
    assert 'action="/account/logout/"' in page
    assert 'class="tool" href="/"' in page


def test_home_shows_only_the_units_of_the_staff_member(client: Client, world: World) -> None:
    client.force_login(world.other_township)
    lines = client.get("/desk/").context["lines"]
    assert [line.unit for line in lines] == [world.places.far_village]


def test_home_of_a_county_lists_its_townships_and_opens_one(client: Client, world: World) -> None:
    client.force_login(world.county)
    lines = client.get("/desk/").context["lines"]
    assert [line.unit for line in lines] == [world.places.township, world.places.other_township]
    inside = client.get("/desk/", {"unit": world.places.township.code}).context["lines"]
    assert [line.unit for line in inside] == [world.places.village, world.places.other_village]


@pytest.mark.parametrize(("place", "is_paced"), [("county", True), ("city", False), ("province", False)])
def test_home_adds_up_the_ledger_for_a_county_at_most(
    client: Client,
    world: World,
    place: str,
    is_paced: bool,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(StaffFactory(unit=getattr(world.places, place), role=StaffRole.PROVINCE).person)
    with django_assert_max_num_queries(20) as asked:
        response = client.get("/desk/")
    assert (response.context["pace"] is not None) is is_paced
    assert any("hours_hoursentry" in query["sql"] for query in asked) is is_paced


@pytest.mark.parametrize("code", ["140728101000", "999999999999", "x", "14072810100", "' or 1=1"])
def test_filters_fall_back_to_the_own_unit_for_a_foreign_one(client: Client, world: World, code: str) -> None:
    client.force_login(world.township)
    assert client.get("/desk/", {"unit": code}).context["filters"].unit == world.places.township


def test_calls_lists_who_is_short_with_what_and_how_to_reach_them(client: Client, world: World) -> None:
    client.force_login(world.township)
    response = client.get("/desk/calls/")
    assert [call.person for call in response.context["rows"]] == [world.secretary]
    assert "tel:13900000001" in response.content.decode()
    slugs = {obligation.slug for obligation in response.context["rows"][0].owed}
    assert len(slugs) >= 3


def test_calls_narrows_to_one_requirement(client: Client, world: World) -> None:
    study_online(world.secretary, "50")
    client.force_login(world.county)
    online = next(
        line.slug
        for line in client.get("/desk/requirements/").context["lines"]
        if line.due == 3 and line.exempt == 1
    )
    response = client.get("/desk/calls/", {"slug": online})
    # The standing is refreshed from the ledger by the job runner, not by the page.
    assert {call.person for call in response.context["rows"]} == {world.secretary, world.far}
    assert {each.slug for call in response.context["rows"] for each in call.owed} == {online}
    assert response.context["asked"] == "网络自学"


def test_calls_offers_a_reminder_signed_by_the_own_unit_to_copy(client: Client, world: World) -> None:
    client.force_login(world.township)
    response = client.get("/desk/calls/", {"slug": "online"})
    words = response.context["rows"][0].words
    assert words.startswith("李秀兰")
    assert words.endswith("古陶镇")
    assert f'id="words-{world.secretary.pk}">{words}<' in response.content.decode()
    assert f'data-copy="words-{world.secretary.pk}"' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [({"q": "没有这人"}, "Nobody found for “没有这人”"), ({"q": "张有财"}, "Nobody is short")],
)
def test_calls_tells_nobody_found_from_everybody_done(
    client: Client, world: World, query: dict[str, str], words: str
) -> None:
    world.member.obligations.update(is_met=True, met_on=NOW.date())
    client.force_login(world.township)
    client.cookies["django_language"] = "en"
    assert words in client.get("/desk/calls/", query).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"q": "李"},
        {"q": "1390000000"},
        {"q": "139 0000 0001"},
        {"q": "+86 139-0000-0001"},
        {"role": "SECRETARY"},
    ],
)
def test_people_are_found_by_name_phone_and_post(client: Client, world: World, query: dict[str, str]) -> None:
    client.force_login(world.township)
    found = client.get("/desk/people/", query).context["page"].object_list
    assert list(found) == [world.secretary]


def test_person_is_found_by_the_account(client: Client, world: World) -> None:
    client.force_login(world.township)
    for address in ("/desk/people/", "/desk/calls/"):
        page = client.get(address, {"q": world.secretary.number}).context["page"]
        assert list(page.object_list) == [world.secretary]


def test_search_of_a_mere_sign_finds_nobody(client: Client, world: World) -> None:
    client.force_login(world.township)
    assert not client.get("/desk/people/", {"q": "-"}).context["page"].object_list


def test_second_post_is_found_by_its_role_on_every_list(client: Client, world: World) -> None:
    PostFactory(person=world.secretary, role=Role.DIRECTOR)
    client.force_login(world.township)
    for address in ("/desk/people/", "/desk/calls/"):
        page = client.get(address, {"role": "DIRECTOR"}).context["page"]
        assert list(page.object_list) == [world.secretary]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["李秀兰", "王老五", "张有财"]),
        ("-unit", ["张有财", "李秀兰", "王老五"]),
        ("name", ["张有财", "李秀兰", "王老五"]),
        ("-name", ["王老五", "李秀兰", "张有财"]),
        ("post", ["李秀兰", "王老五", "张有财"]),
        ("-short", ["李秀兰", "王老五", "张有财"]),
        ("phone", ["李秀兰", "王老五", "张有财"]),
    ],
)
def test_people_are_sorted_as_the_address_asks(
    client: Client, world: World, sort: str, names: list[str]
) -> None:
    client.force_login(world.township)
    found = client.get("/desk/people/", {"sort": sort, "role": ""}).context["page"].object_list
    assert [person.name for person in found if person != world.township] == names


@pytest.mark.parametrize("sort", ["unit", "-unit", "name", "-name", "post", "-post"])
def test_calls_are_sorted_and_the_heads_say_so(client: Client, world: World, sort: str) -> None:
    client.force_login(world.county)
    response = client.get("/desk/calls/", {"sort": sort})
    order = response.context["order"]
    is_first_far = sort in {"-unit", "-name", "-post"}
    assert [call.person == world.far for call in response.context["rows"]] == [is_first_far, not is_first_far]
    assert order.heads[order.column].aria == ("descending" if order.is_down else "ascending")
    assert response.content.decode().count("aria-sort=") == 1


def test_units_are_sorted_by_name_only_when_asked(client: Client, world: World) -> None:
    client.force_login(world.county)
    for sort, names in {
        "name": ["古陶镇", "段村镇"],
        "-name": ["段村镇", "古陶镇"],
        "short": ["古陶镇", "段村镇"],
    }.items():
        lines = client.get("/desk/", {"sort": sort}).context["lines"]
        assert [line.unit.name for line in lines] == names


@pytest.mark.parametrize("address", ["/desk/people/", "/desk/calls/"])
def test_village_is_chosen_in_the_filter_bar(client: Client, world: World, address: str) -> None:
    places = world.places
    client.force_login(world.township)
    for opened in (places.township, places.village):
        response = client.get(address, {"unit": opened.code})
        assert response.context["places"] == [places.township, places.village, places.other_village]
        assert f'<option value="{opened.code}" selected>' in response.content.decode()


def test_keeper_of_a_village_has_no_place_to_choose(client: Client, world: World) -> None:
    client.force_login(StaffFactory(unit=world.places.village, role=StaffRole.STATION).person)
    response = client.get("/desk/people/")
    assert response.context["places"] == [world.places.village]
    assert 'name="unit"' not in response.content.decode()


def test_person_page_shows_every_figure_and_the_lines_behind_one(client: Client, world: World) -> None:
    client.force_login(world.township)
    response = client.get(f"/desk/people/{world.member.pk}/")
    assert "网上专题班" in response.content.decode()
    obligation = response.context["obligations"][0]
    lines = client.get(f"/desk/people/{world.member.pk}/", {"obligation": obligation.pk}).context["page"]
    assert sum(entry.hours for entry in lines) == obligation.earned


def test_person_page_of_another_township_does_not_exist(client: Client, world: World) -> None:
    client.force_login(world.other_township)
    assert client.get(f"/desk/people/{world.secretary.pk}/").status_code == 404


def test_person_page_offers_to_change_what_one_may_change(client: Client, world: World) -> None:
    certificate = issue(obligation=world.member.obligations.get(is_met=True), at=NOW)
    page = f"/desk/people/{world.member.pk}/"
    line = HoursEntry.objects.of(world.member.pk).grants().latest("pk")
    correct = reverse("hours:correct", args=[line.pk])
    acts = ["/edit/", "/appoint/", "/exempt/", correct, "/replace/", "/revoke/"]
    offered = {
        world.county: acts,
        world.township: acts[:4],
        StaffFactory(unit=world.places.county, role=StaffRole.AUDITOR).person: [],
    }
    for person, wanted in offered.items():
        client.force_login(person)
        shown = client.get(page).content.decode()
        assert [act for act in acts if act in shown] == wanted
    revoke(certificate=certificate, reason="误发", by=world.county, at=NOW)
    client.force_login(world.county)
    shown = client.get(page).content.decode()
    assert [act for act in acts[4:] if act in shown] == ["/replace/"]


def test_running_post_is_ended_by_a_link_that_says_so(client: Client, world: World) -> None:
    end = f'href="/desk/people/posts/{world.member.posts.get().pk}/end/">End the post</a>'
    client.cookies["django_language"] = "en"
    client.force_login(world.township)
    assert end in client.get(f"/desk/people/{world.member.pk}/").content.decode()


def test_certificates_to_look_at_stand_in_the_menu(client: Client, world: World) -> None:
    client.force_login(world.township)
    assert 'href="/certificates/contradicted/"' in client.get("/desk/").content.decode()


@pytest.mark.parametrize("address", ["/desk/", "/desk/requirements/", "/desk/calls/", "/desk/people/"])
def test_lists_cost_the_same_number_of_queries_whatever_the_size(
    client: Client, world: World, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(world.township)
    client.get(address)
    with django_assert_max_num_queries(20) as small:
        client.get(address)
    people = [CadreFactory(unit=world.places.village) for _ in range(30)]
    for person in people:
        PostFactory(person=person)
    refresh([person.pk for person in people], at=NOW)
    with django_assert_max_num_queries(len(small)):
        client.get(address)
