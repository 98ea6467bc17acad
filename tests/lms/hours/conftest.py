"""Somebody who earns hours, and a short way to grant them."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Cadre
from lms.hours.actions import Worth, grant
from lms.hours.models import EntryKind, HoursEntry, Ledger
from tests.factories import CadreFactory, RuleFactory, county_tree
from tests.factories.people import CountyTree

NINE = datetime(2026, 6, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
Granting = Callable[..., HoursEntry | None]
_numbers = count(1)


@pytest.fixture
def tree(db: None) -> CountyTree:
    places = county_tree()
    RuleFactory(unit=places.province)
    return places


@pytest.fixture
def person(tree: CountyTree) -> Cadre:
    return CadreFactory(unit=tree.village)


def give(person: Cadre, hours: str = "1", **fields: object) -> HoursEntry | None:
    """Grant a lesson of so many hours at nine o'clock."""
    values: dict[str, object] = {
        "source": f"lesson:{next(_numbers)}",
        "kind": EntryKind.LESSON,
        "title": "山药搭架",
        "ledger": Ledger.ONLINE,
        "worth": Worth(Decimal(hours)),
        "earned_at": NINE,
        "at": NINE,
    }
    return grant(person=person, **{**values, **fields})


def given(person: Cadre, hours: str = "1", **fields: object) -> HoursEntry:
    """The same, when it is certain to be granted."""
    entry = give(person, hours, **fields)
    assert entry is not None
    return entry
