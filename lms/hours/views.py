"""Correcting a ledger line at the desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, StaffRequest, staff_required
from lms.hours.actions import NothingToCorrect, correct
from lms.hours.forms import CorrectionForm
from lms.hours.models import HoursEntry


@staff_required(*MANAGERS)
def correction(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a line with its corrections, and bring it to new totals by one more line."""
    visible = HoursEntry.objects.visible_to(request.user, *MANAGERS).grants()
    entry = get_object_or_404(visible.select_related("person__unit", "rule", "unit"), pk=pk)
    lines = HoursEntry.objects.about(entry)
    form = CorrectionForm(request.POST or None, entry=entry, standing=lines.total())
    if request.method == "POST" and form.is_valid() and _correct(request, form, entry):
        return redirect("hours:correct", pk=entry.pk)
    corrections = lines.exclude(pk=entry.pk).select_related("by").order_by("pk")
    context = {"entry": entry, "corrections": corrections, "standing": form.standing, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "hours/correct.html", context, status=status)


def _correct(request: StaffRequest, form: CorrectionForm, entry: HoursEntry) -> bool:
    try:
        correct(
            entry=entry,
            worth=form.worth(),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except NothingToCorrect:
        form.add_error("hours", _("The line already stands at these figures. Nothing was changed."))
        return False
    messages.success(request, _("The correction has been entered as a line of its own."))
    return True
