"""The keeper's own pages: today's viewings, and one from its start to its closing."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.models import StaffRole
from lms.hours import coverage
from lms.hours.actions import YearFrozen
from lms.hours.rules import NoRule
from lms.training.models import Presence
from lms.training.viewings.actions import (
    NotForKeepers,
    NothingToShow,
    ScreenBusy,
    StationNotRun,
    WrongState,
    cancel_viewing,
    close_viewing,
    end_viewing,
    note_discussion,
    start_viewing,
)
from lms.training.viewings.entries import RUNNING, write_played_token
from lms.training.viewings.forms import DiscussionForm, ReasonForm
from lms.training.viewings.models import Station, Viewing, ViewingState
from lms.training.viewings.words import day_and_span
from lms.training.viewings.worth import played_seconds

COMING = 30
REFUSALS = (NothingToShow, NotForKeepers, NoRule, ScreenBusy, StationNotRun, WrongState, YearFrozen)


@staff_required(*RUNNING)
def home(request: StaffRequest) -> HttpResponse:
    """What one's own station shows today and next, and what still has to be closed.

    Whoever keeps no station but stands above some is led to the list of them.
    """
    today = timezone.localdate()
    own = list(Station.objects.visible_to(request.user, StaffRole.STATION).open(today).select_related("unit"))
    if not own and request.user.has_role(*MANAGERS):
        return redirect("viewings:stations")
    mine = Viewing.objects.filter(station__in=own).unfinished().with_facts().order_by("planned_at", "pk")
    now = [viewing for viewing in mine[:COMING] if viewing.state != ViewingState.PLANNED]
    planned = [viewing for viewing in mine[:COMING] if viewing.state == ViewingState.PLANNED]
    context = {
        "stations": own,
        "now": now,
        "today": [each for each in planned if timezone.localdate(each.planned_at) <= today],
        "coming": [each for each in planned if timezone.localdate(each.planned_at) > today],
        "closed": Viewing.objects.filter(station__in=own).closed().with_facts().with_present()[:5],
    }
    return render(request, "viewings/home.html", context)


def _viewing(request: StaffRequest, pk: int) -> Viewing:
    visible = Viewing.objects.visible_to(request.user, *RUNNING).with_facts().select_related("recorder")
    return get_object_or_404(visible, pk=pk)


@staff_required(*RUNNING)
def viewing(request: StaffRequest, pk: int) -> HttpResponse:
    """One viewing: what is to be done next, and how far it is."""
    return _page(request, _viewing(request, pk))


def _page(request: StaffRequest, found: Viewing, form: DiscussionForm | None = None) -> HttpResponse:
    seats = Presence.objects.at_source(found.source)
    played = played_seconds(found)
    context = {
        "viewing": found,
        "when": day_and_span(found.begins_at, found.ends_at),
        "present": seats.standing().count(),
        "refused": list(seats.exclude(lost_to=None).select_related("person", "lost_to")),
        "late": found.ticks.filter(recorded_at__gt=_closed_at(found)).count() if found.is_closed else 0,
        "percent": min(100, 100 * played // found.seconds),
        "form": form or DiscussionForm(initial={"discussion": found.discussion}),
        "reason_form": ReasonForm(auto_id="strike_%s"),
        "may_decide": request.user.has_role(*MANAGERS),
    }
    return render(request, "viewings/viewing.html", context, status=422 if form else 200)


def _closed_at(found: Viewing) -> datetime:
    """When it was closed last; what was ticked later reached the hours at once."""
    return found.closings.get(reopened_at=None).closed_at


@staff_required(*RUNNING)
def play(request: StaffRequest, pk: int) -> HttpResponse:
    """The screen of a lesson, as large as the room needs it; what it plays counts for the station."""
    found = _viewing(request, pk)
    if found.state != ViewingState.RUNNING or found.version is None or found.programme.lesson is None:
        return redirect("station:viewing", found.pk)
    lesson = found.programme.lesson
    bits = coverage.from_bytes(found.bits)
    context = {
        "viewing": found,
        "page": lesson,
        "film": lesson.film,
        "version": found.version,
        "token": write_played_token(viewing=found, by=request.user),
        "ranges": coverage.ranges(bits),
        "need": coverage.seconds_to_finish(found.seconds),
        "speed": found.speed / 100,
    }
    return render(request, "viewings/play.html", context)


@require_POST
@staff_required(*RUNNING)
def step(request: StaffRequest, pk: str, step: str) -> HttpResponse:
    """One step of an evening: start, end, the discussion, closing, or striking out what was only planned."""
    found = _viewing(request, int(pk))
    if step == "discussion":
        return _discuss(request, found)
    try:
        STEPS[step](request, found)
    except REFUSALS as error:
        messages.error(request, words_for(error))
    return redirect("station:viewing", found.pk)


def _discuss(request: StaffRequest, found: Viewing) -> HttpResponse:
    form = DiscussionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        text = form.cleaned_data["discussion"]
        note_discussion(viewing=found, text=text, by=request.user, at=timezone.now())
        messages.success(request, _("The discussion is saved."))
    except WrongState as error:
        messages.error(request, words_for(error))
    return redirect("station:viewing", found.pk)


def _start(request: StaffRequest, found: Viewing) -> None:
    start_viewing(viewing=found, by=request.user, at=timezone.now())
    messages.success(request, _("It has begun; the server's clock runs."))


def _end(request: StaffRequest, found: Viewing) -> None:
    end_viewing(viewing=found, by=request.user, at=timezone.now())
    messages.success(request, _("It has ended. Look at the roll, write down the discussion, then close."))


def _close(request: StaffRequest, found: Viewing) -> None:
    close_viewing(viewing=found, by=request.user, at=timezone.now())
    messages.success(request, _("Closed. The hours are in the ledger of everybody who was there."))


def _cancel(request: StaffRequest, found: Viewing) -> None:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write down why it is struck out. Nothing was changed."))
        return
    cancel_viewing(viewing=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    messages.success(request, _("The viewing is struck out."))


STEPS: dict[str, Callable[[StaffRequest, Viewing], None]] = {
    "start": _start,
    "end": _end,
    "close": _close,
    "cancel": _cancel,
}


def words_for(error: Exception) -> str:
    """Why a step was not taken, and what helps."""
    match error:
        case ScreenBusy(other=other) if other is not None:
            return _("“%(title)s” still runs at this station. End it first.") % {
                "title": other.programme.title
            }
        case StationNotRun():
            return _("The station is not run today. Ask the township.")
        case NothingToShow():
            return _("This lesson is not published any more. Choose another.")
        case NotForKeepers():
            return _("What was shown is reopened or struck out by the township. Tell them what is wrong.")
        case YearFrozen():
            return _("The year is frozen, so the hours cannot change. Ask the county to reopen it.")
        case WrongState(viewing=found):
            return _("That does not go now: the viewing is “%(state)s”. Nothing was changed.") % {
                "state": found.get_state_display()
            }
    return _("No rule of hours holds here on that day. Nothing was changed.")
