"""`manage.py staff`: roles given and taken back, accounts closed and opened, each with its audit line."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditLine, Cadre, StaffScope
from tests.factories import CadreFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db
PHONE, UNIT = "13900000001", "--unit=140728100000"
NEW = ["add", PHONE, "--name=王建国", UNIT]


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def clerk(tree: CountyTree) -> Cadre:
    return StaffFactory(unit=tree.township, person__phone=PHONE, person__name="王建国").person


def staff(*words: str) -> None:
    call_command("staff", *words, verbosity=0)


def lines() -> list[str]:
    return list(AuditLine.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.usefixtures("tree")
def test_role_is_given_and_taken_back_with_a_line_each_and_twice_is_once() -> None:
    for _ in range(2):
        staff(*NEW, "--role=TRAINER", "--administrator")
    person = Cadre.objects.get()
    assert (person.is_superuser, person.is_staff, StaffScope.objects.count()) == (True, True, 1)
    assert lines() == ["person.admitted", "scope.granted", "administrator.granted"]
    staff("remove", PHONE, UNIT, "--role=TRAINER")
    for _ in range(2):
        staff("remove", person.number, "--administrator")
    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff, StaffScope.objects.count()) == (False, False, 0)
    assert lines()[3:] == ["scope.removed", "administrator.removed"]


def test_who_loses_the_role_is_kept_out_of_the_desk(client: Client, clerk: Cadre) -> None:
    client.force_login(clerk)
    assert client.get(reverse("desk:home")).status_code == 200
    staff("remove", PHONE, UNIT, "--role=TOWNSHIP")
    assert client.get(reverse("desk:home")).status_code == 403


def test_closed_account_is_out_at_once_until_it_is_opened(client: Client, clerk: Cadre) -> None:
    client.force_login(clerk)
    for _ in range(2):
        staff("close", "139 0000 0001")
    assert client.get(reverse("desk:home")).status_code == 302
    for _ in range(2):
        staff("open", clerk.number)
    client.force_login(clerk)
    assert client.get(reverse("desk:home")).status_code == 200
    assert lines() == ["account.closed", "account.opened"]


def test_phone_of_an_administrator_is_corrected_here(tree: CountyTree) -> None:
    person = CadreFactory(unit=tree.county, is_superuser=True)
    staff("phone", person.number, "139 1111 2222")
    person.refresh_from_db()
    assert (person.phone, person.is_phone_verified) == ("13911112222", False)
    assert lines() == ["person.edited"]


@pytest.mark.parametrize(
    "words",
    [
        ["remove", PHONE, UNIT, "--role=COUNTY"],
        ["remove", PHONE, UNIT, "--role=COUNTY", "--administrator"],
        ["remove", PHONE, "--role=TOWNSHIP"],
        ["remove", PHONE, UNIT],
        ["remove", "13900000009", UNIT, "--role=TOWNSHIP"],
        ["close", "13900000009"],
        ["phone", PHONE, "123"],
        ["phone", PHONE, "13900000002"],
        ["shout", PHONE],
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(clerk: Cadre, words: list[str]) -> None:
    CadreFactory(phone="13900000002", unit=clerk.unit)
    with pytest.raises(CommandError):
        staff(*words)
    clerk.refresh_from_db()
    assert (clerk.phone, clerk.is_active, StaffScope.objects.count(), lines()) == (PHONE, True, 1, [])
