"""A person's years side by side: the ledgers are shown beside each other, never added up."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from lms.hours.models import HoursEntryQuerySet, Ledger


@dataclass(frozen=True)
class YearFigures:
    """What one year holds: hours online and collective, hours and days of concentrated training."""

    year: int
    online: Decimal = Decimal(0)
    collective: Decimal = Decimal(0)
    concentrated: Decimal = Decimal(0)
    days: Decimal = Decimal(0)


def by_year(entries: HoursEntryQuerySet) -> list[YearFigures]:
    """The years of these lines, latest first (one query)."""
    rows = entries.order_by().values("year", "ledger").annotate(hours=Sum("hours"), days=Sum("days"))
    years: dict[int, dict[str, Decimal]] = {}
    for row in rows:
        year = years.setdefault(row["year"], {})
        year[row["ledger"].lower()] = row["hours"]
        if row["ledger"] == Ledger.CONCENTRATED:
            year["days"] = row["days"]
    return [YearFigures(year, **figures) for year, figures in sorted(years.items(), reverse=True)]
