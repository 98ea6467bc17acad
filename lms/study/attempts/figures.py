"""Figures of questions: every attempt that is over is counted once, by question and never by person."""

from collections import defaultdict
from dataclasses import astuple, fields

from django.db import transaction

from courses.quizzes.models import Question
from lms.study.attempts.sums import Sums, sums_of
from lms.study.models import Attempt, QuestionFigure

AT_ONCE = 500
NAMES = [field.name for field in fields(Sums)]


def count_attempts() -> int:
    """Count what is not counted yet, some hundred attempts at a time; gives how many."""
    counted = 0
    while found := _count_some():
        counted += found
    return counted


@transaction.atomic
def forget_figures() -> None:
    """Begin anew: the next counting makes the same figures out of the attempts."""
    QuestionFigure.objects.all().delete()
    Attempt.objects.filter(is_counted=True).update(is_counted=False)


@transaction.atomic
def _count_some() -> int:
    attempts = list(Attempt.objects.uncounted().select_for_update().order_by("pk")[:AT_ONCE])
    added: dict[int, Sums] = defaultdict(Sums)
    for attempt in attempts:
        sums = sums_of(attempt.marks, set(attempt.unanswered))
        for drawn, more in zip(attempt.drawn, sums, strict=True):
            added[drawn["question"]] += more
    _add(added)
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).update(is_counted=True)
    return len(attempts)


def _add(added: dict[int, Sums]) -> None:
    """Add to the rows; two countings at once wait for each other at the attempts or here."""
    known = Question.objects.filter(pk__in=added).order_by("pk").values_list("pk", flat=True)
    QuestionFigure.objects.bulk_create(
        [QuestionFigure(question_id=pk) for pk in known], ignore_conflicts=True
    )
    rows = list(QuestionFigure.objects.select_for_update().filter(pk__in=added).order_by("pk"))
    for row in rows:
        total = row.sums + added[row.pk]
        for name, value in zip(NAMES, astuple(total), strict=True):
            setattr(row, name, value)
    QuestionFigure.objects.bulk_update(rows, NAMES, batch_size=100)
