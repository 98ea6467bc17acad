"""A sheet of questions as people bring it, as lines of known cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from accounts.roster.sheets import Cells, known_rows, read_table
from courses.quizzes.imports.columns import OPTIONS, Column, column_of, missing

MOST_LINES = 2_000
LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One question's line: its number in the file and the cells that we know, as text."""

    number: int
    cells: dict[Column, str]

    def __getitem__(self, column: Column) -> str:
        # ValueError for anything else, so that templates go on to the attributes.
        return self.cells.get(Column(column), "")

    @property
    def options(self) -> list[str]:
        """What stands in the columns of options, without empty ones at the end."""
        texts = [self[column] for column in OPTIONS]
        while texts and not texts[-1]:
            texts.pop()
        return texts


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """The lines of one file, and how it was written."""

    lines: tuple[Line, ...]
    encoding: str


def read_questions(file: IO[bytes]) -> QuestionSheet:
    """Read questions out of an XLSX or CSV file; raises SheetError."""
    return read_table(file, _questions, longest=LONGEST_CELL)


def _questions(lines: Iterator[Cells], encoding: str, has_merges: bool) -> QuestionSheet:
    """Find the header among the first lines, then take the lines beneath it."""
    _columns, rows = known_rows(lines, column_of, missing, most=MOST_LINES, most_lines=MOST_LINES * 2)
    return QuestionSheet(tuple(Line(number, cells) for number, cells in rows), encoding)
