"""What follows from commits, as functions of nothing but themselves."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.scorm.manifest import Sco
from lms.phones.uploads import Refused
from lms.study.interactive.objects import (
    MOST_LOCATION,
    MOST_SUSPENDED,
    Standing,
    by_item,
    joined,
    read_commit,
    standing_of,
    whole_of,
)
from lms.study.interactive.restoring import given_back
from lms.study.interactive.statements import Score
from lms.study.interactive.timespans import MOST_SECONDS, as_clock, as_period, seconds_of

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
SESSION = "8f0f6f1c-0000-4000-8000-00000000000a"


def sco(**fields: Any) -> Sco:
    values = {"href": "a.html", "title": "一", "is_sco": True, "mastery": None, "threshold": None}
    told = {"launch_data": "", "time_limit": "", "time_limit_action": "", "tells_completion": False}
    return Sco(**{**values, **told, **fields})  # type: ignore[typeddict-item]  # by name


def commit(**fields: Any) -> dict[str, Any]:
    return {"sco": "one", "session": SESSION, "sequence": 1, "cmi": {"cmi.location": "3"}, **fields}


moments = st.integers(0, 1000).map(lambda minutes: AT + timedelta(minutes=minutes))
points = st.none() | st.integers(0, 100).map(Decimal)
scores = st.none() | st.builds(Score, points, points, points, points)


def standing(
    completed_at: datetime | None, is_success: bool | None, score: Score | None, at: datetime
) -> Standing:
    """What has a score has a moment of it."""
    return Standing(completed_at, is_success, score, at if score else None)


truths = st.sampled_from([None, True, False])
standings = st.builds(standing, st.none() | moments, truths, scores, moments)


def all_joined(told: Iterable[Standing]) -> Standing:
    """How an object stands after all of them."""
    return by_item(("a", one) for one in told).get("a", Standing())


@given(standings, standings, standings)
def test_standings_join_in_any_order(one: Standing, two: Standing, three: Standing) -> None:
    assert joined(one, two) == joined(two, one)
    assert joined(joined(one, two), three) == joined(one, joined(two, three))
    assert joined(one, one) == joined(one, Standing()) == one


@given(st.lists(standings, min_size=1, max_size=6))
def test_the_best_score_has_the_moment_at_which_it_was_there_first(told: list[Standing]) -> None:
    whole = all_joined(told)
    moments_of_the_best = [one.scored_at for one in told if one.score == whole.score and one.scored_at]
    assert whole.scored_at == min(moments_of_the_best, default=None)


@given(st.lists(st.tuples(st.sampled_from("ab"), standings), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_commits_makes_no_other_whole(told: list[tuple[str, Standing]], random: Random) -> None:
    scos = {"a": sco(), "b": sco()}
    found = []
    for _ in range(2):
        random.shuffle(told)
        again = [*told, *told[:2]]
        found.append(whole_of(by_item(again), scos))
    assert found[0] == found[1]
    assert (found[0].scored_at is None) == (found[0].score is None)


@given(st.lists(standings, max_size=6))
def test_a_status_never_goes_back(told: list[Standing]) -> None:
    for number in range(len(told)):
        before, after = all_joined(told[:number]), all_joined(told[: number + 1])
        if before.completed_at:
            assert after.completed_at
            assert after.completed_at <= before.completed_at
        assert not (before.is_success and not after.is_success)


@given(st.lists(standings, min_size=1, max_size=4))
def test_the_order_of_commits_makes_no_difference(told: list[Standing]) -> None:
    assert len({repr(all_joined(order)) for order in permutations(told)}) == 1


@pytest.mark.parametrize(
    ("status", "is_complete", "is_success"),
    [
        ("passed", True, True),
        ("completed", True, None),
        ("failed", False, False),
        ("incomplete", False, None),
        ("browsed", False, None),
        ("not attempted", False, None),
        ("nonsense", False, None),
    ],
)
def test_the_one_status_of_12(status: str, is_complete: bool, is_success: bool | None) -> None:
    standing = standing_of({"cmi.core.lesson_status": status}, sco(), AT)
    assert (standing.completed_at is not None, standing.is_success) == (is_complete, is_success)


@pytest.mark.parametrize(
    ("status", "raw", "is_success"),
    [
        ("completed", "80", True),
        ("completed", "79", False),
        ("failed", "80", True),
        ("incomplete", "80", None),
    ],
)
def test_mastery_decides_what_was_decided_in_12(status: str, raw: str, is_success: bool | None) -> None:
    cmi = {"cmi.core.lesson_status": status, "cmi.core.score.raw": raw}
    standing = standing_of(cmi, sco(mastery=80), AT)
    assert standing.is_success is is_success


@pytest.mark.parametrize(
    ("told", "fields", "is_complete", "is_success"),
    [
        ({"completion_status": "completed", "success_status": "passed"}, {}, True, True),
        ({"completion_status": "completed", "success_status": "unknown"}, {}, True, None),
        ({"completion_status": "incomplete", "success_status": "failed"}, {}, False, False),
        ({"completion_status": "unknown", "success_status": "passed"}, {}, True, True),
        ({"completion_status": "incomplete", "success_status": "passed"}, {}, False, True),
        ({"success_status": "passed", "score.scaled": "0.5"}, {"mastery": 0.6}, False, False),
        ({"success_status": "failed", "score.scaled": "0.6"}, {"mastery": 0.6}, True, True),
        ({"completion_status": "incomplete", "progress_measure": "0.8"}, {"threshold": 0.75}, True, None),
        ({"completion_status": "completed", "progress_measure": "0.7"}, {"threshold": 0.75}, False, None),
        ({}, {}, False, None),
    ],
)
def test_completion_and_success_are_apart_in_2004(
    told: dict[str, str], fields: dict[str, float], is_complete: bool, is_success: bool | None
) -> None:
    standing = standing_of({f"cmi.{name}": text for name, text in told.items()}, sco(**fields), AT)
    assert (standing.completed_at is not None, standing.is_success) == (is_complete, is_success)


@pytest.mark.parametrize(
    ("score", "scaled"),
    [
        ({"raw": "8", "min": "0", "max": "10"}, "0.8"),
        ({"raw": "80"}, "0.8"),
        ({"raw": "15", "min": "10", "max": "20"}, "0.5"),
        ({"raw": "30", "max": "20"}, "1"),
        ({"raw": "5", "min": "5", "max": "5"}, None),
    ],
)
def test_points_of_12_are_shares(score: dict[str, str], scaled: str | None) -> None:
    cmi = {"cmi.core.lesson_status": "completed"} | {
        f"cmi.core.score.{name}": text for name, text in score.items()
    }
    found = standing_of(cmi, sco(), AT).score
    assert found is not None
    assert found.scaled == (None if scaled is None else Decimal(scaled))


@pytest.mark.parametrize("raw", ["", "many", "NaN", "Infinity", "1e99", "9999999999"])
def test_points_that_are_no_number_are_none(raw: str) -> None:
    assert (
        standing_of({"cmi.core.lesson_status": "completed", "cmi.core.score.raw": raw}, sco(), AT).score
        is None
    )


def test_an_asset_is_completed_once_it_is_opened() -> None:
    assert standing_of({}, sco(is_sco=False), AT).completed_at == AT


def test_a_courseware_is_complete_with_its_last_object() -> None:
    scos = {"a": sco(), "b": sco(), "c": sco(is_sco=False)}
    done = {name: Standing(AT + timedelta(minutes=n), None, None) for n, name in enumerate("ab")}
    assert whole_of(done, scos).ended_at is None
    done["c"] = Standing(AT + timedelta(minutes=9), None, None)
    whole = whole_of(done, scos)
    assert whole.ended_at == AT + timedelta(minutes=9)
    assert whole.met["b"] == int((AT + timedelta(minutes=1)).timestamp() * 1000)


def test_the_score_is_the_mean_of_those_that_have_one() -> None:
    scos, later = {"a": sco(), "b": sco(), "c": sco()}, AT + timedelta(minutes=3)
    told = {
        "a": Standing(AT, True, Score(Decimal(1), Decimal(10), Decimal(10), Decimal(0)), AT),
        "b": Standing(AT, None, Score(Decimal("0.5"), Decimal(5), Decimal(10), Decimal(0)), later),
        "c": Standing(AT, None, None),
    }
    whole = whole_of(told, scos)
    assert whole.score == Score(Decimal("0.75"), None, None, None)
    assert whole.scored_at == AT + timedelta(minutes=3)
    assert whole.is_success
    assert whole_of({"a": told["a"]}, scos).is_success is None
    assert whole_of({**told, "b": Standing(AT, False, None)}, scos).is_success is False


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0000:01:30", "90"),
        ("00:01:30.5", "90.5"),
        ("01:00:00.25", "3600.25"),
        ("PT1M30S", "90"),
        ("PT1H2M3.45S", "3723.45"),
        ("P1DT1H", "86400"),
        ("PT0S", "0"),
        ("P", "0"),
        ("9999:99:99.99", "86400"),
        ("P999999999Y", "86400"),
        ("", "0"),
        ("1:2", "0"),
        ("-PT5S", "0"),
        ("PT5S ", "0"),
        ("٠٠:٠١:٠٠", "0"),
    ],
)
def test_timespans_of_both_standards(text: str, seconds: str) -> None:
    assert seconds_of(text) == Decimal(seconds)


@given(st.decimals(0, MOST_SECONDS - 1, places=2))
def test_timespans_are_read_as_they_are_written(seconds: Decimal) -> None:
    assert seconds_of(as_clock(seconds)) == seconds_of(as_period(seconds)) == seconds


@given(st.text(max_size=30))
def test_no_text_is_more_time_than_there_is(text: str) -> None:
    assert 0 <= seconds_of(text) <= MOST_SECONDS


def test_a_commit_is_read() -> None:
    told = read_commit(commit(cmi={"cmi.score.raw": 8, "cmi.x": True, "cmi.interactions.0.id": "q"}))
    assert (told.sco, told.session, told.sequence) == ("one", UUID(SESSION), 1)
    assert told.cmi == {"cmi.score.raw": "8", "cmi.x": "true", "cmi.interactions.0.id": "q"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sco": ""}, "sco"),
        ({"sco": 1}, "sco"),
        ({"sco": "x" * 256}, "sco"),
        ({"sco": "a\0"}, "sco"),
        ({"session": "1"}, "session"),
        ({"session": None}, "session"),
        ({"sequence": "1"}, "sequence"),
        ({"sequence": -1}, "sequence"),
        ({"sequence": 2**31}, "sequence"),
        ({"sequence": True}, "sequence"),
        ({"cmi": None}, "cmi"),
        ({"cmi": []}, "cmi"),
        ({"cmi": {"location": "3"}}, "cmi"),
        ({"cmi": {"cmi.__proto__": {"a": 1}}}, "cmi"),
        ({"cmi": {"cmi.location": None}}, "cmi"),
        ({"cmi": {"cmi.location": ["3"]}}, "cmi"),
        ({"cmi": {"cmi.location": "\0"}}, "cmi"),
        ({"cmi": {"cmi.location": "\ud800"}}, "cmi"),
        ({"cmi": {"cmi." + "a" * 41: "3"}}, "cmi"),
        ({"cmi": {"cmi.location": "x" * (MOST_LOCATION + 1)}}, "too_large"),
        ({"cmi": {"cmi.core.lesson_location": "x" * (MOST_LOCATION + 1)}}, "too_large"),
        ({"cmi": {"cmi.suspend_data": "x" * (MOST_SUSPENDED + 1)}}, "too_large"),
        ({"cmi": {f"cmi.interactions.{n}.id": "x" * 200 for n in range(1_200)}}, "too_large"),
        ({"cmi": {f"cmi.interactions.{n}.id": "" for n in range(5001)}}, "too_many"),
    ],
)
def test_what_is_no_commit_is_refused(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_commit(commit(**fields))
    assert refusal.value.code == code


def test_the_largest_notes_are_taken() -> None:
    assert read_commit(commit(cmi={"cmi.suspend_data": "汉" * MOST_SUSPENDED}))
    assert read_commit(commit(cmi={"cmi.suspend_data": "x" * MOST_SUSPENDED}))


@pytest.mark.parametrize(
    ("last", "standing", "status", "entry"),
    [
        ({"cmi.core.lesson_status": "incomplete"}, Standing(), "incomplete", "resume"),
        ({}, Standing(), "incomplete", "resume"),
        ({"cmi.core.lesson_status": "incomplete"}, Standing(AT), "completed", ""),
        ({"cmi.core.lesson_status": "failed"}, Standing(AT, False), "failed", ""),
        ({"cmi.core.lesson_status": "failed"}, Standing(AT, True), "passed", ""),
        (
            {"cmi.core.lesson_status": "passed", "cmi.core.exit": "suspend"},
            Standing(AT, True),
            "passed",
            "resume",
        ),
    ],
)
def test_what_is_given_back_never_went_back(
    last: dict[str, str], standing: Standing, status: str, entry: str
) -> None:
    told = {"cmi.core.lesson_location": "3", "cmi.core.session_time": "0000:00:10", **last}
    cmi = given_back(told, standing, Decimal(90), is_2004=False)
    assert (cmi["cmi.core.lesson_status"], cmi["cmi.core.entry"]) == (status, entry)
    assert (cmi["cmi.core.lesson_location"], cmi["cmi.core.total_time"]) == ("3", "0000:01:30.00")
    assert "cmi.core.session_time" not in cmi
    assert "cmi.core.exit" not in cmi


def test_what_is_given_back_in_2004() -> None:
    told = {"cmi.completion_status": "incomplete", "cmi.exit": "suspend", "cmi.mode": "normal"}
    cmi = given_back(told, Standing(AT, True), Decimal("90.5"), is_2004=True)
    assert cmi == {
        "cmi.completion_status": "completed",
        "cmi.success_status": "passed",
        "cmi.entry": "resume",
        "cmi.total_time": "PT0H1M30.50S",
    }
