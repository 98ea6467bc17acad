"""The wall clock: no second is spent twice, and none that was really there is lost."""

from hypothesis import assume, given
from hypothesis import strategies as st

from lms.hours.budget import LEEWAY_MS, MOST_GAPS, Clock, Payment, pay

START = 1_700_000_000_000
MINUTE = 60_000
# Launches and reports within an hour: (opened, moment of the report, seconds asked for).
asked = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 2000)).filter(lambda a: a[0] <= a[1])


def paid(clock: Clock, opened: int, now: int, wanted: int, speed: int = 100) -> Payment:
    return pay(
        clock,
        opened=START + opened * MINUTE,
        now=START + now * MINUTE,
        wanted=wanted,
        speed=speed,
        horizon=0,
    )


def unspent(clock: Clock, start: int, end: int) -> int:
    stretches = [*clock.gaps, (clock.spent_until, max(end, clock.spent_until))]
    return sum(max(0, min(last, end) - max(first, start)) for first, last in stretches)


def test_elapsed_time_and_the_leeway_of_opening_pay() -> None:
    assert paid(Clock(), 0, 10, 5000).seconds == 600 + LEEWAY_MS // 1000


def test_speed_pays_for_more_seconds_of_film() -> None:
    assert paid(Clock(), 0, 10, 5000, speed=150).seconds == (600 + 2) * 3 // 2


def test_time_is_spent_once_however_often_it_is_asked_for() -> None:
    first = paid(Clock(), 0, 10, 600)
    assert paid(first.clock, 0, 10, 600).seconds == 2
    assert paid(first.clock, 5, 10, 600).seconds == 2


def test_time_before_a_later_launch_stays_for_an_earlier_one() -> None:
    late = paid(Clock(), 30, 35, 300)
    early = paid(late.clock, 0, 35, 1800)
    assert early.seconds == 1800
    assert early.last_ms <= START + 30 * MINUTE


@given(st.lists(asked, max_size=30))
def test_no_moment_pays_twice_and_none_is_lost(reports: list[tuple[int, int, int]]) -> None:
    """After any reports, what is unspent and what was paid make up exactly the time there was."""
    clock = Clock()
    begin, end = START - LEEWAY_MS, START + 60 * MINUTE
    spent = 0
    for opened, now, wanted in reports:
        payment = paid(clock, opened, now, wanted)
        spent += payment.seconds * 1000
        clock = payment.clock
        assert unspent(clock, begin, end) == end - begin - spent
    assert all(first < last for first, last in clock.gaps)
    assert all(last <= clock.spent_until for _first, last in clock.gaps)


@given(st.lists(asked, min_size=1, max_size=12), st.randoms())
def test_reports_kept_until_paid_are_paid_alike_in_any_order(
    reports: list[tuple[int, int, int]], random: object
) -> None:
    """When all that was asked for fits into the time there was, the order of arrival does not matter."""
    reports = [(opened, 60, min(wanted, 60)) for opened, _now, wanted in reports if opened < 48]
    assume(reports)
    for _ in range(2):
        random.shuffle(reports)  # type: ignore[attr-defined]
        clock = Clock()
        for opened, now, wanted in reports:
            payment = paid(clock, opened, now, wanted)
            assert payment.seconds == wanted
            clock = payment.clock


@given(st.lists(st.integers(0, 5000), min_size=60, max_size=90, unique=True))
def test_the_clock_forgets_only_its_shortest_gaps(minutes: list[int]) -> None:
    clock = Clock()
    for minute in sorted(minutes):
        clock = paid(clock, minute * 2 + 1, minute * 2 + 2, 1).clock
    assert len(clock.gaps) <= MOST_GAPS


def test_gaps_from_before_the_oldest_token_are_forgotten() -> None:
    clock = Clock(START, ((0, START - 5000), (START - 4000, START - 3000)))
    payment = pay(clock, opened=START, now=START + 2000, wanted=1, speed=100, horizon=START - 4500)
    assert payment.clock.gaps == ((START - 4000, START - 3000),)
