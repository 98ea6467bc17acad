"""A question as an author writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.kinds import KINDS, Json
from courses.quizzes.lines import read_parts, write_parts

from .made import made_parts


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_what_is_written_out_reads_back_the_same(data: st.DataObject, kind: str) -> None:
    awkward = st.sampled_from(["*甲", "乙=1", "丙|2", "a b", "５", "＊＊", "丁＝"])
    parts = data.draw(made_parts(kind, text=awkward))
    assert read_parts(kind, write_parts(kind, parts)) == parts


@given(st.text(max_size=60), st.sampled_from(sorted(KINDS)))
def test_whatever_is_written_is_read_without_a_fault(written: str, kind: str) -> None:
    assert read_parts(kind, written)


@pytest.mark.parametrize(
    ("kind", "written", "parts"),
    [
        ("SINGLE", "*每季度\n\n 每年 \n", {"options": ["每季度", "每年"], "right": [0]}),
        ("MULTIPLE", "＊ 甲\r\n乙\r\n* 丙", {"options": ["甲", "乙", "丙"], "right": [0, 2]}),
        ("TRUE_FALSE", " 正确。", {"right": True}),
        ("TRUE_FALSE", "×", {"right": False}),
        ("TRUE_FALSE", "也许", {"right": None}),
        ("FILL_IN", "5｜五\n村委会", {"blanks": [["5", "五"], ["村委会"]]}),
        ("ORDERING", "提议\n商议", {"items": ["提议", "商议"]}),
        ("MATCHING", "着火 ＝ 119\n急救=120", {"pairs": [["着火", "119"], ["急救", "120"]]}),
        ("MATCHING", "着火", {"pairs": [["着火"]]}),
    ],
)
def test_a_question_is_read_as_people_write_it(kind: str, written: str, parts: dict[str, Json]) -> None:
    assert read_parts(kind, written) == parts
