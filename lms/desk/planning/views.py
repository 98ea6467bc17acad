"""Plans at the desk: the places of a year and how far their plans are, one plan, who is left after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import MANAGERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.codes import ancestors, subtree
from accounts.models import Cadre, Level, Role, Unit
from accounts.models.units import UnitQuerySet
from lms.desk.filters import BELOW, Filters, read_filters
from lms.desk.foresight import Lack, Outlook, foresee, owed_in, planned
from lms.desk.planning.gaps import item_for
from lms.hours.defaults import DEFAULT_RULE
from lms.hours.rules import find_rule
from lms.training.classes.models import TrainingClass
from lms.training.plans.actions import may_decide
from lms.training.plans.history import entries
from lms.training.plans.models import PLANNING, Plan, PlanItem, PlanItemQuerySet, PlanStatus

PAGE_SIZE = 50
LATEST_CHANGES = 5


@staff_required()
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The townships and counties of one's area, each with its plan for a year or without."""
    today = timezone.localdate()
    filters = read_filters(request.GET, request.user)
    years = _years(request.user, today)
    year = whole_number(request.GET.get("year"))
    year = year if year in years else today.year
    units = _planning(request.user, filters.unit, year)
    page = Paginator(units.order_by("code"), PAGE_SIZE).get_page(request.GET.get("page"))
    plans = Plan.objects.open_to(request.user).filter(unit__in=list(page), year=year).with_sums()
    by_unit = {plan.unit_id: plan for plan in plans}
    mine = request.user.scope_units(*MANAGERS)
    context = {
        "filters": filters,
        "places": _places(filters, scope_unit(request.user), today),
        "years": years,
        "year": year,
        "is_open": year >= today.year,
        "page": page,
        "rows": [
            (unit, by_unit.get(unit.pk), any(scope.contains(unit.code) for scope in mine)) for unit in page
        ],
    }
    return render(request, "plans/index.html", context)


def _years(user: Cadre, today: date) -> list[int]:
    """The next year, this one, and those with a plan, the latest first."""
    found = Plan.objects.open_to(user).order_by().values_list("year", flat=True).distinct()
    return sorted({today.year + 1, today.year, *found}, reverse=True)


def _planning(user: Cadre, unit: Unit, year: int) -> UnitQuerySet:
    """The places that draw up plans in a unit, and those above it whose approved plan one may read."""
    plans = Plan.objects.open_to(user).filter(unit=OuterRef("pk"), year=year)
    in_force = Q(valid_to=None) | Q(valid_to__gte=date(year, 1, 1))
    inside = Q(code__range=subtree(unit.code)) & (in_force | Exists(plans))
    around = Q(code__in=ancestors(unit.code)) & Exists(plans)
    return Unit.objects.filter(inside | around, level__in=PLANNING)


def _places(filters: Filters, own: Unit, today: date) -> list[Unit]:
    """What the place can be changed to; villages have no plan of their own."""
    unit = filters.unit
    while unit.level in (Level.TOWNSHIP, Level.VILLAGE) and unit.parent and own.contains(unit.parent.code):
        unit = unit.parent
    below = Unit.objects.filter(parent=unit).exclude(level=Level.VILLAGE).in_force(today)
    return [unit, *below]


@staff_required()
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One plan: what it holds, where it stands, what was changed, and who still lacks what after it."""
    plan = _plan(request, pk)
    today = timezone.localdate()
    items = list(plan.items.with_lessons().prefetch_related("classes"))
    is_ours = any(scope.contains(plan.unit.code) for scope in request.user.scope_units(*MANAGERS))
    context = {
        "plan": plan,
        "items": [item for item in items if not item.is_dropped],
        "dropped": [item for item in items if item.is_dropped],
        "gaps": _gaps(request, plan, today),
        "is_over": plan.year < today.year,
        "is_ours": is_ours,
        "may_submit": is_ours and plan.status in (PlanStatus.DRAFT, PlanStatus.RETURNED),
        "may_decide": plan.status == PlanStatus.SUBMITTED and may_decide(plan.unit, request.user),
        "changes": entries(list(plan.changes.select_related("by")[:LATEST_CHANGES])),
    }
    return render(request, "plans/detail.html", context)


def _plan(request: StaffRequest, pk: int) -> Plan:
    people = ("unit", "submitted_by", "approved_by", "returned_by", "made_by")
    return get_object_or_404(Plan.objects.open_to(request.user).select_related(*people), pk=pk)


@dataclass(frozen=True)
class Gap:
    """One requirement's outlook with what the page says beside it."""

    outlook: Outlook
    roles: list[tuple[str, str, int]]
    places: list[tuple[Unit, int]]
    item: str


def _outlooks(request: StaffRequest, plan: Plan, today: date) -> list[Outlook]:
    """What is owed now and after the plan; what other approved plans hold for the same people beside it."""
    if plan.year < today.year:
        return []
    ahead = _ahead(today).select_related("plan__unit")
    others = ahead.filter(plan__in=Plan.objects.touching(plan.unit, plan.year).exclude(pk=plan.pk))
    owed = owed_in(plan.unit, plan.year, request.user, today)
    return foresee(owed, planned(ahead.filter(plan=plan)), planned(others))


def _ahead(today: date) -> PlanItemQuerySet:
    """Items to come: a class that was closed once is in the ledger, unless another of the item is not."""
    classes = TrainingClass.objects.filter(plan_item=OuterRef("pk"))
    is_counted = Exists(classes.filter(closings__isnull=False))
    is_to_come = Exists(classes.open().filter(closings=None))
    return PlanItem.objects.ahead(today).exclude(is_counted & ~is_to_come)


def _gaps(request: StaffRequest, plan: Plan, today: date) -> list[Gap]:
    outlooks = _outlooks(request, plan, today)
    level = BELOW[Level(plan.unit.level)]
    rule = find_rule(plan.unit, max(today, date(plan.year, 1, 1)))
    day_hours = rule.day_hours if rule else Decimal(DEFAULT_RULE["day_hours"])
    counts = [outlook.by_place(level) for outlook in outlooks]
    units = Unit.objects.in_bulk({code for places in counts for code in places}, field_name="code")
    return [
        Gap(
            outlook,
            _roles(outlook),
            [(units[code], number) for code, number in places.items() if code in units],
            item_for(outlook, day_hours) if outlook.left else "",
        )
        for outlook, places in zip(outlooks, counts, strict=True)
    ]


def _roles(outlook: Outlook) -> list[tuple[str, str, int]]:
    """Posts in their usual order, with how many of them would still lack it."""
    counts = outlook.by_role()
    return [(role.value, str(role.label), counts[role]) for role in Role if counts.get(role)]


@staff_required()
@require_safe
def lacking(request: StaffRequest, pk: int) -> HttpResponse:
    """By name, who would still lack one requirement after the plan, and how much."""
    plan, today = _plan(request, pk), timezone.localdate()
    outlooks = _outlooks(request, plan, today)
    slug = request.GET.get("slug", "")
    chosen = next((outlook for outlook in outlooks if outlook.slug == slug), None)
    role, code = request.GET.get("role", ""), request.GET.get("unit", "")
    lacks = list(_asked_for(chosen.lacks, role, code)) if chosen else []
    page = Paginator(lacks, PAGE_SIZE).get_page(request.GET.get("page"))
    people = Cadre.objects.select_related("unit").in_bulk([lack.owed.row.person_id for lack in page])
    context = {
        "plan": plan,
        "outlooks": outlooks,
        "chosen": chosen,
        "role": role,
        "roles": _roles(chosen) if chosen else [],
        "unit": code,
        "places": _lacking_places(chosen, plan) if chosen else [],
        "page": page,
        "rows": [
            (people[lack.owed.row.person_id], str(Role(lack.owed.role).label) if lack.owed.role else "", lack)
            for lack in page
            if lack.owed.row.person_id in people
        ],
    }
    return render(request, "plans/lacking.html", context)


def _asked_for(lacks: Iterable[Lack], role: str, code: str) -> Iterable[Lack]:
    inside = subtree(code) if code.isdecimal() and len(code) == 12 else None
    for lack in lacks:
        if role and lack.owed.role != role:
            continue
        if inside and not inside[0] <= lack.owed.code <= inside[1]:
            continue
        yield lack


def _lacking_places(chosen: Outlook, plan: Plan) -> list[Unit]:
    return list(Unit.objects.filter(code__in=chosen.by_place(BELOW[Level(plan.unit.level)])))
