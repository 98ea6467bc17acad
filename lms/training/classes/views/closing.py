"""Closing a class with a look at who gets what, and reopening it with a reason, on one page."""

from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, StaffRequest, staff_required
from lms.hours.actions import YearFrozen
from lms.hours.models import HoursEntry
from lms.hours.rules import Admitted, NoRule, foreseen, rule_for
from lms.training.classes import actions
from lms.training.classes.actions.record import ENTRY_KINDS
from lms.training.classes.forms import ReopenClassForm
from lms.training.classes.models import ClassKind, ClassState, TrainingClass
from lms.training.classes.results import Result
from lms.training.classes.rolls import waiting_in
from lms.training.classes.views.roll import own_class

CLOSING_REFUSALS = (
    actions.ElsewhereThen,
    actions.NoTimetable,
    actions.NobodyCalled,
    actions.NotAnnounced,
    actions.NotOver,
    actions.WorthNothing,
    NoRule,
    YearFrozen,
)


@staff_required(*MANAGERS)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Look at who gets what and say yes to exactly that; or, of a closed class, reopen it."""
    held = own_class(request, pk)
    if held.state == ClassState.CLOSED and "confirm" in request.POST:
        # Two clerks, or one who tapped twice: it is closed, as both wanted.
        messages.success(request, _("The class is closed and everybody's hours are in the ledger."))
        return redirect("classes:close", held.pk)
    if held.state == ClassState.CLOSED:
        return _reopening(request, held)
    return _closing(request, held)


def _closing(request: StaffRequest, held: TrainingClass) -> HttpResponse:
    now, is_sent = timezone.now(), request.method == "POST"
    results: list[Result] = []
    stop = ""
    try:
        results = actions.judge_closing(held, at=now)
        seen = _fingerprint(held, results)
        if is_sent and request.POST.get("confirm") == seen:
            actions.close_class(training_class=held, by=request.user, at=now)
            messages.success(request, _("The class is closed and everybody's hours are in the ledger."))
            return redirect("classes:close", held.pk)
    except CLOSING_REFUSALS as refused:
        stop, seen = _words(refused), ""
    context = {
        "held": held,
        "results": results,
        "rows": _rows(held, results),
        "seen": seen,
        "stop": stop,
        "is_changed": is_sent and not stop,
        "unticked": sum(bool(result.unticked) for result in results),
        "out": sum(result.is_out for result in results),
        "last": held.closings.select_related("by", "reopened_by").last(),
    }
    return render(request, "classes/close.html", context, status=409 if is_sent else 200)


def _rows(held: TrainingClass, results: list[Result]) -> list[tuple[Result, Admitted]]:
    """Each result with the hours that the limits of the rule leave, of those who have no line of it yet."""
    if not results:
        return []
    known = HoursEntry.objects.filter(source=held.source).by_person()
    left = foreseen(
        {each.place.person_id: each.worth.hours for each in results if each.place.person_id not in known},
        kind=ENTRY_KINDS[ClassKind(held.kind)],
        on=held.ends_on,
        rule=rule_for(held.unit, held.ends_on),
    )
    return [(each, left.get(each.place.person_id) or Admitted(each.worth.hours)) for each in results]


def _fingerprint(held: TrainingClass, results: list[Result]) -> str:
    """What a yes says yes to: other marks, people or hours need another look."""
    told = [
        (each.place.person_id, [half_day.pk for half_day in each.attended], str(each.worth.hours))
        for each in results
    ]
    return sha256(repr((str(held.hours), str(held.days), told)).encode()).hexdigest()[:16]


def _reopening(request: StaffRequest, held: TrainingClass) -> HttpResponse:
    """What everybody got, what has arrived since, and the form that reopens."""
    form = ReopenClassForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _reopen(request, form, held):
        return redirect("classes:close", held.pk)
    places = held.places.accepted().select_related("person__unit").order_by("person__unit__code", "person")
    totals = HoursEntry.objects.filter(source=held.source).by_person()
    context = {
        "held": held,
        "rows": [(place, totals.get(place.person_id)) for place in places],
        "closing": held.closings.select_related("by").last(),
        "waiting": waiting_in(held),
        "has_timetable": held.half_days.exists(),
        "form": form,
    }
    status = 409 if form.non_field_errors() else 422 if form.errors else 200
    return render(request, "classes/closed.html", context, status=status)


def _reopen(request: StaffRequest, form: ReopenClassForm, held: TrainingClass) -> bool:
    try:
        actions.reopen_class(
            training_class=held, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except (actions.NoTimetable, YearFrozen) as refused:
        form.add_error(None, _words(refused))
        return False
    except actions.NotClosed:
        messages.info(request, _("The class was reopened meanwhile."))
        return True
    messages.success(
        request, _("The class is open again: put its marks right, then close it. Hours wait until then.")
    )
    return True


def _words(refused: Exception) -> str:
    match refused:
        case actions.NotAnnounced():
            return _("The class is not announced or was cancelled: there is nothing to close.")
        case actions.NoTimetable():
            return _("The class has no timetable, so there are no marks to count.")
        case actions.NotOver(ends_at=ends_at):
            ends = timezone.localtime(ends_at)
            day = f"{date_format(ends)} {ends:%H:%M}"
            return _("The last half-day ends on %(day)s: the class is closed after that.") % {"day": day}
        case actions.NobodyCalled():
            return _("Nobody has a place in this class. Call people, or cancel the class.")
        case actions.WorthNothing():
            return _("The class says no hours: write them down with its timetable first.")
        case actions.ElsewhereThen(person=person, other=other):
            words = _(
                "%(name)s has days of “%(title)s”, recorded for the same dates: correct that line first."
            )
            return words % {"name": person.name, "title": other.title}
        case YearFrozen(freeze=freeze):
            words = _(
                "%(unit)s has frozen the year %(year)s: nothing was changed. Ask them to reopen it first."
            )
            return words % {"unit": freeze.unit.name, "year": freeze.year}
    return _("No rule of hours holds in your region on that day.")
