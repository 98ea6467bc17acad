"""The pages of a quiz: where one begins, the questions, and the review; all work without scripts."""

from dataclasses import dataclass
from http import HTTPStatus
from random import SystemRandom
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PersonRequest
from courses.models import LessonKind, LessonPage
from courses.quizzes.draw import Drawn, asked
from courses.quizzes.marking import answer_in_words, right_answer
from lms.study.actions import LessonNotOpen, milliseconds
from lms.study.attempts.actions import (
    Kept,
    NotAnAnswer,
    NothingToAsk,
    begin_attempt,
    hand_in,
    result_of,
    save_answer,
)
from lms.study.attempts.entries import write_token
from lms.study.attempts.forms import read_answers
from lms.study.attempts.words import points_in_words, words_for_result
from lms.study.models import Attempt

WHOLE_POINT = 100


@dataclass(frozen=True)
class Question:
    """A question as a page shows it; `value` is what was answered, None for nothing yet."""

    place: int
    asked: Drawn
    value: Any  # of the shape that the question's kind asks for, as `is_answer` has made sure

    @property
    def number(self) -> int:
        """Counted from 1."""
        return self.place + 1

    @property
    def template(self) -> str:
        """Where its fields are drawn."""
        return f"study/questions/{self.asked['kind']}.html"

    @property
    def ticked(self) -> list[int]:
        """The options that were ticked."""
        return self.value or []

    @property
    def blanks(self) -> list[str]:
        """What stands in each blank."""
        return self.value or [""] * self.asked["shown"]["blanks"]

    @property
    def placed(self) -> list[tuple[str, int | None]]:
        """Each line with the place that it was given."""
        places = {item: place for place, item in enumerate(self.value or [])}
        return [(text, places.get(item)) for item, text in enumerate(self.asked["shown"]["items"])]

    @property
    def matched(self) -> list[tuple[str, int | None]]:
        """Each left side with what was chosen for it."""
        left = self.asked["shown"]["left"]
        return list(zip(left, self.value or [None] * len(left), strict=True))


@dataclass(frozen=True)
class Reviewed(Question):
    """A question after handing in: `mark` in hundredths of its point."""

    mark: int
    answer: str
    right: str
    explanation: str

    @property
    def is_right(self) -> bool:
        """Whether it has its whole point."""
        return self.mark == WHOLE_POINT


@require_GET
def quiz(request: PersonRequest, lesson_id: int) -> HttpResponse:
    """Where an attempt begins or goes on, and the earlier ones; 404 for a quiz that is not open."""
    lesson = _quiz(lesson_id)
    attempts = list(Attempt.objects.of(request.user.pk, lesson.pk))
    over = [attempt for attempt in attempts if attempt.submitted_at]
    best = max(over, key=lambda attempt: (attempt.is_passed, attempt.points), default=None)
    return render(
        request,
        "study/quiz.html",
        {
            "page": lesson,
            "paper": lesson.paper,
            "open": next((attempt for attempt in attempts if not attempt.submitted_at), None),
            "attempts": over,
            "best": best,
        },
    )


@require_POST
def begin(request: PersonRequest, lesson_id: int) -> HttpResponse:
    """Begin or go on."""
    lesson = _quiz(lesson_id)
    try:
        attempt = begin_attempt(person=request.user, lesson=lesson, at=timezone.now(), random=SystemRandom())
    except NothingToAsk:
        messages.error(request, _("This quiz has no questions at the moment. Your results stay; try later."))
        return redirect("study:quiz", lesson.pk)
    except LessonNotOpen as error:
        raise Http404 from error
    return redirect("study:attempt", attempt.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: PersonRequest, attempt_id: int) -> HttpResponse:
    """The questions while it is open, the review afterwards; 404 for anybody else's."""
    mine = Attempt.objects.filter(person=request.user).select_related("lesson", "version", "person")
    found = get_object_or_404(mine, id=attempt_id)
    if found.submitted_at:
        return _review(request, found)
    if request.method == "POST":
        return _answered(request, found)
    return _sheet(request, found)


def _quiz(lesson_id: int) -> LessonPage:
    lessons = LessonPage.objects.open().filter(kind=LessonKind.QUIZ).select_related("paper")
    found: LessonPage = get_object_or_404(lessons, id=lesson_id)
    return found


def _answered(request: HttpRequest, found: Attempt) -> HttpResponse:
    """Keep what the form brings; hand in if that is wanted and nothing was forgotten unknowingly."""
    now = timezone.now()
    given = read_answers(request.POST, found.drawn)
    for place, value in given.items():
        try:
            kept = save_answer(attempt_id=found.pk, place=place, value=value, answered_at=now, at=now)
        except NotAnAnswer:
            continue  # made by hand: no form of ours sends it
        if kept == Kept.LATE:
            break
    found.refresh_from_db()
    if "hand_in" not in request.POST:
        messages.success(request, _("Your answers are kept."))
        return HttpResponseRedirect(request.path)
    if found.unanswered and "sure" not in request.POST:
        return _sheet(request, found, is_asking=True)
    hand_in(attempt_id=found.pk, handed_in_at=now, at=now)
    return HttpResponseRedirect(request.path)


def _sheet(request: HttpRequest, found: Attempt, *, is_asking: bool = False) -> HttpResponse:
    questions = [Question(place, asked(drawn), found.value(place)) for place, drawn in enumerate(found.drawn)]
    return render(
        request,
        "study/attempt.html",
        {
            "attempt": found,
            "page": found.lesson,
            "questions": questions,
            "token": write_token(found),
            "is_asking": is_asking,
            "now_ms": milliseconds(timezone.now()),
            "deadline_ms": milliseconds(found.deadline) if found.deadline else None,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_asking else HTTPStatus.OK,
    )


def _review(request: HttpRequest, found: Attempt) -> HttpResponse:
    result = result_of(found)
    questions = [_reviewed(found, place, drawn) for place, drawn in enumerate(found.drawn)]
    return render(
        request,
        "study/review.html",
        {
            "attempt": found,
            "page": found.lesson,
            "questions": questions,
            "points": points_in_words(result),
            "words": words_for_result(result),
            "again": reverse("study:quiz_begin", args=[found.lesson_id]),
        },
    )


def _reviewed(found: Attempt, place: int, drawn: Drawn) -> Reviewed:
    value = found.value(place)
    return Reviewed(
        place=place,
        asked=asked(drawn),
        value=value,
        mark=found.marks[place],
        answer=answer_in_words(drawn, value) if value is not None else "",
        right=right_answer(drawn),
        explanation=drawn["explanation"],
    )
