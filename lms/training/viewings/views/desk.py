"""Viewings at the desk: the list, one with everybody's hours, and what undoes it with a reason."""

from collections.abc import Callable
from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.models import Cadre
from lms.hours.models import HoursEntry
from lms.hours.rules import NoRule
from lms.training.models import Presence
from lms.training.viewings.actions import cancel_viewing, close_viewing, reopen_viewing
from lms.training.viewings.actions.settling import worth_of
from lms.training.viewings.forms import ReasonForm
from lms.training.viewings.models import Viewing, ViewingQuerySet, ViewingState
from lms.training.viewings.sheet import refusal
from lms.training.viewings.views.keeper import REFUSALS, words_for
from lms.training.viewings.words import day_and_span
from lms.training.viewings.worth import played_seconds

PAGE_SIZE = 50


@staff_required()
def index(request: StaffRequest) -> HttpResponse:
    """The viewings of the staff member's units, filtered by what has become of them."""
    state = request.GET.get("state", "")
    found = Viewing.objects.visible_to(request.user)
    if state in ViewingState.values:
        found = found.filter(state=state)
    page = Paginator(found.with_facts().with_present(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": state,
        "states": ViewingState.choices,
        "may_decide": request.user.has_role(*MANAGERS),
    }
    return render(request, "viewings/list.html", context)


def _visible(request: StaffRequest, *roles: str) -> ViewingQuerySet:
    visible: ViewingQuerySet = Viewing.objects.visible_to(request.user, *roles).with_facts()
    return visible


@staff_required()
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One viewing: who was there, what was refused, what each was granted and what it should be."""
    viewing = get_object_or_404(_visible(request).select_related("recorder", "by", "sample"), pk=pk)
    seats = Presence.objects.at_source(viewing.source).select_related("person__unit", "lost_to", "by")
    lines = HoursEntry.objects.filter(source=viewing.source, person__in=viewing.ticks.values("person"))
    totals = lines.by_person()
    worth = _worth(viewing)
    known = set(
        Cadre.objects.visible_to(request.user)
        .filter(presences__source=viewing.source)
        .values_list("pk", flat=True)
    )
    rows = []
    for seat in seats.order_by("marked_at", "pk"):
        stands = Decimal(0) if seat.lost_to_id else worth
        hours = totals[seat.person_id].hours if seat.person_id in totals else Decimal(0)
        is_off = viewing.is_closed and stands is not None and hours != stands
        rows.append((seat, refusal(seat), hours, is_off, seat.person_id in known))
    context = {
        "viewing": viewing,
        "when": day_and_span(viewing.begins_at, viewing.ends_at),
        "rows": rows,
        "present": sum(not seat.lost_to_id for seat, *_rest in rows),
        "worth": worth,
        "is_off": any(is_off for _seat, _words, _hours, is_off, _known in rows),
        "percent": min(100, 100 * played_seconds(viewing) // viewing.seconds),
        "closings": viewing.closings.select_related("by", "reopened_by"),
        "ticks": viewing.ticks.select_related("person", "by"),
        "sample": getattr(viewing, "sample", None),
        "reason_form": ReasonForm(),
        "may_decide": request.user.has_role(*MANAGERS),
    }
    return render(request, "viewings/detail.html", context)


def _worth(viewing: Viewing) -> Decimal | None:
    try:
        return worth_of(viewing).hours if viewing.is_over else None
    except NoRule:
        return None


Deed = Callable[..., Viewing]


def _do(request: StaffRequest, pk: int, deed: Deed, done: str, *, needs_reason: bool) -> HttpResponse:
    """One deed on a viewing, with a reason where one is asked for."""
    viewing = get_object_or_404(_visible(request, *MANAGERS), pk=pk)
    form = ReasonForm(request.POST)
    if needs_reason and not form.is_valid():
        messages.error(request, _("Write down the reason. Nothing was changed."))
        return redirect("viewings:detail", viewing.pk)
    reason = {"reason": form.cleaned_data["reason"]} if needs_reason else {}
    try:
        deed(viewing=viewing, by=request.user, at=timezone.now(), **reason)
    except REFUSALS as error:
        messages.error(request, words_for(error))
    else:
        messages.success(request, done)
    return redirect("viewings:detail", viewing.pk)


@require_POST
@staff_required(*MANAGERS)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a viewing, or bring everybody's hours to what stands once more."""
    done = _("Closed. The hours of everybody who was there are what they should be.")
    return _do(request, pk, close_viewing, done, needs_reason=False)


@require_POST
@staff_required(*MANAGERS)
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Open a closed viewing again."""
    done = _("Open again. Correct the roll and close it: the difference goes into the ledger.")
    return _do(request, pk, reopen_viewing, done, needs_reason=True)


@require_POST
@staff_required(*MANAGERS)
def strike(request: StaffRequest, pk: int) -> HttpResponse:
    """Strike out a viewing: planned, or ended and wrong."""
    done = _("Struck out. Nobody has hours from it.")
    return _do(request, pk, cancel_viewing, done, needs_reason=True)
