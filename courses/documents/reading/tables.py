"""Excel: the visible sheets as tables, with the values that were shown last; long ones are cut."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from courses.documents.pieces import Block, Draft, clean, cut

MOST_SHEETS = 20
MOST_ROWS = 300
MOST_LINES = 20_000  # with the empty ones in between
MOST_COLUMNS = 12
MOST_CELL = 200


def read(path: Path) -> Iterator[Draft]:
    """The rows of every visible sheet under the sheet's name."""
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for number, sheet in enumerate(visible[:MOST_SHEETS], start=1):
        sheet.reset_dimensions()
        lines = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_LINES, values_only=True)
        rows = list(_rows(lines, number))
        if rows:
            yield from cut([Block("heading", (clean(sheet.title),), number), *rows])


def _rows(lines: Iterator[tuple[object, ...]], number: int) -> Iterator[Block]:
    found = 0
    for line in lines:
        cells = [_text(value) for value in line]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Block("row", tuple(cells), number)
            found += 1
        if found == MOST_ROWS:
            yield Block("row", ("…",), number)  # the rest is in the file
            return


def _text(value: object) -> str:
    """A cell as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return clean(str(value))[:MOST_CELL]
