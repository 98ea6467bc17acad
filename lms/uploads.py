"""The one address to which phones bring what happened on them, with the rooms that take it."""

import json
from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lms.phones.uploads import Handler, Json, Refused, read_upload, take
from lms.study.attempts.entries import take_answer, take_hand_in
from lms.study.interactive.entries import take_commit, take_state, take_statement
from lms.study.reports import take_segments
from lms.training.classes.rolls import take_roll as take_class_roll
from lms.training.viewings.entries import take_played
from lms.training.viewings.entries import take_roll as take_viewing_roll

HANDLERS: dict[str, Handler] = {
    "segments": take_segments,
    "answer": take_answer,
    "hand_in": take_hand_in,
    "statement": take_statement,
    "state": take_state,
    "commit": take_commit,
    "class_roll": take_class_roll,
    "viewing_roll": take_viewing_roll,
    "viewing_played": take_played,
}

Answer = Callable[[HttpRequest], HttpResponseBase]


@csrf_exempt  # no cookie counts here: the signed tokens are the whole authority
@login_not_required
@require_POST
def uploads(request: HttpRequest) -> HttpResponse:
    """Take what a phone brings; without session or cookies, in the language that the phone asks for."""
    try:
        upload = read_upload(request)
    except Refused as refused:
        return _json({"error": refused.code}, refused.status)
    with translation.override(translation.get_language_from_request(request)):
        return _json(take(upload, handlers=HANDLERS, at=timezone.now()))


def _json(answer: Json, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """An answer in the plainest way: every microsecond of this path counts."""
    body = json.dumps(answer).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return HttpResponse(body, status=status, headers=headers)


def upload_door(get_response: Answer) -> Answer:
    """Middleware right behind the security headers: past sessions, cookies and messages, which go unused."""
    address = str(reverse_lazy("uploads"))

    def door(request: HttpRequest) -> HttpResponseBase:
        return uploads(request) if request.path_info == address else get_response(request)

    return door
