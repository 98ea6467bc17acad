"""Writing a yearly plan at the desk: its central work, its items, handing it in, deciding on it.

The page on which a plan is read shows what is still needed, and so belongs to `lms.desk.planning`.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from http import HTTPStatus
from typing import TypedDict

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MANAGERS, RULERS, StaffRequest, staff_required
from accounts.addresses import whole_number
from accounts.models import Cadre, Role, Unit
from lms.training.plans import actions
from lms.training.plans.forms import DecisionForm, DropForm, FocusForm, ItemForm, NewPlanForm, SeenForm
from lms.training.plans.history import approved_items, entries
from lms.training.plans.models import PLANNING, ChangeKind, Plan, PlanChange, PlanItem, PlanStatus

PAGE_SIZE = 50
# What a page that decides shows of the changes since the last approval.
SHOWN = 50


def _status(request: HttpRequest) -> HTTPStatus:
    """A page that is shown in answer to a form says that the form was not accepted."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK


def _kept(request: StaffRequest, pk: int) -> Plan:
    """A plan that its reader keeps, or 404."""
    mine = Plan.objects.visible_to(request.user, *MANAGERS).select_related("unit")
    return get_object_or_404(mine, pk=pk)


def _item(request: StaffRequest, pk: int) -> PlanItem:
    """An item, not struck out, of a plan that its reader keeps, or 404."""
    plans = Plan.objects.visible_to(request.user, *MANAGERS)
    items = PlanItem.objects.standing().filter(plan__in=plans).select_related("plan__unit")
    return get_object_or_404(items.with_lessons(), pk=pk)


@staff_required(*MANAGERS)
def make(request: StaffRequest, code: str, year: int) -> HttpResponse:
    """Begin the plan of a unit for a year."""
    mine = Unit.objects.visible_to(request.user, *MANAGERS).filter(level__in=PLANNING)
    unit = get_object_or_404(mine, code=code)
    form = NewPlanForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            plan = actions.make_plan(
                unit=unit,
                year=year,
                focus=form.cleaned_data["focus"],
                by=request.user,
                at=timezone.now(),
            )
        except actions.PlanExists as there:
            messages.info(request, _("There is a plan for this year already; here it is, as it was."))
            return redirect("plans:detail", there.plan.pk)
        except actions.YearOutOfReach:
            form.add_error(None, _("A plan is drawn up for this year or the next; nothing was written."))
        except actions.NoPlanHere:
            form.add_error(None, _("This place was merged into another before that year."))
        else:
            messages.success(request, _("The plan is begun. Now put in what is to be learned."))
            return redirect("plans:detail", plan.pk)
    context = {"form": form, "unit": unit, "year": year}
    return render(request, "plans/make.html", context, status=_status(request))


class _How(TypedDict):
    """What every change carries: the version looked at, the reason, who and when."""

    seen: int
    reason: str
    by: Cadre
    at: datetime


def _how(request: StaffRequest, form: SeenForm) -> _How:
    told = form.cleaned_data
    return _How(seen=told["seen"], reason=told.get("reason", ""), by=request.user, at=timezone.now())


def _written(form: SeenForm, write: Callable[[], object]) -> bool:
    """Whether the change was made; else the form says why not, and keeps what was filled in."""
    try:
        write()
    except actions.PlanMoved as moved:
        form.plan = moved.plan
        form.add_error(
            None, _("Somebody changed the plan meanwhile. Nothing of yours is lost or written yet.")
        )
    except actions.ItemDropped:
        form.add_error(None, _("This item was struck out meanwhile; put in a new one instead."))
    except actions.ReasonMissing:
        form.add_error("reason", _("More was made of this item: it is struck out, with a reason."))
    else:
        return True
    return False


def _done(request: StaffRequest, plan: Plan) -> HttpResponse:
    """Back to the plan, saying whether it waits for approval now."""
    now = Plan.objects.get(pk=plan.pk)
    if now.is_changed_since and now.status == PlanStatus.SUBMITTED:
        messages.success(
            request, _("Written. What was approved has changed, so it waits for approval again.")
        )
    else:
        messages.success(request, _("Written."))
    return redirect("plans:detail", plan.pk)


@staff_required(*MANAGERS)
def focus(request: StaffRequest, pk: int) -> HttpResponse:
    """Say the central work in other words."""
    plan = _kept(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = FocusForm(sent, plan=plan, initial={"focus": plan.focus})
    if form.is_valid():
        words = form.cleaned_data["focus"]
        if _written(form, lambda: actions.change_focus(plan=plan, focus=words, **_how(request, form))):
            return _done(request, plan)
    context = {"form": form, "plan": plan, "since": entries(form.missed())}
    return render(request, "plans/focus.html", context, status=_status(request))


@staff_required(*MANAGERS)
def add_item(request: StaffRequest, pk: int) -> HttpResponse:
    """A new item; a gap on the plan's page fills in who, what and how long."""
    plan = _kept(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = ItemForm(sent, plan=plan, initial=_prefilled(request, plan))
    if _is_whole(request, form):
        facts = form.facts()
        if _written(form, lambda: actions.add_item(plan=plan, facts=facts, **_how(request, form))):
            return _done(request, plan)
    return _item_form(request, form, None)


@staff_required(*MANAGERS)
def item(request: StaffRequest, pk: int) -> HttpResponse:
    """Change an item."""
    kept = _item(request, pk)
    form = ItemForm(request.POST if request.method == "POST" else None, plan=kept.plan, item=kept)
    if _is_whole(request, form):
        facts = form.facts()
        if _written(form, lambda: actions.change_item(item=kept, facts=facts, **_how(request, form))):
            return _done(request, kept.plan)
    return _item_form(request, form, kept)


def _prefilled(request: StaffRequest, plan: Plan) -> dict[str, object]:
    asked = request.GET
    known = {name: asked[name][:300] for name in ItemForm.PREFILLED if name in asked}
    roles = [role for role in asked.getlist("role") if role in Role.values]
    start = max(timezone.localdate(), date(plan.year, 1, 1))
    dates = {"starts_on": start, "ends_on": start} if start.year == plan.year else {}
    return {**dates, **known, "roles": roles}


def _is_whole(request: StaffRequest, form: ItemForm) -> bool:
    """Whether the form is sent to be written, and can be; looking for lessons only shows it again."""
    return "look" not in request.POST and form.is_valid()


def _item_form(request: StaffRequest, form: ItemForm, kept: PlanItem | None) -> HttpResponse:
    is_looking = "look" in request.POST
    context = {
        "form": form,
        "plan": form.plan,
        "item": kept,
        "is_looking": is_looking,
        "since": entries(form.missed()),
    }
    status = HTTPStatus.OK if is_looking else _status(request)
    return render(request, "plans/item.html", context, status=status)


@staff_required(*MANAGERS)
def drop_item(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an item out: removed while it was never approved, else struck out with its reason."""
    kept = _item(request, pk)
    form = DropForm(request.POST if request.method == "POST" else None, plan=kept.plan)
    if form.is_valid() and _written(form, lambda: actions.drop_item(item=kept, **_how(request, form))):
        return _done(request, kept.plan)
    context = {"form": form, "plan": kept.plan, "item": kept, "since": entries(form.missed())}
    return render(request, "plans/drop.html", context, status=_status(request))


@staff_required(*MANAGERS)
@require_POST
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand a plan in for approval."""
    plan = _kept(request, pk)
    seen = whole_number(request.POST.get("seen"))
    try:
        actions.submit(plan=plan, seen=seen or 0, by=request.user, at=timezone.now())
    except actions.PlanMoved:
        messages.error(
            request,
            _("The plan changed after you looked at it. It was not handed in: please look once more."),
        )
    except actions.NothingPlanned:
        messages.error(request, _("The plan is empty and was not handed in: put in an item first."))
    except actions.NotADraft:
        messages.info(request, _("The plan had been handed in already."))
    else:
        messages.success(request, _("The plan is handed in and waits for approval."))
    return redirect("plans:detail", plan.pk)


@staff_required(*RULERS)
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Look a plan through, then approve exactly that, or give it back with a reason."""
    above = Plan.objects.visible_to(request.user, *RULERS).select_related("unit", "submitted_by")
    plan = get_object_or_404(above, pk=pk)
    if not actions.may_decide(plan.unit, request.user):
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None, plan=plan)
    if form.is_valid():
        is_return = "return" in request.POST
        if words := _decided(request, form, is_return=is_return):
            messages.success(request, words)
            return redirect("plans:detail", plan.pk)
    items = form.plan.items.standing().with_lessons().prefetch_related("classes")
    context = {
        "form": form,
        "plan": form.plan,
        "items": items,
        "is_waiting": form.plan.status == PlanStatus.SUBMITTED,
        "is_own": actions.wrote(form.plan, request.user),
        "changes": entries(list(_since_approval(form.plan))),
        "since": entries(form.missed()),
    }
    return render(request, "plans/decide.html", context, status=_status(request))


def _since_approval(plan: Plan) -> Iterable[PlanChange]:
    """What changed since the last approval; of a plan that never had one, nothing to compare with."""
    if not plan.approved_version:
        return []
    return plan.changes.since(plan.approved_version).select_related("by")[:SHOWN]


def _decided(request: StaffRequest, form: DecisionForm, *, is_return: bool) -> str:
    """Decide as asked; gives the words for it, or none where the form says why not."""
    seen, at = form.cleaned_data["seen"], timezone.now()
    try:
        if is_return:
            reason = form.cleaned_data["reason"]
            actions.return_plan(plan=form.plan, seen=seen, reason=reason, by=request.user, at=at)
            return _("The plan is returned; the reason stands on it.")
        actions.approve(plan=form.plan, seen=seen, by=request.user, at=at)
        return _("The plan is approved.")
    except actions.PlanMoved as moved:
        form.plan = moved.plan
        form.add_error(
            None, _("The plan changed after you looked at it. Nothing was decided: please look once more.")
        )
    except actions.NotWaiting:
        form.add_error(None, _("The plan does not wait for approval any more; nothing was changed."))
    except actions.OwnPlan:
        form.add_error(None, _("You wrote or handed in some of this yourself: somebody else decides on it."))
    except actions.ReasonMissing:
        form.add_error("reason", _("Write down what is to be changed; nothing was decided yet."))
    return ""


@staff_required()
@require_safe
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """Every change of a plan, the latest first."""
    plan = get_object_or_404(Plan.objects.open_to(request.user).select_related("unit"), pk=pk)
    changes = plan.changes.select_related("by").order_by("-version")
    page = Paginator(changes, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"plan": plan, "page": page, "entries": entries(list(page))}
    return render(request, "plans/history.html", context)


@staff_required()
@require_safe
def approved(request: StaffRequest, pk: int, version: int) -> HttpResponse:
    """The text of a plan as it was approved, whatever became of it since."""
    plan = get_object_or_404(Plan.objects.open_to(request.user).select_related("unit"), pk=pk)
    approvals = plan.changes.filter(kind=ChangeKind.APPROVED).select_related("by")
    change = get_object_or_404(approvals, version=version)
    context = {"plan": plan, "change": change, "items": approved_items(change)}
    return render(request, "plans/approved.html", context)
