"""Classes at the desk: the list, and one class as the one road from its timetable to its hours."""

from collections import Counter
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.addresses import whole_number
from accounts.models import Cadre
from lms.hours.models import HoursEntry
from lms.training.classes.models import (
    ClassState,
    Leave,
    LeaveStatus,
    Place,
    PlaceStatus,
    Quota,
    TrainingClass,
)
from lms.training.classes.reach import may_organise
from lms.training.classes.road import Standing, next_step
from lms.training.classes.rolls import waiting_in

PAGE_SIZE = 30
CHANGES = 20
MOST_YEAR = 9999


@staff_required()
def index(request: StaffRequest) -> HttpResponse:
    """The classes of the staff member's units, and those in which these units have places."""
    known = TrainingClass.objects.known_to(request.user)
    years = known.dates("ends_on", "year", order="DESC")
    state, year = request.GET.get("state", ""), whole_number(request.GET.get("year"))
    found = known.with_attendance().with_room().select_related("unit")
    if state in ClassState.values:
        found = found.filter(state=state)
    if year is not None and 0 < year <= MOST_YEAR:
        found = found.filter(ends_on__year=year)
    page = Paginator(found.order_by("-ends_on", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "may_record": request.user.has_role(*MANAGERS),
        "states": ClassState.choices,
        "state": state,
        "years": [each.year for each in years],
        "year": year,
        "is_filtered": bool(state or year),
    }
    return render(request, "classes/index.html", context)


@staff_required()
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One class: the next step, its timetable, places and people, and what each was granted."""
    known = TrainingClass.objects.known_to(request.user).select_related("unit", "by", "plan_item__plan")
    held = get_object_or_404(known, pk=pk)
    is_ours = may_organise(request.user, held)
    half_days = list(held.half_days.all())
    quotas = list(_quotas(request, held, is_ours=is_ours))
    standing = _standing(request, held, len(half_days), quotas)
    return render(
        request,
        "classes/detail.html",
        {
            "held": held,
            "is_ours": is_ours,
            "half_days": half_days,
            "quotas": quotas,
            "standing": standing,
            "step": next_step(held, standing, today=timezone.localdate()),
            "may_propose": bool(_proposing(request, held, quotas, timezone.localdate())),
            "may_correct": request.user.has_role(*MANAGERS),
            "changes": held.changes.select_related("by").order_by("-pk")[:CHANGES],
            "material": held.material.select_related("document"),
            "lessons": held.lessons.all(),
            "waiting": waiting_in(held) if is_ours else 0,
            **_people(request, held),
        },
    )


def _quotas(request: StaffRequest, held: TrainingClass, *, is_ours: bool) -> list[Quota]:
    """The places of every unit for the organiser, and those of one's own units for everybody else."""
    mine = Quota.objects.all() if is_ours else Quota.objects.open_to(request.user)
    return list(mine.filter(training_class=held).with_taken().select_related("unit"))


def _proposing(request: StaffRequest, held: TrainingClass, quotas: list[Quota], today: date) -> list[Quota]:
    """The quotas for which somebody can propose names today."""
    if held.state != ClassState.CALLING or today > held.names_until or not request.user.has_role(*MANAGERS):
        return []
    return quotas


def _standing(request: StaffRequest, held: TrainingClass, half_days: int, quotas: list[Quota]) -> Standing:
    statuses = Counter(held.places.values_list("status", flat=True))
    mine = Place.objects.visible_to(request.user, *MANAGERS).filter(training_class=held)
    return Standing(
        half_days=half_days,
        room=sum(quota.places for quota in quotas),
        proposed=statuses[PlaceStatus.PROPOSED],
        accepted=statuses[PlaceStatus.ACCEPTED],
        asked_leave=Leave.objects.filter(place__in=mine, status=LeaveStatus.ASKED).count(),
    )


def _people(request: StaffRequest, held: TrainingClass) -> dict[str, object]:
    """Who has a place, as far as they are the staff member's, with what each was granted."""
    people = Cadre.objects.visible_to(request.user)
    attendance = (
        held.places.accepted().select_related("person__unit").order_by("person__unit__code", "person")
    )
    seats = list(attendance.filter(person__in=people))
    lines = HoursEntry.objects.filter(source=held.source, person__in=[seat.person_id for seat in seats])
    entries = {entry.person_id: entry for entry in lines.grants()}
    totals = lines.by_person()
    return {
        "rows": [(seat, entries.get(seat.person_id), totals.get(seat.person_id)) for seat in seats],
        "elsewhere": attendance.count() - len(seats),
    }
