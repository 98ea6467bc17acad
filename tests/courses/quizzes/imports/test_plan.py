"""What a row becomes, and why not."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.roster.sheets import NoRows, TooManyRows, Unreadable, WrongHeaders
from courses.quizzes.imports import reading
from courses.quizzes.imports.columns import NEEDED, Column, column_of
from courses.quizzes.imports.plan import Verdict, plan_questions
from courses.quizzes.imports.reading import Line, read_questions
from courses.quizzes.imports.workbooks import empty_sheet, wrong_rows
from courses.quizzes.kinds import KINDS, QuestionKind
from courses.quizzes.models import Difficulty, Question
from tests.courses.quizzes.imports.sheets import GOOD, csv_sheet, judged, lines, question, row, xlsx_sheet
from tests.factories import CompetencyFactory, QuestionFactory, TopicFactory
from tests.rules import examples

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cells", "answer", "parts"),
    [
        (("单选题", "问", "甲", "乙", "丙"), "B", {"options": ["甲", "乙", "丙"], "right": [1]}),
        (("单项选择", "问", "甲", "乙"), "ａ", {"options": ["甲", "乙"], "right": [0]}),
        (("多选", "问", "甲", "乙", "丙"), "C、A", {"options": ["甲", "乙", "丙"], "right": [0, 2]}),
        (("多选题", "问", "甲", "乙", "丙"), "1,2", {"options": ["甲", "乙", "丙"], "right": [0, 1]}),
        (("判断题", "问"), "√", {"right": True}),
        (("判断", "问"), "错误", {"right": False}),
        (("填空题", "每届（　）年"), "五/5", {"blanks": [["五", "5"]]}),
        (("填空", "____和()人"), "三；七", {"blanks": [["三"], ["七"]]}),
        (("排序题", "问", "后", "先"), "BA", {"items": ["先", "后"]}),
        (("排序", "问", "先", "后"), "", {"items": ["先", "后"]}),
        (("连线题", "问", "火=119", "警→110"), "", {"pairs": [["火", "119"], ["警", "110"]]}),
    ],
)
def test_each_kind_is_read_as_teachers_write_it(cells: tuple[str, ...], answer: str, parts: dict) -> None:
    read = question(*cells, answer=answer)
    assert read.parts == parts
    KINDS[read.kind].check(read.parts, read.stem)


def test_what_stands_beside_the_answer_is_read_too() -> None:
    topic, competency = TopicFactory(name="平安乡村"), CompetencyFactory(name="防汛")
    read = question(
        "判断题", "问", answer="对", topic="平安乡村", competency="防汛", difficulty="难", explanation="因为"
    )
    assert (read.topic, read.competency, read.difficulty) == (topic, competency, Difficulty.HARD)
    assert read.explanation == "因为"
    assert question("判断题", "问", answer="对").difficulty == Difficulty.MEDIUM


@pytest.mark.parametrize(
    ("cells", "more"),
    [
        (("", "问"), {"answer": "对"}),
        (("论述题", "问"), {"answer": "略"}),
        (("判断题", ""), {"answer": "对"}),
        (("判断题", "问"), {"answer": ""}),
        (("判断题", "问"), {"answer": "也许"}),
        (("单选题", "问", "甲", "乙"), {"answer": "C"}),
        (("单选题", "问", "甲", "乙"), {"answer": "AB"}),
        (("单选题", "问", "甲", "乙"), {"answer": "甲"}),
        (("单选题", "问", "甲", "", "丙"), {"answer": "A"}),
        (("单选题", "问", "甲"), {"answer": "A"}),
        (("单选题", "问", "甲", "甲"), {"answer": "A"}),
        (("单选题", "问", "甲", "乙" * 201), {"answer": "A"}),
        (("多选题", "问", "甲", "乙"), {"answer": "A"}),
        (("多选题", "问", "甲", "乙"), {"answer": "AA"}),
        (("填空题", "没有空"), {"answer": "五"}),
        (("填空题", "（）（）"), {"answer": "五"}),
        (("排序题", "问", "甲", "乙"), {"answer": "A"}),
        (("排序题", "问"), {"answer": ""}),
        (("连线题", "问", "火119", "警=110"), {"answer": ""}),
        (("判断题", "问" * 501), {"answer": "对"}),
        (("判断题", "=1+1"), {"answer": "对"}),
        (("判断题", "问"), {"answer": "对", "explanation": "@SUM(A1)"}),
        (("判断题", "问"), {"answer": "对", "topic": "没有的"}),
        (("判断题", "问"), {"answer": "对", "competency": "没有的"}),
        (("判断题", "问"), {"answer": "对", "difficulty": "极难"}),
    ],
)
def test_a_wrong_row_says_why_once_and_becomes_nothing(cells: tuple[str, ...], more: dict) -> None:
    verdict = judged(*cells, **more)
    assert (verdict.verdict, verdict.question) == (Verdict.ERROR, None)
    assert verdict.reasons
    assert len(set(verdict.reasons)) == len(verdict.reasons)


def test_the_same_question_twice_in_a_file_names_the_first_row() -> None:
    plan = plan_questions(lines(GOOD, row("判断题", "谁召集 村民会议?", answer="对")))
    assert [each.verdict for each in plan.judged] == [Verdict.NEW, Verdict.ERROR]
    assert "2" in plan.judged[1].reasons[0]


def test_what_the_bank_asks_already_is_left_alone() -> None:
    QuestionFactory(stem="谁召集村民会议？")
    plan = plan_questions(lines(GOOD))
    assert plan.counts == {Verdict.SAME: 1}
    assert plan.new == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_sheets_are_read_in_every_encoding_of_a_chinese_office(encoding: str) -> None:
    assert read_questions(csv_sheet(GOOD, encoding=encoding)).lines[0][Column.STEM] == "谁召集村民会议？"


def test_long_questions_are_not_cut_as_cells_of_a_roster_are() -> None:
    assert judged("判断题", "长" * 499, answer="对").question.stem == "长" * 499


def test_titles_above_the_header_and_unknown_columns_are_passed_by() -> None:
    file = xlsx_sheet(GOOD)
    assert read_questions(file).lines[0].number == 2
    assert column_of("正确答案（多个连写）") is Column.ANSWER
    assert column_of("出题人") is None


def test_a_file_without_the_needed_columns_names_them() -> None:
    with pytest.raises(WrongHeaders) as caught:
        read_questions(io.BytesIO("姓名,电话\n王,1\n".encode()))
    assert caught.value.missing == list(NEEDED)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00\x01\x02", b"PK\x03\x04broken", "题型".encode()])
def test_what_is_no_sheet_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_questions(io.BytesIO(content))


def test_a_sheet_without_questions_and_one_with_too_many_are_refused(monkeypatch) -> None:
    with pytest.raises(NoRows):
        read_questions(csv_sheet())
    monkeypatch.setattr(reading, "MOST_LINES", 2)
    with pytest.raises(TooManyRows):
        read_questions(csv_sheet(*[row("判断题", f"问{n}", answer="对") for n in range(3)]))


def test_our_own_sheet_is_read_back_with_a_right_question_of_each_kind() -> None:
    plan = plan_questions(read_questions(io.BytesIO(empty_sheet())).lines)
    assert {each.verdict for each in plan.judged} == {Verdict.NEW}
    assert {each.kind for each in plan.new} == set(QuestionKind)


def test_wrong_rows_go_out_with_their_reasons_as_plain_text_and_come_back_unchanged() -> None:
    wrong = plan_questions(lines(row("判断题", "=cmd|' /C calc'!A0", answer="对"), row("怪题", "问"))).judged
    sheet = wrong_rows(wrong)
    again = read_questions(io.BytesIO(sheet))
    assert [line.cells for line in again.lines] == [each.line.cells for each in wrong]
    assert b"<f>" not in sheet


@settings(max_examples=examples(60))
@given(st.dictionaries(st.sampled_from(Column), st.text(max_size=30), min_size=1))
def test_whatever_stands_in_the_cells_is_judged(cells: dict[Column, str]) -> None:
    judged_row = plan_questions([Line(2, {key: value for key, value in cells.items() if value})]).judged[0]
    assert bool(judged_row.reasons) == (judged_row.verdict is Verdict.ERROR)
    if judged_row.question:
        judged_row.question.clean()


def test_judging_many_rows_costs_three_queries(django_assert_num_queries) -> None:
    many = lines(*[row("判断题", f"问{n}", answer="对") for n in range(50)])
    with django_assert_num_queries(3):
        plan_questions(many)
    assert not Question.objects.exists()
