"""Delivery of films in ranges, to signed-in people, and of still pictures to everybody."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from courses.films.models import Film

CHUNK = 64 * 1024
YEAR_SECONDS = 365 * 24 * 3600
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
PUBLIC_FOLDERS = ("images/", "media_thumbnails/")


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


@require_safe
def play(request: HttpRequest, pk: int, digest: str) -> HttpResponseBase:
    """A film's bytes, whole or the stretch that the player asks for; the address names the content."""
    film = get_object_or_404(Film, pk=pk, digest=digest)
    # The address names the content, not the person: a change of cookies must not fetch a film anew.
    request.session.accessed = False
    if settings.ACCEL_PREFIX:
        answer: HttpResponseBase = HttpResponse(content_type=film.content_type)
        answer["X-Accel-Redirect"] = settings.ACCEL_PREFIX + quote(film.file.name)
    else:
        answer = _ranged(request, film)
    answer["Cache-Control"] = f"private, max-age={YEAR_SECONDS}, immutable"
    answer["ETag"] = f'"{film.digest}"'
    return answer


def _ranged(request: HttpRequest, film: Film) -> HttpResponseBase:
    if f'"{film.digest}"' in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304)
    try:
        file, size = film.file.open("rb"), film.file.size
    except OSError as error:
        raise Http404 from error
    answer: HttpResponseBase
    try:
        stretch = wanted_range(request.headers, film.digest, size)
    except Unsatisfiable:
        file.close()
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    first, last = stretch or (0, size - 1)
    length = last - first + 1
    body = Stretch(file, first, 0 if request.method == "HEAD" else length)
    answer = StreamingHttpResponse(body, status=206 if stretch else 200, content_type=film.content_type)
    answer["Content-Length"] = str(length)
    answer["Accept-Ranges"] = "bytes"
    if stretch:
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return answer


def wanted_range(headers: Mapping[str, str], digest: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the one range asked for, or None for the whole file (RFC 9110, 14).

    Several ranges at once, other units and what cannot be understood get the whole file, as the RFC allows.
    """
    asked = RANGE.fullmatch(headers.get("Range", "").replace(" ", ""))
    if asked is None or headers.get("If-Range", f'"{digest}"') != f'"{digest}"':
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


@login_not_required
@require_safe
def poster(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A film's still picture, for everybody; its name changes with it."""
    film = get_object_or_404(Film, pk=pk)
    if film.thumbnail_filename != name:
        raise Http404
    return _public(film.thumbnail.name)


@login_not_required
@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Pictures of articles and stills, which are public; nothing else of the stored files is."""
    if not name.startswith(PUBLIC_FOLDERS) or posixpath.normpath(name) != name:
        raise Http404
    return _public(name)


def _public(name: str) -> HttpResponseBase:
    try:
        answer = FileResponse(default_storage.open(name))
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    answer["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return answer
