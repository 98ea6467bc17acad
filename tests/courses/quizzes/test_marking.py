"""What an answer is worth."""

import json
import unicodedata
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.draw import Drawn, asked
from courses.quizzes.kinds import KINDS, Json
from courses.quizzes.marking import answer_in_words, is_answer, mark, right_answer

from .made import ANYTHING, answers_to, drawn_questions, right_answer_of, stem_of


def drawn(kind: str, parts: dict[str, Json], mix: Random | None = None) -> Drawn:
    shown, key = KINDS[kind].show(parts, mix)
    return Drawn(question=1, kind=kind, stem=stem_of(kind, parts), shown=shown, key=key, explanation="")


FOUR = drawn("MULTIPLE", {"options": ["甲", "乙", "丙", "丁"], "right": [0, 1]})
PARTY = drawn("FILL_IN", {"blanks": [["村民委员会", "村委会"], ["5", "五"]]})


@given(drawn_questions())
def test_the_right_answer_earns_the_whole_point_in_whatever_order_it_is_shown(question: Drawn) -> None:
    answer = right_answer_of(question)
    assert is_answer(question, answer)
    assert mark(question, answer) == 1


@given(st.data())
def test_an_answer_of_the_right_shape_earns_between_nothing_and_all(data: st.DataObject) -> None:
    question = data.draw(drawn_questions())
    answer = data.draw(answers_to(question))
    assert is_answer(question, answer)
    assert 0 <= mark(question, answer) <= 1
    assert isinstance(answer_in_words(question, answer), str)


@given(drawn_questions(), ANYTHING)
def test_whatever_comes_as_an_answer_is_marked_without_a_fault(question: Drawn, answer: Json) -> None:
    worth = mark(question, answer)
    assert 0 <= worth <= 1
    if not is_answer(question, answer):
        assert (worth, answer_in_words(question, answer)) == (0, "")


@given(st.data())
def test_a_question_and_its_answer_survive_being_kept_as_json(data: st.DataObject) -> None:
    question = data.draw(drawn_questions())
    answer = data.draw(answers_to(question))
    again = json.loads(json.dumps([question, answer]))
    assert mark(again[0], again[1]) == mark(question, answer)
    assert right_answer(again[0]) == right_answer(question)


@given(drawn_questions())
def test_what_is_asked_holds_neither_key_nor_explanation(question: Drawn) -> None:
    sent = asked(question)
    assert (sent["key"], sent["explanation"]) == (None, "")
    assert (sent["stem"], sent["kind"], sent["shown"]) == (
        question["stem"],
        question["kind"],
        question["shown"],
    )
    assert not {"right", "key", "pairs"} & set(sent["shown"]) or question["kind"] == "MATCHING"


@pytest.mark.parametrize(
    ("ticked", "worth"),
    [
        ([0, 1], Fraction(1)),
        ([0], Fraction(1, 2)),
        ([0, 1, 2], Fraction(1, 2)),
        ([0, 2], Fraction(0)),
        ([2, 3], Fraction(0)),
        ([0, 1, 2, 3], Fraction(0)),
        ([], Fraction(0)),
    ],
)
def test_each_wrong_tick_takes_a_right_one_away(ticked: list[int], worth: Fraction) -> None:
    assert mark(FOUR, ticked) == worth


@given(st.data())
def test_ticking_everything_is_never_worth_more_than_the_honest_share(data: st.DataObject) -> None:
    question = data.draw(drawn_questions(kinds=("MULTIPLE",)))
    everything = list(range(len(question["shown"]["options"])))
    wrong = len(everything) - len(question["key"])
    assert mark(question, everything) == max(Fraction(0), 1 - Fraction(wrong, len(question["key"])))


@pytest.mark.parametrize(
    ("filled", "worth"),
    [
        (["村委会", "5"], Fraction(1)),
        ([" 村 民 委员会 。", "５"], Fraction(1)),
        (["村委会", "五"], Fraction(1)),
        (["村委会", ""], Fraction(1, 2)),
        (["党支部", "6"], Fraction(0)),
    ],
)
def test_a_blank_is_right_however_its_text_was_typed(filled: list[str], worth: Fraction) -> None:
    assert mark(PARTY, filled) == worth


@given(st.text("ABCabc０１２012党", min_size=1, max_size=8), st.sampled_from(["NFC", "NFKC", "NFKD"]))
def test_width_and_case_of_a_text_do_not_matter(text: str, form: str) -> None:
    question = drawn("FILL_IN", {"blanks": [[text]]})
    assert mark(question, [unicodedata.normalize(form, text.swapcase())]) == 1  # type: ignore[arg-type]  # one of the forms


def test_ordering_and_matching_count_what_stands_in_its_place() -> None:
    ordering = drawn("ORDERING", {"items": ["一", "二", "三", "四"]}, Random(1))
    first, second, third, fourth = ordering["key"]
    assert mark(ordering, [first, second, fourth, third]) == Fraction(1, 2)
    matching = drawn("MATCHING", {"pairs": [["报警", "110"], ["火警", "119"], ["急救", "120"]]}, Random(2))
    found = [matching["key"][0], None, None]
    assert mark(matching, found) == Fraction(1, 3)
    assert answer_in_words(matching, found) == "报警 — 110\n火警 — —\n急救 — —"
    assert right_answer(matching) == "报警 — 110\n火警 — 119\n急救 — 120"


@pytest.mark.parametrize(
    ("kind", "parts", "answers"),
    [
        ("SINGLE", {"options": ["甲", "乙"], "right": [1]}, [True, "1", 2, -1, [1], 1.0, None]),
        ("MULTIPLE", {"options": ["甲", "乙"], "right": [0, 1]}, [0, [0, 0], [2], [True], ["0"], {"0": 1}]),
        ("TRUE_FALSE", {"right": True}, [1, 0, "true", None, []]),
        ("FILL_IN", {"blanks": [["甲"]]}, ["甲", ["甲", "乙"], [], [1], ["甲" * 201]]),
        ("ORDERING", {"items": ["甲", "乙"]}, [[0], [0, 0], [0, 1, 2], "01", [False, True]]),
        ("MATCHING", {"pairs": [["甲", "1"], ["乙", "2"]]}, [[0], [0, 2], [0, "1"], {}, [True, False]]),
    ],
)
def test_an_answer_of_another_shape_is_none(kind: str, parts: dict[str, Json], answers: list[Json]) -> None:
    question = drawn(kind, parts)
    assert [answer for answer in answers if is_answer(question, answer) or mark(question, answer)] == []
