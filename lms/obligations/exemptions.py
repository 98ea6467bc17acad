"""The desk's pages about exemptions: whom study is no hard requirement for, until when, and who helps."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MANAGERS, StaffRequest, scope_unit, staff_required
from accounts.codes import is_code
from accounts.models import Cadre, Unit
from accounts.models.people import CadreQuerySet
from lms.obligations import actions
from lms.obligations.forms import EndForm, ExemptionForm, HelperForm
from lms.obligations.helping import may_help
from lms.obligations.models import SOON_DAYS, Exemption

PAGE_SIZE = 50


@staff_required()
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Everybody of one's people who is exempt today, those first whose exemption ends first."""
    today, own = timezone.localdate(), scope_unit(request.user)
    unit = _place(request.GET.get("unit", ""), own)
    is_ending = request.GET.get("ending") == "1"
    found = Exemption.objects.visible_to(request.user).filter(person__in=Cadre.objects.within(unit))
    found = found.ending_soon(today) if is_ending else found.running(today)
    found = found.select_related("person__unit", "helper").order_by(F("to_on").asc(nulls_last=True), "pk")
    context = {
        "unit": unit,
        "is_ending": is_ending,
        "days": SOON_DAYS,
        "today": today,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_change": request.user.has_role(*MANAGERS),
    }
    return render(request, "obligations/exemptions.html", context)


def _place(code: str, own: Unit) -> Unit:
    """The unit of an address where it lies in one's own, else one's own."""
    asked = Unit.objects.filter(code=code).first() if is_code(code) and own.contains(code) else None
    return asked or own


@staff_required(*MANAGERS)
def exempt(request: StaffRequest, pk: int) -> HttpResponse:
    """A person's exemptions, a form for a new one, and for each running one its end and its helper."""
    visible = Cadre.objects.visible_to(request.user, *MANAGERS).select_related("unit")
    person = get_object_or_404(visible, pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = ExemptionForm(sent, initial={"from_on": timezone.localdate()}, people=_candidates(request, person))
    if form.is_valid() and _exempt(request, form, person):
        messages.success(request, _("Recorded. The obligations follow within a few seconds."))
        return redirect("desk:person", person.pk)
    return _exemptions(request, person, form)


def _candidates(request: StaffRequest, person: Cadre) -> CadreQuerySet:
    """Whom the staff member may name: people of the township whom they may see."""
    return may_help(person).visible_to(request.user, *MANAGERS)


def _exempt(request: StaffRequest, form: ExemptionForm, person: Cadre) -> bool:
    try:
        actions.exempt(person=person, by=request.user, at=timezone.now(), **form.cleaned_data)
    except actions.ExemptionOverlaps:
        form.add_error(None, _("Some of these days are covered by another exemption; end that one first."))
        return False
    except actions.CannotHelp:
        form.add_error("helper", _("This person has left the township, or the account was closed."))
        return False
    return True


def _exemptions(request: StaffRequest, person: Cadre, form: ExemptionForm) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "exemptions": person.exemptions.select_related("by", "helper"),
        "near": _candidates(request, person).filter(unit=person.unit),
        "today": timezone.localdate(),
    }
    # A page that is shown in answer to a form says that the form was not accepted.
    return render(
        request, "obligations/exempt.html", context, status=422 if request.method == "POST" else 200
    )


def _found(request: StaffRequest, pk: int) -> Exemption:
    people = Cadre.objects.visible_to(request.user, *MANAGERS)
    found = Exemption.objects.filter(person__in=people).select_related("person__unit")
    return get_object_or_404(found, pk=pk)


def _refused(request: StaffRequest, exemption: Exemption, refusal: str) -> HttpResponse:
    messages.error(request, refusal)
    person = exemption.person
    form = ExemptionForm(initial={"from_on": timezone.localdate()}, people=_candidates(request, person))
    return _exemptions(request, person, form)


@staff_required(*MANAGERS)
@require_POST
def set_helper(request: StaffRequest, pk: int) -> HttpResponse:
    """Name another helper, or nobody, for an exemption."""
    exemption = _found(request, pk)
    form = HelperForm(request.POST, people=_candidates(request, exemption.person))
    if not form.is_valid():
        return _refused(request, exemption, " ".join(map(str, form.errors["helper"])))
    helper = form.cleaned_data["helper"]
    try:
        actions.set_helper(exemption=exemption, helper=helper, by=request.user, at=timezone.now())
    except actions.CannotHelp:
        return _refused(
            request, exemption, _("This person has left the township, or the account was closed.")
        )
    messages.success(request, _("Recorded."))
    return redirect("obligations:exempt", exemption.person_id)


@staff_required(*MANAGERS)
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an exemption end with a day."""
    exemption = _found(request, pk)
    if refusal := _end(request, exemption):
        return _refused(request, exemption, refusal)
    messages.success(request, _("Recorded. The obligations follow within a few seconds."))
    return redirect("obligations:exempt", exemption.person_id)


def _end(request: StaffRequest, exemption: Exemption) -> str:
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
