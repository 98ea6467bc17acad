"""Sending stored files: by nginx, by the object store, or in ranges by the demo's own process."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)

from courses.disk import on_this_disk

CHUNK = 64 * 1024
# The addresses that a store signs expire by a clock of its own.
STORE_CACHING = "private, no-store"
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(Exception):
    """The range asked for begins behind the end of the file."""


class Stretch:
    """A stretch of an open file, read piece by piece and closed with the response."""

    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        file.seek(start)
        self.file, self.left = file, length

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (piece := self.file.read(min(CHUNK, self.left))):
            self.left -= len(piece)
            yield piece

    def close(self) -> None:
        """Close the file, whether or not it was read to its end."""
        self.file.close()


@dataclass(frozen=True)
class Sent:
    """A stored file as it is sent: name in the storage, fingerprint, and for how long it may be kept.

    A public one may be kept by what stands between, too. One that stays `here` is never redirected to an
    object store: packages count on one origin.
    """

    name: str
    tag: str
    seconds: int
    content_type: str
    is_public: bool = False
    is_here: bool = False


def send(request: HttpRequest, sent: Sent) -> HttpResponseBase:
    """The answer to a request that may have the file; raises Http404."""
    # The address names the content: a change of cookies must not fetch a film anew.
    if hasattr(request, "session"):
        request.session.accessed = False
    is_far = on_this_disk("") is None
    answer: HttpResponseBase
    if is_far and not sent.is_here:
        answer = HttpResponseRedirect(default_storage.url(sent.name))
        answer["Cache-Control"] = STORE_CACHING
        return answer
    if settings.ACCEL_PREFIX and not is_far:
        answer = HttpResponse(content_type=sent.content_type)
        answer["X-Accel-Redirect"] = settings.ACCEL_PREFIX + quote(sent.name)
    else:
        answer = _ranged(request, sent)
    for_whom = "public" if sent.is_public else "private"
    answer["Cache-Control"] = f"{for_whom}, max-age={sent.seconds}, immutable"
    answer["ETag"] = f'"{sent.tag}"'
    return answer


def _ranged(request: HttpRequest, sent: Sent) -> HttpResponseBase:
    if f'"{sent.tag}"' in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304)
    try:
        file, size = default_storage.open(sent.name, "rb"), default_storage.size(sent.name)
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    answer: HttpResponseBase
    try:
        stretch = wanted_range(request.headers, sent.tag, size)
    except Unsatisfiable:
        file.close()
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    first, last = stretch or (0, size - 1)
    length = last - first + 1
    body = Stretch(file, first, 0 if request.method == "HEAD" else length)
    answer = StreamingHttpResponse(body, status=206 if stretch else 200, content_type=sent.content_type)
    answer["Content-Length"] = str(length)
    answer["Accept-Ranges"] = "bytes"
    if stretch:
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return answer


def wanted_range(headers: Mapping[str, str], tag: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the one range asked for, or None for the whole file (RFC 9110, 14).

    Several ranges at once, other units and what cannot be understood get the whole file, as the RFC allows.
    """
    asked = RANGE.fullmatch(headers.get("Range", "").replace(" ", ""))
    if asked is None or headers.get("If-Range", f'"{tag}"') != f'"{tag}"':
        return None
    first, last = asked.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(0, size - int(last)), size - 1
        if not int(last):
            raise Unsatisfiable
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return None
    if start >= size:
        raise Unsatisfiable
    return start, end
