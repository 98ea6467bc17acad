"""The columns of a sheet of questions and the headers under which people write them."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roster.headers import Headers


class Column(StrEnum):
    """What a cell means; the options stand in columns of their own, up to eight."""

    KIND = "kind"
    STEM = "stem"
    A = "a"
    B = "b"
    C = "c"
    D = "d"
    E = "e"
    F = "f"
    G = "g"
    H = "h"
    ANSWER = "answer"
    EXPLANATION = "explanation"
    TOPIC = "topic"
    COMPETENCY = "competency"
    DIFFICULTY = "difficulty"


OPTIONS = tuple(Column(letter) for letter in "abcdefgh")
NEEDED = (Column.KIND, Column.STEM, Column.ANSWER)
LABELS: dict[Column, str | Promise] = {
    Column.KIND: _("Kind of question"),
    Column.STEM: _("Question"),
    **{column: f"{column.upper()}" for column in OPTIONS},
    Column.ANSWER: _("Right answer"),
    Column.EXPLANATION: _("Explanation"),
    Column.TOPIC: _("Topic"),
    Column.COMPETENCY: _("Competency"),
    Column.DIFFICULTY: _("Difficulty"),
}

# The headers of a file are data in Chinese, whatever the language of the page; the first is the one that
# our own sheets carry. English ones are those of the sheet in an English interface.
HEADERS: dict[Column, tuple[str, ...]] = {
    Column.KIND: ("题型", "类型", "题目类型", "试题类型", "kind of question"),
    Column.STEM: ("题干", "题目", "试题", "问题", "题目内容", "试题内容", "question"),
    **{
        column: (f"选项{column}", f"{column}选项", f"备选项{column}", f"选项{number}", column.value)
        for number, column in enumerate(OPTIONS, start=1)
    },
    Column.ANSWER: ("答案", "正确答案", "标准答案", "参考答案", "answer"),
    Column.EXPLANATION: ("解析", "试题解析", "答案解析", "说明", "explanation"),
    Column.TOPIC: ("主题", "分类", "题库", "topic"),
    Column.COMPETENCY: ("能力", "能力项", "考查能力", "competency"),
    Column.DIFFICULTY: ("难度", "难易", "难易程度", "difficulty"),
}
column_of = Headers(HEADERS).column_of


def missing(found: Iterable[Column | None]) -> list[Column]:
    """The columns without which there is no question: its kind, what is asked, the answer."""
    have = set(found)
    return [column for column in NEEDED if column not in have]
