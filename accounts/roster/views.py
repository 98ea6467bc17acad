"""Bringing in a roster: a file, the verdict on each row, the yes."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import actions
from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.audit import audit
from accounts.models import Cadre, ImportStatus, PeopleImport
from accounts.roster import kept, sheets
from accounts.roster.books import download
from accounts.roster.columns import LABELS
from accounts.roster.forms import UploadForm
from accounts.roster.verdicts import Verdict
from accounts.roster.words import sheet_words
from accounts.roster.workbooks import empty_sheet, wrong_rows

PAGE_SIZE = 50
SHOWN_IMPORTS = 10
ORDER = {Verdict.ERROR: 0, Verdict.CHANGED: 1, Verdict.NEW: 2, Verdict.SAME: 3}


@staff_required(*MANAGERS)
def upload(request: StaffRequest) -> HttpResponse:
    """Choose a file; it is judged at once, and nothing is written."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = sheets.read_rows(file)
        except sheets.SheetError as error:
            form.add_error("file", roster_words(error))
        else:
            brought = actions.bring_sheet(
                sheet=sheet,
                file_name=file.name,
                scope=request.user.reach_units(*MANAGERS),
                on=timezone.localdate(),
                by=request.user,
                at=timezone.now(),
            )
            return redirect("accounts:import_preview", brought.pk)
    imports = PeopleImport.objects.visible_to(request.user).defer("sheet_cipher")[:SHOWN_IMPORTS]
    context = {"form": form, "imports": imports}
    return render(request, "accounts/import.html", context, status=422 if form.errors else 200)


@staff_required(*MANAGERS)
@require_GET
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Each row's verdict, the wrong ones first; after the end, what became of the import."""
    brought = _own(request.user, pk)
    if brought.status != ImportStatus.JUDGED:
        return render(request, "accounts/import_done.html", {"brought": brought})
    return _preview(request, brought)


def _preview(request: StaffRequest, brought: PeopleImport, status: int = 200) -> HttpResponse:
    plan, sheet_read = kept.unpack(brought.sheet_cipher, brought.encoding)
    shown = request.GET.get("show", Verdict.ERROR if brought.wrong else "")
    rows = [row for row in plan.judged if shown not in Verdict.values or row.verdict == shown]
    rows.sort(key=lambda row: (ORDER[row.verdict], row.row.line))
    context = {
        "brought": brought,
        "has_merges": sheet_read.has_merges,
        "shown": shown if shown in Verdict.values else "",
        "views": _views(brought),
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "writable": brought.new + brought.changed,
    }
    return render(request, "accounts/import_preview.html", context, status=status)


def _views(brought: PeopleImport) -> list[tuple[str, Any, int]]:  # Any: a lazy translation
    """The verdicts with how many rows each has, in the order of the page."""
    counts = {
        Verdict.ERROR: brought.wrong,
        Verdict.CHANGED: brought.changed,
        Verdict.NEW: brought.new,
        Verdict.SAME: brought.same,
    }
    return [(verdict.value, verdict.label, count) for verdict, count in counts.items()]


@staff_required(*MANAGERS)
@require_POST
def write(request: StaffRequest, pk: int) -> HttpResponse:
    """The yes: all rows, or on purpose all but the wrong ones."""
    brought = _own(request.user, pk)
    scope, now = request.user.reach_units(*MANAGERS), timezone.now()
    leaves_out = "leave_out" in request.POST
    try:
        actions.write_import(brought=brought, scope=scope, leaves_out=leaves_out, by=request.user, at=now)
    except actions.PlanHasErrors:
        messages.error(request, _("Nothing was written: correct the wrong rows, or leave them out."))
        return _preview(request, brought, status=409)
    except actions.StalePlan:
        brought = actions.judge_again(brought=brought, scope=scope, on=timezone.localdate(now))
        messages.warning(request, _("Nothing was written: the system has changed since. Please look again."))
        return _preview(request, brought, status=409)
    except actions.ImportFinished:
        messages.warning(request, _("This roster was written or dropped before; nothing happened twice."))
    return redirect("accounts:import_preview", brought.pk)


@staff_required(*MANAGERS)
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a sheet."""
    try:
        actions.drop_import(brought=_own(request.user, pk), at=timezone.now())
    except actions.ImportFinished:
        messages.warning(request, _("This roster was written or dropped before; nothing happened twice."))
    else:
        messages.success(request, _("The roster has been dropped. Nothing was written."))
    return redirect("accounts:import")


@staff_required(*MANAGERS)
@require_GET
def errors(request: StaffRequest, pk: int) -> HttpResponse:
    """The wrong rows as a sheet, to be corrected and brought again."""
    brought = get_object_or_404(PeopleImport.objects.visible_to(request.user).waiting(), pk=pk)
    plan, sheet_read = kept.unpack(brought.sheet_cipher, brought.encoding)
    rows = [row for row in plan.judged if row.verdict is Verdict.ERROR]
    audit("people.error_sheet", by=request.user, at=timezone.now(), sheet=brought.pk, rows=len(rows))
    return download(wrong_rows(rows, sheet_read.columns), _("roster-to-correct"))


@staff_required(*MANAGERS)
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The empty sheet."""
    return download(empty_sheet(), _("roster"))


def _own(user: Cadre, pk: int) -> PeopleImport:
    return get_object_or_404(PeopleImport.objects.visible_to(user), pk=pk)


def roster_words(error: sheets.SheetError) -> str:
    """Why a file cannot be read as a list of people, and what to do."""
    return sheet_words(
        error,
        LABELS,
        too_many=_("Nothing was written: more than 20,000 rows. Please bring it in parts."),
        no_rows=_("Nothing was written: there are no people beneath the headers."),
        too_big=_(
            "Nothing was written: the file is larger than 10 MB or holds more cells than a roster. "
            "Please bring it in parts."
        ),
    )
