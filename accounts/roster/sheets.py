"""Spreadsheets as people bring them: XLSX or CSV, any Chinese encoding, merged cells, titles above.

Nothing in a file is ever run: formulas arrive as their text, macros are not looked at.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import IO, TypeVar

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from accounts.roster.columns import Column, column_of, missing

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_CELL_TAGS = 1_200_000  # in a workbook; a cell has two, a text that it shares three
MAX_OTHER_TAGS = 120_000  # each takes the reader several times as long as a cell's
MAX_ROWS = 20_000
MAX_LINES = 100_000  # with the empty ones in between
MAX_COLUMNS = 60
MAX_CELL = 200
MAX_MERGES = 20_000
HEADER_SEARCH = 10
ENCODINGS = ("utf-8-sig", "gb18030")
MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
# Whatever is not plainly a cell's counts as the dearer sort, in whatever encoding a part is written.
CELL_TAG = re.compile(rb"<(?:\w+:)?(?:c|v|f|is|t|si|row|phoneticPr)[\s/>]")
LONGEST_TAG_NAME = 64
CHUNK = 128 * 1024  # longer than the longest text of a cell
ACCOUNT_BOOK = b"\xd0\xcf\x11\xe0"  # the old binary .xls
# What GB 18030 can read as text and yet is none of a table: PDF, rich text, web pages, pictures.
NO_TABLE = (b"%PDF", b"{\\rtf", b"<")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")  # among them NUL, which PostgreSQL does not take

Cells = list[str]
Merge = tuple[int, int, int]
Meaning = TypeVar("Meaning", bound=StrEnum)
Read = TypeVar("Read")
# What a reader of lines is given: the lines, the name of the encoding, whether cells were merged.
Take = Callable[[Iterator[Cells], str, bool], Read]


class SheetError(Exception):
    """The file as a whole cannot be read as what it should be; nothing was written."""


class TooBig(SheetError):
    """More bytes, or more bytes once unpacked, than a roster has."""


class TooManyRows(SheetError):
    """More rows than one import takes."""


class OldFormat(SheetError):
    """The binary .xls of before 2007."""


class Unreadable(SheetError):
    """No table: neither an XLSX nor a CSV in UTF-8, GBK or GB 18030."""


class WrongHeaders(SheetError):
    """No row has the headers that are needed; `missing` names the columns."""

    def __init__(self, columns: Iterable[StrEnum]) -> None:
        self.missing = list(columns)
        super().__init__(", ".join(column.name for column in self.missing))


class NoRows(SheetError):
    """Headers without people beneath them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line: its number in the file and the cells that we know, as text."""

    line: int
    cells: dict[Column, str]

    def __getitem__(self, column: Column) -> str:
        # ValueError for anything else, so that templates go on to the attributes.
        return self.cells.get(Column(column), "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one file, and how it was written."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    encoding: str
    has_merges: bool = False


def read_rows(file: IO[bytes]) -> Sheet:
    """Read a roster out of an XLSX or CSV file; raises SheetError."""
    return read_table(file, _roster)


def read_table(file: IO[bytes], take: Take[Read], *, longest: int = MAX_CELL) -> Read:
    """Let `take` read the lines of an XLSX or CSV file, no cell longer than that; raises SheetError."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TooBig
    if content.startswith(ACCOUNT_BOOK):
        raise OldFormat
    if content.startswith(b"PK"):
        return _workbook(content, take, longest)
    if content.lstrip().startswith(NO_TABLE):
        raise Unreadable
    text, encoding = _decoded(content)
    if CONTROL.search(text):
        raise Unreadable
    return take(_csv_lines(text, longest), encoding, False)


def _roster(lines: Iterator[Cells], encoding: str, has_merges: bool) -> Sheet:
    """Find the header among the first lines, then take the lines beneath it."""
    columns, found = known_rows(
        lines, column_of, missing, most=MAX_ROWS, most_lines=MAX_LINES, named_by=Column.NAME
    )
    rows = tuple(Row(number, cells) for number, cells in found)
    return Sheet(rows, tuple(column for column in columns if column), encoding, has_merges)


def known_rows(
    lines: Iterator[Cells],
    meaning: Callable[[str], Meaning | None],
    missing: Callable[[Iterable[Meaning | None]], list[Meaning]],
    *,
    most: int,
    most_lines: int,
    named_by: Meaning | None = None,
) -> tuple[list[Meaning | None], list[tuple[int, dict[Meaning, str]]]]:
    """The columns of a header, and beneath it the cells that they give a meaning, by the number of the line.

    A header merged over two lines comes again as the first line beneath itself: `named_by` is the column in
    which that shows. Raises TooManyRows, NoRows, and what `find_header` raises.
    """
    header, columns = find_header(lines, meaning, missing)
    rows: list[tuple[int, dict[Meaning, str]]] = []
    for number, cells in enumerate(lines, start=header + 1):
        if number > most_lines:
            raise TooManyRows
        known = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
        if not known or (named_by and meaning(known.get(named_by, "")) is named_by):
            continue
        if len(rows) == most:
            raise TooManyRows
        rows.append((number, known))
    if not rows:
        raise NoRows
    return columns, rows


def find_header(
    lines: Iterator[Cells],
    meaning: Callable[[str], Meaning | None],
    missing: Callable[[Iterable[Meaning | None]], list[Meaning]],
) -> tuple[int, list[Meaning | None]]:
    """The number of the header line and what each of its cells means; titles above it are passed by."""
    best: list[Meaning | None] = []
    is_table = False
    for number, cells in enumerate(lines, start=1):
        columns = _columns(cells, meaning)
        if not missing(columns):
            return number, columns
        is_table = is_table or sum(map(bool, cells)) > 1
        best = max(best, columns, key=lambda found: sum(column is not None for column in found))
        if number == HEADER_SEARCH:
            break
    raise WrongHeaders(missing(best)) if is_table else Unreadable


def _columns(cells: Cells, meaning: Callable[[str], Meaning | None]) -> list[Meaning | None]:
    """What each header cell means; a second header of the same meaning is not read."""
    found: list[Meaning | None] = []
    for cell in cells:
        column = meaning(cell)
        found.append(column if column not in found else None)
    return found


# --- CSV -------------------------------------------------------------------------------------------
def _decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; GB 18030 reads every GBK and GB 2312 file too."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), "UTF-16"
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding), "UTF-8" if encoding == "utf-8-sig" else "GB18030"
        except UnicodeDecodeError:
            continue
    raise Unreadable


def _csv_lines(text: str, longest: int) -> Iterator[Cells]:
    """Lines of a CSV; Excel in China also writes tabs and semicolons."""
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell.strip()[:longest] for cell in cells[:MAX_COLUMNS]]
    except csv.Error as error:
        raise Unreadable from error


# --- XLSX ------------------------------------------------------------------------------------------
def _workbook(content: bytes, take: Take[Read], longest: int) -> Read:
    """What stands on the first visible sheet, merged cells filled with the value that they show."""
    try:
        _refuse_bombs(content)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        sheet.reset_dimensions()
        merges = _merges(content, vars(sheet)["_worksheet_path"])
        lines = _filled(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), merges, longest)
        return take(lines, "XLSX", bool(merges))
    except SheetError:
        raise
    except Exception as error:  # whatever the broken part raised: BadZipFile, KeyError, ParseError, …
        raise Unreadable from error


def _refuse_bombs(content: bytes) -> None:
    """The archive's directory says how big it gets; zipfile stops at that size when unpacking.

    openpyxl makes objects of a whole row or part before anybody can stop it, so tags are counted first.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise TooBig
        _refuse_endless_parts(archive)


def _refuse_endless_parts(archive: zipfile.ZipFile) -> None:
    """Raises TooBig for more tags than a roster has; any part may be named as any other, so all count."""
    of_cells = others = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            for piece in _pieces(part):
                cells = len(CELL_TAG.findall(piece))
                of_cells += cells
                others += piece.count(b"<") - piece.count(b"</") - cells
                if of_cells > MAX_CELL_TAGS or others > MAX_OTHER_TAGS:
                    raise TooBig


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that begin with a tag, so that no tag's name is cut in two.

    Raises TooBig for what no tag interrupts: a single one with attributes without end.
    """
    rest = b""
    while chunk := part.read(CHUNK):
        if len(chunk) == CHUNK and b"<" not in chunk:
            raise TooBig
        piece = rest + chunk
        cut = piece.rfind(b"<", -LONGEST_TAG_NAME)
        cut = len(piece) if cut < 0 else cut
        yield piece[:cut]
        rest = piece[cut:]
    yield rest


def _merges(content: bytes, path: str) -> dict[int, list[Merge]]:
    """Merged ranges by their first row: (first column, last column, last row).

    openpyxl's streaming reader drops them; they stand behind the rows of the sheet.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(path.lstrip("/"))
    tail = part[max(part.rfind(b"sheetData>"), 0) :]
    found: dict[int, list[Merge]] = {}
    for count, match in enumerate(MERGE.finditer(tail)):
        if count == MAX_MERGES:
            raise TooBig
        left, top, right, bottom = range_boundaries(match[1].decode())
        if left and top and right and bottom and left <= MAX_COLUMNS:
            found.setdefault(top, []).append((left, min(right, MAX_COLUMNS), bottom))
    return found


def _filled(
    rows: Iterable[tuple[object, ...]], merges: dict[int, list[Merge]], longest: int
) -> Iterator[Cells]:
    """Every line as text, with the value of a merged range in each of its cells."""
    running: list[tuple[Merge, str]] = []
    for number, values in enumerate(rows, start=1):
        cells = [_text(value, longest) for value in values]
        running = [(merge, value) for merge, value in running if merge[2] >= number]
        for merge in merges.get(number, []):
            cells.extend([""] * (merge[0] - len(cells)))
            running.append((merge, cells[merge[0] - 1]))
        if len(running) > MAX_COLUMNS:  # ranges never overlap, so a line cannot have more than columns
            raise Unreadable
        for (left, right, _bottom), value in running:
            cells.extend([""] * (right - len(cells)))
            cells[left - 1 : right] = [value] * (right - left + 1)
        yield cells


def _text(value: object, longest: int) -> str:
    """A cell as a person would write it: dates as YYYY-MM-DD, numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, DataTableFormula):
        return f"={value.ref}"
    if isinstance(value, ArrayFormula):
        value = value.text
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:longest]
