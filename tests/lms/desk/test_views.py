"""The desk's pages: who sees whom, what they show, and what they cost."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import StaffRole
from lms.certificates.actions import issue, revoke
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
    assert (total.people, total.done, total.short, total.exempt) == (3, 1, 1, 1)
    assert total.percent == 50


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
    assert [person for person, owed in response.context["rows"]] == [world.secretary]
    assert "tel:13900000001" in response.content.decode()
    slugs = {obligation.slug for obligation in response.context["rows"][0][1]}
    assert len(slugs) >= 3


def test_calls_narrows_to_one_requirement(client: Client, world: World) -> None:
    study_online(world.secretary, "50")
    client.force_login(world.county)
    online = next(
        line.slug
        for line in client.get("/desk/requirements/").context["lines"]
        if line.due == 3 and line.exempt == 1
    )
    rows = client.get("/desk/calls/", {"slug": online}).context["rows"]
    # The standing is refreshed from the ledger by the job runner, not by the page.
    assert {person for person, owed in rows} == {world.secretary, world.far}


@pytest.mark.parametrize("query", [{"q": "李"}, {"q": "139000"}, {"role": "SECRETARY"}])
def test_people_are_found_by_name_phone_and_post(client: Client, world: World, query: dict[str, str]) -> None:
    client.force_login(world.township)
    assert world.secretary in client.get("/desk/people/", query).context["page"].object_list


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
    acts = ["/edit/", "/appoint/", "/exempt/", "/desk/ledger/", "/replace/", "/revoke/"]
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
