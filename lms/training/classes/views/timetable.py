"""The timetable of a class: its lines, one of them, and many at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from lms.training.classes.actions.timetable import drop_half_day, fill_days, set_half_day
from lms.training.classes.forms import FillForm, HalfDayForm
from lms.training.classes.models import HalfDay, Part, TrainingClass
from lms.training.classes.timetable import USUAL
from lms.training.classes.views.words import REFUSALS, words


@staff_required(*MANAGERS)
def timetable(request: StaffRequest, pk: int) -> HttpResponse:
    """The half-days of a class, with a form for one more and one for several days at once."""
    held = get_object_or_404(TrainingClass.objects.run_by(request.user), pk=pk)
    sent = request.POST if request.method == "POST" else None
    is_filling = bool(sent and "fill" in sent)
    starts, ends = USUAL[Part.MORNING]
    day = {"on": held.starts_on, "part": Part.MORNING, "starts": starts, "ends": ends}
    span = min((held.ends_on - held.starts_on).days + 1, 5)
    line = HalfDayForm(None if is_filling else sent, initial=day)
    fill = FillForm(
        sent if is_filling else None,
        prefix="fill",
        initial={"first": held.starts_on, "days": span, "topic": held.title},
    )
    asked = fill if is_filling else line
    if asked.is_valid() and _write(request, held, line, fill, is_filling=is_filling):
        return redirect("classes:timetable", pk)
    held.refresh_from_db()
    context = {"held": held, "half_days": held.half_days.all(), "line": line, "fill": fill}
    return render(request, "classes/timetable.html", context, status=422 if asked.errors else 200)


def _write(
    request: StaffRequest, held: TrainingClass, line: HalfDayForm, fill: FillForm, *, is_filling: bool
) -> bool:
    at = timezone.now()
    try:
        if is_filling:
            written = fill_days(training_class=held, by=request.user, at=at, **fill.cleaned_data)
        else:
            written = [set_half_day(training_class=held, line=line.line(), by=request.user, at=at)]
    except REFUSALS as refused:
        (fill if is_filling else line).add_error(None, words(refused))
        return False
    done = ngettext("%(n)d half-day added.", "%(n)d half-days added.", len(written)) % {"n": len(written)}
    messages.success(request, done)
    return True


@staff_required(*MANAGERS)
def half_day(request: StaffRequest, pk: int) -> HttpResponse:
    """Change one line of a timetable."""
    found = _own(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = HalfDayForm(sent, initial=HalfDayForm.filled(found))
    if form.is_valid():
        try:
            set_half_day(
                training_class=found.training_class,
                line=form.line(),
                half_day=found,
                by=request.user,
                at=timezone.now(),
            )
        except REFUSALS as refused:
            form.add_error(None, words(refused))
        else:
            messages.success(request, _("Changed. Whoever has a place is told when time or place changed."))
            return redirect("classes:timetable", found.training_class_id)
    context = {"half_day": found, "held": found.training_class, "form": form}
    return render(request, "classes/half_day.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required(*MANAGERS)
def dropped(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a line away."""
    found = _own(request, pk)
    try:
        drop_half_day(half_day=found, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
    else:
        messages.success(request, _("Taken away. Whoever has a place is told."))
    return redirect("classes:timetable", found.training_class_id)


def _own(request: StaffRequest, pk: int) -> HalfDay:
    mine = TrainingClass.objects.run_by(request.user)
    found = HalfDay.objects.filter(training_class__in=mine).select_related("training_class")
    return get_object_or_404(found, pk=pk)
