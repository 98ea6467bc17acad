"""Rosters for the tests, small and made by hand."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

from openpyxl import Workbook

from accounts import identity
from accounts.models import Unit
from accounts.roster.columns import HEADERS, Column
from accounts.roster.imports import ImportPlan, plan_import
from accounts.roster.sheets import read_rows

ON = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
HEADER = ["姓名", "手机号", "身份证号", "单位代码", "职务", "任职日期", "出生年份", "党员", "新当选"]


def id_number(serial: int = 1, born: str = "19750101") -> str:
    """A valid ID number of nobody: its region does not exist."""
    base = f"990000{born}{serial:03d}"
    return base + identity.check_digit(base)


def line(
    name: str = "王小明",
    phone: str = "13800000001",
    number: str = "",
    unit: str = "140728100201",
    roles: str = "书记",
    since: str = "2025-03-01",
    *rest: str,
) -> list[str]:
    """One row under HEADER."""
    return [name, phone, number, unit, roles, since, *(rest or ("", "", ""))]


def xlsx(
    *rows: Sequence[object], header: Sequence[object] = HEADER, merged: Sequence[str] = ()
) -> io.BytesIO:
    """An XLSX file; a row may be shorter than the header."""
    book = Workbook()
    sheet = book.active
    for row in (header, *rows):
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "花名册.xlsx"
    return file


def csv_file(
    *rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8", delimiter: str = ","
) -> io.BytesIO:
    """A CSV file in some encoding."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([header, *rows])
    file = io.BytesIO(text.getvalue().encode(encoding))
    file.name = "花名册.csv"
    return file


def plan_of(*rows: Sequence[str], scope: Sequence[Unit], header: Sequence[str] = HEADER) -> ImportPlan:
    """The judged plan of a CSV with these rows."""
    return plan_import(read_rows(csv_file(*rows, header=header)).rows, scope=scope, on=ON)


def codes(plan: ImportPlan, row: int = 0) -> list[str]:
    """The codes of the reasons of a row."""
    return [reason.code for reason in plan.judged[row].reasons]


def verdicts(plan: ImportPlan) -> list[str]:
    """The verdicts in the order of the file."""
    return [judged.verdict.value for judged in plan.judged]


def header_words(column: Column) -> tuple[str, ...]:
    """What may stand above a column."""
    return HEADERS[column]
