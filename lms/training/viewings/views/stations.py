"""Stations at the desk: the list, one with its keepers and equipment, opening and closing one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.models import StaffRole, StaffScope
from lms.training.viewings.actions import (
    AlreadyRun,
    EndsTooEarly,
    NotAVillage,
    OutOfReach,
    VillageNotInForce,
    add_station,
    close_station,
    dismiss_keeper,
    name_keeper,
)
from lms.training.viewings.forms import EndStationForm, EquipmentBook, KeeperForm, StationForm
from lms.training.viewings.models import Station

PAGE_SIZE = 50


@staff_required()
def index(request: StaffRequest) -> HttpResponse:
    """The stations of the staff member's units with their keepers; those that are closed on request."""
    today = timezone.localdate()
    found = Station.objects.visible_to(request.user).with_keepers()
    is_old = "closed" in request.GET
    found = found.filter(to_on__lt=today) if is_old else found.open(today)
    held = Q(viewings__state="CLOSED")
    found = found.annotate(
        held=Count("viewings", filter=held), last_at=Max("viewings__started_at", filter=held)
    )
    page = Paginator(found.order_by("unit__code", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "is_old": is_old, "may_decide": request.user.has_role(*MANAGERS)}
    return render(request, "viewings/stations.html", context)


@staff_required(*MANAGERS)
def add(request: StaffRequest) -> HttpResponse:
    """Open the station of a village."""
    now = timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = StationForm(sent, by=request.user, today=timezone.localdate(now))
    if form.is_valid():
        said = form.cleaned_data
        default = _("%(village)s viewing station") % {"village": said["unit"].short_name}
        try:
            station = add_station(
                unit=said["unit"],
                name=said["name"] or default,
                from_on=said["from_on"],
                by=request.user,
                at=now,
            )
        except (AlreadyRun, NotAVillage, OutOfReach):
            form.add_error("unit", _("This village has a station already."))
        except VillageNotInForce:
            form.add_error("from_on", _("The village did not exist on that day."))
        else:
            messages.success(request, _("The station is open. Name somebody who keeps it."))
            return redirect("viewings:station", station.pk)
    return render(request, "viewings/add.html", {"form": form}, status=422 if form.errors else 200)


def _station(request: StaffRequest, pk: int, *roles: str) -> Station:
    return get_object_or_404(Station.objects.visible_to(request.user, *roles).with_keepers(), pk=pk)


@staff_required()
def station(request: StaffRequest, pk: int) -> HttpResponse:
    """One station: who keeps it, what stands there, what was shown."""
    return _page(request, _station(request, pk))


def _page(request: StaffRequest, found: Station, keeper_form: KeeperForm | None = None) -> HttpResponse:
    may_decide = request.user.has_role(*MANAGERS)
    page = Paginator(found.viewings.with_facts().with_present(), PAGE_SIZE)
    context = {
        "station": found,
        "equipment": found.equipment.all(),
        "page": page.get_page(request.GET.get("page")),
        "may_decide": may_decide,
        "keeper_form": keeper_form or KeeperForm(station=found, by=request.user) if may_decide else None,
        "end_form": EndStationForm(initial={"to_on": timezone.localdate()}),
        "may_keep_book": may_decide or request.user.has_role(StaffRole.STATION),
    }
    return render(request, "viewings/station.html", context, status=422 if keeper_form else 200)


@require_POST
@staff_required(*MANAGERS)
def keeper(request: StaffRequest, pk: int) -> HttpResponse:
    """Name somebody who keeps the station."""
    found = _station(request, pk, *MANAGERS)
    form = KeeperForm(request.POST, station=found, by=request.user)
    if not form.is_valid():
        return _page(request, found, form)
    name_keeper(station=found, person=form.cleaned_data["keeper"], by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s keeps the station now.") % {"name": form.cleaned_data["keeper"]})
    return redirect("viewings:station", found.pk)


@require_POST
@staff_required(*MANAGERS)
def dismiss(request: StaffRequest, pk: int, scope_id: int) -> HttpResponse:
    """Somebody no longer keeps the station; what they recorded stays."""
    found = _station(request, pk, *MANAGERS)
    scope = StaffScope.objects.filter(pk=scope_id, unit=found.unit, role=StaffRole.STATION).first()
    if scope is not None:
        dismiss_keeper(station=found, scope=scope, by=request.user, at=timezone.now())
    messages.success(request, _("The station has one keeper less."))
    return redirect("viewings:station", found.pk)


@staff_required(StaffRole.STATION, *MANAGERS)
def equipment(request: StaffRequest, pk: int) -> HttpResponse:
    """The equipment book of a station, line by line."""
    found = _station(request, pk, StaffRole.STATION, *MANAGERS)
    book = EquipmentBook(request.POST if request.method == "POST" else None, instance=found)
    if book.is_valid():
        book.save()
        messages.success(request, _("The equipment book is saved."))
        return redirect("viewings:station", found.pk)
    context = {"station": found, "book": book}
    return render(request, "viewings/equipment.html", context, status=422 if book.is_bound else 200)


@require_POST
@staff_required(*MANAGERS)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a station with its last day."""
    found = _station(request, pk, *MANAGERS)
    form = EndStationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write down the station's last day. Nothing was changed."))
        return redirect("viewings:station", found.pk)
    try:
        close_station(station=found, to_on=form.cleaned_data["to_on"], by=request.user, at=timezone.now())
    except EndsTooEarly:
        words = _("That day lies before the first, or a viewing is not closed yet. Nothing was changed.")
        messages.error(request, words)
    else:
        messages.success(request, _("The station is closed; what was planned after that day is struck out."))
    return redirect("viewings:station", found.pk)
