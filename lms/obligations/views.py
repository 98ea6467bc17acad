"""The desk's pages about requirements and rules."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import RULERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.codes import ancestors
from accounts.models import Unit
from accounts.models.units import within_any
from lms.hours.figures import plain
from lms.hours.models import HoursRule
from lms.hours.rules import find_rule
from lms.obligations import actions
from lms.obligations.definitions import binding
from lms.obligations.facts import definition_of, number_asked
from lms.obligations.forms import EndForm, RequirementForm
from lms.obligations.models import Requirement


def _status(request: HttpRequest) -> int:
    """A page that is shown in answer to a form says that the form was not accepted."""
    return 422 if request.method == "POST" else 200


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
    people = _judge(form, unit, basis) if form.is_valid() else None
    # Only who has been told how many people it speaks to sets it.
    has_agreed = people is not None and whole_number(request.POST.get("people")) == people
    if has_agreed and _set_requirement(request, form, unit, basis):
        messages.success(request, _("Set. Open periods follow within a minute; closed ones never change."))
        return redirect("obligations:rules")
    context = {"form": form, "unit": unit, "basis": basis, "people": people}
    return render(request, "obligations/requirement.html", context, status=422 if form.errors else 200)


def _basis(request: HttpRequest, unit: Unit) -> Requirement | None:
    text = request.GET.get("basis", "")
    if not text:
        return None
    above = Requirement.objects.filter(unit__code__in=ancestors(unit.code)).select_related("unit")
    return get_object_or_404(above, pk=whole_number(text) or 0)


def _judge(form: RequirementForm, unit: Unit, basis: Requirement | None) -> int | None:
    """How many people it would speak to; none, with the words in the form, where it would be refused."""
    at, valid_from = timezone.now(), form.cleaned_data["valid_from"]
    slug, values = basis.slug if basis else "", form.values()
    with _words_in(form):
        actions.judge_requirement(slug=slug, unit=unit, valid_from=valid_from, at=at, **values)
    if form.errors:
        return None
    asked = Requirement(slug=slug, unit=unit, valid_from=valid_from, **values)
    return number_asked(asked, max(valid_from, timezone.localdate(at)))


def _set_requirement(
    request: StaffRequest, form: RequirementForm, unit: Unit, basis: Requirement | None
) -> bool:
    with _words_in(form):
        actions.set_requirement(
            slug=basis.slug if basis else "",
            unit=unit,
            valid_from=form.cleaned_data["valid_from"],
            by=request.user,
            at=timezone.now(),
            **form.values(),
        )
    return not form.errors


@contextmanager
def _words_in(form: RequirementForm) -> Iterator[None]:
    """Say in the form why a requirement is refused."""
    try:
        yield
    except actions.LowerThanAbove as refused:
        form.add_error(refused.field, _refusal(refused))
    except actions.NotComparable:
        form.add_error(None, _("A raise counts the same ledgers, measure and period as what it raises."))
    except actions.NameTaken:
        form.add_error(
            "name", _("Your region has a requirement of this name; open it in the list for a new version.")
        )
    except actions.VersionNotLater:
        form.add_error("valid_from", _("A version starts after the one before it, and not before this year."))


def _refusal(refused: actions.LowerThanAbove) -> str:
    higher, field = refused.higher, refused.field
    if field == "is_pro_rata":
        words = _("%(unit)s asks the whole amount here, whenever somebody takes office.")
        return words % {"unit": higher.unit.name}
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
