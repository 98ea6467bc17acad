"""What learning is worth: the online table and its boundaries, and which rule holds where and when."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from lms.hours.defaults import DEFAULT_RULE
from lms.hours.kinds import Withheld
from lms.hours.models import HoursRule
from lms.hours.rules import NoRule, online_hours, platform_rule, rule_for, within_limits
from lms.hours.steps import read_steps, validate_steps
from tests.factories import RuleFactory, county_tree

RULE = HoursRule(**DEFAULT_RULE)
DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("minutes", "seconds", "hours"),
    [
        (30, 0, "1"),
        (29, 59, "0.5"),
        (15, 1, "0.5"),
        (15, 0, "0.25"),
        (4, 10, "0.25"),
        (0, 1, "0.25"),
        (240, 0, "1"),
    ],
)
def test_boundaries_of_the_default_table(minutes: int, seconds: int, hours: str) -> None:
    assert online_hours(RULE, minutes * 60 + seconds) == Decimal(hours)


@given(st.integers(1, 40_000), st.integers(0, 5_000))
def test_a_longer_lesson_is_never_worth_less(seconds: int, more: int) -> None:
    assert online_hours(RULE, seconds + more) >= online_hours(RULE, seconds)


limits = st.lists(st.tuples(st.sampled_from(Withheld), st.decimals(-5, 20, places=2)), max_size=3)


@given(st.decimals(0, 10, places=2), limits)
def test_no_limit_is_passed_none_takes_back_and_the_narrowest_is_named(
    worth: Decimal, room: list[tuple[Withheld, Decimal]]
) -> None:
    hours, why = within_limits(worth, room)
    assert hours == max(Decimal(0), min([worth, *(left for _why, left in room)]))
    assert (why == Withheld.NOTHING) or hours < worth
    if hours < worth:
        assert (why, max(Decimal(0), min(left for _why, left in room))) in [
            (name, max(Decimal(0), left)) for name, left in room
        ]


def step(over: object = 0, or_equal: object = False, hours: object = "1") -> dict[str, object]:
    return {"over": over, "or_equal": or_equal, "hours": hours}


@pytest.mark.parametrize(
    "table",
    [
        None,
        [],
        {},
        "table",
        [step()] * 21,
        [None],
        [{"over": 0, "hours": "1"}],
        [{**step(), "more": 1}],
        [step(over=-1)],
        [step(over=86_401)],
        [step(over=1.0)],
        [step(over=True)],
        [step(over="900")],
        [step(or_equal=1)],
        [step(hours=1)],
        [step(hours="")],
        [step(hours="NaN")],
        [step(hours="Infinity")],
        [step(hours="0")],
        [step(hours="-1")],
        [step(hours="10.01")],
        [step(hours="0.125")],
        [step(over=0), step(over=900)],
        [step(over=900), step(over=900)],
        [step(over=900, hours="0.5"), step(over=0, hours="1")],
    ],
)
def test_a_table_that_makes_no_sense_is_refused(table: object) -> None:
    with pytest.raises(ValidationError):
        validate_steps(table)


def test_the_shipped_table_is_read_longest_first() -> None:
    assert [entry.over for entry in read_steps(DEFAULT_RULE["online_steps"])] == [1800, 900, 0]


@pytest.mark.django_db
def test_the_nearest_region_goes_before_the_wider_ones() -> None:
    tree = county_tree()
    province = RuleFactory(unit=tree.province)
    county = RuleFactory(unit=tree.county)
    township = RuleFactory(unit=tree.other_township)
    assert rule_for(tree.village, DAY) == county
    assert rule_for(tree.far_village, DAY) == township
    assert rule_for(tree.city, DAY) == province


@pytest.mark.django_db
def test_the_version_of_the_day_holds() -> None:
    tree = county_tree()
    first = RuleFactory(unit=tree.province, valid_from=date(2026, 1, 1))
    second = RuleFactory(unit=tree.province, valid_from=date(2026, 7, 1))
    assert rule_for(tree.village, DAY) == first
    assert rule_for(tree.village, date(2026, 7, 1)) == second
    with pytest.raises(NoRule):
        rule_for(tree.village, date(2025, 12, 31))


@pytest.mark.django_db
def test_pages_for_everybody_show_the_widest_regions_rule_and_without_any_the_shipped_one() -> None:
    assert platform_rule(DAY).online_daily_cap == DEFAULT_RULE["online_daily_cap"]
    tree = county_tree()
    RuleFactory(unit=tree.county)
    province = RuleFactory(unit=tree.province)
    assert platform_rule(DAY) == province
