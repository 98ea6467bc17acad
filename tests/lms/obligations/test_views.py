"""The desk's pages: who may, whose, and what a bad answer leaves behind."""

import re
from datetime import date

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cadre, Level, StaffRole
from lms.obligations.actions import exempt, refresh, set_requirement
from lms.obligations.facts import number_asked
from lms.obligations.models import Exemption, Obligation, Requirement
from lms.obligations.rollups import short_by_unit_and_slug, tally_by_slug
from tests.factories import PostFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, TODAY, earn, secretary, under_the_defaults
from tests.lms.obligations.test_rebuild import REQUIREMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]


@pytest.fixture
def _today() -> object:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


def signed_in(client: Client, unit: object, role: str) -> Cadre:
    staff = StaffFactory(unit=unit, role=role).person
    client.force_login(staff)
    return staff


@pytest.mark.parametrize("name", ["obligations:rules", "obligations:requirement"])
def test_pages_are_closed_to_strangers_and_to_people_without_a_scope(
    client: Client, tree: CountyTree, name: str
) -> None:
    assert client.get(reverse(name)).status_code == 302
    client.force_login(secretary(tree))
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    ("role", "expected"),
    [("TOWNSHIP", 403), ("AUDITOR", 403), ("COUNTY", 200), ("PROVINCE", 200)],
)
def test_only_county_and_above_set_rules(client: Client, tree: CountyTree, role: str, expected: int) -> None:
    signed_in(client, tree.county, role)
    assert client.get(reverse("obligations:requirement")).status_code == expected
    assert client.get(reverse("obligations:rules")).status_code == 200


def test_rules_page_asks_few_queries_whatever_there_is(
    client: Client, tree: CountyTree, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in(client, tree.township, StaffRole.TOWNSHIP)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("obligations:rules")).content.decode()
    assert "网络自学" in page
    assert "书记、主任任期轮训" in page


def posted(basis: Requirement, **changes: object) -> dict[str, object]:
    values = {
        "name": basis.name,
        "roles": basis.roles,
        "period": basis.period,
        "ledgers": basis.ledgers,
        "measure": basis.measure,
        "amount": basis.amount,
        "min_classes": basis.min_classes,
        "lead_days": 0,
        "has_certificate": "on",
        "document": "县组发〔2026〕8号",
        "valid_from": TODAY.isoformat(),
    }
    return {**values, **changes}


def agreed(client: Client, url: str, values: dict[str, object]) -> HttpResponse:
    """Sent, looked at, and sent again with the number that the page has named."""
    seen = client.post(url, values)
    assert seen.status_code == 200
    return client.post(url, {**values, "people": seen.context["people"]})


def test_county_raises_and_cannot_lower(client: Client, tree: CountyTree) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    online = Requirement.objects.get(slug="online")
    url = f"{reverse('obligations:requirement')}?basis={online.pk}"
    refused = client.post(url, posted(online, amount=40))
    assert refused.status_code == 422
    assert "50" in refused.context["form"].errors["amount"][0]
    assert Requirement.objects.filter(slug="online").count() == 1
    elected = Requirement.objects.get(slug="newly-elected")
    longer = client.post(
        f"{reverse('obligations:requirement')}?basis={elected.pk}", posted(elected, months=24)
    )
    assert "3" in longer.context["form"].errors["months"][0]
    assert agreed(client, url, posted(online, amount=60)).status_code == 302
    assert Requirement.objects.get(slug="online", unit=tree.county).amount == 60


def test_whoever_sets_a_requirement_is_told_how_many_people_it_speaks_to(
    client: Client, tree: CountyTree
) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    leader = secretary(tree, is_party_member=True)
    PostFactory(person=leader, unit=tree.village, role="DIRECTOR", from_on=date(2023, 1, 1))
    secretary(tree)
    PostFactory(person__unit=tree.village, unit=tree.village, role="RESERVE", from_on=date(2023, 1, 1))
    online, elected = (Requirement.objects.get(slug=slug) for slug in ("online", "newly-elected"))
    for basis, changes, expected in (
        (online, {}, 3),
        (online, {"roles": ["SECRETARY", "DIRECTOR"]}, 2),
        (online, {"is_for_party_members": "on"}, 1),
        (elected, {"is_for_newly_elected": "on", "months": 3, "can_be_made_up": "on"}, 0),
    ):
        answer = client.post(reverse("obligations:requirement"), posted(basis, name="新", **changes))
        assert (answer.status_code, answer.context["people"]) == (200, expected)
        assert re.search(rf"\b{expected}\b", answer.content.decode())
    assert Requirement.objects.count() == 6


def test_requirement_is_set_by_who_was_told_how_many_people_it_speaks_to_now(
    client: Client, tree: CountyTree
) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    secretary(tree)
    url, values = (
        reverse("obligations:requirement"),
        posted(Requirement.objects.get(slug="online"), name="新"),
    )
    for people in ({}, {"people": "2"}, {"people": "x"}):
        assert client.post(url, {**values, **people}).context["people"] == 1
    secretary(tree)
    assert client.post(url, {**values, "people": "1"}).context["people"] == 2
    assert Requirement.objects.count() == 6
    for _ in range(2):
        assert client.post(url, {**values, "people": "2"}).status_code == 302
    assert Requirement.objects.count() == 7


def test_a_later_version_counts_the_posts_of_its_first_day(client: Client, tree: CountyTree) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    PostFactory(person__unit=tree.village, unit=tree.village, to_on=date(2026, 6, 30))
    PostFactory(person__unit=tree.village, unit=tree.village, from_on=date(2026, 7, 1), role="DIRECTOR")
    PostFactory(person__unit=tree.village, unit=tree.village, from_on=date(2026, 7, 1), role="RESERVE")
    values = posted(Requirement.objects.get(slug="online"), name="新")
    for first, expected in ((TODAY, 1), (date(2026, 7, 1), 2)):
        seen = client.post(reverse("obligations:requirement"), {**values, "valid_from": first.isoformat()})
        assert seen.context["people"] == expected


def test_own_requirement_of_a_name_that_is_taken_is_changed_by_a_version(
    client: Client, tree: CountyTree
) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    url, online = reverse("obligations:requirement"), Requirement.objects.get(slug="online")
    assert agreed(client, url, posted(online, name="实用技术", amount=8)).status_code == 302
    refused = client.post(url, posted(online, name=" 实用技术 ", amount=9))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["name"])
    own = Requirement.objects.get(name="实用技术")
    later = posted(own, amount=9, valid_from="2026-07-01")
    assert agreed(client, f"{url}?basis={own.pk}", later).status_code == 302
    assert Requirement.objects.filter(slug=own.slug).count() == 2


def test_only_who_was_elected_lately_is_counted_for_what_is_asked_once(tree: CountyTree) -> None:
    elected = Requirement.objects.get(slug="newly-elected")
    Requirement.objects.filter(pk=elected.pk).update(valid_from=TODAY)
    elected.refresh_from_db()
    for from_on in (date(2023, 1, 1), TODAY):
        PostFactory(person__unit=tree.village, unit=tree.village, from_on=from_on, is_newly_elected=True)
    assert number_asked(elected, TODAY) == 1


def test_raise_cannot_change_what_is_counted(client: Client, tree: CountyTree) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    online = Requirement.objects.get(slug="online")
    url = f"{reverse('obligations:requirement')}?basis={online.pk}"
    agreed(client, url, posted(online, amount=60, measure="DAYS", ledgers=["COLLECTIVE"]))
    raised = Requirement.objects.get(slug="online", unit=tree.county)
    assert (raised.measure, raised.ledgers) == ("HOURS", ["ONLINE"])


def test_county_adds_a_requirement_and_ends_it(client: Client, tree: CountyTree) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    online = Requirement.objects.get(slug="online")
    values = posted(online, name="实用技术", amount=8)
    assert agreed(client, reverse("obligations:requirement"), values).status_code == 302
    added = Requirement.objects.get(name="实用技术")
    assert added.unit == tree.county
    url = reverse("obligations:end_requirement", args=[added.pk])
    for to_on in ("", "不久", "2026-05-31"):
        refused = client.post(url, {"to_on": to_on})
        assert refused.status_code == 422
        assert 'data-is="stop"' in refused.content.decode()
    assert client.post(url, {"to_on": TODAY.isoformat()}).status_code == 302
    added.refresh_from_db()
    assert added.valid_to == TODAY
    assert client.post(url, {"to_on": "2026-07-01"}).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "a"},
        {"amount": "1e9"},
        {"ledgers": ["MOON"]},
        {"ledgers": []},
        {"roles": ["KING"]},
        {"period": "WEEK"},
        {"period": "ONCE"},
        {"period": "ONCE", "months": "100000"},
        {"lead_days": "1000000"},
        {"valid_from": "2026-13-01"},
        {"valid_from": "2020-01-01"},
        {"name": ""},
        {"min_classes": "-1"},
        {"is_pro_rata": "on", "period": "TERM"},
        {"is_pro_rata": "on", "period": "ONCE", "months": "3"},
    ],
)
def test_bad_requirement_is_refused_and_nothing_is_written(
    client: Client, tree: CountyTree, changes: dict[str, object]
) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    online = Requirement.objects.get(slug="online")
    before = Requirement.objects.count()
    answer = client.post(reverse("obligations:requirement"), posted(online, **changes))
    assert answer.status_code == 422
    assert Requirement.objects.count() == before


@pytest.mark.parametrize("basis", ["0", "x", "-1", "9" * 40, "999999"])
def test_unknown_basis_is_not_found(client: Client, tree: CountyTree, basis: str) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    assert client.get(reverse("obligations:requirement"), {"basis": basis}).status_code == 404


def test_another_regions_requirement_cannot_be_ended(client: Client, tree: CountyTree) -> None:
    signed_in(client, tree.county, StaffRole.COUNTY)
    online = Requirement.objects.get(slug="online")
    url = reverse("obligations:end_requirement", args=[online.pk])
    assert client.post(url, {"to_on": TODAY.isoformat()}).status_code == 404


def test_township_exempts_its_own_people_only(client: Client, tree: CountyTree) -> None:
    person = secretary(tree)
    url = reverse("obligations:exempt", args=[person.pk])
    form = {"reason": "年事已高", "from_on": TODAY.isoformat(), "to_on": ""}
    assert client.get(url).status_code == 302
    client.force_login(person)
    assert client.post(url, form).status_code == 403
    signed_in(client, tree.other_township, StaffRole.TOWNSHIP)
    assert client.post(url, form).status_code == 404
    signed_in(client, tree.township, StaffRole.AUDITOR)
    assert client.post(url, form).status_code == 403
    assert not Exemption.objects.exists()
    signed_in(client, tree.township, StaffRole.TOWNSHIP)
    assert client.get(url).status_code == 200
    assert client.post(url, form).status_code == 302
    assert Exemption.objects.get().person == person


def test_bad_exemption_is_refused(client: Client, tree: CountyTree) -> None:
    person = secretary(tree)
    signed_in(client, tree.township, StaffRole.TOWNSHIP)
    url = reverse("obligations:exempt", args=[person.pk])
    for form in (
        {},
        {"reason": "", "from_on": "2026-06-01"},
        {"reason": "病", "from_on": "昨天"},
        {"reason": "病", "from_on": "2026-06-02", "to_on": "2026-06-01"},
        {"reason": "x" * 201, "from_on": "2026-06-01"},
    ):
        assert client.post(url, form).status_code == 422
    assert not Exemption.objects.exists()


def test_exemption_is_ended_by_the_township_and_not_by_another(client: Client, tree: CountyTree) -> None:
    staff = signed_in(client, tree.township, StaffRole.TOWNSHIP)
    item = exempt(person=secretary(tree), reason="病", from_on=date(2026, 5, 1), to_on=None, by=staff, at=AT)
    url = reverse("obligations:end_exemption", args=[item.pk])
    for to_on in ("不久", "2026-04-30"):
        refused = client.post(url, {"to_on": to_on})
        assert refused.status_code == 422
        assert 'data-is="stop"' in refused.content.decode()
        assert f'action="{reverse("obligations:exempt", args=[item.person_id])}"' in refused.content.decode()
    client.post(url, {"to_on": TODAY.isoformat()})
    item.refresh_from_db()
    assert item.to_on == TODAY
    signed_in(client, tree.other_township, StaffRole.TOWNSHIP)
    assert client.post(url, {"to_on": TODAY.isoformat()}).status_code == 404


def test_rollups_count_met_short_and_exempt_in_one_query_each(
    tree: CountyTree, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    staff = StaffFactory(unit=tree.township).person
    met, exempted, other = secretary(tree), secretary(tree), secretary(tree)
    Cadre.objects.filter(pk=other.pk).update(unit=tree.far_village)
    earn(met, 50)
    exempt(person=exempted, reason="病", from_on=TODAY, to_on=None, by=staff, at=AT)
    refresh([met.pk, exempted.pk, other.pk], at=AT)
    with django_assert_num_queries(1):
        by_slug = {line.slug: line for line in tally_by_slug(Obligation.objects.all(), TODAY)}
    online = by_slug["online"]
    assert (online.name, online.met, online.short, online.exempt) == ("网络自学", 1, 1, 1)
    assert (online.due, online.percent, by_slug["rotation"].short) == (2, 50, 2)
    with django_assert_num_queries(1):
        cells = short_by_unit_and_slug(Obligation.objects.all(), Level.TOWNSHIP)
    assert cells[(tree.other_township.code, "online")] == 1
    assert cells[(tree.township.code, "online")] == 0
    assert cells[(tree.township.code, "rotation")] == 1


def test_newest_version_of_a_requirement_gives_its_name(tree: CountyTree) -> None:
    person, staff = secretary(tree), StaffFactory(unit=tree.county).person
    refresh([person.pk], at=AT)
    old = Requirement.objects.get(slug="online")
    values = {name: getattr(old, name) for name in (*REQUIREMENT, "amount")}
    set_requirement(
        slug="online", unit=tree.county, valid_from=TODAY, by=staff, at=AT, **{**values, "name": "A"}
    )
    refresh([secretary(tree).pk], at=AT)
    (line,) = tally_by_slug(Obligation.objects.filter(slug="online"), TODAY)
    assert (line.name, line.short) == ("A", 2)
