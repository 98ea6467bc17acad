"""What an item can say, against a slow reading of the same rules; what it says, in history and in words."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lms.hours.models import Ledger
from lms.training.plans.history import in_words
from lms.training.plans.items import Fault, differences, faults_of
from lms.training.plans.models import ItemKind
from tests.factories.plans import item_facts

day = st.dates(date(2025, 12, 20), date(2027, 1, 10))
halves = st.integers(-2, 40).map(lambda n: Decimal(n) / 2)


@given(
    day,
    st.integers(-2, 12),
    halves,
    st.decimals(-1, 200, places=2),
    st.sampled_from(list(ItemKind)),
    st.sampled_from(list(Ledger)),
)
def test_item_is_whole_exactly_when_every_rule_holds(
    first: date, length: int, days: Decimal, hours: Decimal, kind: ItemKind, ledger: Ledger
) -> None:
    last = first + timedelta(days=length)
    facts = item_facts(starts_on=first, ends_on=last, days=days, hours=hours, kind=kind, ledger=ledger)
    dates = [first + timedelta(days=n) for n in range(max(0, length + 1))]
    is_class = kind in ("ORDINARY", "ROTATION")
    fitting = {"ROTATION": ["CONCENTRATED"], "VIEWING": ["COLLECTIVE"], "ONLINE": ["ONLINE"]}
    room = days if is_class and days > 0 else len(dates)
    can_be = (
        dates
        and all(one.year == 2026 for one in dates)
        and (0 <= days <= len(dates) if is_class else days == 0)
        and 0 < hours <= 12 * room
        and ledger in fitting.get(kind, list(Ledger))
    )
    assert (not faults_of(facts, 2026)) == bool(can_be)


def test_every_fault_can_be_made() -> None:
    viewing = {"kind": ItemKind.VIEWING, "ledger": Ledger.COLLECTIVE}
    made = {
        Fault.ENDS_FIRST: {"ends_on": date(2026, 8, 31)},
        Fault.OUTSIDE_YEAR: {"starts_on": date(2025, 12, 31)},
        Fault.NEGATIVE_DAYS: {"days": Decimal(-1)},
        Fault.NO_HOURS: {"hours": Decimal(0)},
        Fault.MORE_DAYS: {"days": Decimal("3.5")},
        Fault.MORE_HOURS: {"hours": Decimal("36.01")},
        Fault.DAYS_OF_NO_CLASS: {**viewing, "days": Decimal("0.5")},
        Fault.OTHER_LEDGER: {"kind": ItemKind.ONLINE, "days": Decimal(0)},
    }
    for fault in Fault:
        assert fault in faults_of(item_facts(**made[fault]), 2026)
    assert faults_of(item_facts(), 2026) == []


def test_what_is_told_is_json_and_differs_only_where_it_differs() -> None:
    told = item_facts().told()
    assert json.loads(json.dumps(told)) == told
    other = item_facts(days=Decimal("3.0"), hours=Decimal(18), place="别处").told()
    assert differences(told, other) == {"place"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("roles", [], "Everybody with a post"),
        ("roles", ["SECRETARY", "DIRECTOR"], "Village party secretary, Village committee director"),
        ("is_for_party_members", True, "Yes"),
        ("days", "3.0", "3"),
        ("hours", "4.50", "4.5"),
        ("kind", "VIEWING", "Collective viewing"),
        ("ledger", "ONLINE", "Online self-study"),
        ("lessons", ["甲", "乙"], "甲; 乙"),
        ("lessons", [], "—"),
        ("expected", None, "—"),
        ("expected", 30, "30"),
        ("starts_on", "2026-09-01", "Sept. 1, 2026"),
    ],
)
def test_history_is_read_in_words(name: str, value: object, words: str) -> None:
    with override("en"):
        assert in_words(name, value) == words
