"""Correcting a line at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Cadre, StaffRole
from lms.hours.models import EntryKind, HoursEntry, Ledger
from tests.factories import StaffFactory
from tests.factories.people import CountyTree
from tests.lms.hours.conftest import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(person: Cadre) -> HoursEntry:
    return given(person, "1")


@pytest.fixture
def desk(client: Client, tree: CountyTree) -> Client:
    client.force_login(StaffFactory(unit=tree.township).person)
    return client


def address(entry: HoursEntry) -> str:
    return reverse("hours:correct", args=[entry.pk])


def test_a_stranger_and_a_learner_do_not_get_in(client: Client, line: HoursEntry, person: Cadre) -> None:
    assert client.get(address(line)).status_code == 302
    client.force_login(person)
    assert client.get(address(line)).status_code == 403


@pytest.mark.parametrize("role", [StaffRole.TRAINER, StaffRole.AUDITOR, StaffRole.STATION])
def test_only_those_who_keep_the_roster_correct(
    client: Client, line: HoursEntry, tree: CountyTree, role: str
) -> None:
    client.force_login(StaffFactory(unit=tree.township, role=role).person)
    assert client.get(address(line)).status_code == 403


def test_a_line_of_another_township_does_not_exist(
    client: Client, line: HoursEntry, tree: CountyTree
) -> None:
    client.force_login(StaffFactory(unit=tree.other_township).person)
    assert client.get(address(line)).status_code == 404
    assert client.post(address(line), {"hours": "0", "reason": "错"}).status_code == 404
    assert HoursEntry.objects.count() == 1


def test_the_page_shows_line_and_totals(
    desk: Client, line: HoursEntry, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(12):
        page = desk.get(address(line)).content.decode()
    assert line.title in page
    assert line.person.name in page


def test_the_form_begins_with_the_figures_as_they_stand(desk: Client, person: Cadre) -> None:
    held = given(person, "30", kind=EntryKind.CLASS, ledger=Ledger.CONCENTRATED, source="class:1")
    assert desk.get(address(held)).context["form"]["hours"].value() == "30"


def test_a_correction_sent_twice_is_one_line(desk: Client, line: HoursEntry) -> None:
    for _ in range(2):
        answer = desk.post(address(line), {"hours": "0.5", "reason": "时长有误"})
        assert answer.status_code == 302
    assert HoursEntry.objects.about(line).total().hours == HoursEntry.objects.get(corrects=line).hours + 1
    assert "时长有误" in desk.get(address(line)).content.decode()


def test_a_correction_of_a_correction_does_not_exist(desk: Client, line: HoursEntry) -> None:
    desk.post(address(line), {"hours": "0.5", "reason": "时长有误"})
    assert desk.get(address(HoursEntry.objects.get(corrects=line))).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": "1", "reason": "不变"},
        {"hours": "0.5", "reason": ""},
        {"hours": "0.5", "reason": "  "},
        {"hours": "-1", "reason": "错"},
        {"hours": "1001", "reason": "错"},
        {"hours": "0.125", "reason": "错"},
        {"hours": "NaN", "reason": "错"},
        {"hours": "", "reason": "错"},
        {"hours": "0.5", "reason": "错" * 301},
    ],
)
def test_what_makes_no_correction_is_refused(desk: Client, line: HoursEntry, fields: dict) -> None:
    assert desk.post(address(line), fields).status_code == 422
    assert HoursEntry.objects.count() == 1


def test_a_class_is_corrected_in_days_and_times_too(desk: Client, person: Cadre) -> None:
    held = given(person, "30", kind=EntryKind.CLASS, ledger=Ledger.CONCENTRATED, source="class:1")
    desk.post(address(held), {"hours": "27", "days": "4.5", "times": "1", "reason": "补录半天缺勤"})
    total = HoursEntry.objects.about(held).total()
    assert (total.hours, total.days, total.times) == (27, 4.5, 1)
