"""Frozen years at the desk: what came after a freeze, freezing a year, reopening it with a reason."""

from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import RULERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.models import Unit
from lms.hours.actions import FrozenAbove, NotARegion, NotFrozen, YearNotOver, freeze_year, reopen_year
from lms.hours.forms import FreezeForm, ReopenForm
from lms.hours.models import HoursEntry, YearFreeze

PAGE_SIZE = 50
# A year that has not been frozen in so long is left to the ledger.
YEARS_BACK = 5


@staff_required()
def late(request: StaffRequest) -> HttpResponse:
    """The hours of one's people that came after their year was frozen."""
    found = HoursEntry.objects.visible_to(request.user).after_freeze()
    years = list(found.order_by("-year").values_list("year", flat=True).distinct())
    year = whole_number(request.GET.get("year"))
    lines = found.in_year(year) if year in years else found
    lines = lines.with_waiting().select_related("person__unit", "unit").order_by("-recorded_at", "-pk")
    context = {
        "unit": scope_unit(request.user),
        "years": years,
        "year": year,
        "page": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_freeze": request.user.has_role(*RULERS),
    }
    return render(request, "hours/late.html", context)


@staff_required(*RULERS)
def index(request: StaffRequest) -> HttpResponse:
    """The years that are or were frozen in one's region, and freezing one more."""
    unit, today = scope_unit(request.user, *RULERS), timezone.localdate()
    form = FreezeForm(request.POST if request.method == "POST" else None, years=_years_open(unit, today))
    if form.is_valid() and _freeze(request, form, unit):
        return redirect("hours:years")
    freezes = YearFreeze.objects.concerning(request.user, *RULERS)
    freezes = freezes.select_related("unit", "by", "reopened_by")
    context = {
        "unit": unit,
        "form": form,
        "page": Paginator(freezes, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "hours/years.html", context, status=_status(form.is_bound))


def _status(is_refused: bool) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK


def _years_open(unit: Unit, today: date) -> list[int]:
    """The years that have ended and are not frozen for the region, latest first."""
    frozen = set(YearFreeze.objects.holding().over(unit).values_list("year", flat=True))
    return [year for year in range(today.year - 1, today.year - 1 - YEARS_BACK, -1) if year not in frozen]


def _freeze(request: StaffRequest, form: FreezeForm, unit: Unit) -> bool:
    year = form.cleaned_data["year"]
    try:
        freeze_year(unit=unit, year=year, by=request.user, at=timezone.now())
    except NotARegion:
        form.add_error(None, _("A year is frozen by a county or a region above it; nothing was changed."))
        return False
    except YearNotOver:
        form.add_error("year", _("This year has not ended yet."))
        return False
    except FrozenAbove as refused:
        form.add_error("year", _frozen_above(refused.freeze))
        return False
    words = _("The year %(year)s is frozen. What comes in from now on is kept and listed under “Late hours”.")
    messages.success(request, words % {"year": year})
    return True


def _frozen_above(freeze: YearFreeze) -> str:
    words = _("%(unit)s has frozen the year %(year)s too. Ask them first; nothing was changed.")
    return words % {"unit": freeze.unit.name, "year": freeze.year}


@staff_required(*RULERS)
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Reopen a frozen year of one's region with a reason, knowing what will count then."""
    visible = YearFreeze.objects.visible_to(request.user, *RULERS).select_related("unit", "by", "reopened_by")
    freeze = get_object_or_404(visible, pk=pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _reopen(request, form, freeze):
        return redirect("hours:years")
    lines = HoursEntry.objects.after(freeze)
    context = {
        "freeze": freeze,
        "form": form,
        "lines": lines.count(),
        "people": lines.values("person").distinct().count(),
    }
    return render(request, "hours/reopen.html", context, status=_status(form.is_bound))


def _reopen(request: StaffRequest, form: ReopenForm, freeze: YearFreeze) -> bool:
    try:
        reopen_year(freeze=freeze, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except FrozenAbove as refused:
        form.add_error(None, _frozen_above(refused.freeze))
        return False
    except NotFrozen:
        form.add_error(None, _("The year was reopened before, for the reason above; nothing was changed."))
        return False
    words = _("The year %(year)s is open again; late hours count within seconds. Freeze it again afterwards.")
    messages.success(request, words % {"year": freeze.year})
    return True
