"""The desk's pages about exemptions and requirements."""

import secrets

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MANAGERS, RULERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.codes import ancestors
from accounts.models import Cadre, Unit
from accounts.models.units import within_any
from lms.hours.figures import plain
from lms.hours.models import HoursRule
from lms.hours.rules import find_rule
from lms.obligations import actions
from lms.obligations.definitions import binding
from lms.obligations.facts import definition_of, number_asked
from lms.obligations.forms import EndForm, ExemptionForm, RequirementForm
from lms.obligations.models import Exemption, Requirement


@staff_required(*MANAGERS)
def exempt(request: StaffRequest, pk: int) -> HttpResponse:
    """A person's exemptions, a form for a new one, and for each running one its end."""
    visible = Cadre.objects.visible_to(request.user, *MANAGERS).select_related("unit")
    person = get_object_or_404(visible, pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = ExemptionForm(sent, initial={"from_on": timezone.localdate()})
    if form.is_valid() and _exempt(request, form, person):
        messages.success(request, _("Recorded. The obligations follow within a few seconds."))
        return redirect("desk:person", person.pk)
    return _exemptions(request, person, form)


def _exempt(request: StaffRequest, form: ExemptionForm, person: Cadre) -> bool:
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
        form.add_error(None, _("Some of these days are covered by another exemption; end that one first."))
        return False
    return True


def _exemptions(request: StaffRequest, person: Cadre, form: ExemptionForm) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "exemptions": person.exemptions.select_related("by"),
        "today": timezone.localdate(),
    }
    return render(request, "obligations/exempt.html", context, status=_status(request))


def _status(request: HttpRequest) -> int:
    """A page that is shown in answer to a form says that the form was not accepted."""
    return 422 if request.method == "POST" else 200


@staff_required(*MANAGERS)
@require_POST
def end_exemption(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an exemption end with a day."""
    people = Cadre.objects.visible_to(request.user, *MANAGERS)
    exemption = get_object_or_404(Exemption.objects.filter(person__in=people).select_related("person"), pk=pk)
    if refusal := _end_exemption(request, exemption):
        messages.error(request, refusal)
        form = ExemptionForm(initial={"from_on": timezone.localdate()})
        return _exemptions(request, exemption.person, form)
    messages.success(request, _("Recorded. The obligations follow within a few seconds."))
    return redirect("obligations:exempt", exemption.person_id)


def _end_exemption(request: StaffRequest, exemption: Exemption) -> str:
    """End it as asked; gives the words of a refusal, or none."""
    form = EndForm(request.POST)
    if not form.is_valid():
        return _("The last day is missing or is not a day.")
    try:
        actions.end_exemption(
            exemption=exemption, to_on=form.cleaned_data["to_on"], by=request.user, at=timezone.now()
        )
    except actions.ExemptionEnded:
        return _("It had ended by then, or had not begun.")
    return ""


@staff_required()
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """Requirements and hours rules as they hold in the viewer's region, with every version."""
    return _rules(request)


def _rules(request: StaffRequest) -> HttpResponse:
    unit, today = scope_unit(request.user), timezone.localdate()
    here = Q(unit__code__in=ancestors(unit.code)) | within_any([unit], "unit__code")
    requirements = Requirement.objects.filter(here).select_related("unit")
    requirements = requirements.order_by("position", "slug", "unit__code", "-valid_from")
    above = [definition_of(item) for item in requirements if item.unit.contains(unit.code)]
    hours_rules = HoursRule.objects.filter(here).select_related("unit")
    context = {
        "unit": unit,
        "today": today,
        "requirements": requirements,
        "hours_rules": hours_rules.order_by("unit__code", "-valid_from"),
        "binding": {definition.pk for definition in binding(above, today)},
        "in_force": find_rule(unit, today),
        "may_set": request.user.has_role(*RULERS),
    }
    return render(request, "obligations/rules.html", context, status=_status(request))


@staff_required(*RULERS)
def requirement(request: StaffRequest) -> HttpResponse:
    """A new requirement for one's region; `basis` names the one to follow with a new version or to raise."""
    unit = scope_unit(request.user, *RULERS)
    basis = _basis(request, unit)
    sent = request.POST if request.method == "POST" else None
    form = RequirementForm(sent, basis=basis, initial={"valid_from": timezone.localdate()})
    if form.is_valid() and (made := _set_requirement(request, form, unit, basis)):
        messages.success(request, _reach(number_asked(made, timezone.localdate())))
        return redirect("obligations:rules")
    context = {"form": form, "unit": unit, "basis": basis}
    return render(request, "obligations/requirement.html", context, status=_status(request))


def _basis(request: HttpRequest, unit: Unit) -> Requirement | None:
    text = request.GET.get("basis", "")
    if not text:
        return None
    above = Requirement.objects.filter(unit__code__in=ancestors(unit.code)).select_related("unit")
    return get_object_or_404(above, pk=whole_number(text) or 0)


def _set_requirement(
    request: StaffRequest, form: RequirementForm, unit: Unit, basis: Requirement | None
) -> Requirement | None:
    slug = basis.slug if basis else f"own-{unit.prefix}-{secrets.token_hex(3)}"
    try:
        return actions.set_requirement(
            slug=slug,
            unit=unit,
            valid_from=form.cleaned_data["valid_from"],
            by=request.user,
            at=timezone.now(),
            **form.values(),
        )
    except actions.LowerThanAbove as refused:
        form.add_error(refused.field, _refusal(refused))
    except actions.NotComparable:
        form.add_error(None, _("A raise counts the same ledgers, measure and period as what it raises."))
    except actions.VersionNotLater:
        form.add_error(
            "valid_from",
            _("A version starts after the one before it, and not before this month."),
        )
    return None


def _reach(people: int) -> str:
    words = ngettext(
        "Set. It speaks to %(n)d person. Open periods follow within a minute; closed ones never change.",
        "Set. It speaks to %(n)d people. Open periods follow within a minute; closed ones never change.",
        people,
    )
    return words % {"n": people}


def _refusal(refused: actions.LowerThanAbove) -> str:
    higher, field = refused.higher, refused.field
    asked = "、".join(higher.role_labels) if field == "roles" else plain(getattr(higher, field))
    words = _("%(unit)s asks %(asked)s here; a region may add to that, never ask less.")
    return words % {"unit": higher.unit.name, "asked": asked}


@staff_required(*RULERS)
@require_POST
def end_requirement(request: StaffRequest, pk: int) -> HttpResponse:
    """Let one's region's own requirement or raise end with a day."""
    unit = scope_unit(request.user, *RULERS)
    item = get_object_or_404(Requirement.objects.filter(unit=unit), pk=pk)
    if refusal := _end_requirement(request, item):
        messages.error(request, refusal)
        return _rules(request)
    messages.success(request, _("It ends with that day; periods that have closed keep it."))
    return redirect("obligations:rules")


def _end_requirement(request: StaffRequest, item: Requirement) -> str:
    """End it as asked; gives the words of a refusal, or none."""
    form = EndForm(request.POST)
    if not form.is_valid():
        return _("The last day is missing or is not a day.")
    try:
        actions.end_requirement(
            requirement=item, to_on=form.cleaned_data["to_on"], by=request.user, at=timezone.now()
        )
    except actions.EndsTooEarly:
        return _("A requirement ends today or later.")
    except actions.EndsTooLate:
        return _("It ends earlier already, and another version may follow it.")
    return ""
