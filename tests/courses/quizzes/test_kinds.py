"""What an author may write, and how it is shown."""

from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.kinds import KINDS, Json, QuestionKind
from courses.quizzes.models import Question

from .made import ANYTHING, LINES, RANDOM


def test_every_kind_that_can_be_chosen_is_known() -> None:
    assert set(KINDS) == set(QuestionKind)


@pytest.mark.parametrize(
    ("kind", "parts", "stem", "told"),
    [
        ("SINGLE", {"options": ["甲", "乙"], "right": []}, "问", "exactly one"),
        ("SINGLE", {"options": ["甲", "乙"], "right": [0, 1]}, "问", "exactly one"),
        ("SINGLE", {"options": ["甲", "乙"], "right": [2]}, "问", "exactly one"),
        ("SINGLE", {"options": ["甲", "乙"], "right": [True]}, "问", "exactly one"),
        ("SINGLE", {"options": ["甲"], "right": [0]}, "问", "Between 2 and 8"),
        ("SINGLE", {"options": list("甲乙丙丁戊己庚辛壬"), "right": [0]}, "问", "Between 2 and 8"),
        ("SINGLE", {"options": ["甲", " "], "right": [0]}, "问", "Between 2 and 8"),
        ("SINGLE", {"options": ["Ａ", "a"], "right": [0]}, "问", "the same"),
        ("MULTIPLE", {"options": ["甲", "乙"], "right": [0]}, "问", "at least two"),
        ("MULTIPLE", {"options": ["甲", "乙"], "right": [0, 0]}, "问", "at least two"),
        ("TRUE_FALSE", {"right": 1}, "问", "right or wrong"),
        ("FILL_IN", {"blanks": [["甲"]]}, "没有空", "____"),
        ("FILL_IN", {"blanks": [["甲"]]}, "____和____", "____"),
        ("FILL_IN", {"blanks": [[]]}, "____", "accepted"),
        ("FILL_IN", {"blanks": []}, "问", "accepted"),
        ("ORDERING", {"items": ["甲", "甲"]}, "问", "the same"),
        ("MATCHING", {"pairs": [["甲", "1"], ["乙"]]}, "问", "left and a right"),
        ("MATCHING", {"pairs": [["甲", "1"], ["乙", "1"]]}, "问", "the same"),
        ("MATCHING", {"pairs": [["甲", "1"]]}, "问", "Between 2 and 8"),
    ],
)
def test_parts_that_make_no_question_are_refused_in_words(
    kind: str, parts: Json, stem: str, told: str
) -> None:
    with override("en"), pytest.raises(ValidationError) as refused:
        KINDS[kind].check(parts, stem)
    assert told in refused.value.messages[0]


@given(st.sampled_from(sorted(KINDS)), ANYTHING, st.text(max_size=9))
def test_whatever_stands_for_parts_is_a_question_or_is_refused(kind: str, parts: Json, stem: str) -> None:
    try:
        KINDS[kind].check(parts, stem)
    except ValidationError:
        return
    shown, key = KINDS[kind].show(parts, Random(0))
    assert KINDS[kind].right(shown, key)


def test_a_question_of_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError):
        Question(kind="ESSAY", stem="问", parts={}).clean()


@given(LINES, RANDOM)
def test_mixed_options_are_the_same_options_with_the_key_on_the_right_one(
    options: list[str], mix: Random
) -> None:
    shown, key = KINDS["SINGLE"].show({"options": options, "right": [1]}, mix)
    assert sorted(shown["options"]) == sorted(options)
    assert [shown["options"][place] for place in key] == [options[1]]


@given(LINES, st.none() | RANDOM)
def test_lines_to_be_ordered_are_never_shown_in_order(items: list[str], mix: Random | None) -> None:
    shown, key = KINDS["ORDERING"].show({"items": items}, mix)
    assert shown["items"] != items
    assert [shown["items"][place] for place in key] == items
