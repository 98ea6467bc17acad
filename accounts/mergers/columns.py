"""The sheet of a merger's codes: old code, new code, name of the new unit; read, and made to fill in."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.mergers.lines import Line
from accounts.roster.books import book, book_bytes, is_chinese
from accounts.roster.headers import Headers
from accounts.roster.sheets import Cells, NoRows, TooManyRows, find_header, read_table

MOST_LINES = 2000


class Column(StrEnum):
    """What a cell means."""

    OLD = "old"
    OLD_NAME = "old_name"
    NEW = "new"
    NAME = "name"


LABELS: dict[Column, str | Promise] = {
    Column.OLD: _("Old code"),
    Column.OLD_NAME: _("Old name"),
    Column.NEW: _("New code"),
    Column.NAME: _("New name"),
}
# The headers of a file are data in Chinese, whatever the language of the page; the first is our own.
HEADERS: dict[Column, tuple[str, ...]] = {
    Column.OLD: ("原代码", "旧代码", "原区划代码", "原统计代码", "撤销代码", "old code"),
    Column.OLD_NAME: ("原名称", "旧名称", "原村名", "old name"),
    Column.NEW: ("新代码", "现代码", "新区划代码", "新统计代码", "变更后代码", "new code"),
    Column.NAME: ("新名称", "现名称", "新村名", "变更后名称", "new name"),
}
column_of = Headers(HEADERS).column_of


def missing(found: Iterable[Column | None]) -> list[Column]:
    """The columns without which nothing is said: old and new code."""
    have = set(found)
    return [column for column in (Column.OLD, Column.NEW) if column not in have]


def read_lines(file: IO[bytes]) -> list[Line]:
    """The lines of a sheet as it came; raises SheetError."""
    return read_table(file, _take)


def _take(cells_of_lines: Iterator[Cells], encoding: str, has_merges: bool) -> list[Line]:
    _header, columns = find_header(cells_of_lines, column_of, missing)
    lines: list[Line] = []
    for cells in cells_of_lines:
        known = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
        if not known:
            continue
        if len(lines) == MOST_LINES:
            raise TooManyRows
        old, new, name = (known.get(column, "") for column in (Column.OLD, Column.NEW, Column.NAME))
        lines.append(Line(plain_code(old), plain_code(new), name))
    if not lines:
        raise NoRows
    return lines


def plain_code(text: str) -> str:
    """A code without the spaces that people put into it."""
    return "".join(text.split())


def sheet_of(lines: Iterable[Line], names: dict[str, str]) -> bytes:
    """The table as a workbook to fill in."""
    heads = [HEADERS[column][0] if is_chinese() else str(LABELS[column]) for column in Column]
    rows = ((line.old, names.get(line.old, ""), line.new, line.name) for line in lines)
    return book_bytes(book(gettext("Codes"), heads, rows, [18, 24, 18, 24]))
