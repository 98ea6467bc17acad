"""What can be chosen for a merger: villages of one or two townships, or the townships of a county."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from accounts.access import RULERS, scope_unit
from accounts.mergers.lines import Line
from accounts.models import Cadre, Level, Unit
from accounts.models.units import within_any


@dataclass(frozen=True, slots=True)
class Choice:
    """What the wizard offers: the county and townships to choose from, and the units to tick."""

    level: Level
    counties: Sequence[Unit]
    county: Unit | None
    townships: Sequence[Unit]
    first: Unit | None
    second: Unit | None
    offered: Sequence[Unit]


def read_choice(query: QueryDict, user: Cadre, on: date) -> Choice:
    """What the address asks for, as far as the staff member rules (three queries)."""
    level = Level.TOWNSHIP if query.get("level") == Level.TOWNSHIP else Level.VILLAGE
    mine = Unit.objects.filter(within_any(user.scope_units(*RULERS))).in_force(on).order_by("code")
    counties = list(mine.filter(level=Level.COUNTY))
    county = _asked(query.get("county"), counties)
    around = [county or scope_unit(user, *RULERS)]
    townships = list(mine.filter(within_any(around), level=Level.TOWNSHIP)) if county or not counties else []
    first = _asked(query.get("unit"), townships)
    second = _asked(query.get("with"), townships, is_only=False)
    if level == Level.TOWNSHIP:
        return Choice(level, counties, county, townships, None, None, townships)
    chosen = [unit for unit in (first, second) if unit]
    villages = mine.filter(within_any(chosen), level=Level.VILLAGE)
    return Choice(level, counties, county, townships, first, second, list(villages))


def _asked(code: str | None, units: Sequence[Unit], *, is_only: bool = True) -> Unit | None:
    """The unit of a code; of one unit that one, where nothing else could be meant."""
    found = next((unit for unit in units if unit.code == code), None)
    return units[0] if found is None and is_only and len(units) == 1 else found


def with_those_below(lines: Sequence[Line]) -> list[Line]:
    """The table with a line for each unit that lies in one that is retired, its new code still open."""
    olds = {line.old for line in lines}
    wide = [Unit(code=code) for code in sorted(olds)]
    below = Unit.objects.filter(within_any(wide), valid_to=None).exclude(code__in=olds).order_by("code")
    return [*lines, *(Line(unit.code, "", unit.name) for unit in below)]
