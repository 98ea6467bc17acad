"""Sheets of questions for the tests, small and made by hand."""

import io
from collections.abc import Sequence

from courses.quizzes.imports.columns import HEADERS, OPTIONS, Column
from courses.quizzes.imports.plan import Judged, plan_questions
from courses.quizzes.imports.reading import Line, read_questions
from courses.quizzes.models import Question
from tests.accounts.rosters import csv_file, xlsx

HEADER = [HEADERS[column][0] for column in Column]


def row(kind: str, stem: str, *options: str, answer: str = "", **more: str) -> list[str]:
    """One row under HEADER."""
    cells = {Column.KIND: kind, Column.STEM: stem, Column.ANSWER: answer}
    cells |= dict(zip(OPTIONS, options, strict=False)) | {Column(name): cell for name, cell in more.items()}
    return [cells.get(column, "") for column in Column]


GOOD = row("单选题", "谁召集村民会议？", "村委会", "乡镇", "支部", answer="A", explanation="法律规定。")


def csv_sheet(*rows: Sequence[str], **more: str) -> io.BytesIO:
    return csv_file(*rows, header=HEADER, **more)


def xlsx_sheet(*rows: Sequence[object]) -> io.BytesIO:
    return xlsx(*rows, header=HEADER)


def lines(*rows: Sequence[str]) -> tuple[Line, ...]:
    return read_questions(csv_sheet(*rows)).lines


def judged(*cells: str, **more: str) -> Judged:
    """The verdict on one row, with what `row` takes."""
    return plan_questions(lines(row(*cells, **more))).judged[0]


def question(*cells: str, **more: str) -> Question:
    """The question that a right row becomes."""
    verdict = judged(*cells, **more)
    assert verdict.question is not None, verdict.reasons
    return verdict.question
