"""A real site's first day: `open_site`, and `staff add`."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditLine, Cadre, StaffScope, Term
from courses.models import CataloguePage
from lms.hours.models import HoursRule
from lms.obligations.models import Requirement
from tests.factories import county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db

TERM = ["--county=140728000000", "--term=13", "--from=2025-12-01", "--to=2030-11-30"]
STAFF = ["139 0000 0001", "--name=王建国", "--unit=140728100000", "--role=TOWNSHIP"]


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


def count() -> list[int]:
    kinds = (Term, CataloguePage, HoursRule, Requirement, Cadre, StaffScope, AuditLine)
    return [kind.objects.count() for kind in kinds]


@pytest.mark.usefixtures("tree")
def test_a_site_opens_once_however_often_it_is_asked() -> None:
    for _time in range(2):
        call_command("open_site", *TERM, verbosity=0)
        call_command("staff", "add", *STAFF, verbosity=0)
        assert count() == [1, 1, 1, 6, 1, 1, 2]


@pytest.mark.usefixtures("tree")
def test_a_corrected_term_takes_the_place_of_the_wrong_one() -> None:
    call_command("open_site", *TERM)
    call_command("open_site", *TERM[:3], "--to=2031-01-31")
    assert Term.objects.get().ends_on.year == 2031


@pytest.mark.usefixtures("tree")
def test_the_first_staff_member_opens_the_desk(client: Client) -> None:
    call_command("open_site", *TERM)
    call_command("staff", "add", *STAFF)
    person = Cadre.objects.get(phone="13900000001")
    assert not person.has_usable_password()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("desk:home")).status_code == 200


@pytest.mark.usefixtures("tree")
def test_an_administrator_opens_the_publishing_desk(client: Client) -> None:
    call_command("open_site", *TERM)
    call_command("staff", "add", *STAFF[:3], "--administrator")
    client.force_login(Cadre.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/cms/").status_code == 200


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "wrong",
    [
        ["open_site", "--county=999999000000", *TERM[1:]],
        ["open_site", *TERM[:2], "--from=2030-01-01", "--to=2029-01-01"],
        ["staff", "add", *STAFF[:2], "--unit=999999999999", STAFF[3]],
        ["staff", "add", "12", *STAFF[1:]],
        ["staff", "add", *STAFF[:3]],
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(wrong: list[str]) -> None:
    before = count()
    with pytest.raises(CommandError):
        call_command(*wrong)
    assert count() == before


@pytest.mark.usefixtures("tree")
def test_a_phone_of_somebody_else_is_refused() -> None:
    call_command("staff", "add", *STAFF)
    before = count()
    with pytest.raises(CommandError, match="another name"):
        call_command("staff", "add", STAFF[0], "--name=李四", *STAFF[2:])
    assert count() == before
