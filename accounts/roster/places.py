"""Finding a unit by its code, or by the names that people write."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.codes import is_code, prefix_of
from accounts.models import Level, Unit
from accounts.models.units import within_any

COMMITTEE = re.compile(r"(村民委员会|居民委员会|村委会|居委会)$")
TOWNSHIP, VILLAGE = Level.TOWNSHIP.digits, Level.VILLAGE.digits


class PlaceError(Exception):
    """A row names no unit that can be used; `code` and `values` say why."""

    def __init__(self, code: str, **values: str) -> None:
        self.code, self.values = code, values
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Place:
    """As much of a unit as judging needs."""

    pk: int
    code: str
    name: str
    is_in_force: bool
    successor: str
    since: date | None = None


class Places:
    """All units of a scope, by code and by name; made with one query."""

    def __init__(self, scope: Sequence[Unit], on: date) -> None:
        self._scope = scope
        self.by_code: dict[str, Place] = {}
        self._townships: dict[str, list[Place]] = defaultdict(list)
        self._villages: dict[str, list[Place]] = defaultdict(list)
        for place in _load(scope, on):
            self.by_code[place.code] = place
            digits = len(prefix_of(place.code))
            names = {TOWNSHIP: self._townships, VILLAGE: self._villages}.get(digits)
            if names is not None:
                for alias in aliases(place.name):
                    names[alias].append(place)

    def find(self, code: str, township: str, village: str) -> Place:
        """The unit of a row, by code before names; raises PlaceError."""
        place = self._of_code(code) if code else self._of_names(township, village)
        if not place.is_in_force:
            raise PlaceError("place_retired", value=place.name, successor=place.successor or "—")
        return place

    def _of_code(self, code: str) -> Place:
        code = unicodedata.normalize("NFKC", code).replace(" ", "")
        if not is_code(code):
            raise PlaceError("place_unknown", value=code)
        if code not in self.by_code:
            is_ours = any(unit.contains(code) for unit in self._scope)
            raise PlaceError("place_unknown" if is_ours else "place_outside", value=code)
        return self.by_code[code]

    def _of_names(self, township: str, village: str) -> Place:
        if not township and not village:
            raise PlaceError("place_empty")
        if not village:
            return _one(self._townships.get(plain(township), []), township)
        found = self._villages.get(plain(village), [])
        if township:
            above = {prefix_of(place.code) for place in self._townships.get(plain(township), [])}
            found = [place for place in found if place.code[:TOWNSHIP] in above]
        return _one(found, f"{township} {village}".strip())


def _one(found: Iterable[Place], words: str) -> Place:
    """The only one in force, else the only one; raises PlaceError."""
    found = list(found)
    current = [place for place in found if place.is_in_force] or found
    if not current:
        raise PlaceError("place_unknown", value=words)
    if len(current) > 1:
        raise PlaceError("place_many", value=words)
    return current[0]


def plain(name: str) -> str:
    """A name without the spaces and the width that people give it."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def aliases(name: str) -> set[str]:
    """How people write a unit: 南政村民委员会 is 南政, 南政村, 南政村委会; 古城街道 is 古城街道办事处."""
    full = plain(name)
    core = COMMITTEE.sub("", full)
    names = {full, core}
    if full.endswith(("村民委员会", "村委会")):
        names |= {f"{core}村", f"{core}村委会", f"{core}村村委会"}
    elif full.endswith(("居民委员会", "居委会")):
        names |= {f"{core}居委会", f"{core}社区", core.removesuffix("社区")}
    elif full.endswith("街道"):
        names |= {f"{full}办事处", f"{full}办", full.removesuffix("街道")}
    elif full.endswith(("镇", "乡")):
        names |= {full[:-1], f"{full}人民政府"}
    return {alias for alias in names if alias}


def _load(scope: Sequence[Unit], on: date) -> Iterable[Place]:
    rows = Unit.objects.filter(within_any(scope)).values_list(
        "pk", "code", "name", "valid_from", "valid_to", "successor__name"
    )
    for pk, code, name, valid_from, valid_to, successor in rows.iterator(chunk_size=5000):
        is_in_force = (valid_from is None or valid_from <= on) and (valid_to is None or valid_to >= on)
        yield Place(pk, code, name, is_in_force, successor or "", valid_from)
