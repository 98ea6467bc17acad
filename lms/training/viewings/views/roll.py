"""The page of a viewing's roll, for the keeper's phone; the same ticks come from a form without scripts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import StaffRequest, staff_required
from lms.training.rolls import MOST_NAME, Guest, RollMark, RollSheet, RollToken, changes_in
from lms.training.viewings.entries import REFUSALS, RUNNING, take_mark, words_for
from lms.training.viewings.models import Viewing
from lms.training.viewings.sheet import HERE, KIND, sheet_of


@staff_required(*RUNNING)
def roll(request: StaffRequest, pk: int) -> HttpResponse:
    """The roll of a viewing that has begun; before that its page says so."""
    viewing = get_object_or_404(Viewing.objects.visible_to(request.user, *RUNNING).with_facts(), pk=pk)
    if not viewing.has_started:
        messages.warning(request, _("Start the viewing first: the roll is taken while it runs."))
        return redirect("station:viewing", viewing.pk)
    sheet = sheet_of(viewing, by=request.user, at=timezone.now())
    if request.method == "POST":
        _take(request, viewing, sheet)
        return redirect("roll:viewing", viewing.pk)
    return render(request, "roll/roll.html", {"sheet": sheet})


def _take(request: StaffRequest, viewing: Viewing, sheet: RollSheet) -> None:
    """Every change that the form makes, each refused in words by itself."""
    told: list[tuple[int | Guest, bool]] = [
        (person, is_present) for _slot, person, is_present in changes_in(sheet, request.POST.getlist("there"))
    ]
    if guest := request.POST.get("guest", "").strip()[:MOST_NAME]:
        told.append((Guest(guest), True))
    names = {seat.person: seat.name for seat in sheet.seats}
    refused = []
    now = timezone.now()
    token = RollToken(KIND, viewing.pk, request.user.pk, now)
    for person, is_present in told:
        name = person.who if isinstance(person, Guest) else names[person]
        mark = RollMark(token, HERE, person, is_present, now)
        try:
            words = take_mark(viewing, mark, by=request.user, at=now).refused
        except REFUSALS as error:
            words = words_for(error)
        if words:
            refused.append(_("%(name)s: %(words)s") % {"name": name, "words": words})
    for line in refused:
        messages.warning(request, line)
    if told and not refused:
        messages.success(request, _("The roll is saved."))
