"""How a statement is read, one wrong shape after the other, and what it means."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lms.phones.uploads import Refused
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.results import joined, told_by
from lms.study.interactive.statements import Told, read_statement
from lms.study.launch import Launch
from tests.lms.study.conftest import NINE
from tests.lms.study.interactive.conftest import GO, statement

LAUNCH = PackageLaunch(Launch(1, 2, 3, 60, 0, 100, 0, 50), 7, 0, GO, True)
SUB = "8f0f6f1c-0000-4000-8000-00000000000a"


def read(told: object) -> Told:
    return read_statement(told, activity=f"{settings.SITE_URL}/h5p/7")


def made(**more: Any) -> dict[str, Any]:
    return statement(LAUNCH, **more)


def without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda told: told.pop(name)


def setting(value: object, *path: str) -> Callable[[dict[str, Any]], None]:
    def change(told: dict[str, Any]) -> None:
        *above, last = path
        for name in above:
            told = told[name]
        told[last] = value

    return change


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


WRONG = [
    ("statement", "of no shape", None),
    ("id", "no id", without("id")),
    ("id", "an id of another form", setting("{" + str(GO) + "}", "id")),
    ("id", "a number as id", setting(1, "id")),
    ("verb", "no verb", without("verb")),
    ("verb", "a verb that is a text", setting("completed", "verb")),
    ("verb", "a verb without an address", setting("completed", "verb", "id")),
    ("verb", "a verb with a blank", setting("http://a/ b", "verb", "id")),
    ("verb", "a verb as long as a book", setting("http://a/" + "b" * 200, "verb", "id")),
    ("object", "no object", without("object")),
    ("object", "another content", setting("http://127.0.0.1:8000/h5p/8", "object", "id")),
    (
        "object",
        "a content whose number begins alike",
        setting("http://127.0.0.1:8000/h5p/77", "object", "id"),
    ),
    ("object", "a strange part", setting("http://127.0.0.1:8000/h5p/7?subContentId=a/b", "object", "id")),
    ("object", "an object without an address", setting(None, "object", "id")),
    ("context", "a context that is a list", setting([], "context")),
    ("context", "activities that are a text", setting("x", "context", "contextActivities")),
    ("registration", "a registration that is none", setting("7", "context", "registration")),
    ("result", "a result that is a number", setting(8, "result")),
    ("score", "a score that is a number", setting(8, "result", "score")),
    ("score", "points in words", setting("eight", "result", "score", "raw")),
    ("score", "points as a truth", setting(True, "result", "score", "raw")),
    ("statement", "no number", setting(float("nan"), "result", "score", "scaled")),
    ("statement", "an infinity", setting(float("inf"), "object", "definition", "x")),
    ("success", "success as a number", setting(1, "result", "success")),
    ("completion", "completion as a text", setting("true", "result", "completion")),
    ("statement", "a zero inside", setting("a\0b", "object", "definition", "x")),
    ("statement", "a zero in a name", setting(1, "object", "definition", "a\0")),
    ("statement", "half a character", setting("\ud800", "result", "response")),
    ("depth", "a well", setting(deep(30), "object", "definition", "x")),
    ("depth", "a bottomless well", setting(deep(900), "object", "definition", "x")),
    ("too_large", "a book", setting("学" * 11_000, "context", "x")),
]


@pytest.mark.parametrize(("code", "why", "change"), WRONG, ids=[why for _code, why, _change in WRONG])
def test_what_is_no_statement_is_refused_with_its_code(code: str, why: str, change: Any) -> None:
    told: Any = made(score=(8, 10))
    if change is None:
        told = [told]
    else:
        change(told)
    with pytest.raises(Refused) as refused:
        read(told)
    assert refused.value.code == code


def test_a_whole_content_and_its_parts_are_told_apart() -> None:
    assert not read(made()).is_child
    part = read(made(sub=SUB))
    assert (part.is_child, part.sub_content, part.decides) == (True, SUB, False)
    by_address_alone = made(sub=SUB, context={})
    assert read(by_address_alone).is_child
    by_parent_alone = made(context={"contextActivities": {"parent": {"id": "http://a/b"}}})
    assert read(by_parent_alone).is_child


def test_no_result_is_lost_with_a_question_of_a_thousand_words_or_an_answer_as_long_as_a_book() -> None:
    words = [{"id": str(number), "description": {"en-US": f"word {number}"}} for number in range(1_000)]
    definition = {
        "description": {"zh": "<p>标出动词</p>"},
        "choices": words,
        "correctResponsesPattern": ["7"],
    }
    told = made(verb="answered", score=(1, 20), result={"response": "7[,]9"})
    told["object"]["definition"] = definition
    kept: Any = read(told)
    assert (kept.score.scaled, kept.response) == (Decimal("0.05"), "7[,]9")
    shown = kept.body["object"]["definition"]
    assert (shown["description"], shown["choices"]) == (definition["description"], [words[7], words[9]])

    essay = read(made(verb="answered", score=(1, 1), result={"response": "水" * 12_000}))
    assert (essay.is_complete, essay.response) == (True, "水" * 4_000)


@pytest.mark.parametrize(
    ("verb", "result", "complete", "success"),
    [
        ("completed", {}, True, None),
        ("completed", {"completion": False}, False, None),
        ("passed", {}, True, True),
        ("failed", {"completion": True}, False, False),
        ("answered", {}, False, None),
        ("answered", {"score": {"raw": 1, "max": 2}}, True, None),
        ("answered", {"score": {"raw": None, "max": 2}}, False, None),
        ("answered", {"completion": True, "success": True}, True, True),
        ("answered", {"completion": False, "score": {"raw": 1, "max": 2}}, False, None),
        ("consumed", {"completion": True, "success": True}, None, None),
        ("interacted", {"completion": True}, None, None),
        ("experienced", {}, None, None),
    ],
)
def test_what_a_verb_means_for_the_whole(verb: str, result: dict, complete: Any, success: Any) -> None:
    told = read(made(verb=verb, result=result))
    assert (told.is_complete, told.is_success) == (complete, success)


def test_a_verb_of_the_same_name_from_elsewhere_decides_nothing() -> None:
    body = made(score=(1, 1))
    body["verb"] = {"id": "http://elsewhere.example/verbs/completed"}
    told = read(body)
    assert (told.decides, told.is_complete, told.verb_name) == (False, None, "completed")


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ({"raw": 8, "min": 0, "max": 10, "scaled": 0.8}, "0.8"),
        ({"raw": 2, "max": 3}, "0.666667"),
        ({"raw": 6, "min": 2, "max": 10}, "0.5"),
        ({"scaled": -1}, "-1"),
        ({"raw": 0, "max": 0}, None),
        ({"raw": 5}, None),
    ],
)
def test_the_share_is_told_or_reckoned(score: dict, expected: str | None) -> None:
    scaled = read(made(result={"score": score})).score.scaled
    assert scaled == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("PT12.34S", "12.34"), ("P1DT2H3M4S", "93784"), ("PT1H", "3600"), ("P2W", "1209600"), ("P1Y", None)],
)
def test_durations_are_seconds(told: str, seconds: str | None) -> None:
    read_seconds = read(made(result={"duration": told})).duration_seconds
    assert read_seconds == (None if seconds is None else Decimal(seconds))


ODD = [
    ("points as texts", setting({"raw": "8", "max": "10"}, "result", "score"), "0.8"),
    ("more points than there are", setting(11, "result", "score", "raw"), "0.8"),
    ("fewer points than there are", setting(-1, "result", "score", "raw"), "0.8"),
    ("most below least", setting(-5, "result", "score", "max"), "0.8"),
    ("points without end", setting(1e9, "result", "score", "max"), "0.8"),
    ("more than all", setting(1.01, "result", "score", "scaled"), "1"),
    ("less than nothing of all", setting(-1.01, "result", "score", "scaled"), "-1"),
    ("a share that would be more than all", setting({"raw": 12, "max": 10}, "result", "score"), "1"),
    ("a share without bounds", setting({"raw": 12, "max": -10}, "result", "score"), None),
    ("a response that is a list", setting(["a"], "result", "response"), "0.8"),
    ("a duration in numbers", setting(12, "result", "duration"), "0.8"),
    ("a duration in words", setting("12 s", "result", "duration"), "0.8"),
    ("an empty duration", setting("PT", "result", "duration"), "0.8"),
    ("another empty duration", setting("P", "result", "duration"), "0.8"),
    ("a duration in other digits", setting("PT１S", "result", "duration"), "0.8"),
    ("a duration that is no number", setting("PTNaNS", "result", "duration"), "0.8"),
]


@pytest.mark.parametrize(("why", "change", "scaled"), ODD, ids=[why for why, _change, _scaled in ODD])
def test_what_is_odd_beside_a_result_costs_nobody_their_result(
    why: str, change: Any, scaled: str | None
) -> None:
    body = made(score=(8, 10), result={"duration": None, "response": None})
    change(body)
    told = read(body)
    assert (told.is_complete, told.response, told.duration_seconds) == (True, "", None)
    assert told.score is not None
    assert told.score.scaled == (None if scaled is None else Decimal(scaled))


def test_a_clock_that_was_set_back_costs_nobody_their_result() -> None:
    told = read(made(score=(1, 1), result={"duration": "PT-5.2S"}))
    assert (told.duration_seconds, told.is_complete) == (None, True)


def test_a_slide_is_met_by_its_number() -> None:
    ending = "http://id.tincanapi.com/extension/ending-point"
    assert read(made(verb="progressed", extensions={ending: 3})).parts == {"slide:1", "slide:3"}
    for strange in (0, -1, "PT3S", True, 10**9, None, [3]):
        assert read(made(verb="progressed", extensions={ending: strange})).parts == {"slide:1"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=8,
)
NAMES = ["id", "verb", "object", "context", "result"]


@given(
    value=json_values, name=st.sampled_from(NAMES), inner=st.sampled_from([None, "id", "score", "duration"])
)
def test_whatever_stands_in_it_it_is_read_or_refused(value: object, name: str, inner: str | None) -> None:
    told = made(score=(8, 10))
    if inner and isinstance(told[name], dict):
        told[name][inner] = value
    else:
        told[name] = value
    for body in (told, value):
        with suppress(Refused):
            assert isinstance(read(body), Told)


points = st.integers(0, 4)
one = st.tuples(
    st.sampled_from(["completed", "passed", "failed", "answered", "consumed", "progressed"]),
    st.one_of(st.none(), st.tuples(points, st.just(4))),
    st.sampled_from([None, SUB]),
    st.integers(0, 50),
    st.integers(0, 50),
)


@given(told=st.lists(one, min_size=1, max_size=6), random=st.randoms(use_true_random=False))
def test_any_order_and_repetition_makes_the_same_attempt(told: list, random: Any) -> None:
    results = []
    for verb, score, sub, second, lasts in told:
        read_one = read(made(verb=verb, score=score, sub=sub, result={"duration": f"PT{lasts}S"}))
        at = NINE + timedelta(seconds=second)
        results.append(told_by(read_one, occurred_at=at, parts={"slide:1", f"sub:{SUB}"}))
    again = [*results, *random.choices(results, k=3)]
    random.shuffle(again)
    whole = reduce(joined, results)
    assert reduce(joined, again) == whole
    middle = len(results) // 2
    if middle:
        assert joined(reduce(joined, results[middle:]), reduce(joined, results[:middle])) == whole


def test_identifiers_are_read_plainly() -> None:
    assert read(made(id=str(GO).upper())).statement_id == UUID(str(GO))
