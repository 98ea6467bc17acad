"""A report as the phone sends it: read, judged, and refused in one word when it cannot be true.

The body is JSON: `token`, `id` (made by the phone and sent back), `segments` (half-open pairs of whole
seconds), `position` (whole seconds) and `at` (when the last of it was played, milliseconds since 1970 by
the server's clock). Read by hand and not by a schema library: this is the busiest path of the product.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import NoReturn

from django.http import HttpRequest

from lms.study.coverage import Segment
from lms.study.launch import BadToken, ExpiredToken, Launch, read_token

MOST_BYTES = 64 * 1024
MOST_SEGMENTS = 2_000
MOST_ID_CHARACTERS = 64
# A phone's clock is corrected by the server's; what still lies further ahead than this is not a clock.
FUTURE_MS = 60_000
# Old browsers send a beacon as plain text only.
CONTENT_TYPES = {"application/json", "text/plain"}


class Refused(ValueError):
    """A report that is not recorded: a code for the page and the status to answer with."""

    def __init__(self, code: str, status: HTTPStatus) -> None:
        """Name what is wrong."""
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Sent:
    """A report whose every value is possible."""

    launch: Launch
    id: str
    segments: list[Segment]
    position: int
    played_ms: int


def read_report(request: HttpRequest, *, now: int) -> Sent:
    """The report in a request; Refused says what is wrong with it."""
    if request.content_type not in CONTENT_TYPES:
        raise Refused("content_type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Refused("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = _object(request.body)
    launch = _launch(body.get("token"), now)
    return Sent(
        launch,
        _id(body.get("id")),
        _segments(body.get("segments"), launch.seconds),
        _whole(body.get("position"), launch.seconds, "position"),
        _whole(body.get("at"), now + FUTURE_MS, "at"),
    )


def _object(text: bytes) -> dict[str, object]:
    try:
        body = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("json", HTTPStatus.BAD_REQUEST) from error
    if not isinstance(body, dict):
        raise Refused("json", HTTPStatus.BAD_REQUEST)
    return body


def _no_constant(name: str) -> NoReturn:
    """NaN and the infinities are not JSON."""
    raise ValueError(name)


def _launch(token: object, now: int) -> Launch:
    if not isinstance(token, str):
        raise Refused("token", HTTPStatus.BAD_REQUEST)
    try:
        return read_token(token, now=now)
    except BadToken as error:
        raise Refused("token", HTTPStatus.FORBIDDEN) from error
    except ExpiredToken as error:
        raise Refused("expired", HTTPStatus.FORBIDDEN) from error


def _id(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= MOST_ID_CHARACTERS:
        raise Refused("id", HTTPStatus.BAD_REQUEST)
    return value


def _segments(value: object, seconds: int) -> list[Segment]:
    if not isinstance(value, list):
        raise Refused("segments", HTTPStatus.BAD_REQUEST)
    if len(value) > MOST_SEGMENTS:
        raise Refused("too_many", HTTPStatus.UNPROCESSABLE_ENTITY)
    return [_segment(pair, seconds) for pair in value]


def _segment(pair: object, seconds: int) -> Segment:
    # `type() is int` and not isinstance: true and false are ints to Python, and not seconds.
    if type(pair) is not list or len(pair) != 2:
        raise Refused("segments", HTTPStatus.BAD_REQUEST)
    start, end = pair
    if type(start) is not int or type(end) is not int:
        raise Refused("segments", HTTPStatus.BAD_REQUEST)
    if not 0 <= start < end <= seconds:
        raise Refused("segments", HTTPStatus.UNPROCESSABLE_ENTITY)
    return start, end


def _whole(value: object, most: int, code: str) -> int:
    if type(value) is not int:
        raise Refused(code, HTTPStatus.BAD_REQUEST)
    if not 0 <= value <= most:
        raise Refused(code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return value
