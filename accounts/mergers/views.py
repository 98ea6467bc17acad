"""The merger wizard: which units, which codes, what would happen, yes."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import RULERS, StaffRequest, staff_required
from accounts.addresses import whole_number
from accounts.codes import ancestors, is_code
from accounts.mergers.actions import (
    MergerFinished,
    NotReady,
    StaleMerger,
    drop_merger,
    prepare_merger,
    set_codes,
    write_merger,
)
from accounts.mergers.columns import plain_code, read_lines, sheet_of
from accounts.mergers.forms import ChooseForm, SheetForm
from accounts.mergers.lines import Line, Problem, load_units, problems_of
from accounts.mergers.models import Merger
from accounts.mergers.places import read_choice, with_those_below
from accounts.mergers.plan import Plan, lines_of, plan_of
from accounts.models import Unit
from accounts.roster.books import download
from accounts.roster.sheets import SheetError

PAGE_SIZE = 50


@staff_required(*RULERS)
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """What was merged and what is prepared."""
    found = Merger.objects.visible_to(request.user, *RULERS).select_related("over", "by", "written_by")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "mergers/index.html", {"page": page})


@staff_required(*RULERS)
def new(request: StaffRequest) -> HttpResponse:
    """Choose villages of one or two townships, or townships of a county, and what takes their place."""
    today = timezone.localdate()
    choice = read_choice(request.GET, request.user, today)
    sent = request.POST if request.method == "POST" else None
    form = ChooseForm(sent, offered=choice.offered, initial={"on": today})
    problems: Sequence[Problem] = ()
    if request.method == "POST" and form.is_valid():
        lines, on = with_those_below(form.lines()), form.cleaned_data["on"]
        problems = _hard_problems(request, lines, on, today)
        if not problems:
            merger = prepare_merger(
                over=_over(lines), level=choice.level, lines=lines, on=on, by=request.user, at=timezone.now()
            )
            is_whole = all(line.new for line in lines)
            return redirect("mergers:detail" if is_whole else "mergers:codes", merger.pk)
    context = {"choice": choice, "form": form, "problems": problems}
    is_wrong = form.errors or problems
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "mergers/new.html", context, status=status)


def _hard_problems(request: StaffRequest, lines: list[Line], on: date, today: date) -> list[Problem]:
    """What the next step cannot put right: everything but codes that are still to be filled in."""
    scope = request.user.scope_units(*RULERS)
    found = problems_of(lines, load_units(lines), on=on, today=today, scope=scope)
    return [each for each in found if each.code != "code_missing"]


def _over(lines: Sequence[Line]) -> Unit:
    """The lowest known unit above everything that merges."""
    codes = {code for line in lines for code in (line.old, line.new) if is_code(code)}
    above = set.intersection(*(set(ancestors(code)[:-1]) for code in codes))
    return Unit.objects.filter(code__in=above).order_by("code").reverse()[0]


@staff_required(*RULERS)
def codes(request: StaffRequest, pk: int) -> HttpResponse:
    """Fill in the new codes of what lies in merged townships, by hand or from a sheet."""
    merger = get_object_or_404(Merger.objects.visible_to(request.user, *RULERS), pk=pk)
    if not merger.is_draft:
        return redirect("mergers:detail", merger.pk)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    lines = lines_of(merger)
    if request.method == "POST" and form.is_valid():
        lines = _typed(request, lines)
        if form.cleaned_data["file"]:
            lines = _brought(form, lines)
        if not form.errors:
            try:
                merger = set_codes(merger=merger, lines=lines)
            except MergerFinished:
                return redirect("mergers:detail", merger.pk)
    problems = _problems(request, merger, lines) if request.method == "POST" else []
    if request.method == "POST" and not form.errors and not problems:
        return redirect("mergers:detail", merger.pk)
    return _codes_page(request, merger, form, lines, problems)


def _codes_page(
    request: StaffRequest, merger: Merger, form: SheetForm, lines: list[Line], problems: Sequence[Problem]
) -> HttpResponse:
    units = load_units(lines)
    rows = [(line, units.by_code.get(line.old), [p for p in problems if p.old == line.old]) for line in lines]
    whole = [each for each in problems if not each.old]
    context = {"merger": merger, "form": form, "rows": rows, "problems": problems, "whole": whole}
    is_wrong = form.errors or problems
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "mergers/codes.html", context, status=status)


def _problems(request: StaffRequest, merger: Merger, lines: list[Line]) -> list[Problem]:
    scope, today = request.user.scope_units(*RULERS), timezone.localdate()
    return problems_of(lines, load_units(lines), on=merger.on, today=today, scope=scope)


def _typed(request: StaffRequest, lines: list[Line]) -> list[Line]:
    """The lines with what was typed beside each."""
    return [
        Line(
            line.old,
            plain_code(request.POST.get(f"new-{line.old}", line.new))[:20],
            request.POST.get(f"name-{line.old}", line.name).strip().replace("\0", "")[:200],
        )
        for line in lines
    ]


def _brought(form: SheetForm, lines: list[Line]) -> list[Line]:
    """The lines with what a sheet says of them; it may not name units that are not merged."""
    try:
        said = {line.old: line for line in read_lines(form.cleaned_data["file"])}
    except SheetError:
        form.add_error("file", _("This is no table of codes: it needs the columns old code and new code."))
        return lines
    strangers = said.keys() - {line.old for line in lines}
    if strangers:
        words = _("These old codes are not merged here: %(codes)s")
        form.add_error("file", words % {"codes": ", ".join(sorted(strangers)[:10])})
        return lines
    return [_filled(line, said.get(line.old)) for line in lines]


def _filled(line: Line, said: Line | None) -> Line:
    return Line(line.old, said.new or line.new, said.name or line.name) if said else line


@staff_required(*RULERS)
@require_GET
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The table of codes to fill in."""
    merger = get_object_or_404(Merger.objects.visible_to(request.user, *RULERS), pk=pk)
    lines = lines_of(merger)
    names = {code: unit.name for code, unit in load_units(lines).by_code.items()}
    return download(sheet_of(lines, names), _("codes"))


@staff_required(*RULERS)
@require_GET
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """What a merger would do; afterwards, what it did."""
    merger = _visible(request, pk)
    if not merger.is_draft:
        return render(request, "mergers/done.html", {"merger": merger, "rows": _pairs(lines_of(merger))})
    return _preview(request, merger)


def _pairs(lines: Sequence[Line]) -> list[tuple[Line, Unit | None, Unit | None]]:
    units = load_units(lines).by_code
    return [(line, units.get(line.old), units.get(line.new)) for line in lines]


def _preview(
    request: StaffRequest,
    merger: Merger,
    choices: Mapping[str, int] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    plan = plan_of(merger, scope=request.user.scope_units(*RULERS), today=timezone.localdate())
    context = {
        "merger": merger,
        "plan": plan,
        "targets": [_target(plan, number) for number in range(len(plan.targets))],
        "chosen": choices or {},
        "blocked": plan.offices.blocked,
    }
    return render(request, "mergers/preview.html", context, status=status)


def _target(plan: Plan, number: int) -> dict[str, object]:
    target = plan.targets[number]
    contests = [contest for contest in plan.offices.contests if contest.new == target.code]
    contested = {post.pk for contest in contests for post in contest.posts}
    return {
        "unit": target,
        "people": [person for old in target.olds for person in plan.people.get(old.code, ())],
        "held": [held for held in plan.fates_at(target.code) if held.post.pk not in contested],
        "contests": contests,
    }


@staff_required(*RULERS)
@require_POST
def write(request: StaffRequest, pk: int) -> HttpResponse:
    """The yes."""
    merger = _visible(request, pk)
    chosen = {
        name.removeprefix("goes-on:"): number
        for name, text in request.POST.items()
        if name.startswith("goes-on:") and (number := whole_number(str(text))) is not None
    }
    try:
        write_merger(
            merger=merger,
            choices=chosen,
            seen=request.POST.get("seen", ""),
            scope=request.user.scope_units(*RULERS),
            by=request.user,
            at=timezone.now(),
        )
    except MergerFinished:
        messages.warning(request, _("This merger was written or dropped before; nothing happened twice."))
    except StaleMerger:
        messages.warning(
            request, _("Nothing was written: something has changed since you looked. Please look once more.")
        )
        return _preview(request, merger, chosen, HTTPStatus.CONFLICT)
    except NotReady:
        messages.error(request, _("Nothing was written: see below what is still open."))
        return _preview(request, merger, chosen, HTTPStatus.CONFLICT)
    else:
        messages.success(request, _("The merger is written. The history stays with the old units."))
    return redirect("mergers:detail", merger.pk)


@staff_required(*RULERS)
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a merger that was prepared."""
    try:
        drop_merger(merger=_visible(request, pk))
    except MergerFinished:
        messages.warning(request, _("This merger was written or dropped before; nothing happened twice."))
    else:
        messages.success(request, _("The merger has been dropped. Nothing was written."))
    return redirect("mergers:list")


def _visible(request: StaffRequest, pk: int) -> Merger:
    found = Merger.objects.visible_to(request.user, *RULERS).select_related("over", "by", "written_by")
    return get_object_or_404(found, pk=pk)
