"""Writes: a sheet of questions is kept until its yes, and written whole or not at all."""

from datetime import datetime

from django.db import transaction

from accounts.audit import audit
from accounts.models import Cadre
from courses.quizzes.imports.models import BroughtSheet
from courses.quizzes.imports.plan import Verdict, plan_questions
from courses.quizzes.imports.reading import QuestionSheet
from courses.quizzes.models import Question

BATCH = 500


class HasErrors(Exception):
    """Some rows cannot be written, and nobody chose to leave them out; nothing was written."""


class WrittenBefore(Exception):
    """The sheet was written before; nothing happens twice."""


@transaction.atomic
def bring_questions(*, sheet: QuestionSheet, file_name: str, by: Cadre, at: datetime) -> BroughtSheet:
    """Keep a sheet until its yes; the person's earlier one that still waits gives way to it."""
    BroughtSheet.objects.of(by).waiting().delete()
    return BroughtSheet.objects.create(
        file_name=file_name[-200:],
        encoding=sheet.encoding,
        by=by,
        at=at,
        rows=[[line.number, line.cells] for line in sheet.lines],
    )


@transaction.atomic
def write_questions(*, sheet_id: int, leaves_out: bool, by: Cadre, at: datetime) -> int:
    """Write the new questions of a sheet, judged again; gives how many.

    Raises HasErrors, WrittenBefore.
    """
    sheet = BroughtSheet.objects.select_for_update().get(pk=sheet_id)
    if sheet.written_at is not None:
        raise WrittenBefore
    plan = plan_questions(sheet.lines)
    if plan.counts[Verdict.ERROR] and not leaves_out:
        raise HasErrors
    Question.objects.bulk_create(plan.new, batch_size=BATCH)
    sheet.rows, sheet.written_at, sheet.written = [], at, len(plan.new)
    sheet.save()
    audit("questions.imported", by=by, at=at, sheet=sheet.pk, rows=sheet.written)
    return sheet.written


def drop_questions(*, sheet_id: int, by: Cadre) -> None:
    """Forget a sheet that waits."""
    BroughtSheet.objects.of(by).waiting().filter(pk=sheet_id).delete()
