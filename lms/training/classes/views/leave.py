"""Requests for leave at the desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from lms.training.classes.actions.leave import decide_leave
from lms.training.classes.models import Leave, LeaveStatus, Place, TrainingClass
from lms.training.classes.views.typed import typed
from lms.training.classes.views.words import REFUSALS, words


@staff_required(*MANAGERS)
def leaves(request: StaffRequest, pk: int) -> HttpResponse:
    """Who asked for leave from a class: the undecided first; only people or classes of one's own."""
    known = TrainingClass.objects.known_to(request.user).select_related("unit")
    held = get_object_or_404(known, pk=pk)
    mine = Place.objects.visible_to(request.user, *MANAGERS).filter(training_class=held)
    found = Leave.objects.filter(place__in=mine).select_related("place__person__unit", "decided_by")
    asked: list[Leave] = []
    decided: list[Leave] = []
    for leave in found.prefetch_related("half_days"):
        (asked if leave.status == LeaveStatus.ASKED else decided).append(leave)
    context = {"held": held, "asked": asked, "decided": decided, "timetable": held.half_days.count()}
    return render(request, "classes/leaves.html", context)


@require_POST
@staff_required(*MANAGERS)
def decided(request: StaffRequest, pk: int) -> HttpResponse:
    """Grant leave, or refuse it with a reason."""
    mine = Place.objects.visible_to(request.user, *MANAGERS)
    leave = get_object_or_404(Leave.objects.filter(place__in=mine).select_related("place"), pk=pk)
    try:
        decide_leave(
            leave=leave,
            is_granted="grant" in request.POST,
            answer=typed(request, "answer"),
            by=request.user,
            at=timezone.now(),
        )
    except REFUSALS as refused:
        messages.error(request, words(refused))
    else:
        messages.success(request, _("Answered. The person finds a notice."))
    return redirect("classes:leaves", leave.place.training_class_id)
