"""Sheets of claims as people bring them, as lines of known cells; kept sealed until they are filed."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from accounts import identity
from accounts.roster.sheets import Cells, known_rows, read_table
from lms.training.claims.sheets.columns import Column, column_of, missing

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One claim's line: its number in the file and the cells that we know, as text."""

    number: int
    cells: dict[Column, str]

    def __getitem__(self, column: Column) -> str:
        # ValueError for anything else, so that templates go on to the attributes.
        return self.cells.get(Column(column), "")


@dataclass(frozen=True, slots=True)
class ClaimSheet:
    """The lines of one file, and how it was written."""

    lines: tuple[Line, ...]
    encoding: str
    has_merges: bool = False


def read_claims(file: IO[bytes]) -> ClaimSheet:
    """Read claims out of an XLSX or CSV file; raises SheetError."""
    return read_table(file, _claims)


def _claims(lines: Iterator[Cells], encoding: str, has_merges: bool) -> ClaimSheet:
    """Find the header among the first lines, then take the lines beneath it."""
    _columns, rows = known_rows(
        lines, column_of, missing, most=MOST_LINES, most_lines=MOST_LINES * 10, named_by=Column.NAME
    )
    return ClaimSheet(tuple(Line(number, cells) for number, cells in rows), encoding, has_merges)


def pack(lines: Iterable[Line]) -> bytes:
    """The lines as ciphertext: they hold phones and parts of ID numbers."""
    rows = [[line.number, line.cells] for line in lines]
    return identity.seal(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(cipher: bytes | memoryview | None) -> tuple[Line, ...]:
    """The lines again; raises UnreadableIdentity when the key has changed."""
    rows = json.loads(identity.unseal(cipher or b""))
    return tuple(
        Line(number, {Column(column): cell for column, cell in cells.items()}) for number, cells in rows
    )
