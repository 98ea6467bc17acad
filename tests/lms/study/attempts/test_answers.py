"""Answers of several phones: whatever is lost, repeated, delayed or turned round, the last one stays."""

from dataclasses import dataclass
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from lms.study.attempts.answers import MOST_DEVICES, Answer, merged


@dataclass(frozen=True)
class Said:
    """An answer as it arrives: `late` is what the way added to its moment."""

    device: str
    number: int
    given: int
    late: int

    @property
    def value(self) -> int:
        """Another value for each answer."""
        return hash((self.device, self.number)) % 1000


@st.composite
def phones(draw: st.DrawFn) -> list[Said]:
    """One to three phones that answer one after the other, and each answer arriving once or more."""
    said, moment = [], 0
    numbers = dict.fromkeys("abc", 0)
    for device in draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=6)):
        moment += draw(st.integers(1, 50))
        numbers[device] += draw(st.integers(1, 3))
        lates = draw(st.lists(st.integers(0, 100), min_size=1, max_size=2))
        said += [Said(device, numbers[device], moment, late) for late in lates]
    return said


def kept(arrivals: list[Said]) -> Answer | None:
    answer: Answer | None = None
    for each in arrivals:
        at = each.given + each.late
        answer = merged(answer, device=each.device, number=each.number, at=at, value=each.value)
    return answer


@given(phones(), st.randoms(use_true_random=False))
def test_any_order_and_repetition_keeps_the_same(said: list[Said], random) -> None:
    other = said + random.sample(said, random.randint(0, len(said)))
    random.shuffle(other)
    assert kept(other) == kept(said)


@given(phones())
def test_of_one_phone_the_last_stays_however_long_an_older_one_was_on_its_way(said: list[Said]) -> None:
    mine = [each for each in said if each.device == said[0].device]
    last = max(mine, key=lambda each: each.number)
    assert kept(mine)["value"] == last.value


@given(phones())
def test_of_several_phones_the_last_stays_where_the_way_took_no_time(said: list[Said]) -> None:
    at_once = [Said(each.device, each.number, each.given, 0) for each in said]
    assert kept(at_once)["value"] == max(said, key=lambda each: each.given).value


def test_a_stale_request_does_not_bring_an_old_answer_back() -> None:
    first, second = Said("a", 1, given=0, late=5000), Said("a", 2, given=1000, late=20)
    assert {kept(list(order))["value"] for order in permutations([first, second])} == {second.value}


def test_a_forger_with_many_names_fills_no_row() -> None:
    answer = kept([Said(f"phone{number}", 1, number, 0) for number in range(1000)])
    assert len(answer["said"]) == MOST_DEVICES
