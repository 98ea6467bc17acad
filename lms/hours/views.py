"""Correcting a ledger line at the desk, and setting the rule by which later lines are granted."""

from decimal import Decimal

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, RULERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.models import Unit
from lms.hours.actions import (
    LimitReached,
    NothingToCorrect,
    OwnLine,
    RuleNotLater,
    TooManyHours,
    VersionTaken,
    YearFrozen,
    correct,
    judge_rule,
    set_rule,
)
from lms.hours.figures import plain
from lms.hours.forms import CorrectionForm, RuleForm
from lms.hours.kinds import CLASS_KINDS, Withheld
from lms.hours.models import HoursEntry, HoursRule, YearFreeze
from lms.hours.rules import LONGEST_DAY, find_rule, number_under


@staff_required(*MANAGERS)
def correction(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a line with its corrections, and bring it to new totals by one more line."""
    visible = HoursEntry.objects.visible_to(request.user, *MANAGERS).grants()
    entry = get_object_or_404(visible.select_related("person__unit", "rule", "unit"), pk=pk)
    lines = HoursEntry.objects.about(entry)
    sent = request.POST if request.method == "POST" else None
    form = CorrectionForm(sent, entry=entry, standing=lines.total())
    if form.is_valid() and _correct(request, form, entry):
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
    except OwnLine:
        words = _("This is your own line: a colleague or the county raises it. Nothing was changed.")
        form.add_error(None, words)
        return False
    except LimitReached as refused:
        form.add_error("hours", _over_limit(refused))
        return False
    except TooManyHours as refused:
        form.add_error("hours", _too_many(entry, refused.most))
        return False
    except YearFrozen as refused:
        form.add_error(None, _frozen(refused.freeze))
        return False
    messages.success(request, _("The correction has been entered as a line of its own."))
    return True


def _frozen(freeze: YearFreeze) -> str:
    words = _("%(unit)s has frozen the year %(year)s: nothing was changed. Ask them to reopen it first.")
    return words % {"unit": freeze.unit.name, "year": freeze.year}


def _over_limit(refused: LimitReached) -> str:
    words = {
        Withheld.CLASS_CAP: _("At most %(most)s hours: the rule lets one class give no more."),
        Withheld.KIND_CAP: _(
            "At most %(most)s hours: the rule's limit of this kind for the year is reached."
        ),
        Withheld.DAILY_CAP: _("At most %(most)s hours: the rule's limit for that day is reached."),
    }
    return words[refused.why] % {"most": plain(refused.most)}


def _too_many(entry: HoursEntry, most: Decimal) -> str:
    if entry.kind in CLASS_KINDS:
        words = _("At most %(most)s hours: a class counts no more than %(day)s hours a day.")
    else:
        words = _("At most %(most)s hours: one line of this kind can never give more.")
    return words % {"most": plain(most), "day": plain(LONGEST_DAY)}


@staff_required(*RULERS)
def rule(request: StaffRequest) -> HttpResponse:
    """The next version of the rule for one's region, beginning with the figures of the one in force."""
    unit, today = scope_unit(request.user, *RULERS), timezone.localdate()
    basis = find_rule(unit, today)
    if basis is None:
        messages.error(request, _("No hours rule holds in your region today."))
        return redirect("obligations:rules")
    initial = {**model_to_dict(basis), "version": "", "valid_from": today}
    form = RuleForm(request.POST if request.method == "POST" else None, initial=initial)
    people = _judge_rule(form, unit) if form.is_valid() else None
    # Only who has been told how many people it touches sets it.
    has_agreed = people is not None and whole_number(request.POST.get("people")) == people
    if has_agreed and _set_rule(request, form, unit, basis):
        return redirect("obligations:rules")
    context = {"form": form, "unit": unit, "basis": basis, "people": people}
    return render(request, "hours/rule.html", context, status=422 if form.errors else 200)


def _judge_rule(form: RuleForm, unit: Unit) -> int | None:
    """How many people the version would touch; none, with the words in the form, where it cannot follow."""
    values, at = form.cleaned_data, timezone.now()
    try:
        judge_rule(unit=unit, version=values["version"], valid_from=values["valid_from"], at=at)
    except VersionTaken:
        form.add_error("version", _("Your region has a version of this name already."))
    except RuleNotLater:
        form.add_error("valid_from", _("A version starts today or later, and after the one before it."))
    return None if form.errors else number_under(unit, values["valid_from"])


def _set_rule(request: StaffRequest, form: RuleForm, unit: Unit, basis: HoursRule) -> bool:
    try:
        set_rule(
            unit=unit,
            version=form.cleaned_data["version"],
            valid_from=form.cleaned_data["valid_from"],
            document=form.cleaned_data["document"],
            by=request.user,
            at=timezone.now(),
            **form.values(basis),
        )
    except (VersionTaken, RuleNotLater):
        form.add_error(None, _("Somebody has set another version meanwhile; nothing was changed."))
        return False
    messages.success(request, _("Set. Hours already granted stay as they are."))
    return True
