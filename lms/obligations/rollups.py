"""Obligations added up for a desk: met, short and exempt, by place or by requirement, in one query each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Substr

from accounts.codes import LENGTHS
from accounts.models import Level, Unit
from lms.obligations.models import ObligationQuerySet

_DIGITS = dict(zip(Level, LENGTHS, strict=True))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many obligations of one place or requirement are met, short, and exempt.

    `overdue` is the part of `short` whose deadline has passed. `code` or `slug` is empty where the
    figures were not divided by it.
    """

    code: str
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


def tally_by_unit(obligations: ObligationQuerySet, level: Level, today: date) -> list[Tally]:
    """One line for each place of a level, in the order of codes."""
    return [
        Tally(code, "", name, *figures)
        for code, name, *figures in _counted(_placed(obligations, level), today, "code", "unit_name")
    ]


def tally_by_slug(obligations: ObligationQuerySet, today: date) -> list[Tally]:
    """One line for each requirement, in the order of lists; the newest of its versions gives the name."""
    by = ("requirement__position", "slug", "requirement__name")
    merged: dict[str, Tally] = {}
    for _position, slug, name, *figures in _counted(obligations, today, *by):
        tally = Tally("", slug, name, *figures)
        merged[slug] = _sum(merged[slug], tally) if slug in merged else tally
    return list(merged.values())


def tally_by_unit_and_slug(
    obligations: ObligationQuerySet, level: Level, today: date
) -> dict[tuple[str, str], Tally]:
    """One cell for each place of a level and requirement."""
    lines = _counted(_placed(obligations, level), today, "code", "slug", "unit_name")
    return {(code, slug): Tally(code, slug, name, *figures) for code, slug, name, *figures in lines}


def _placed(obligations: ObligationQuerySet, level: Level) -> ObligationQuerySet:
    """Each obligation with the code and name of the person's place at a level."""
    digits = _DIGITS[level]
    zeros = Value("0" * (12 - digits))
    code = Concat(Substr("person__unit__code", 1, digits), zeros, output_field=CharField())
    name = Unit.objects.filter(code=OuterRef("code")).values("name")[:1]
    return obligations.annotate(code=code).annotate(unit_name=Subquery(name))


def _counted(
    obligations: ObligationQuerySet,
    today: date,
    *by: str,
) -> Iterable[tuple[Any, ...]]:  # the columns of `by`, then the four counts
    owed = Q(released_on=None)
    short = owed & Q(is_exempt=False, is_met=False)
    counts = {
        "met": Count("pk", filter=owed & Q(is_exempt=False, is_met=True)),
        "short_count": Count("pk", filter=short),
        "exempt": Count("pk", filter=owed & Q(is_exempt=True)),
        "overdue": Count("pk", filter=short & Q(due_on__lt=today)),
    }
    lines: Iterable[tuple[Any, ...]]
    lines = obligations.order_by(*by).values(*by).annotate(**counts).values_list(*by, *counts)
    return lines


def _sum(first: Tally, second: Tally) -> Tally:
    return Tally(
        code=second.code,
        slug=second.slug,
        name=second.name,
        met=first.met + second.met,
        short=first.short + second.short,
        exempt=first.exempt + second.exempt,
        overdue=first.overdue + second.overdue,
    )
