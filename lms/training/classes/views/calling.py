"""Beginning a class, changing it, announcing it, cancelling it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from lms.training.classes.actions.calling import announce, call_class, cancel_class, edit_class
from lms.training.classes.forms import CallingForm, ReasonForm
from lms.training.classes.models import TrainingClass
from lms.training.classes.views.typed import typed
from lms.training.classes.views.words import REFUSALS, words


@staff_required(*MANAGERS)
def new(request: StaffRequest) -> HttpResponse:
    """Begin a class; the next step is its timetable."""
    form = CallingForm(request.POST if request.method == "POST" else None, by=request.user)
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
