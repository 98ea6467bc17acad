"""What a class is worth by its timetable, and what ticks say together."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.hours.models import HoursRule
from lms.training.classes.attendance import Session, missed_hours, present_since, worth_of, worth_of_sessions

RULE = HoursRule(day_hours=Decimal(6), absence_divisor=7)
MORNING, EVENING = Session(3 * 3600), Session(2 * 3600, is_half_day=False)
NINE = datetime(2026, 5, 11, 1, tzinfo=UTC)
ticks = st.lists(st.tuples(st.integers(0, 5).map(lambda n: NINE + timedelta(minutes=n)), st.booleans()))


@given(st.integers(1, 20), st.data())
def test_an_even_timetable_is_worth_what_a_recorded_class_is(days: int, data: st.DataObject) -> None:
    missed = data.draw(st.integers(0, 2 * days))
    by_day = worth_of(hours=Decimal(6 * days), days=Decimal(days), absent_half_days=missed, rule=RULE)
    by_line = worth_of_sessions(
        hours=Decimal(6 * days), days=Decimal(days), attended=[MORNING] * (2 * days - missed),
        missed=[MORNING] * missed, rule=RULE,
    )  # fmt: skip
    assert by_line == by_day


@pytest.mark.parametrize(("missed", "is_out"), [(0, False), (1, False), (2, True)])
def test_case_6_is_measured_in_hours(missed: int, is_out: bool) -> None:
    """Forty hours with the evenings, of which a seventh is 5.71."""
    worth = worth_of_sessions(
        hours=Decimal(40), days=Decimal(5), attended=[MORNING] * (10 - missed) + [EVENING] * 5,
        missed=[MORNING] * missed, rule=RULE,
    )  # fmt: skip
    assert (worth.times == 0) == is_out
    assert worth.hours == (0 if is_out else 40 - 3 * missed)


@pytest.mark.parametrize(
    ("half_day_hours", "hours", "missed"),
    [("3", 30, 3), ("2.5", 30, 3), ("4", 30, 4), ("3", 40, 4), ("3", 20, 3)],
)
def test_a_half_day_missed_costs_the_rate_of_half_days_or_the_class_s_own_share(
    half_day_hours: str, hours: int, missed: int
) -> None:
    rule = HoursRule(day_hours=Decimal(6), half_day_hours=Decimal(half_day_hours), absence_divisor=7)
    cost = missed_hours(hours=Decimal(hours), days=Decimal(5), absent_half_days=1, rule=rule)
    assert cost == missed


@given(st.lists(st.integers(60, 30_000), min_size=1, max_size=20), st.data())
def test_nobody_gets_more_than_the_class_and_exactly_a_seventh_is_no_exit(
    lengths: list[int], data: st.DataObject
) -> None:
    there = data.draw(st.lists(st.booleans(), min_size=len(lengths), max_size=len(lengths)))
    sessions = [Session(seconds) for seconds in lengths]
    attended = [each for each, is_there in zip(sessions, there, strict=True) if is_there]
    missed = [each for each, is_there in zip(sessions, there, strict=True) if not is_there]
    worth = worth_of_sessions(hours=Decimal(30), days=Decimal(5), attended=attended, missed=missed, rule=RULE)
    lost = sum(each.seconds for each in missed)
    is_out = not attended or 7 * lost > sum(lengths)
    assert (worth.times == 0, worth.withheld == 30) == (is_out, is_out)
    assert 0 <= worth.hours <= 30


@given(ticks, st.randoms(use_true_random=False))
def test_ticks_say_the_same_in_any_order_and_however_often(
    told: list[tuple[datetime, bool]], random: object
) -> None:
    again = told + told[: len(told) // 2]
    random.shuffle(again)
    assert present_since(again) == present_since(told)


@given(ticks)
def test_the_latest_tick_stands_and_of_two_at_once_the_present(told: list[tuple[datetime, bool]]) -> None:
    latest = max((at for at, _is in told), default=None)
    expected = any(is_present for at, is_present in told if at == latest)
    assert (present_since(told) is not None) == expected
