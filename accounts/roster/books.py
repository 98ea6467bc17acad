"""Workbooks that go out: a bold line of headers, every cell text, and how they are downloaded."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = PatternFill("solid", fgColor="EDEDEA")
WIDTH = 14

Rows = Iterable[Sequence[str]]


def is_chinese() -> bool:
    """Whether headers go out in Chinese; they are read back in either language."""
    return (get_language() or "zh").startswith("zh")


def book(title: str, heads: Sequence[str], rows: Rows = (), widths: Sequence[int] = ()) -> Workbook:
    """A workbook with one sheet; widths that are not given are ordinary."""
    made = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = made.create_sheet(title)
    sheet.freeze_panes = "A2"
    _widen(sheet, [*widths, *[WIDTH] * (len(heads) - len(widths))])
    cells = [text_cell(sheet, head) for head in heads]
    for cell in cells:
        cell.font, cell.fill = Font(bold=True), HEAD
    sheet.append(cells)
    _append(sheet, rows)
    return made


def add_sheet(made: Workbook, title: str, rows: Rows, widths: Sequence[int]) -> None:
    """One more sheet of text."""
    sheet: WriteOnlyWorksheet = made.create_sheet(title)
    _widen(sheet, widths)
    _append(sheet, rows)


def book_bytes(made: Workbook) -> bytes:
    """The file."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def download(content: bytes, name: str) -> HttpResponse:
    """A workbook as an answer, under a name without its ending; no browser keeps it."""
    disposition = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def text_cell(sheet: WriteOnlyWorksheet, value: str) -> Any:  # Any: the stubs make WriteOnlyCell a function
    """Always text, without control characters: what begins with = stays what it was, and is not run."""
    printable = value if value.isprintable() else "".join(filter(str.isprintable, value))
    cell = WriteOnlyCell(sheet, value=printable)
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _append(sheet: WriteOnlyWorksheet, rows: Rows) -> None:
    for row in rows:
        sheet.append([text_cell(sheet, cell) for cell in row])


def _widen(sheet: Any, widths: Iterable[int]) -> None:  # Any: the stubs miss column_dimensions
    """Column widths; every cell that is typed later is text too, so that no ID number loses digits."""
    for number, width in enumerate(widths, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width, dimension.number_format = width, "@"
