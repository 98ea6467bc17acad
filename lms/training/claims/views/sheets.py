"""Filing for many out of a spreadsheet: a file and its evidence, the verdict on each row, the yes."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.audit import audit
from accounts.roster import sheets
from accounts.roster.books import download
from accounts.roster.words import sheet_words
from lms.training.claims.actions import (
    HasErrors,
    NothingNew,
    WrittenBefore,
    bring_again,
    bring_claims,
    drop_claims,
    write_claims,
)
from lms.training.claims.forms import SheetAgainForm, SheetForm
from lms.training.claims.models import ClaimBatch
from lms.training.claims.sheets.columns import LABELS
from lms.training.claims.sheets.plan import Verdict, plan_claims
from lms.training.claims.sheets.reading import ClaimSheet, read_claims, unpack
from lms.training.claims.sheets.workbooks import ASKED, empty_sheet, help_of, wrong_rows

PAGE_SIZE = 50
SHOWN_SHEETS = 10


@staff_required(*MANAGERS)
def upload(request: StaffRequest) -> HttpResponse:
    """Choose a sheet and its evidence; the rows are judged at once, and nothing is filed."""
    is_sent = request.method == "POST"
    form = SheetForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid() and (read := _read(form)):
        batch = bring_claims(
            sheet=read,
            file_name=form.cleaned_data["file"].name,
            proofs=form.cleaned_data["evidence"],
            by=request.user,
            at=timezone.now(),
        )
        return redirect("claims:preview", batch.pk)
    context = {
        "form": form,
        "columns": [(LABELS[column], help_of(column)) for column in ASKED],
        "batches": ClaimBatch.objects.of(request.user).defer("rows_cipher")[:SHOWN_SHEETS],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "claims/sheets.html", context, status=status)


def _read(form: SheetAgainForm) -> ClaimSheet | None:
    """The rows of the file; None, said beside the field, where it is no sheet of claims."""
    try:
        return read_claims(form.cleaned_data["file"])
    except sheets.SheetError as error:
        form.add_error("file", _words(error))
        return None


@staff_required(*MANAGERS)
@require_GET
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Each row's verdict, the wrong ones first; after the yes, the claims that were filed."""
    batch = get_object_or_404(ClaimBatch.objects.of(request.user), pk=pk)
    if batch.written_at is not None:
        return redirect("claims:together", batch.pk)
    return _preview(request, batch)


def _preview(
    request: StaffRequest,
    batch: ClaimBatch,
    *,
    form: SheetAgainForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    plan = plan_claims(unpack(batch.rows_cipher), by=request.user, on=timezone.localdate())
    counts = plan.counts
    shown = request.GET.get("show", "")
    rows = [row for row in plan.judged if shown not in Verdict.values or row.verdict == shown]
    rows.sort(key=lambda row: (Verdict.values.index(row.verdict), row.line.number))
    context = {
        "batch": batch,
        "evidence": batch.evidence.all(),
        "shown": shown if shown in Verdict.values else "",
        "views": [(verdict.value, verdict.label, counts[verdict]) for verdict in Verdict],
        "total": len(plan.judged),
        "wrong": counts[Verdict.ERROR],
        "new": counts[Verdict.NEW],
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form or SheetAgainForm(),
    }
    return render(request, "claims/preview.html", context, status=status)


@staff_required(*MANAGERS)
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Bring the corrected sheet; the evidence is here already."""
    batch = _own(request, pk)
    form = SheetAgainForm(request.POST, request.FILES)
    if form.is_valid() and (read := _read(form)):
        try:
            bring_again(batch=batch, sheet=read, file_name=form.cleaned_data["file"].name, at=timezone.now())
        except WrittenBefore:
            messages.warning(request, _words_before())
        return redirect("claims:preview", batch.pk)
    return _preview(request, batch, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@staff_required(*MANAGERS)
@require_POST
def write(request: StaffRequest, pk: int) -> HttpResponse:
    """The yes: all rows, or on purpose all but the wrong ones."""
    batch = get_object_or_404(ClaimBatch.objects.of(request.user), pk=pk)
    try:
        written = write_claims(
            batch=batch, leaves_out="leave_out" in request.POST, by=request.user, at=timezone.now()
        )
    except HasErrors:
        messages.error(request, _("Nothing was written: correct the wrong rows, or leave them out."))
        return _preview(request, batch, status=HTTPStatus.CONFLICT)
    except NothingNew:
        messages.error(request, _("Nothing was written: there is no new row in this sheet."))
        return _preview(request, batch, status=HTTPStatus.CONFLICT)
    except WrittenBefore:
        messages.warning(request, _words_before())
        return redirect("claims:sheets")
    words = ngettext(
        "%(n)s claim is filed. Somebody else than you decides about it.",
        "%(n)s claims are filed. Somebody else than you decides about them.",
        written.written,
    )
    messages.success(request, words % {"n": written.written})
    return redirect("claims:together", batch.pk)


@staff_required(*MANAGERS)
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a sheet that waits, with its evidence."""
    try:
        drop_claims(batch=_own(request, pk))
    except WrittenBefore:
        messages.warning(request, _words_before())
    else:
        messages.success(request, _("The sheet has been dropped. Nothing was written."))
    return redirect("claims:sheets")


@staff_required(*MANAGERS)
@require_GET
def errors(request: StaffRequest, pk: int) -> HttpResponse:
    """The wrong rows as a sheet, to be corrected and brought again."""
    batch = _own(request, pk)
    plan = plan_claims(unpack(batch.rows_cipher), by=request.user, on=timezone.localdate())
    rows = [row for row in plan.judged if row.verdict is Verdict.ERROR]
    audit("claims.error_sheet", by=request.user, at=timezone.now(), sheet=batch.pk, rows=len(rows))
    return download(wrong_rows(rows), _("claims-to-correct"))


@staff_required(*MANAGERS)
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The empty sheet."""
    return download(empty_sheet(), _("claims"))


def _own(request: StaffRequest, pk: int) -> ClaimBatch:
    found: ClaimBatch = get_object_or_404(ClaimBatch.objects.of(request.user).waiting(), pk=pk)
    return found


def _words_before() -> str:
    return _("This sheet was filed or dropped before; nothing happened twice.")


def _words(error: sheets.SheetError) -> str:
    return sheet_words(
        error,
        LABELS,
        too_many=_("Nothing was written: more than 500 rows. Please bring it in parts."),
        no_rows=_("Nothing was written: there are no people beneath the headers."),
    )
