"""Reserve cadres, first secretaries and others outside the two committees: what they owe, own rules."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.actions import appoint
from accounts.models import COMMITTEE_ROLES, Cadre, Role, StaffRole
from lms.obligations.actions import NameTaken, refresh, set_requirement
from lms.obligations.models import Obligation, Requirement
from tests.factories import CadreFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, TODAY, under_the_defaults
from tests.lms.obligations.test_rebuild import REQUIREMENT

pytestmark = pytest.mark.django_db
OTHERS = [role for role in Role if role not in COMMITTEE_ROLES]


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


def holding(tree: CountyTree, role: Role, **fields: object) -> Cadre:
    person: Cadre = CadreFactory(unit=tree.village, **fields)
    staff = StaffFactory(unit=tree.township).person
    appoint(person=person, unit=tree.village, role=role, from_on=date(2026, 1, 5), by=staff, at=AT)
    return person


def owed(person: Cadre) -> dict[str, Decimal]:
    refresh([person.pk], at=AT)
    return dict(Obligation.objects.of(person.pk).values_list("slug", "required"))


@pytest.mark.parametrize("role", OTHERS)
def test_everybody_owes_the_online_hours_and_party_members_theirs(tree: CountyTree, role: Role) -> None:
    assert owed(holding(tree, role)) == {"online": 50}
    assert owed(holding(tree, role, is_party_member=True)) == {"online": 50, "party": 32}


@pytest.mark.parametrize("role", OTHERS)
def test_region_asks_something_of_one_group_from_the_form(
    client: Client, tree: CountyTree, role: Role
) -> None:
    client.force_login(StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person)
    person, other = holding(tree, role), holding(tree, Role.COMMITTEE_MEMBER)
    values = {
        "name": "专题学习",
        "roles": [role.value],
        "period": "YEAR",
        "ledgers": ["CONCENTRATED", "COLLECTIVE"],
        "measure": "HOURS",
        "amount": "16",
        "min_classes": "0",
        "lead_days": "0",
        "valid_from": TODAY.isoformat(),
    }
    url = reverse("obligations:requirement")
    with time_machine.travel(AT, tick=False):
        page = client.get(url).content.decode()
        assert f'value="{role.value}"' in page
        assert client.post(url, values).context["people"] == 1
        assert client.post(url, {**values, "people": "1"}).status_code == 302
    own = Requirement.objects.get(name="专题学习")
    assert own.slug.startswith("own-140728-")
    assert owed(person) == {"online": 50, own.slug: 16}
    assert own.slug not in owed(other)


def test_one_name_in_a_region_is_one_requirement_and_two_regions_may_use_it(tree: CountyTree) -> None:
    values = {**REQUIREMENT, "name": "流动党员学习", "amount": Decimal(8), "valid_from": TODAY, "at": AT}
    staff = StaffFactory(unit=tree.county).person
    first = set_requirement(slug="", unit=tree.county, by=staff, **values)
    assert set_requirement(slug="", unit=tree.county, by=staff, **values) == first
    with pytest.raises(NameTaken):
        set_requirement(slug="", unit=tree.county, by=staff, **{**values, "amount": Decimal(9)})
    assert set_requirement(slug="", unit=tree.city, by=staff, **values).slug != first.slug
    Requirement.objects.filter(pk=first.pk).update(valid_to=TODAY)
    again = {**values, "amount": Decimal(9), "valid_from": date(2026, 6, 2)}
    assert set_requirement(slug="", unit=tree.county, by=staff, **again).slug == first.slug
