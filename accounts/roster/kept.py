"""A judged sheet between the preview and the yes: sealed, because its rows hold whole ID numbers."""

import json
from datetime import date
from typing import Any

from accounts import identity
from accounts.models import Unit
from accounts.roster.columns import Column
from accounts.roster.imports import ImportPlan
from accounts.roster.sheets import Row, Sheet
from accounts.roster.verdicts import Change, Judged, Reason, Verdict


def pack(plan: ImportPlan, sheet: Sheet) -> bytes:
    """The plan and the sheet's columns as ciphertext."""
    content = {
        "on": plan.on.isoformat(),
        "scope": [unit.code for unit in plan.scope],
        "columns": sheet.columns,
        "has_merges": sheet.has_merges,
        "rows": [_row_out(judged) for judged in plan.judged],
    }
    return identity.seal(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(cipher: bytes | memoryview | None, encoding: str) -> tuple[ImportPlan, Sheet]:
    """The plan and its sheet again; raises UnreadableIdentity when the key has changed."""
    content = json.loads(identity.unseal(cipher or b""))
    judged = tuple(_row_in(row) for row in content["rows"])
    scope = tuple(Unit.objects.filter(code__in=content["scope"]))
    columns = tuple(Column(column) for column in content["columns"])
    plan = ImportPlan(judged, scope, date.fromisoformat(content["on"]))
    return plan, Sheet(tuple(row.row for row in judged), columns, encoding, content["has_merges"])


def _row_out(judged: Judged) -> list[Any]:  # Any: JSON
    return [
        judged.row.line,
        judged.row.cells,
        judged.verdict.value,
        [[reason.code, dict(reason.values)] for reason in judged.reasons],
        [[change.column, change.before, change.after, change.role] for change in judged.changes],
        judged.person_id,
    ]


def _row_in(row: list[Any]) -> Judged:  # Any: JSON
    line, cells, verdict, reasons, changes, person_id = row
    return Judged(
        row=Row(line, {Column(column): cell for column, cell in cells.items()}),
        verdict=Verdict(verdict),
        reasons=tuple(Reason(code, tuple(sorted(values.items()))) for code, values in reasons),
        changes=tuple(Change(Column(column), *rest) for column, *rest in changes),
        person_id=person_id,
    )
