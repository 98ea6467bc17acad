"""The desk's pages about exemptions, requirements and hours rules."""

import secrets
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MANAGERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.models import Cadre, StaffRole, Unit
from accounts.models.units import within_any
from accounts.units import ancestors
from lms.hours.actions import RuleNotLater
from lms.hours.models import HoursRule
from lms.hours.rules import NoRule, rule_for
from lms.obligations import actions
from lms.obligations.forms import EndForm, ExemptionForm, HoursRuleForm, RequirementForm
from lms.obligations.models import Exemption, Requirement

# Requirements and rules are set by the county and those above it, each for its own region.
RULERS = (StaffRole.COUNTY, StaffRole.CITY, StaffRole.PROVINCE)


@staff_required(*MANAGERS)
def exempt(request: StaffRequest, pk: int) -> HttpResponse:
    """A person's exemptions, a form for a new one, and for each running one its end."""
    person = get_object_or_404(
        Cadre.objects.visible_to(request.user, *MANAGERS).select_related("unit"), pk=pk
    )
    form = ExemptionForm(request.POST or None, initial={"from_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.exempt(
                person=person,
                reason=form.cleaned_data["reason"],
                from_on=form.cleaned_data["from_on"],
                to_on=form.cleaned_data["to_on"],
                by=request.user,
                at=timezone.now(),
            )
        except actions.ExemptionOverlaps:
            form.add_error(
                None, _("Some of these days are covered by another exemption; end that one first.")
            )
        else:
            messages.success(request, _("Recorded. The obligations follow within a few seconds."))
            return redirect("desk:person", person.pk)
    context = {
        "person": person,
        "form": form,
        "exemptions": person.exemptions.select_related("by"),
        "today": timezone.localdate(),
    }
    return render(request, "obligations/exempt.html", context, status=_status(form))


@staff_required(*MANAGERS)
@require_POST
def end_exemption(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an exemption end with a day."""
    people = Cadre.objects.visible_to(request.user, *MANAGERS)
    exemption = get_object_or_404(Exemption.objects.filter(person__in=people), pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The last day is missing or is not a day."))
    else:
        try:
            actions.end_exemption(
                exemption=exemption, to_on=form.cleaned_data["to_on"], by=request.user, at=timezone.now()
            )
            messages.success(request, _("Recorded. The obligations follow within a few seconds."))
        except actions.ExemptionEnded:
            messages.error(request, _("It had ended by then, or had not begun."))
    return redirect("obligations:exempt", exemption.person_id)


@staff_required()
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """Requirements and hours rules as they hold in the viewer's region, with every version."""
    unit = scope_unit(request.user)
    here = Q(unit__code__in=ancestors(unit.code)) | within_any([unit], "unit__code")
    today = timezone.localdate()
    requirements = Requirement.objects.filter(here).select_related("unit")
    hours_rules = HoursRule.objects.filter(here).select_related("unit")
    context = {
        "unit": unit,
        "today": today,
        "requirements": requirements.order_by("position", "slug", "unit__code", "-valid_from"),
        "hours_rules": hours_rules.order_by("unit__code", "-valid_from"),
        "binding": {item.pk for item in binding(requirements, unit, today)},
        "in_force": _in_force(unit),
        "may_set": request.user.has_role(*RULERS),
    }
    return render(request, "obligations/rules.html", context)


def binding(requirements: QuerySet[Requirement], unit: Unit, today: date) -> list[Requirement]:
    """Of the versions at or above a unit, the one of each short name that asks most today."""
    best: dict[str, Requirement] = {}
    for item in requirements:
        if not item.is_valid_on(today) or not item.unit.contains(unit.code):
            continue
        rank = (item.amount, item.min_classes, len(item.unit.prefix))
        kept = best.get(item.slug)
        if kept is None or rank > (kept.amount, kept.min_classes, len(kept.unit.prefix)):
            best[item.slug] = item
    return list(best.values())


def _in_force(unit: Unit) -> HoursRule | None:
    try:
        return rule_for(unit, timezone.localdate())
    except NoRule:
        return None


def _own_unit(request: StaffRequest) -> Unit:
    """The region for which the staff member may set rules."""
    units = request.user.scope_units(*RULERS)
    if not units:
        raise PermissionDenied
    return min(units, key=lambda unit: (len(unit.prefix), unit.code))


@staff_required(*RULERS)
def requirement(request: StaffRequest) -> HttpResponse:
    """A new requirement for one's region; `basis` names the one to follow with a new version or to raise."""
    unit = _own_unit(request)
    basis = _basis(request, unit)
    form = RequirementForm(request.POST or None, basis=basis, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _set_requirement(request, form, unit, basis):
        messages.success(request, _("Set. Open periods follow within a minute; closed ones never change."))
        return redirect("obligations:rules")
    context = {"form": form, "unit": unit, "basis": basis}
    return render(request, "obligations/requirement.html", context, status=_status(form))


def _basis(request: HttpRequest, unit: Unit) -> Requirement | None:
    text = request.GET.get("basis", "")
    if not text:
        return None
    above = Requirement.objects.filter(unit__code__in=ancestors(unit.code)).select_related("unit")
    return get_object_or_404(above, pk=whole_number(text) or 0)


def _set_requirement(
    request: StaffRequest, form: RequirementForm, unit: Unit, basis: Requirement | None
) -> bool:
    slug = basis.slug if basis else f"own-{unit.prefix}-{secrets.token_hex(3)}"
    try:
        actions.set_requirement(
            slug=slug,
            unit=unit,
            valid_from=form.cleaned_data["valid_from"],
            by=request.user,
            at=timezone.now(),
            **form.values(),
        )
    except actions.LowerThanAbove as refused:
        form.add_error("amount", _refusal(refused.args[0]))
    except actions.NotComparable:
        form.add_error(None, _("A raise counts the same ledgers, measure and period as what it raises."))
    except actions.VersionNotLater:
        form.add_error(
            "valid_from",
            _("A version starts after the one before it, and not in a year that has closed."),
        )
    else:
        return True
    return False


def _refusal(higher: Requirement) -> str:
    words = _("%(unit)s asks %(amount)s (classes: %(classes)d); a region may add to that, never ask less.")
    return words % {
        "unit": higher.unit.name,
        "amount": higher.amount.normalize(),
        "classes": higher.min_classes,
    }


@staff_required(*RULERS)
@require_POST
def end_requirement(request: StaffRequest, pk: int) -> HttpResponse:
    """Let one's region's own requirement or raise end with a day."""
    unit = _own_unit(request)
    item = get_object_or_404(Requirement.objects.filter(unit=unit), pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The last day is missing or is not a day."))
    else:
        try:
            actions.end_requirement(
                requirement=item, to_on=form.cleaned_data["to_on"], by=request.user, at=timezone.now()
            )
            messages.success(request, _("It ends with that day; periods that have closed keep it."))
        except actions.EndsTooEarly:
            messages.error(request, _("A requirement ends today or later."))
    return redirect("obligations:rules")


@staff_required(*RULERS)
def hours_rule(request: StaffRequest) -> HttpResponse:
    """A new version of the hours rule for one's region."""
    unit = _own_unit(request)
    basis = _in_force(unit)
    if basis is None:
        messages.error(request, _("No hours rule holds in your region today."))
        return redirect("obligations:rules")
    initial = {name: getattr(basis, name) for name in HoursRuleForm.Meta.fields if name != "version"}
    form = HoursRuleForm(request.POST or None, initial={**initial, "valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _set_hours_rule(request, form, unit, basis):
        messages.success(request, _("Set. Hours already granted stay as they are."))
        return redirect("obligations:rules")
    context = {"form": form, "unit": unit, "basis": basis}
    return render(request, "obligations/hours_rule.html", context, status=_status(form))


def _set_hours_rule(request: StaffRequest, form: HoursRuleForm, unit: Unit, basis: HoursRule) -> bool:
    version = form.cleaned_data["version"]
    if HoursRule.objects.filter(unit=unit, version=version).exists():
        form.add_error("version", _("Your region has a version of this name already."))
        return False
    try:
        actions.set_hours_rule(
            unit=unit,
            version=version,
            valid_from=form.cleaned_data["valid_from"],
            document=form.cleaned_data["document"],
            by=request.user,
            at=timezone.now(),
            **form.values(basis),
        )
    except RuleNotLater:
        form.add_error("valid_from", _("A version starts today or later, and after the one before it."))
        return False
    return True


def _status(form: BaseForm) -> int:
    return 400 if form.is_bound and form.errors else 200
