"""Units out of the statistical office's list of codes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.codes import ancestors, depth_of, is_code
from accounts.models import Level, Unit

LEVELS = {level.value.casefold(): level for level in Level}
DEPTHS = list(Level)
BATCH = 2000


class UnitRowError(Exception):
    """Rows that cannot be units; `reasons` holds (line, code, why). Nothing was written."""

    def __init__(self, reasons: list[tuple[int, str, str]]) -> None:
        self.reasons = reasons
        super().__init__(f"{len(reasons)} wrong rows")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of the list: where it stood, code, name, level as a word."""

    line: int
    code: str
    name: str
    level: str


@transaction.atomic
def import_units(*, rows: Iterable[UnitRow]) -> tuple[int, int]:
    """Write units whole or not at all; how many are new and how many changed. Raises UnitRowError.

    Parents come from the codes: above each unit its next higher level must be in the list or known.
    """
    rows = list(rows)
    known = Unit.objects.in_bulk(field_name="code")
    _refuse_wrong(rows, set(known))
    by_depth = sorted(rows, key=lambda row: depth_of(row.code))
    new = changed = 0
    for depth, level in enumerate(DEPTHS):
        fresh, other = [], []
        for row in (row for row in by_depth if depth_of(row.code) == depth):
            above = ancestors(row.code)[:-1]
            parent = known[above[-1]] if above else None
            unit = known.get(row.code)
            if unit is None:
                fresh.append(Unit(code=row.code, name=row.name, level=level, parent=parent))
            elif (unit.name, unit.level, unit.parent_id) != (row.name, level, parent and parent.pk):
                unit.name, unit.level, unit.parent = row.name, level, parent
                other.append(unit)
        known.update({unit.code: unit for unit in Unit.objects.bulk_create(fresh, batch_size=BATCH)})
        Unit.objects.bulk_update(other, ["name", "level", "parent"], batch_size=300)
        new, changed = new + len(fresh), changed + len(other)
    return new, changed


def _refuse_wrong(rows: list[UnitRow], known: set[str]) -> None:
    """Look at every row before anything is written."""
    listed = {row.code for row in rows}
    seen: set[str] = set()
    reasons = []
    for row in rows:
        why = _wrong(row, seen, listed, known)
        seen.add(row.code)
        if why:
            reasons.append((row.line, row.code, why))
    if reasons:
        raise UnitRowError(reasons)


def _wrong(row: UnitRow, seen: set[str], listed: set[str], known: set[str]) -> str:
    """Why a row cannot be a unit; empty where it can."""
    if not is_code(row.code):
        return "a code has 12 digits and does not begin with 0"
    if row.code in seen:
        return "the code stands twice in the file"
    if not row.name or len(row.name) > 80:
        return "a name has 1 to 80 characters"
    level = LEVELS.get(row.level.casefold())
    if level is None:
        return f"unknown level {row.level!r}"
    if DEPTHS[depth_of(row.code)] is not level:
        return f"the code is not one of a {level.value.lower()}"
    above = ancestors(row.code)[:-1]
    if above and above[-1] not in listed and above[-1] not in known:
        return f"its parent {above[-1]} is neither in the file nor known"
    return ""
