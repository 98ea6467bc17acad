"""Obligations added up for a desk: how they stand by requirement, how many are short by place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Substr

from accounts.models import Level
from lms.obligations.models import ObligationQuerySet

_OWED = Q(released_on=None)
_SHORT = _OWED & Q(is_exempt=False, is_met=False)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many obligations of one requirement are met, short, and exempt.

    `overdue` is the part of `short` whose deadline has passed.
    """

    slug: str
    name: str
    met: int
    short: int
    exempt: int
    overdue: int

    @property
    def due(self) -> int:
        """The rate's denominator: everything owed, exempt ones left out."""
        return self.met + self.short

    @property
    def percent(self) -> int | None:
        """The share that is met, rounded down so that 100 means all; None where nothing is owed."""
        return self.met * 100 // self.due if self.due else None


def tally_by_slug(obligations: ObligationQuerySet, today: date) -> list[Tally]:
    """One line for each requirement, in the order of lists; the newest version gives the name (one query)."""
    by = ("requirement__position", "slug", "requirement__valid_from", "requirement__name")
    counts = {
        "met": Count("pk", filter=_OWED & Q(is_exempt=False, is_met=True)),
        "short_count": Count("pk", filter=_SHORT),
        "exempt": Count("pk", filter=_OWED & Q(is_exempt=True)),
        "overdue": Count("pk", filter=_SHORT & Q(due_on__lt=today)),
    }
    versions: Iterable[tuple[Any, ...]]  # the columns of `by`, then the counts
    versions = obligations.order_by(*by).values(*by).annotate(**counts).values_list(*by, *counts)
    sums: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for _position, slug, _valid_from, name, *numbers in versions:
        names[slug] = name
        sums[slug] = [sum(pair) for pair in zip(sums.get(slug, [0] * 4), numbers, strict=True)]
    return [Tally(slug, name, *sums[slug]) for slug, name in names.items()]


def place_of(guests: Mapping[int, str], digits: int) -> Combinable:
    """The digits of the place where an obligation's person is counted: of the file, of a guest the present.

    `guests` holds the code of the place for each guest whose file lies outside the list.
    """
    home = Substr("person__unit__code", 1, digits)
    people: dict[str, list[int]] = {}
    for person_id, code in guests.items():
        people.setdefault(code[:digits], []).append(person_id)
    here = [When(person__in=ids, then=Value(place)) for place, ids in people.items()]
    return Case(*here, default=home, output_field=CharField()) if here else home


def short_by_unit_and_slug(
    obligations: ObligationQuerySet, level: Level, guests: Mapping[int, str] | None = None
) -> dict[tuple[str, str], int]:
    """How many are short, for each code of a level and each requirement's short name (one query)."""
    digits = level.digits
    zeros = Value("0" * (12 - digits))
    code = Concat(place_of(guests or {}, digits), zeros, output_field=CharField())
    cells = obligations.order_by().annotate(code=code).values("code", "slug")
    counted = cells.annotate(short_count=Count("pk", filter=_SHORT))
    return {(cell["code"], cell["slug"]): cell["short_count"] for cell in counted}
