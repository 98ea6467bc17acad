"""The figures of the desk, in a fixed number of queries: from standings, a place's pace from the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth, Substr

from accounts.models import Cadre, Unit
from lms.desk.filters import Filters
from lms.hours.models import HoursEntry, Ledger
from lms.obligations.models import ObligationQuerySet
from lms.obligations.rollups import short_by_unit_and_slug

SHORT = Q(is_met=False, is_exempt=False)


@dataclass(frozen=True)
class UnitFigures:
    """How a unit's people stand: each person counted once."""

    unit: Unit
    people: int
    short: int
    exempt: int
    short_by_slug: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """People who have met everything that holds for them."""
        return self.people - self.short - self.exempt

    @property
    def percent(self) -> int:
        """Share of those who are done; the exempt are no part of it (domain case 11)."""
        counted = self.people - self.exempt
        return 100 * self.done // counted if counted else 100


def by_unit(obligations: ObligationQuerySet, filters: Filters) -> list[UnitFigures]:
    """One line per unit below the asked one, in the order of their codes (three queries)."""
    counts = {
        "people": Count("person", distinct=True),
        "short_people": Count("person", filter=SHORT, distinct=True),
        "exempt_people": Count("person", filter=Q(is_exempt=True), distinct=True),
    }
    place = Substr("person__unit__code", 1, filters.digits)
    grouped = obligations.order_by().annotate(place=place).values("place").annotate(**counts)
    rows = {code.ljust(12, "0"): numbers for code, *numbers in grouped.values_list("place", *counts)}
    slugs: dict[str, dict[str, int]] = {code: {} for code in rows}
    for (code, slug), number in short_by_unit_and_slug(obligations, filters.below).items():
        slugs[code][slug] = number
    lines = []
    for unit in Unit.objects.filter(code__in=rows):
        people, short, exempt = rows[unit.code]
        lines.append(UnitFigures(unit, people, short, exempt, slugs[unit.code]))
    return lines


def total(unit: Unit, lines: Iterable[UnitFigures]) -> UnitFigures:
    """The sum of the lines: a person belongs to one present unit, so nobody is counted twice."""
    rows = list(lines)
    slugs: dict[str, int] = {}
    for row in rows:
        for slug, number in row.short_by_slug.items():
            slugs[slug] = slugs.get(slug, 0) + number
    return UnitFigures(
        unit,
        sum(row.people for row in rows),
        sum(row.short for row in rows),
        sum(row.exempt for row in rows),
        slugs,
    )


def people_short(obligations: ObligationQuerySet) -> QuerySet[Cadre]:
    """People with at least one open obligation, in the order of their units."""
    owed = obligations.filter(SHORT, person=OuterRef("pk"))
    found: QuerySet[Cadre] = Cadre.objects.filter(Exists(owed))
    return found.select_related("unit", "helper").order_by("unit__code", "pk")


def online_by_month(filters: Filters, user: Cadre, year: int) -> list[Decimal]:
    """Online hours granted in each month of a year to the people now in the unit (twelve sums).

    Adds up the ledger, so it is for a county and what lies below it.
    """
    people = Cadre.objects.visible_to(user).filter(filters.people())
    rows = (
        HoursEntry.objects.filter(year=year, ledger=Ledger.ONLINE, person__in=people)
        .order_by()
        .annotate(month=ExtractMonth("earned_on"))
        .values_list("month")
        .annotate(sum_hours=Sum("hours"))
    )
    months = dict(rows)
    return [months.get(month, Decimal(0)) for month in range(1, 13)]


def asked_online(obligations: ObligationQuerySet, today: date) -> tuple[int, Decimal]:
    """How many people owe online hours this year, and how many hours they owe together (one query)."""
    owed = obligations.filter(
        requirement__ledgers=[Ledger.ONLINE], due_on__year=today.year, is_exempt=False
    ).aggregate(people=Count("person", distinct=True), hours=Sum("required"))
    return owed["people"], owed["hours"] or Decimal(0)
