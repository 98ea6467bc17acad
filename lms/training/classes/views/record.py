"""Recording a class that was held: the form, and its preview of who gets what."""

from dataclasses import fields
from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.models import Cadre, Level, Unit
from lms.hours.actions import Worth
from lms.hours.figures import plain
from lms.hours.rules import LONGEST_DAY, NoRule
from lms.training.classes.actions import (
    ClassFacts,
    ElsewhereThen,
    MoreAbsenceThanClass,
    MoreDaysThanDates,
    MoreHoursThanDays,
    NobodyAttended,
    NotForTownship,
    NotHeldYet,
    OutOfScope,
    judge_class,
    record_class,
)
from lms.training.classes.attendance import worth_of
from lms.training.classes.forms import ClassForm
from lms.training.classes.models import TrainingClass
from lms.training.classes.written import Roll, read_roll

REFUSALS = (
    ElsewhereThen,
    MoreAbsenceThanClass,
    MoreDaysThanDates,
    MoreHoursThanDays,
    NobodyAttended,
    NoRule,
    NotForTownship,
    NotHeldYet,
    OutOfScope,
)


@staff_required(*MANAGERS)
def record(request: StaffRequest) -> HttpResponse:
    """Fill in the class, look at who gets what, and say yes to exactly that: one page, written once."""
    form = ClassForm(request.POST if request.method == "POST" else None, by=request.user)
    roll = _roll(request) if form.is_bound else Roll()
    worths: list[tuple[Cadre, int, Worth]] = []
    if form.is_valid() and not roll.problems:
        worths = _worths(request, form, roll)
    seen = _fingerprint(form, roll) if worths else ""
    if worths and request.POST.get("confirm") == seen:
        held = _record(request, form, roll)
        messages.success(request, _("The class is recorded and everybody's hours are in the ledger."))
        return redirect("classes:detail", held.pk)
    return render(
        request,
        "classes/record.html",
        {
            "form": form,
            "problems": roll.problems,
            "worths": worths,
            "seen": seen,
            "is_changed": "confirm" in request.POST,
            "ticked": _ticked(request, roll),
            **_choosable(request),
        },
        status=422 if form.is_bound and not worths else 200,
    )


def _roll(request: StaffRequest) -> Roll:
    return read_roll(
        request.POST.get("people", "")[:20_000],
        ticked=request.POST.getlist("person"),
        missed={name: str(value) for name, value in request.POST.items() if name.startswith("missed-")},
        by=request.user,
    )


def _ticked(request: StaffRequest, roll: Roll) -> dict[int, int]:
    """The ticks as they were sent: who stands in the text box is not ticked beside it."""
    sent = set(request.POST.getlist("person"))
    return {person.pk: missed for person, missed in roll.absent.items() if str(person.pk) in sent}


def _facts(form: ClassForm) -> ClassFacts:
    told = form.cleaned_data
    return ClassFacts(**{field.name: told[field.name] for field in fields(ClassFacts)})


def _fingerprint(form: ClassForm, roll: Roll) -> str:
    """What a yes says yes to: another class or other people need another look."""
    people = sorted((person.pk, missed) for person, missed in roll.absent.items())
    text = repr([[str(value) for value in vars(_facts(form)).values()], people])
    return sha256(text.encode()).hexdigest()[:16]


def _worths(request: StaffRequest, form: ClassForm, roll: Roll) -> list[tuple[Cadre, int, Worth]]:
    """What each would be granted, for the preview; nothing for a class that cannot be recorded."""
    facts = _facts(form)
    try:
        rule = judge_class(facts=facts, absent=roll.absent, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        form.add_error(*_words(refused))
        return []
    people = sorted(roll.absent.items(), key=lambda item: (item[0].unit.code, item[0].pk))
    return [
        (
            person,
            missed,
            worth_of(hours=facts.hours, days=facts.days, absent_half_days=missed, rule=rule),
        )
        for person, missed in people
    ]


def _words(refused: Exception) -> tuple[str | None, str]:
    """The field, if one is to blame, and the words for a class that cannot be recorded."""
    match refused:
        case NobodyAttended():
            return "people", _("Write down or tick at least one person.")
        case NotHeldYet():
            return "ends_on", _("A class is recorded on its last day or later.")
        case MoreDaysThanDates():
            return "days", _("There are fewer days between the first and the last.")
        case MoreHoursThanDays():
            return "hours", _("That is more than %(most)s hours a day.") % {"most": plain(LONGEST_DAY)}
        case NotForTownship():
            return None, _(
                "Rotation classes are recorded by the county or city whose party school holds them."
            )
        case MoreAbsenceThanClass(person=person):
            return "people", _("%(name)s would have missed more half-days than the class had.") % {
                "name": person.name
            }
        case ElsewhereThen(person=person, other=other):
            return "people", _(
                "%(name)s has days of “%(title)s” (%(from)s to %(to)s) already; these dates do not hold both."
            ) % {
                "name": person.name,
                "title": other.title,
                "from": date_format(other.starts_on, "DATE_FORMAT"),
                "to": date_format(other.ends_on, "DATE_FORMAT"),
            }
        case OutOfScope(names=names):
            return "people", _("Not in your units: %(names)s.") % {"names": _(", ").join(names)}
    return "ends_on", _("No rule of hours holds in your region on that day.")


def _record(request: StaffRequest, form: ClassForm, roll: Roll) -> TrainingClass:
    return record_class(
        facts=_facts(form),
        absent=roll.absent,
        by=request.user,
        at=timezone.now(),
        key=str(form.cleaned_data["key"]),
    )


def _choosable(request: StaffRequest) -> dict[str, object]:
    """The people of one township to tick: the own one, or the one chosen in the address."""
    townships = Unit.objects.visible_to(request.user, *MANAGERS).filter(level=Level.TOWNSHIP)
    today = timezone.localdate()
    offered = list(townships.in_force(today).order_by("code")[:300])
    wanted = request.GET.get("unit", "")
    chosen = next((unit for unit in offered if unit.code == wanted), None)
    if chosen is None and len(offered) == 1:
        chosen = offered[0]
    people = Cadre.objects.within(chosen).in_post(today).select_related("unit") if chosen else []
    return {"townships": offered, "chosen": chosen, "choosable": people}
