"""Sheets that go out: the wrong rows with their reasons, and the empty sheet to fill in."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from accounts.models import Role
from accounts.roster.columns import HEADERS, LABELS, Column
from accounts.roster.verdicts import Judged

HEAD = PatternFill("solid", fgColor="EDEDEA")
WIDTHS = {Column.IDENTITY: 22, Column.UNIT_CODE: 16, Column.VILLAGE: 18, Column.ROLES: 20}


def header_of(column: Column) -> str:
    """The header that our own sheets carry, which we read back in either language."""
    is_chinese = (get_language() or "zh").startswith("zh")
    return HEADERS[column][0] if is_chinese else str(LABELS[column])


def wrong_rows(rows: Iterable[Judged], columns: Sequence[Column]) -> bytes:
    """The wrong rows as they came, the reasons in front: correct them and bring the sheet again."""
    book, sheet = _book(_("To correct"), [(_("Row"), 8), (_("What to correct"), 60)], columns)
    for judged in rows:
        reasons = " ".join(str(reason) for reason in judged.reasons)
        cells = [str(judged.row.line), reasons, *(judged.row[column] for column in columns)]
        sheet.append([text_cell(sheet, cell) for cell in cells])
    return _bytes(book)


def empty_sheet() -> bytes:
    """The headers to fill in, and on a second sheet what belongs beneath them."""
    # The account number comes last: few rows need one.
    columns = sorted(Column, key=lambda column: column is Column.NUMBER)
    book, _sheet = _book(_("Roster"), [], columns)
    help_sheet = book.create_sheet(_("How to fill it in"))
    _widen(help_sheet, [18, 90])
    for column in columns:
        help_sheet.append([text_cell(help_sheet, header_of(column)), text_cell(help_sheet, _help(column))])
    return _bytes(book)


def _help(column: Column) -> str:
    roles = "、".join(str(role.label) for role in Role)
    return {
        Column.NAME: _("Needed."),
        Column.PHONE: _("11 digits. The person signs in with it."),
        Column.IDENTITY: _("18 places, may stay empty. Kept encrypted; pages show the last four."),
        Column.UNIT_CODE: _("12 digits. Not needed where township and village are given."),
        Column.TOWNSHIP: _("As in “Gutao town”; needed where two villages have the same name."),
        Column.VILLAGE: _("As in “Dongcheng village”."),
        Column.ROLES: _("Needed. Several with 、 between them: %(roles)s") % {"roles": roles},
        Column.FROM_ON: _("As in 2025-03-01. Needed for new people and new posts."),
        Column.BIRTH_YEAR: _("As in 1975. Not needed where the ID number is given."),
        Column.PARTY: _("Yes or no."),
        Column.NEWLY_ELECTED: _("Yes or no."),
        Column.NUMBER: _("Stays empty, but for somebody who shares the name with another in the unit."),
    }[column]


def _book(
    title: str, before: list[tuple[str, int]], columns: Sequence[Column]
) -> tuple[Workbook, WriteOnlyWorksheet]:
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    heads = [*before, *((header_of(column), WIDTHS.get(column, 14)) for column in columns)]
    _widen(sheet, [width for _head, width in heads])
    cells = [text_cell(sheet, head) for head, _width in heads]
    for cell in cells:
        cell.font, cell.fill = Font(bold=True), HEAD
    sheet.append(cells)
    return book, sheet


def _widen(sheet: Any, widths: Iterable[int]) -> None:  # Any: the stubs miss column_dimensions
    """Column widths; every cell that is typed later is text too, so that no ID number loses digits."""
    for number, width in enumerate(widths, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width, dimension.number_format = width, "@"


def text_cell(sheet: WriteOnlyWorksheet, value: str) -> Any:  # Any: the stubs make WriteOnlyCell a function
    """Always text, without control characters: what begins with = stays what it was, and is not run."""
    printable = value if value.isprintable() else "".join(filter(str.isprintable, value))
    cell = WriteOnlyCell(sheet, value=printable)
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _bytes(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
