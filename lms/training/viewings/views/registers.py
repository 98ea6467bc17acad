"""The four books and the table by month: pages to print, and workbooks."""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.audit import audit
from accounts.models import Level, Unit
from accounts.roster import books
from lms.training.viewings.forms import PeriodForm
from lms.training.viewings.registers import Month, Span, register_of
from lms.training.viewings.registers import months as months_of

# As many lines as a page shows; the workbook has them all.
MOST_LINES = 500
# What of an address stays when another area is looked at.
KEPT = ("from_on", "to_on", "year")
WIDE = (Level.PROVINCE, Level.CITY)


@dataclass(frozen=True)
class Asked:
    """What a register is asked for: an area no wider than a county, and the days."""

    unit: Unit
    span: Span
    form: PeriodForm

    @property
    def is_wide(self) -> bool:
        """Whether a county has to be chosen first: a book is kept by a county at most."""
        return self.unit.level in WIDE


def _asked(request: StaffRequest) -> Asked:
    today = timezone.localdate()
    usual = {"from_on": date(today.year, 1, 1), "to_on": today}
    form = PeriodForm(request.GET if "from_on" in request.GET else None, initial=usual)
    said = form.cleaned_data if form.is_bound and form.is_valid() else usual
    return Asked(_unit(request), Span(said["from_on"], said["to_on"]), form)


def _unit(request: StaffRequest) -> Unit:
    """The area in the address, if it is one's own; else the widest of one's own."""
    code = request.GET.get("unit", "")
    return Unit.objects.visible_to(request.user).filter(code=code).first() or scope_unit(request.user)


def _frame(request: StaffRequest, unit: Unit) -> dict[str, Any]:  # a template's context
    """What every register's page shows: the area, what lies above and below it, and how to get there."""
    own = scope_unit(request.user)
    below = Unit.objects.filter(parent=unit).order_by("code")
    kept = {name: str(value) for name, value in request.GET.items() if name in KEPT}
    return {
        "unit": unit,
        "trail": Unit.objects.above(unit).filter(code__gte=own.code),
        "below": below[:400],
        "query": urlencode(kept),
        "full_query": request.GET.urlencode(),
    }


@staff_required()
def register(request: StaffRequest, kind: str) -> HttpResponse:
    """One of the books of an area, as it is printed and filed."""
    asked, book = _asked(request), register_of(kind)
    rows = [] if asked.is_wide else list(islice(book.rows(asked.unit, asked.span), MOST_LINES + 1))
    context = {
        **_frame(request, asked.unit),
        "kind": kind,
        "book": book,
        "asked": asked,
        "rows": rows[:MOST_LINES],
        "is_cut": len(rows) > MOST_LINES,
        "most": MOST_LINES,
    }
    return render(request, "viewings/register.html", context, status=422 if asked.form.errors else 200)


@staff_required()
def book(request: StaffRequest, kind: str) -> HttpResponse:
    """The same book as a workbook, with every line."""
    asked, register = _asked(request), register_of(kind)
    if asked.is_wide or asked.form.errors:
        return redirect("viewings:register", kind)
    made = books.book(register.title, register.heads, register.rows(asked.unit, asked.span), register.widths)
    audit(
        "viewing.register",
        by=request.user,
        at=timezone.now(),
        unit=asked.unit,
        kind=kind,
        days=[asked.span.first.isoformat(), asked.span.last.isoformat()],
    )
    name = f"{register.title}-{asked.unit.name}-{asked.span.first:%Y%m%d}-{asked.span.last:%Y%m%d}"
    return books.download(books.book_bytes(made), name)


@staff_required()
def months(request: StaffRequest) -> HttpResponse:
    """A year of an area by month: stations, viewings, minutes, attendances, hours."""
    unit, this_year = _unit(request), timezone.localdate().year
    year = whole_number(request.GET.get("year")) or this_year
    year = min(max(year, this_year - 20), this_year)
    table: list[Month] = [] if unit.level in WIDE else months_of(unit, year)
    context = {
        **_frame(request, unit),
        "year": year,
        "years": range(this_year, this_year - 6, -1),
        "is_wide": unit.level in WIDE,
        "table": table,
        "stations": len(set().union(*(month.stations for month in table))) if table else 0,
        "total": {
            "viewings": sum(month.viewings for month in table),
            "minutes": sum(month.minutes for month in table),
            "attended": sum(month.attended for month in table),
            "hours": sum(month.hours for month in table),
        },
    }
    return render(request, "viewings/months.html", context)
