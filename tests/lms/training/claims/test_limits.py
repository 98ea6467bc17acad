"""What a claim may ask for: a property against the plain words of the rule."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.training.claims.limits import LONGEST_DAYS, MOST_WORDS, problems_of
from tests.lms.training.claims.made import facts

TODAY = date(2026, 6, 1)


def codes(**changes: object) -> dict[str, str]:
    return {problem.field: problem.code for problem in problems_of(facts(**changes), TODAY)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"title": ""}, {"title": "empty"}),
        ({"organiser": "长" * (MOST_WORDS + 1)}, {"organiser": "long"}),
        ({"ends_on": date(2026, 3, 1)}, {"ends_on": "order"}),
        ({"ends_on": TODAY}, {}),
        ({"ends_on": TODAY + timedelta(days=1)}, {"ends_on": "future"}),
        ({"starts_on": date(2025, 3, 3)}, {"ends_on": "span"}),
        ({"starts_on": date(1999, 3, 3), "ends_on": date(1999, 3, 5)}, {"starts_on": "old"}),
        ({"days": Decimal("3.5")}, {"days": "days"}),
        ({"days": Decimal("-1")}, {"days": "negative"}),
        ({"days": Decimal("0.3")}, {"days": "half"}),
        ({"hours": Decimal(0)}, {"hours": "nothing"}),
        ({"hours": Decimal("1.001")}, {"hours": "cents"}),
        ({"hours": Decimal(36)}, {}),
        ({"hours": Decimal("36.01")}, {"hours": "hours"}),
        ({"hours": Decimal(36), "days": Decimal(0)}, {}),
        ({"hours": Decimal("12.5"), "days": Decimal(1)}, {"hours": "hours"}),
        ({"hours": Decimal(6), "days": Decimal("0.5")}, {}),
        ({"hours": Decimal("6.5"), "days": Decimal("0.5")}, {"hours": "hours"}),
    ],
)
def test_each_limit_is_named(changes: dict[str, object], expected: dict[str, str]) -> None:
    assert codes(**changes) == expected


def test_every_problem_has_words() -> None:
    for problem in problems_of(facts(title="", hours=Decimal(99), days=Decimal(3)), TODAY):
        assert "%" not in str(problem)


@given(
    first=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    length=st.integers(-3, LONGEST_DAYS + 3),
    halves=st.integers(0, 20),
    cents=st.integers(0, 30_000),
)
def test_what_passes_fits_into_days_that_are_over(first: date, length: int, halves: int, cents: int) -> None:
    last = first + timedelta(days=length - 1)
    days, hours = Decimal(halves) / 2, Decimal(cents) / 100
    fits = (
        1 <= length <= LONGEST_DAYS
        and last <= TODAY
        and days <= length
        and 0 < hours <= 12 * (days or length)
    )
    assert (codes(starts_on=first, ends_on=last, days=days, hours=hours) == {}) == fits
