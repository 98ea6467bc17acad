"""What the pages of a lesson and of a course ask: all that is personal on them."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import Cadre
from courses.models import CoursePage, LessonCard, LessonPage
from lms.hours import coverage
from lms.study.actions import LessonNotOpen, Outcome, Report, entry_of, milliseconds, open_lesson, outcome_of
from lms.study.courses import course_so_far
from lms.study.launch import Launch, write_token
from lms.study.models import Progress
from lms.study.reports import shown


@login_not_required  # a page that asks in the background gets an answer that it can read
@never_cache
@require_GET
def state(request: HttpRequest, lesson_id: int) -> HttpResponse:
    """A study token and everything personal of a lesson's page; 404 for a lesson that is not open."""
    if not isinstance(request.user, Cadre):
        return JsonResponse({"error": "login"}, status=HTTPStatus.UNAUTHORIZED)
    # By `id`: a number that no database holds finds nothing there, while the relation behind `pk` would fail.
    lesson = get_object_or_404(LessonPage, id=lesson_id)
    now = timezone.now()
    try:
        launch, progress = open_lesson(person=request.user, lesson=lesson, at=now)
    except LessonNotOpen as error:
        raise Http404 from error
    return JsonResponse(
        {
            "token": write_token(launch),
            "person": launch.person_id,
            "now": milliseconds(now),
            "seconds": launch.seconds,
            "speed": launch.speed / 100,
            **shown(_standing(launch, progress), launch),
        }
    )


@login_not_required  # the page is everybody's; a stranger has nothing to be told
@never_cache
@require_GET
def course(request: HttpRequest, course_id: int) -> JsonResponse:
    """How far a person is in a course; 404 for a course that is not published."""
    page = get_object_or_404(CoursePage.objects.live(), id=course_id)
    if not isinstance(request.user, Cadre):
        return JsonResponse({"lessons": {}, "next": None, "done": False})
    so_far = course_so_far(person=request.user, course=page, on=timezone.localdate())
    on = so_far.next
    return JsonResponse(
        {
            "lessons": {
                lesson.card.page.pk: {"done": lesson.is_done, "covered": lesson.covered, "need": lesson.need}
                for lesson in so_far.begun
            },
            "next": on and _way_to(on.card, request),
            "done": so_far.is_done,
        }
    )


def _way_to(lesson: LessonCard, request: HttpRequest) -> dict[str, object]:
    return {"lesson": lesson.page.pk, "number": lesson.number, "address": lesson.page.get_url(request)}


def _standing(launch: Launch, progress: Progress) -> Report:
    finished_at = progress.finished_at
    entry = entry_of(launch, finished_at)
    outcome = outcome_of(entry, finished_at) if finished_at or entry else Outcome.STUDYING
    return Report(coverage.from_bytes(progress.bits), progress.position, 0, finished_at, outcome, entry)
