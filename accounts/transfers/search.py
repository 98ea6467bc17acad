"""Finding a unit that lies outside one's area, by its code or by its name."""

from datetime import date

from accounts.codes import is_code
from accounts.models import Level, Unit
from accounts.models.units import within_any
from accounts.roster.places import aliases, plain

# From the own county outwards; nobody means a village at the other end of the country by its name.
WIDER = (Level.COUNTY, Level.CITY, Level.PROVINCE)
MOST = 20


def find_units(text: str, near: Unit, on: date) -> list[Unit]:
    """The units in force that the text means: one by its code, or those of that name nearest to `near`."""
    text = plain(text)
    units = Unit.objects.in_force(on).select_related("parent__parent")
    if is_code(text):
        return list(units.filter(code=text))
    if len(text) < 2:
        return []
    for level in WIDER:
        region = Unit(code=near.code[: level.digits].ljust(12, "0"))
        same = units.filter(within_any([region]), name__startswith=text[:2])
        found = [unit for unit in same.order_by("code") if text in aliases(unit.name)]
        # The village of a name comes before the township that people call so.
        exact = [unit for unit in found if plain(unit.name) == text]
        if found:
            return (exact or found)[:MOST]
    return []


def in_words(unit: Unit) -> str:
    """A unit with what lies above it, and its code."""
    above = [each.name for each in (unit.parent and unit.parent.parent, unit.parent) if each]
    return f"{' '.join([*above, unit.name])} {unit.code}"
