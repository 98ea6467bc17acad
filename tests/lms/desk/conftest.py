"""A small county whose people owe something."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from accounts.models import Cadre, Role, StaffRole
from lms.hours.actions import Worth, grant
from lms.hours.models import EntryKind, Ledger
from lms.obligations.actions import exempt, install_default_requirements, refresh
from tests.factories import (
    CadreFactory,
    PostFactory,
    RuleFactory,
    StaffFactory,
    TermFactory,
    county_tree,
)
from tests.factories.people import CountyTree

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class World:
    """Three cadres of two townships, and the staff who may or may not see them."""

    places: CountyTree
    secretary: Cadre
    member: Cadre
    exempted: Cadre
    far: Cadre
    township: Cadre
    other_township: Cadre
    county: Cadre


def study_online(person: Cadre, hours: str, source: str = "lesson:1") -> None:
    """Hours on the online ledger, granted as a class so that the daily cap does not bind."""
    grant(
        person=person,
        source=source,
        kind=EntryKind.CLASS,
        title="网上专题班",
        ledger=Ledger.ONLINE,
        worth=Worth(Decimal(hours)),
        earned_at=NOW - timedelta(days=40),
        at=NOW,
    )


@pytest.fixture
def world(db: None) -> World:
    places = county_tree()
    RuleFactory(unit=places.province)
    TermFactory(county=places.county)
    install_default_requirements(unit=places.province, valid_from=date(2026, 1, 1))
    people = {
        "secretary": CadreFactory(name="李秀兰", unit=places.village, phone="13900000001"),
        "member": CadreFactory(name="张有财", unit=places.other_village, phone=None),
        "exempted": CadreFactory(name="王老五", unit=places.village),
        "far": CadreFactory(name="赵远", unit=places.far_village),
    }
    roles = {"secretary": Role.SECRETARY, "far": Role.DIRECTOR}
    for key, person in people.items():
        PostFactory(person=person, role=roles.get(key, Role.GRID_WORKER))
    staff = {
        "township": StaffFactory(unit=places.township).person,
        "other_township": StaffFactory(unit=places.other_township).person,
        "county": StaffFactory(unit=places.county, role=StaffRole.COUNTY).person,
    }
    study_online(people["member"], "50")
    exempt(
        person=people["exempted"],
        reason="年老",
        from_on=date(2026, 1, 1),
        to_on=None,
        by=staff["township"],
        at=NOW,
    )
    refresh([person.pk for person in people.values()], at=NOW)
    return World(places=places, **people, **staff)
