"""Bringing in questions at the publishing desk: a file, the verdict on each row, the yes."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from accounts.access import PersonRequest
from accounts.roster import sheets
from accounts.roster.books import download
from accounts.roster.words import sheet_words
from courses.quizzes.imports.actions import (
    HasErrors,
    WrittenBefore,
    bring_questions,
    drop_questions,
    write_questions,
)
from courses.quizzes.imports.columns import LABELS, Column
from courses.quizzes.imports.forms import UploadForm
from courses.quizzes.imports.models import BroughtSheet
from courses.quizzes.imports.plan import Verdict, plan_questions
from courses.quizzes.imports.reading import read_questions
from courses.quizzes.imports.workbooks import empty_sheet, wrong_rows

PAGE_SIZE = 50
RIGHT = "quizzes.add_question"

P = ParamSpec("P")
View = Callable[Concatenate[PersonRequest, P], HttpResponse]


def for_authors(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only for those who may add questions to the bank; the publishing desk turns others away."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # nobody else has rights

    return guarded


@for_authors
def upload(request: PersonRequest) -> HttpResponse:
    """Choose a file; it is judged at once, and nothing is written."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = read_questions(file)
        except sheets.SheetError as error:
            form.add_error("file", _words(error))
        else:
            brought = bring_questions(sheet=sheet, file_name=file.name, by=request.user, at=timezone.now())
            return redirect("question_imports:preview", brought.pk)
    context = {
        "form": form,
        "columns": [(LABELS[column], _help(column)) for column in Column if column not in HIDDEN],
        "waiting": BroughtSheet.objects.of(request.user).waiting().defer("rows").first(),
    }
    return render(request, "quizzes/import.html", context, status=422 if form.errors else 200)


@for_authors
@require_GET
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    """Each row's verdict, the wrong ones first."""
    return _preview(request, _own(request, pk))


def _preview(request: HttpRequest, brought: BroughtSheet, status: int = 200) -> HttpResponse:
    plan = plan_questions(brought.lines)
    shown = request.GET.get("show", "")
    rows = [row for row in plan.judged if shown not in Verdict.values or row.verdict == shown]
    rows.sort(key=lambda row: (Verdict.values.index(row.verdict), row.line.number))
    context = {
        "brought": brought,
        "shown": shown if shown in Verdict.values else "",
        "views": [(verdict.value, verdict.label, plan.counts[verdict]) for verdict in Verdict],
        "total": len(plan.judged),
        "wrong": plan.counts[Verdict.ERROR],
        "new": plan.counts[Verdict.NEW],
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "quizzes/import_preview.html", context, status=status)


@for_authors
@require_POST
def write(request: PersonRequest, pk: int) -> HttpResponse:
    """The yes: all rows, or on purpose all but the wrong ones."""
    brought = get_object_or_404(BroughtSheet.objects.of(request.user), pk=pk)
    leaves_out = "leave_out" in request.POST
    try:
        count = write_questions(
            sheet_id=brought.pk, leaves_out=leaves_out, by=request.user, at=timezone.now()
        )
    except HasErrors:
        messages.error(request, _("Nothing was written: correct the wrong rows, or leave them out."))
        return _preview(request, brought, status=409)
    except WrittenBefore:
        messages.warning(request, _("This sheet was written before; nothing happened twice."))
    else:
        words = ngettext("%(n)s question is in the bank now.", "%(n)s questions are in the bank now.", count)
        messages.success(request, words % {"n": count})
    return redirect("question_imports:upload")


@for_authors
@require_POST
def drop(request: PersonRequest, pk: int) -> HttpResponse:
    """Forget a sheet."""
    drop_questions(sheet_id=pk, by=request.user)
    messages.success(request, _("The sheet has been dropped. Nothing was written."))
    return redirect("question_imports:upload")


@for_authors
@require_GET
def errors(request: PersonRequest, pk: int) -> HttpResponse:
    """The wrong rows as a sheet, to be corrected and brought again."""
    plan = plan_questions(_own(request, pk).lines)
    rows = [row for row in plan.judged if row.verdict is Verdict.ERROR]
    return download(wrong_rows(rows), _("questions-to-correct"))


@for_authors
@require_GET
def sheet(request: PersonRequest) -> HttpResponse:
    """The sheet to fill in, with an example of each kind."""
    return download(empty_sheet(), _("questions"))


def _own(request: PersonRequest, pk: int) -> BroughtSheet:
    found: BroughtSheet = get_object_or_404(BroughtSheet.objects.of(request.user).waiting(), pk=pk)
    return found


def _words(error: sheets.SheetError) -> str:
    return sheet_words(
        error,
        LABELS,
        too_many=_("Nothing was written: more than 2,000 questions. Divide the file."),
        no_rows=_("Nothing was written: there is no question beneath the headers."),
    )


HIDDEN = {Column.B, Column.C, Column.D, Column.E, Column.F, Column.G, Column.H}


def _help(column: Column) -> str:
    return {
        Column.KIND: _("Needed: single, multiple, true or false, fill in, order or match."),
        Column.STEM: _("Needed. Of a fill-in question with ____ or empty brackets for each blank."),
        Column.A: _("And so on to H, each option in its own cell. Of a matching question: left=right."),
        Column.ANSWER: _(
            "Letters for options, as in B or ABD; right or wrong; of a fill-in question the accepted words "
            "with / between them and ; between blanks; to put in order, the letters as they should stand."
        ),
        Column.EXPLANATION: _("May stay empty. Shown after handing in."),
        Column.TOPIC: _("May stay empty. As it is called here already."),
        Column.COMPETENCY: _("May stay empty. As it is called here already."),
        Column.DIFFICULTY: _("Easy, medium or hard; medium where it is empty."),
    }[column]
