"""What a lesson's page asks about its package, and the page of one's own attempts."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest
from accounts.addresses import whole_number
from accounts.models import Cadre
from courses.h5p.addresses import frame_address
from courses.h5p.models import Content
from courses.models import PACKAGED, LessonKind, LessonPage
from courses.scorm.addresses import host_address
from courses.scorm.models import Courseware
from lms.phones.uploads import Json
from lms.study.actions import LessonNotOpen
from lms.study.interactive.answers import answers_in, answers_of
from lms.study.interactive.launch import write_token
from lms.study.interactive.models import InteractiveAttempt
from lms.study.interactive.openings import Opening, open_package
from lms.study.interactive.restoring import restored
from lms.study.interactive.spent import time_spent
from lms.study.interactive.words import percent_of, points_of, shown_result, standing_of, words_for

PAGE_SIZE = 5


@login_not_required  # a page that asks in the background gets an answer that it can read
@never_cache
@require_GET
def interactive(request: HttpRequest, lesson_id: int) -> HttpResponse:
    """A token, the frame's address and everything personal of a package; 404 for one that is not open."""
    if not isinstance(request.user, Cadre):
        return JsonResponse({"error": "login"}, status=HTTPStatus.UNAUTHORIZED)
    try:
        opening = open_package(
            person=request.user,
            lesson=get_object_or_404(LessonPage.objects.with_facts(), id=lesson_id),
            block=_block(request),
            again="again" in request.GET,
            fresh=uuid4(),
            at=timezone.now(),
        )
    except LessonNotOpen as error:
        raise Http404 from error
    return JsonResponse(_shown(opening))


@never_cache
@require_GET
def attempts(request: PersonRequest, lesson_id: int) -> HttpResponse:
    """One's own attempts at a lesson's packages, with the answers; 404 where there is nothing to try."""
    lesson = get_object_or_404(LessonPage.objects.open(), id=lesson_id)
    mine = InteractiveAttempt.objects.of(request.user.pk, lesson.pk).with_something_done()
    page = Paginator(mine.with_answers(), PAGE_SIZE).get_page(request.GET.get("page"))
    if lesson.kind not in PACKAGED and not page.paginator.count:
        raise Http404
    first = page.paginator.count - page.start_index() + 1
    rows = [_row(attempt, first - place) for place, attempt in enumerate(page)]
    return render(request, "study/attempts_at_package.html", {"lesson": lesson, "page": page, "rows": rows})


def _block(request: HttpRequest) -> int | None:
    """The content in the lesson's text that is meant; 404 for what is no number."""
    if "block" not in request.GET:
        return None
    number = whole_number(request.GET["block"])
    if number is None:
        raise Http404
    return number


def _shown(opening: Opening) -> Json:
    package, launch, best = opening.package, opening.launch, opening.best
    person_id, now = launch.study.person_id, launch.study.opened / 1000
    scos: dict[str, Json] = {}
    item, film_seconds = None, 0
    if isinstance(package, Courseware):
        frame = host_address(courseware_id=package.pk, person_id=person_id, now=now)
        scos, item = restored(opening.going_on, package)
    else:
        assert isinstance(package, Content)
        frame = frame_address(content_id=package.pk, person_id=person_id, now=now)
        film_seconds = package.film_seconds
    return {
        "person": person_id,
        "version": launch.study.version_id,
        "kind": LessonKind.SCORM if isinstance(package, Courseware) else LessonKind.H5P,
        "frame": frame,
        "origin": settings.CONTENT_ORIGIN,
        "token": write_token(launch),
        "registration": str(launch.registration),
        "states": opening.states,
        "scos": scos,
        "open": item,
        "film_seconds": film_seconds,
        "result": shown_result(best) if best else None,
        "attempts": len(opening.attempts),
        "may_again": bool(opening.attempts),
    }


def _row(attempt: Any, number: int) -> Json:  # an attempt with what `with_answers` read along
    return {
        "number": number,
        "attempt": attempt,
        "package": attempt.content or attempt.courseware,
        "points": points_of(attempt),
        "percent": percent_of(attempt),
        "standing": standing_of(attempt),
        "words": words_for(attempt),
        "spent": time_spent(attempt.duration_seconds, reversed(attempt.newest_moments)),
        "answers": answers_of(reversed(attempt.newest_answers))
        or answers_in(session.cmi for session in reversed(attempt.newest_sessions)),
    }
