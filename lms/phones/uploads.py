"""What a phone brings: entries of its outbox, in the order of the phone's counter, acknowledged together.

The body is JSON: `device` (a name that the phone made for itself), `after` (the last counter acknowledged
so far), `sent` (the phone's clock now, in milliseconds) and `entries`, each with its counter `n`, its
`kind`, a signed `token`, the phone's clock `at` when it was studied, and what the kind wants in `body`. The
answer's `ack` is the last counter up to which everything has been taken: the phone forgets that much and no
more. Whatever is taken is taken for good and may come again, so the server keeps no list of phones; an entry
that can never be right is answered with an error and counts as taken. Counter 0 is for a page that is
closing and cannot wait for its counter: its entry is taken, and comes once more with a number.

Read by hand and not by a schema library: this is the busiest path of the product.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import NoReturn

from django.http import HttpRequest

MOST_BYTES = 256 * 1024
MOST_ENTRIES = 100
MOST_NAME_CHARACTERS = 64
MOST_COUNTER = 2**53 - 1  # what a browser counts exactly
# Old browsers send a beacon as plain text only.
CONTENT_TYPES = {"application/json", "text/plain"}

Json = dict[str, object]


class Refused(ValueError):
    """What is not recorded: a code for the page and the status to answer with."""

    def __init__(self, code: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        """Name what is wrong."""
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of study: `age_ms` is how long before sending it was studied, by the phone's own clock.

    An age survives a clock that is wrong by years, which a date would not.
    """

    number: int
    kind: str
    token: str
    age_ms: int
    body: Json


@dataclass(frozen=True, slots=True)
class Upload:
    """A phone's entries, the lowest counter first."""

    device: str
    after: int
    entries: list[Entry]


Handler = Callable[[Entry, str, datetime], Json]


def take(upload: Upload, *, handlers: dict[str, Handler], at: datetime) -> Json:
    """Hand every entry to the handler of its kind; acknowledged is what comes before a missing counter."""
    ack, answers = upload.after, []
    for entry in upload.entries:
        handler = handlers.get(entry.kind)
        try:
            answer = handler(entry, upload.device, at) if handler else {"error": "kind"}
        except Refused as refused:
            answer = {"error": refused.code}
        answers.append({"n": entry.number, **answer})
        if entry.number == ack + 1:
            ack = entry.number
    return {"ack": ack, "answers": answers}


def read_upload(request: HttpRequest) -> Upload:
    """The upload in a request; Refused says what is wrong with it."""
    if request.content_type not in CONTENT_TYPES:
        raise Refused("content_type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Refused("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    told = _object(request.body)
    listed = told.get("entries")
    if type(listed) is not list or not listed:
        raise Refused("entries")
    if len(listed) > MOST_ENTRIES:
        raise Refused("too_many", HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = whole(told.get("sent"), MOST_COUNTER, "sent")
    entries = [_entry(each, sent) for each in listed]
    entries.sort(key=lambda entry: entry.number)
    return Upload(
        _name(told.get("device"), "device"), whole(told.get("after"), MOST_COUNTER, "after"), entries
    )


def _object(text: bytes) -> Json:
    try:
        told = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("json") from error
    if type(told) is not dict:
        raise Refused("json")
    return told


def _no_constant(name: str) -> NoReturn:
    """NaN and the infinities are not JSON."""
    raise ValueError(name)


def _entry(told: object, sent: int) -> Entry:
    if type(told) is not dict:
        raise Refused("entries")
    token, body = told.get("token"), told.get("body")
    if type(token) is not str:
        raise Refused("token")
    if type(body) is not dict:
        raise Refused("body")
    return Entry(
        whole(told.get("n"), MOST_COUNTER, "n"),
        _name(told.get("kind"), "kind"),
        token,
        # Studied after it was sent: the phone's clock was set back in between.
        max(0, sent - whole(told.get("at"), MOST_COUNTER, "at")),
        body,
    )


def _name(value: object, code: str) -> str:
    # Not printable: a zero or half a character, which no database keeps.
    if type(value) is not str or not 1 <= len(value) <= MOST_NAME_CHARACTERS or not value.isprintable():
        raise Refused(code)
    return value


def whole(value: object, most: int, code: str) -> int:
    """A whole number from 0 to `most`; Refused with the code otherwise."""
    # `type() is int` and not isinstance: true and false are ints to Python, and no numbers here.
    if type(value) is not int:
        raise Refused(code)
    if not 0 <= value <= most:
        raise Refused(code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return value
