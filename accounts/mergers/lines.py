"""The table of codes of a merger, and what is wrong with it: judged against the units as they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.codes import ancestors, depth_of, is_code
from accounts.models import Level, Unit
from accounts.models.units import within_any

LEVELS = list(Level)
LONGEST_NAME = Unit._meta.get_field("name").max_length or 0

WORDS = {
    "no_lines": _("Nothing is merged yet: name the units, and what takes their place."),
    "day_ahead": _("%(day)s lies ahead. Record a merger on its first day or afterwards."),
    "day_past": _("%(day)s lies in another year, and its figures are closed. Name a day of this year."),
    "twice": _("The code stands twice in the table."),
    "unknown": _("No unit has this code."),
    "retired": _("It was retired before."),
    "too_young": _("It began on %(day)s and cannot end before."),
    "outside": _("It lies outside your area."),
    "code_missing": _("The new code is missing."),
    "code_shape": _("%(new)s is no code: 12 digits, the first not zero."),
    "code_level": _("%(new)s is not the code of a unit of this level."),
    "code_retired": _("%(new)s is not in force on that day."),
    "code_merged": _("%(new)s is itself merged away. Name the code that goes on."),
    "parent": _("Above %(new)s there is no unit in force: its code would be %(above)s."),
    "name_missing": _("The name of the new unit is missing."),
    "name_long": _("A name has at most 80 characters."),
    "name_differs": _("%(new)s is given two names."),
    "left_behind": _("%(name)s lies in it and is not in the table."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One unit that is retired, and the code and name of the one that takes its place."""

    old: str
    new: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of the table, or with the whole of it (`old` is empty)."""

    code: str
    old: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return str(WORDS[self.code]) % dict(self.values)


def problem(code: str, old: str = "", **values: object) -> Problem:
    """A problem with the figures in it."""
    return Problem(code, old, tuple(sorted((key, str(value)) for key, value in values.items())))


@dataclass(frozen=True, slots=True)
class Units:
    """The units that a table speaks of, and those around them."""

    by_code: Mapping[str, Unit]
    below: Mapping[str, Sequence[Unit]]  # units not retired in the subtree of an old code, without itself


def load_units(lines: Iterable[Line]) -> Units:
    """Every unit that the lines name, those above and below (two queries)."""
    lines = list(lines)
    codes = {code for line in lines for code in (line.old, line.new) if is_code(code)}
    named = {above for code in codes for above in ancestors(code)}
    by_code = {unit.code: unit for unit in Unit.objects.filter(code__in=named)}
    olds = [by_code[line.old] for line in lines if line.old in by_code]
    below: dict[str, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.filter(within_any(_wide(olds)), valid_to=None):
        for above in ancestors(unit.code)[:-1]:
            below[above].append(unit)
    return Units(by_code, below)


def _wide(units: Iterable[Unit]) -> list[Unit]:
    """Those that can have units below them."""
    return [unit for unit in units if unit.level != Level.VILLAGE]


def problems_of(
    lines: Sequence[Line], units: Units, *, on: date, today: date, scope: Sequence[Unit]
) -> list[Problem]:
    """Everything that speaks against a table on a day, for somebody who rules over `scope`."""
    found = [*_of_the_day(on, today)]
    if not lines:
        found.append(problem("no_lines"))
    olds = {line.old for line in lines}
    for line in lines:
        found.extend(_of_old(line, lines, units, on, scope))
        found.extend(_of_new(line, olds, {each.new for each in lines}, units, on))
    found.extend(_of_names(lines, units))
    return list(dict.fromkeys(found))


def _of_the_day(on: date, today: date) -> Iterator[Problem]:
    if on > today:
        yield problem("day_ahead", day=on)
    elif on.year < today.year:
        yield problem("day_past", day=on)


def _of_old(
    line: Line, lines: Sequence[Line], units: Units, on: date, scope: Sequence[Unit]
) -> Iterator[Problem]:
    old = units.by_code.get(line.old)
    if old is None:
        yield problem("unknown", line.old)
        return
    if sum(each.old == line.old for each in lines) > 1:
        yield problem("twice", line.old)
    if old.valid_to is not None:
        yield problem("retired", line.old)
    elif old.valid_from is not None and old.valid_from >= on:
        yield problem("too_young", line.old, day=old.valid_from)
    if not _rules_over(scope, lines, line):
        yield problem("outside", line.old)
    olds = {each.old for each in lines}
    for unit in units.below.get(line.old, ()):
        if unit.code not in olds:
            yield problem("left_behind", line.old, name=unit.name)


def _rules_over(scope: Sequence[Unit], lines: Sequence[Line], line: Line) -> bool:
    """Whether one unit of the scope lies above all that is merged, old and new, and above this line's."""
    above = {_parent(code) for each in lines for code in (each.old, each.new) if is_code(code)}
    above |= {_parent(code) for code in (line.old, line.new) if is_code(code)}
    return any(all(unit.contains(code) for code in above) for unit in scope)


def _parent(code: str) -> str:
    """The code above; a province has nothing above it but itself."""
    return ancestors(code)[-2] if depth_of(code) else code


def _of_new(line: Line, olds: set[str], news: set[str], units: Units, on: date) -> Iterator[Problem]:
    if not line.new:
        yield problem("code_missing", line.old)
        return
    if not is_code(line.new):
        yield problem("code_shape", line.old, new=line.new)
        return
    if is_code(line.old) and depth_of(line.new) != depth_of(line.old):
        yield problem("code_level", line.old, new=line.new)
    known = units.by_code.get(line.new)
    if line.new in olds:
        yield problem("code_merged", line.old, new=line.new)
    elif known is not None and (known.valid_to is not None or not known.is_in_force(on)):
        yield problem("code_retired", line.old, new=line.new)
    elif known is None and not line.name:
        yield problem("name_missing", line.old)
    if len(line.name) > LONGEST_NAME:
        yield problem("name_long", line.old)
    above = _parent(line.new)
    parent = units.by_code.get(above)
    is_there = parent is not None and parent.valid_to is None and parent.is_in_force(on)
    if above in olds or not (is_there or above in news):
        yield problem("parent", line.old, new=line.new, above=above)


def _of_names(lines: Sequence[Line], units: Units) -> Iterator[Problem]:
    names: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.new and line.name and line.new not in units.by_code:
            names[line.new].add(line.name)
    for line in lines:
        if len(names.get(line.new, ())) > 1:
            yield problem("name_differs", line.old, new=line.new)
