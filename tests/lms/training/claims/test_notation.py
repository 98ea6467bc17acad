"""How cells write days, amounts and ledgers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.hours.models import Ledger
from lms.training.claims.sheets.notation import amount_of, day_of, ledger_of, span_of

SECOND, FOURTH = date(2026, 3, 2), date(2026, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02至2026-03-04",
        "2026-03-02 - 2026-03-04",
        "2026/3/2~2026/3/4",
        "2026.3.2-3.4",
        "2026.3.2—3.4",
        "2026年3月2日至3月4日",
        "2026年3月2日至4日",
        "2026年3月2日-4日",
        "２０２６－３－２到２０２６－３－４",
        "20260302-20260304",
        "20260302--20260304",
        " 2026-03-02 00:00:00 至 2026-03-04 00:00:00 ",
    ],
)
def test_every_way_of_writing_first_and_last_day(text: str) -> None:
    assert span_of(text) == (SECOND, FOURTH)


@pytest.mark.parametrize(
    "text", ["2026-03-02", "2026年3月2日", "20260302", "2026.3.2", "2026-03-02 00:00:00"]
)
def test_one_day_is_first_and_last(text: str) -> None:
    assert span_of(text) == (SECOND, SECOND)
    assert day_of(text) == SECOND


@pytest.mark.parametrize(
    "text",
    ["", "3月2日", "2026-13-02", "2026-02-30", "2026-03", "去年", "2026-03-02至", "46083", "2026-03-02-2026"],
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert span_of(text) is None


def test_two_days_are_not_one() -> None:
    assert day_of("2026.3.2-3.4") is None


@given(first=st.dates(date(2001, 1, 1), date(2090, 1, 1)), length=st.integers(0, 400))
def test_what_our_sheets_write_is_read_back(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert span_of(f"{first}至{last}") == (first, last)
    assert day_of(str(first)) == first


@given(st.text(max_size=30))
def test_any_text_is_read_or_not(text: str) -> None:
    span_of(text)
    amount_of(text)
    ledger_of(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("6", "6"), ("6.0", "6"), ("1.5学时", "1.5"), ("３天", "3"), ("6 小时", "6"), ("18课时", "18")],
)
def test_amounts(text: str, amount: str) -> None:
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "六", "-6", "6-8", "1e3", "NaN", "99999", "6,5", "="])
def test_no_amounts(text: str) -> None:
    assert amount_of(text) is None


@pytest.mark.parametrize(
    ("text", "ledger"),
    [
        ("集中培训", Ledger.CONCENTRATED),
        ("集 中", Ledger.CONCENTRATED),
        ("网络自学", Ledger.ONLINE),
        ("集体学习", Ledger.COLLECTIVE),
        ("Online self-study", Ledger.ONLINE),
        ("自学", None),
    ],
)
def test_ledgers(text: str, ledger: Ledger | None) -> None:
    assert ledger_of(text) == ledger
