"""The desk's pages of frozen years: late hours, freezing, reopening."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cadre, StaffRole
from lms.hours.actions import freeze_year, reopen_year
from lms.hours.models import HoursEntry, YearFreeze
from tests.factories import CadreFactory, StaffFactory, UnitFactory
from tests.factories.people import CountyTree
from tests.lms.hours.conftest import given
from tests.lms.hours.test_freezing import JANUARY, LATER

pytestmark = pytest.mark.django_db
LATE = "/desk/ledger/late/"
YEARS = "/desk/ledger/years/"
NOW = LATER + timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(tree: CountyTree) -> Cadre:
    return StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person


@pytest.fixture
def freeze(tree: CountyTree, county: Cadre) -> YearFreeze:
    return freeze_year(unit=tree.county, year=2026, by=county, at=JANUARY)


@pytest.fixture
def line(person: Cadre, freeze: YearFreeze) -> HoursEntry:
    return given(person, "0.5", title="冬季防火常识", at=LATER)


def as_(client: Client, unit: object, role: StaffRole = StaffRole.TOWNSHIP) -> Client:
    client.force_login(StaffFactory(unit=unit, role=role).person)
    return client


def address(freeze: YearFreeze) -> str:
    return reverse("hours:reopen", args=[freeze.pk])


def test_pages_are_for_staff_and_freezing_for_the_county(
    client: Client, tree: CountyTree, person: Cadre, freeze: YearFreeze
) -> None:
    pages = [LATE, YEARS, address(freeze)]
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(person)
    assert {client.get(page).status_code for page in pages} == {403}
    as_(client, tree.township)
    assert [client.get(page).status_code for page in pages] == [200, 403, 403]
    as_(client, tree.county, StaffRole.COUNTY)
    assert {client.get(page).status_code for page in pages} == {200}


def test_late_hours_name_person_hours_day_and_arrival(
    client: Client, tree: CountyTree, line: HoursEntry
) -> None:
    page = as_(client, tree.township).get(LATE).content.decode()
    assert line.title in page
    assert line.person.name in page
    assert reverse("desk:person", args=[line.person_id]) in page
    assert reverse("hours:years") not in page


@pytest.mark.parametrize("place", ["other_township", "far_county"])
def test_late_hours_of_other_places_are_not_shown(
    client: Client, tree: CountyTree, line: HoursEntry, place: str
) -> None:
    far = UnitFactory(code="140729000000", name="外县", parent=tree.city)
    unit = far if place == "far_county" else tree.other_township
    role = StaffRole.COUNTY if place == "far_county" else StaffRole.TOWNSHIP
    assert line.title not in as_(client, unit, role).get(LATE).content.decode()


@pytest.mark.parametrize(("year", "shown"), [("2026", 1), ("2025", 1), ("", 2), ("1999", 2), ("x", 2)])
def test_late_hours_of_a_year(
    client: Client, tree: CountyTree, county: Cadre, line: HoursEntry, year: str, shown: int
) -> None:
    freeze_year(unit=tree.county, year=2025, by=county, at=JANUARY)
    given(line.person, earned_at=line.earned_at.replace(year=2025), at=LATER)
    response = as_(client, tree.township).get(LATE, {"year": year})
    assert response.context["page"].paginator.count == shown
    assert response.context["years"] == [2026, 2025]


def test_late_hours_stay_listed_after_the_year_was_reopened(
    client: Client, tree: CountyTree, county: Cadre, freeze: YearFreeze, line: HoursEntry
) -> None:
    as_(client, tree.township)
    assert client.get(LATE).context["page"][0].is_waiting
    reopen_year(freeze=freeze, reason="补记", by=county, at=NOW)
    assert not client.get(LATE).context["page"][0].is_waiting


def test_late_hours_cost_a_fixed_number_of_queries(
    client: Client, tree: CountyTree, line: HoursEntry, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        given(CadreFactory(unit=tree.village), at=LATER)
    as_(client, tree.county, StaffRole.COUNTY)
    with django_assert_max_num_queries(12):
        assert len(client.get(LATE).context["page"]) == 21
    with django_assert_max_num_queries(12):
        client.get(YEARS)


def test_a_county_freezes_a_year_that_has_ended(client: Client, tree: CountyTree, county: Cadre) -> None:
    client.force_login(county)
    assert client.get(YEARS).context["form"].fields["year"].choices[0] == (2026, 2026)
    assert client.post(YEARS, {"year": "2026"}).status_code == 302
    freeze = YearFreeze.objects.get()
    assert (freeze.unit, freeze.year, freeze.by, freeze.frozen_at) == (tree.county, 2026, county, NOW)
    assert client.get(YEARS).context["form"].fields["year"].choices[0] == (2025, 2025)


@pytest.mark.parametrize("year", ["", "2027", "2031", "x", "-1", "9" * 30, "2026.5"])
def test_another_year_is_refused_and_leaves_no_trace(client: Client, county: Cadre, year: str) -> None:
    client.force_login(county)
    assert client.post(YEARS, {"year": year}).status_code == 422
    assert not YearFreeze.objects.exists()


def test_a_second_freeze_sent_from_an_old_page_is_refused(
    client: Client, county: Cadre, freeze: YearFreeze
) -> None:
    client.force_login(county)
    assert client.post(YEARS, {"year": "2026"}).status_code == 422
    assert YearFreeze.objects.get() == freeze


def test_a_countys_role_over_a_township_freezes_nothing(client: Client, tree: CountyTree) -> None:
    answer = as_(client, tree.township, StaffRole.COUNTY).post(YEARS, {"year": "2026"})
    assert (answer.status_code, bool(answer.context["form"].non_field_errors())) == (422, True)


def test_the_county_reopens_with_a_reason_and_knows_what_will_count(
    client: Client, county: Cadre, freeze: YearFreeze, line: HoursEntry
) -> None:
    client.force_login(county)
    page = client.get(address(freeze))
    assert (page.context["lines"], page.context["people"]) == (1, 1)
    assert client.post(address(freeze), {"reason": " "}).status_code == 422
    assert client.post(address(freeze), {"reason": "手机没有网络"}).status_code == 302
    freeze.refresh_from_db()
    assert (freeze.reopened_by, freeze.reason, freeze.reopened_at) == (county, "手机没有网络", NOW)
    assert "手机没有网络" in client.get(YEARS).content.decode()
    assert client.post(address(freeze), {"reason": "另一个原因"}).status_code == 422


def test_other_counties_do_not_find_the_freeze_and_the_province_may_end_it(
    client: Client, tree: CountyTree, freeze: YearFreeze
) -> None:
    far = UnitFactory(code="140729000000", name="外县", parent=tree.city)
    as_(client, far, StaffRole.COUNTY)
    assert client.get(address(freeze)).status_code == 404
    assert client.post(address(freeze), {"reason": "补记"}).status_code == 404
    as_(client, tree.province, StaffRole.PROVINCE)
    assert client.post(address(freeze), {"reason": "补记"}).status_code == 302


def test_under_the_provinces_freeze_the_county_is_told_whom_to_ask(
    client: Client, tree: CountyTree, county: Cadre, freeze: YearFreeze
) -> None:
    wide = freeze_year(unit=tree.province, year=2026, by=county, at=LATER)
    client.force_login(county)
    answer = client.post(address(freeze), {"reason": "补记"})
    assert answer.status_code == 422
    assert tree.province.name in answer.context["form"].non_field_errors()[0]
    page = client.get(YEARS)
    assert [(row.pk, row.is_within) for row in page.context["page"]] == [(wide.pk, False), (freeze.pk, True)]
    assert reverse("hours:reopen", args=[wide.pk]) not in page.content.decode()


def test_a_line_of_a_frozen_year_is_not_corrected_at_the_desk(
    client: Client, tree: CountyTree, line: HoursEntry
) -> None:
    as_(client, tree.township)
    answer = client.post(reverse("hours:correct", args=[line.pk]), {"hours": "0.25", "reason": "误"})
    assert answer.status_code == 422
    assert tree.county.name in answer.context["form"].non_field_errors()[0]
    assert HoursEntry.objects.count() == 1


def test_the_persons_page_and_the_record_say_that_a_line_waits(
    client: Client, tree: CountyTree, county: Cadre, freeze: YearFreeze, line: HoursEntry
) -> None:
    words = "came after the year 2026 was frozen"
    headers = {"accept-language": "en"}
    client.force_login(county)
    desk = reverse("desk:person", args=[line.person_id])
    assert words in client.get(desk, headers=headers).content.decode()
    client.force_login(line.person)
    assert words in client.get(reverse("record"), headers=headers).content.decode()
    reopen_year(freeze=freeze, reason="补记", by=county, at=NOW)
    assert words not in client.get(reverse("record"), headers=headers).content.decode()
