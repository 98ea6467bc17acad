"""Which questions fail, at the publishing desk: figures by question, never by person."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.addresses import whole_number
from courses.quizzes.models import Paper, Question
from lms.study.attempts.sums import FEWEST, TOO_BLIND, TOO_EASY, TOO_HARD, Sums
from lms.study.models import QuestionFigure

PAGE_SIZE = 50
RIGHT = "quizzes.change_question"
# How the list may be sorted: the weakest first, or the most answered.
ORDERS: dict[str, str | Promise] = {
    "facility": _("hardest first"),
    "discrimination": _("least telling first"),
    "answers": _("most answered first"),
}


@dataclass(frozen=True)
class Row:
    """A question with its figures in the words of the page."""

    figure: QuestionFigure

    @cached_property
    def sums(self) -> Sums:
        """The figures."""
        return self.figure.sums

    @property
    def question(self) -> Question:
        """The question as it stands in the bank now."""
        return self.figure.question

    @property
    def address(self) -> str:
        """Where it is edited, if the publishing desk has such a page."""
        try:
            return reverse("questions:edit", args=[self.question.pk])
        except NoReverseMatch:
            return ""

    @property
    def percent(self) -> int:
        """The facility in percent."""
        return round(100 * (self.sums.facility or 0))

    @property
    def discrimination(self) -> str:
        """To two places, with its sign; empty where there is none."""
        value = self.sums.discrimination
        return "" if value is None else f"{value:+.2f}"

    @property
    def blank_percent(self) -> int:
        """How many left it open."""
        return round(100 * self.sums.blank / self.sums.answers) if self.sums.answers else 0

    @property
    def remark(self) -> str | Promise:
        """What an author might do about it."""
        facility, discrimination = self.sums.facility or 0, self.sums.discrimination
        if self.sums.answers < FEWEST:
            return _("Too few answers to judge by.")
        if discrimination is not None and discrimination < 0:
            return _("Those who know the rest get it wrong: is the key right?")
        if facility < TOO_HARD:
            return _("Hard for most: is it clear, and is it taught?")
        if facility > TOO_EASY:
            return _("Nearly everybody knows it.")
        if discrimination is not None and discrimination < TOO_BLIND:
            return _("Says little about who knows the rest.")
        return ""

    def sort_key(self, order: str) -> tuple[Any, ...]:
        """Where it stands in the list; questions that nothing can be said of come last."""
        if order == "answers":
            return (-self.sums.answers, self.figure.pk)
        value = self.sums.facility if order == "facility" else self.sums.discrimination
        return (self.sums.answers < FEWEST, value is None, value or 0, self.figure.pk)


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Every question that was ever answered; `?paper=` shows those that one paper can draw."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    found = QuestionFigure.objects.filter(answers__gt=0).select_related("question")
    paper = None
    if number := whole_number(request.GET.get("paper")):
        paper = get_object_or_404(Paper, id=number)
        found = found.of_paper(paper)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else "facility"
    rows = sorted(map(Row, found), key=lambda row: row.sort_key(order))
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "paper": paper,
        "papers": Paper.objects.all(),
        "order": order,
        "orders": ORDERS.items(),
    }
    return render(request, "quizzes/figures.html", context)
