"""A list of results between the preview and the yes: sealed, because its rows hold whole ID numbers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts import identity
from accounts.elections.judging import Ask
from accounts.roster.columns import Column
from accounts.roster.sheets import Row, Sheet


@dataclass(frozen=True, slots=True)
class Kept:
    """What was brought, how its file was written, and the lines that its last judgement gave."""

    ask: Ask
    columns: tuple[Column, ...]
    has_merges: bool
    lines: frozenset[str]


def pack(ask: Ask, sheet: Sheet, lines: Iterable[str]) -> bytes:
    """The rows as ciphertext."""
    content = {
        "begins_on": ask.begins_on.isoformat(),
        "rows": [[row.line, row.cells] for row in ask.rows],
        "columns": sheet.columns,
        "has_merges": sheet.has_merges,
        "lines": list(lines),
    }
    return identity.seal(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(cipher: bytes | memoryview | None) -> Kept:
    """The rows again; raises UnreadableIdentity when the key has changed."""
    content = json.loads(identity.unseal(cipher or b""))
    rows = tuple(
        Row(line, {Column(column): cell for column, cell in cells.items()}) for line, cells in content["rows"]
    )
    return Kept(
        ask=Ask(rows, date.fromisoformat(content["begins_on"])),
        columns=tuple(Column(column) for column in content["columns"]),
        has_merges=content["has_merges"],
        lines=frozenset(content["lines"]),
    )
