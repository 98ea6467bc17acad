"""The figures of the desk, in a fixed number of queries: from standings, a place's pace from the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractMonth

from accounts.models import Cadre, Unit
from lms.desk.filters import Filters
from lms.hours.models import HoursEntry, Ledger
from lms.hours.sums import ExactSum
from lms.obligations.models import Measure, ObligationQuerySet
from lms.obligations.rollups import place_of, short_by_unit_and_slug

DUE = Q(is_exempt=False)
SHORT = DUE & Q(is_met=False)


@dataclass(frozen=True)
class UnitFigures:
    """How a unit's people stand: each person counted once.

    `due` are those who owe something; the exempt stand beside them, not among them (domain case 11).
    """

    unit: Unit
    due: int
    short: int
    exempt: int
    short_by_slug: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """People who have met everything that holds for them."""
        return self.due - self.short

    @property
    def percent(self) -> int:
        """Share of those who are done; all of them where nobody owes anything."""
        return 100 * self.done // self.due if self.due else 100


def by_unit(obligations: ObligationQuerySet, filters: Filters) -> list[UnitFigures]:
    """One line per unit below the asked one, in the order of their codes (three queries)."""
    counts = {
        "everybody": Count("person", distinct=True),
        "due_people": Count("person", filter=DUE, distinct=True),
        "short_people": Count("person", filter=SHORT, distinct=True),
    }
    place = place_of(filters.here, filters.digits)
    grouped = obligations.order_by().annotate(place=place).values("place").annotate(**counts)
    rows = {code.ljust(12, "0"): numbers for code, *numbers in grouped.values_list("place", *counts)}
    slugs: dict[str, dict[str, int]] = {code: {} for code in rows}
    for (code, slug), number in short_by_unit_and_slug(obligations, filters.below, filters.here).items():
        slugs[code][slug] = number
    lines = []
    for unit in Unit.objects.filter(code__in=rows):
        everybody, due, short = rows[unit.code]
        lines.append(UnitFigures(unit, due, short, everybody - due, slugs[unit.code]))
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
        sum(row.due for row in rows),
        sum(row.short for row in rows),
        sum(row.exempt for row in rows),
        slugs,
    )


def people_short(obligations: ObligationQuerySet) -> QuerySet[Cadre]:
    """People with at least one open obligation."""
    owed = obligations.filter(SHORT, person=OuterRef("pk"))
    found: QuerySet[Cadre] = Cadre.objects.filter(Exists(owed))
    return found.select_related("unit")


def online_due(obligations: ObligationQuerySet, year: int) -> ObligationQuerySet:
    """The online hours that are owed in a year."""
    return obligations.filter(
        DUE, requirement__ledgers=[Ledger.ONLINE], requirement__measure=Measure.HOURS, due_on__year=year
    )


def online_by_month(due: ObligationQuerySet, year: int) -> list[Decimal]:
    """Online hours granted in each month of a year to the people who owe some (twelve sums).

    Adds up the ledger, so it is for a county and what lies below it.
    """
    rows = (
        HoursEntry.objects.filter(year=year, ledger=Ledger.ONLINE, person__in=due.values("person"))
        .order_by()
        .annotate(month=ExtractMonth("earned_on"))
        .values_list("month")
        .annotate(sum_hours=ExactSum("hours"))
    )
    months = dict(rows)
    return [months.get(month, Decimal(0)) for month in range(1, 13)]


def asked_online(due: ObligationQuerySet) -> tuple[int, Decimal]:
    """How many people owe online hours, and how many hours they owe together (one query).

    The same hours meet every online requirement of a person, so the highest is what is asked of them.
    """
    each = due.order_by().values("person").annotate(most=Max("required"))
    asked = each.aggregate(people=Count("person"), hours=ExactSum("most"))
    return asked["people"], asked["hours"] or Decimal(0)
