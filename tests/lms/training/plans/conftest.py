"""A county whose township is about to draw up its plan."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import Cadre, StaffRole
from lms.training.plans.actions import add_item, approve, make_plan, submit
from lms.training.plans.models import Plan, PlanItem
from tests.factories import StaffFactory, county_tree
from tests.factories.people import CountyTree
from tests.factories.plans import item_facts

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class World:
    """The places, and who keeps and who decides on their plans."""

    places: CountyTree
    township: Cadre
    colleague: Cadre
    other_township: Cadre
    county: Cadre
    second_county: Cadre
    city: Cadre

    def draft(self) -> Plan:
        """The township's plan, just begun."""
        return make_plan(unit=self.places.township, year=2026, focus="防汛", by=self.township, at=NOW)

    def with_item(self) -> PlanItem:
        """The same with one item."""
        return add_item(plan=self.draft(), facts=item_facts(), seen=1, reason="", by=self.township, at=NOW)

    def waiting(self) -> PlanItem:
        """The same, handed in: version 3."""
        item = self.with_item()
        submit(plan=item.plan, seen=2, by=self.township, at=NOW)
        return PlanItem.objects.select_related("plan__unit").get(pk=item.pk)

    def approved(self) -> PlanItem:
        """The same, approved by the county: version 4."""
        item = self.waiting()
        approve(plan=item.plan, seen=3, by=self.county, at=NOW)
        return PlanItem.objects.select_related("plan__unit").get(pk=item.pk)


def build() -> World:
    places = county_tree()

    def staff(unit: object, role: StaffRole, name: str) -> Cadre:
        person: Cadre = StaffFactory(unit=unit, role=role, person__name=name).person
        return person

    return World(
        places,
        staff(places.township, StaffRole.TOWNSHIP, "镇甲"),
        staff(places.township, StaffRole.TOWNSHIP, "镇乙"),
        staff(places.other_township, StaffRole.TOWNSHIP, "别镇"),
        staff(places.county, StaffRole.COUNTY, "县甲"),
        staff(places.county, StaffRole.COUNTY, "县乙"),
        staff(places.city, StaffRole.CITY, "市"),
    )


@pytest.fixture
def world(db: None) -> World:
    return build()
