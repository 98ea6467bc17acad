"""The township desk: who still needs what, one person's page, lists and files."""

from dataclasses import replace
from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, RULERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.models import Cadre, Level, Post, Role, Unit
from accounts.transfers.models import TransferOffer
from lms.certificates.models import Certificate
from lms.desk import asof, charts, figures
from lms.desk import calls as call_list
from lms.desk.actions import ask_export
from lms.desk.filters import Filters, read_filters
from lms.desk.forms import ExportForm
from lms.desk.models import Export, ExportKind
from lms.desk.order import OF_PEOPLE, OF_UNITS, Order, people_in, read_order, units_in
from lms.hours.models import HoursEntry, HoursEntryQuerySet
from lms.obligations.lines import LATEST_FIRST, lines_of
from lms.obligations.models import Exemption, Obligation, ObligationQuerySet
from lms.obligations.rollups import tally_by_slug

PAGE_SIZE = 50
# The pace is added up from the ledger on every visit: a city's or a province's is too long for that.
PACED = {Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE}


def _frame(request: StaffRequest, filters: Filters, today: date) -> dict[str, object]:
    """What every list of the desk shows: the filters, and what can be chosen in them."""
    own = scope_unit(request.user)
    everything = Filters(unit=filters.unit, guests=filters.guests).obligations(request.user, today)
    rows = everything.order_by("requirement__position").values_list("slug", "requirement__name").distinct()
    slugs = dict(rows)
    return {
        "filters": filters,
        "now": timezone.now(),
        "places": filters.places(own, today),
        "roles": Role.choices,
        "slugs": slugs,
        "asked": slugs.get(filters.slug, ""),
        "trail": Unit.objects.above(filters.unit).filter(code__gte=own.code),
        "query": request.GET.urlencode(),
    }


@staff_required()
def home(request: StaffRequest) -> HttpResponse:
    """Who still needs what, by unit."""
    today = timezone.localdate()
    filters = read_filters(request.GET, request.user)
    order = read_order(request.GET, OF_UNITS)
    lines = figures.by_unit(filters.obligations(request.user, today), filters)
    return render(
        request,
        "desk/home.html",
        {
            **_frame(request, filters, today),
            "order": order,
            "lines": units_in(order, lines),
            "total": figures.total(filters.unit, lines),
            "ending": _ending(request, filters, today),
            "tiles": charts.tiles(lines),
            "pace": _pace(request, filters, today) if filters.unit.level in PACED else None,
        },
    )


def _ending(request: StaffRequest, filters: Filters, today: date) -> int:
    """How many exemptions there end within a month, so that somebody looks before they do."""
    found = Exemption.objects.visible_to(request.user).filter(person__in=Cadre.objects.within(filters.unit))
    return found.ending_soon(today).count()


def _pace(request: StaffRequest, filters: Filters, today: date) -> charts.Pace:
    # Whatever requirement is looked at, the curve is that of the online hours.
    obligations = replace(filters, slug="").obligations(request.user, today)
    due = figures.online_due(obligations, today.year)
    people, asked = figures.asked_online(due)
    by_month = figures.online_by_month(due, today.year)
    return charts.pace(by_month, people=people, asked=asked, today=today)


@staff_required()
def requirements(request: StaffRequest) -> HttpResponse:
    """Who still needs what, by requirement."""
    today = timezone.localdate()
    filters = read_filters(request.GET, request.user)
    lines = tally_by_slug(filters.obligations(request.user, today), today)
    return render(request, "desk/requirements.html", {**_frame(request, filters, today), "lines": lines})


@staff_required()
def calls(request: StaffRequest) -> HttpResponse:
    """Whom to call: everybody who still needs something, with phone and the words for a reminder."""
    today = timezone.localdate()
    filters = read_filters(request.GET, request.user)
    order = read_order(request.GET, OF_PEOPLE)
    obligations = filters.obligations(request.user, today)
    found = people_in(order, figures.people_short(obligations), today)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    sender = scope_unit(request.user).short_name
    rows = call_list.calls(list(page), obligations.short(), sender=sender, today=today)
    return render(
        request,
        "desk/calls.html",
        {
            **_frame(request, filters, today),
            "order": order,
            "page": page,
            "rows": rows,
            # An empty list is good news only where somebody was looked at.
            "is_anybody_found": bool(rows) or obligations.exists(),
        },
    )


@staff_required()
def people(request: StaffRequest) -> HttpResponse:
    """Everybody on the lists of the staff member's units now; or who held posts there on a day."""
    today = timezone.localdate()
    filters = read_filters(request.GET, request.user)
    order = read_order(request.GET, OF_PEOPLE)
    if on := asof.read_day(request.GET, today):
        return _people_then(request, filters, order, on)
    found = Cadre.objects.visible_to(request.user).filter(filters.people(today))
    found = found.select_related("unit").prefetch_related("posts__unit")
    page = Paginator(people_in(order, found, today), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {**_frame(request, filters, today), "order": order, "page": page, "today": today}
    context["offered"] = TransferOffer.objects.to_answer(request.user, *MANAGERS).count()
    context["may_rule"] = request.user.has_role(*RULERS)
    return render(request, "desk/people.html", context)


def _people_then(request: StaffRequest, filters: Filters, order: Order, on: date) -> HttpResponse:
    """Who held posts in the unit on a day, wherever they are now."""
    found = asof.people_then(filters, on, order)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = asof.holders(list(page), filters, on, request.user)
    context = {**_frame(request, filters, on), "order": order, "page": page, "rows": rows, "on": on}
    return render(request, "desk/people_then.html", context)


@staff_required()
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: posts, obligations, ledger, certificates, exemptions; every number opens."""
    visible = Cadre.objects.visible_to(request.user).select_related("unit")
    found = get_object_or_404(visible, pk=pk)
    obligations = Obligation.objects.of(found.pk).select_related("requirement__unit", "post__unit")
    asked = _asked(request, obligations)
    entries = lines_of(asked) if asked else HoursEntry.objects.of(found.pk)
    certificates = Certificate.objects.filter(person=found)
    posts = list(found.posts.select_related("unit"))
    today, exemptions = timezone.localdate(), list(found.exemptions.select_related("by", "helper"))
    mobile = (post.unit for post in posts if post.role == Role.MOBILE_MEMBER and post.is_held_on(today))
    return render(
        request,
        "desk/person.html",
        {
            "person": found,
            "today": today,
            "posts": posts,
            "guest_at": next(mobile, None),
            "is_ours": request.user.keeps(found),
            "keeps_file": request.user.keeps(found, *MANAGERS),
            "endable": _endable(request.user, found, posts),
            "obligations": obligations,
            "asked": asked,
            "page": _ledger_page(request, entries),
            "certificates": certificates,
            "exemptions": exemptions,
            "helper": next((item.helper for item in exemptions if item.is_running_on(today)), None),
            "may_end_certificates": request.user.has_role(*RULERS),
        },
    )


def _endable(user: Cadre, person: Cadre, posts: list[Post]) -> set[int]:
    """The posts that the staff member may end: all of whose file they keep, a guest's in their units."""
    if user.keeps(person, *MANAGERS):
        return {post.pk for post in posts}
    own = user.scope_units(*MANAGERS)
    return {post.pk for post in posts if any(unit.contains(post.unit.code) for unit in own)}


def _asked(request: StaffRequest, obligations: ObligationQuerySet) -> Obligation | None:
    """The obligation whose lines are asked for in the address, if it is one of these."""
    wanted = whole_number(request.GET.get("obligation"))
    return obligations.filter(pk=wanted).first() if wanted is not None else None


def _ledger_page(request: StaffRequest, entries: HoursEntryQuerySet) -> Page[HoursEntry]:
    lines = entries.with_waiting().select_related("rule", "unit", "by").order_by(*LATEST_FIRST)
    return Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))


@staff_required()
def exports(request: StaffRequest) -> HttpResponse:
    """Ask for a file, watch it being made, fetch it."""
    sent = request.POST if request.method == "POST" else None
    form = ExportForm(sent, initial={"kind": ExportKind.STANDINGS, "suffix": "xlsx"})
    if form.is_valid():
        ask_export(
            kind=form.cleaned_data["kind"],
            suffix=form.cleaned_data["suffix"],
            reason=form.cleaned_data["reason"],
            query=request.GET.urlencode(),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("The file is being made. You may leave this page."))
        return redirect(request.get_full_path())  # another file is of the same list
    mine = Export.objects.filter(by=request.user).select_related("job")
    return render(
        request,
        "desk/exports.html",
        {
            "about": read_filters(request.GET, request.user).words(),
            "form": form,
            "page": Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page")),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


@staff_required()
def download(request: StaffRequest, pk: int) -> HttpResponse | FileResponse:
    """The file of one's own export."""
    export = get_object_or_404(Export.objects.filter(by=request.user).exclude(file=""), pk=pk)
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=export.file_name)
