"""Scheduling a programme: by the township for many stations at once, or by a station for itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import MANAGERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.models import Level, StaffRole, Unit
from courses.models import LessonPage
from lms.training.viewings.actions import (
    NoStation,
    NothingToShow,
    NotOnThatDay,
    NotYourStations,
    ScreenTaken,
    schedule,
)
from lms.training.viewings.forms import ProgrammeForm, moment_words, playable
from lms.training.viewings.models import Station

MOST_LESSONS = 20
REFUSALS = (NoStation, NothingToShow, NotOnThatDay, NotYourStations, ScreenTaken)


@dataclass(frozen=True)
class Offer:
    """The stations and whole areas that somebody can choose from."""

    roles: tuple[str, ...]
    stations: QuerySet[Station]
    areas: QuerySet[Unit]


@staff_required(*MANAGERS)
def schedule_many(request: StaffRequest) -> HttpResponse:
    """What the stations of an area are to show, and when."""
    return _schedule(request, _many(request), back="viewings:list", template="viewings/schedule.html")


@staff_required(StaffRole.STATION)
def schedule_own(request: StaffRequest) -> HttpResponse:
    """What the own station is to show, and when."""
    own = Station.objects.visible_to(request.user, StaffRole.STATION).open(timezone.localdate())
    offer = Offer((StaffRole.STATION,), own.select_related("unit"), Unit.objects.none())
    return _schedule(request, offer, back="station:home", template="viewings/schedule_own.html")


def _many(request: StaffRequest) -> Offer:
    """A township's stations one by one; above it whole areas, and those of one township that is asked for."""
    today = timezone.localdate()
    own = scope_unit(request.user, *MANAGERS)
    stations = Station.objects.visible_to(request.user, *MANAGERS).open(today).select_related("unit")
    if own.level in (Level.TOWNSHIP, Level.VILLAGE):
        return Offer(MANAGERS, stations, Unit.objects.none())
    areas = Unit.objects.filter(parent=own).in_force(today).order_by("code")
    code = request.GET.get("unit", "")
    chosen = Unit.objects.visible_to(request.user, *MANAGERS).filter(level=Level.TOWNSHIP, code=code).first()
    return Offer(MANAGERS, stations.within(chosen) if chosen else stations.none(), areas)


def _schedule(request: StaffRequest, offer: Offer, *, back: str, template: str) -> HttpResponse:
    lesson = _lesson(request)
    is_broadcast = lesson is None and "broadcast" in request.GET
    form = None
    if lesson is not None or is_broadcast:
        sent = request.POST if request.method == "POST" else None
        tomorrow = moment_words(timezone.now().replace(minute=0, second=0) + timedelta(days=1))
        form = ProgrammeForm(
            sent,
            lesson=lesson,
            offered=offer.stations,
            areas=offer.areas,
            initial={"planned_at": tomorrow},
        )
        if form.is_valid() and _write(request, form, offer):
            return redirect(back)
    words = request.GET.get("q", "").strip()[:60]
    context = {
        "form": form,
        "lesson": lesson,
        "is_broadcast": is_broadcast,
        "q": words,
        "lessons": playable(words)[:MOST_LESSONS] if form is None else [],
        "has_stations": offer.stations.exists() or offer.areas.exists(),
        "townships": _townships(request, offer),
    }
    return render(request, template, context, status=422 if form and form.errors else 200)


def _lesson(request: StaffRequest) -> LessonPage | None:
    wanted = whole_number(request.GET.get("lesson"))
    lesson: LessonPage | None = playable("").filter(pk=wanted).first() if wanted is not None else None
    return lesson


def _townships(request: StaffRequest, offer: Offer) -> QuerySet[Unit] | list[Unit]:
    """The townships whose stations a county may choose one by one."""
    own = scope_unit(request.user, *offer.roles)
    if own.level != Level.COUNTY or not offer.areas.exists():
        return []
    return offer.areas


def _write(request: StaffRequest, form: ProgrammeForm, offer: Offer) -> bool:
    said: dict[str, Any] = form.cleaned_data  # any cleaned value
    try:
        programme = schedule(
            facts=form.facts,
            stations=form.stations(request.user, *offer.roles),
            planned_at=said["planned_at"],
            by=request.user,
            at=timezone.now(),
            key=str(said["key"]),
        )
    except REFUSALS as error:
        form.add_error(*_words(error))
        return False
    n = programme.viewings.count()
    words = ngettext("Planned at %(n)d station.", "Planned at %(n)d stations.", n) % {"n": n}
    messages.success(request, words)
    return True


def _words(error: Exception) -> tuple[str | None, str]:
    """The field, if one is to blame, and the words for what was not planned."""
    match error:
        case NoStation():
            return "stations", _("Tick at least one station.")
        case NotOnThatDay():
            return "planned_at", _("Plan for today or later, within a year.")
        case NotYourStations(names=names):
            return "stations", _("Not yours, or not run on that day: %(names)s.") % {
                "names": _(", ").join(names)
            }
        case ScreenTaken(names=names):
            return "planned_at", _("Something else is planned there at that time: %(names)s.") % {
                "names": _(", ").join(names)
            }
    return None, _("This lesson is not published any more. Choose another.")
