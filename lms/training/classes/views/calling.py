"""Beginning a class, changing it, announcing it, cancelling it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, RULERS, StaffRequest, staff_required
from accounts.addresses import whole_number
from lms.training.classes.actions.calling import announce, call_class, cancel_class, edit_class
from lms.training.classes.forms import CallingForm, ReasonForm
from lms.training.classes.models import ClassKind, TrainingClass
from lms.training.classes.views.typed import typed
from lms.training.classes.views.words import REFUSALS, words
from lms.training.plans.models import Plan, PlanItem


@staff_required(*MANAGERS)
def new(request: StaffRequest) -> HttpResponse:
    """Begin a class; the next step is its timetable."""
    sent = request.POST if request.method == "POST" else None
    form = CallingForm(sent, initial=_planned(request), by=request.user)
    if form.is_valid():
        try:
            held = call_class(
                facts=form.facts(),
                by=request.user,
                at=timezone.now(),
                key=str(form.cleaned_data["key"]) if form.cleaned_data["key"] else None,
            )
        except REFUSALS as refused:
            form.add_error(None, words(refused))
        else:
            return redirect("classes:timetable", held.pk)
    return render(request, "classes/edit.html", {"form": form}, status=422 if form.errors else 200)


def _planned(request: StaffRequest) -> dict[str, object]:
    """What the item of a plan says that the class comes out of."""
    number = whole_number(request.GET.get("item"))
    mine = PlanItem.objects.standing().filter(plan__in=Plan.objects.open_to(request.user))
    item = mine.filter(pk=number).select_related("plan__unit").first() if number is not None else None
    if item is None or not item.is_class:
        return {}
    return {
        "plan_item": item.pk,
        "title": item.title,
        "organiser": item.plan.unit.name,
        "kind": item.kind if request.user.has_role(*RULERS) else ClassKind.ORDINARY,
        "ledger": item.ledger,
        "starts_on": item.starts_on,
        "ends_on": item.ends_on,
        "purpose": item.purpose,
        "venue": item.place,
        "roles": item.roles,
    }


@staff_required(*MANAGERS)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a class as long as it is open."""
    held = get_object_or_404(TrainingClass.objects.run_by(request.user).select_related("unit"), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = CallingForm(sent, instance=held, by=request.user)
    if form.is_valid():
        try:
            edit_class(training_class=held, facts=form.facts(), by=request.user, at=timezone.now())
        except REFUSALS as refused:
            form.add_error(None, words(refused))
        else:
            messages.success(request, _("Changed. Whoever has a place is told when time or place changed."))
            return redirect("classes:detail", pk)
    context = {"form": form, "held": TrainingClass.objects.get(pk=pk), "cancelling": ReasonForm()}
    return render(request, "classes/edit.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required(*MANAGERS)
def announced(request: StaffRequest, pk: int) -> HttpResponse:
    """Let names come in."""
    held = get_object_or_404(TrainingClass.objects.run_by(request.user), pk=pk)
    try:
        announce(training_class=held, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
    else:
        messages.success(request, _("The class is announced. Names can come in."))
    return redirect("classes:detail", pk)


@require_POST
@staff_required(*MANAGERS)
def cancelled(request: StaffRequest, pk: int) -> HttpResponse:
    """End a class before it gave anybody anything."""
    held = get_object_or_404(TrainingClass.objects.run_by(request.user), pk=pk)
    try:
        cancel_class(training_class=held, reason=typed(request, "reason"), by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
    else:
        messages.success(request, _("The class is cancelled. Whoever had a place finds a notice."))
    return redirect("classes:detail", pk)
