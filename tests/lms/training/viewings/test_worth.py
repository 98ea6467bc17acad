"""What a viewing is worth: the programme's hours in proportion to what was really played."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.hours.defaults import DEFAULT_RULE
from lms.hours.models import HoursRule
from lms.training.viewings.models import Viewing
from lms.training.viewings.worth import affordable, played_seconds, present_since, viewing_hours
from tests.lms.training.viewings.evenings import AT, MINUTE

RULE = HoursRule(**DEFAULT_RULE)


@pytest.mark.parametrize(
    ("seconds", "played", "hours"),
    [
        (5400, 5400, "1"),
        (1800, 1800, "1"),
        (1799, 1799, "0.5"),
        (901, 901, "0.5"),
        (900, 900, "0.25"),
        (1800, 1710, "1"),  # 95 %
        (1800, 1709, "0.94"),
        (1800, 900, "0.5"),
        (1800, 17, "0"),
        (1800, 0, "0"),
    ],
)
def test_hours_are_in_proportion_to_what_was_played(seconds: int, played: int, hours: str) -> None:
    assert viewing_hours(RULE, seconds=seconds, played=played) == Decimal(hours)


@given(st.integers(1, 40_000), st.data())
def test_more_is_never_worth_less_and_never_more_than_the_programme(
    seconds: int, data: st.DataObject
) -> None:
    less, more = sorted(data.draw(st.lists(st.integers(0, seconds), min_size=2, max_size=2)))
    whole = viewing_hours(RULE, seconds=seconds, played=seconds)
    assert viewing_hours(RULE, seconds=seconds, played=less) <= viewing_hours(
        RULE, seconds=seconds, played=more
    )
    assert 0 <= viewing_hours(RULE, seconds=seconds, played=more) <= whole
    assert viewing_hours(RULE, seconds=seconds, played=less).as_tuple().exponent >= -2


@pytest.mark.parametrize(("minutes", "seconds"), [(30, 1800), (90, 5400), (120, 5400)])
def test_a_broadcast_is_as_long_as_the_server_saw_and_no_longer_than_planned(
    minutes: int, seconds: int
) -> None:
    viewing = Viewing(seconds=5400, started_at=AT, ended_at=AT + minutes * MINUTE)
    assert played_seconds(viewing) == seconds


@pytest.mark.parametrize(
    ("minutes", "speed", "most"), [(0, 100, 2), (10, 100, 602), (10, 150, 903), (600, 100, 5400 + 7200 + 2)]
)
def test_the_clock_pays_for_one_screen_since_the_start(minutes: int, speed: int, most: int) -> None:
    viewing = Viewing(seconds=5400, state="RUNNING", started_at=AT, planned_at=AT, speed=speed)
    assert affordable(viewing, AT + minutes * MINUTE) == most


@dataclass(frozen=True)
class Told:
    is_present: bool
    marked_at: datetime


@given(st.lists(st.booleans(), max_size=8))
def test_somebody_stands_on_the_roll_since_the_first_tick_after_the_last_that_took_it_back(
    ticks: list[bool],
) -> None:
    told = [Told(is_present, AT + timedelta(seconds=n)) for n, is_present in enumerate(ticks)]
    after = ticks[len(ticks) - ticks[::-1].index(False) :] if False in ticks else ticks
    expected = AT + timedelta(seconds=len(ticks) - len(after)) if after else None
    assert present_since(told) == expected
