"""Delivery of films to whoever may see them, and of still pictures to everybody."""

import posixpath
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.delivery import Sent, send
from courses.films import playlists
from courses.films import sources as played
from courses.films.delivery import PLAYLIST_TYPE, send_piece
from courses.films.models import Caption, Film
from courses.films.rungs import LADDER, Rung
from courses.signed_views import signed

YEAR_SECONDS = 365 * 24 * 3600
PUBLIC_FOLDERS = ("images/", "media_thumbnails/")


@require_safe
def play(request: HttpRequest, pk: int, digest: str) -> HttpResponseBase:
    """A film's bytes as they were uploaded, for whoever is signed in; the address names the content."""
    film = get_object_or_404(Film, pk=pk, digest=digest)
    return send(request, Sent(film.file.name, film.digest, YEAR_SECONDS, film.content_type))


@login_not_required
@require_safe
@never_cache
def sources(request: HttpRequest, pk: int) -> JsonResponse:
    """Signed addresses of all that can be played of a film, for whoever is signed in."""
    person_id = request.user.pk
    if person_id is None:
        return JsonResponse({"error": "login"}, status=HTTPStatus.UNAUTHORIZED)
    film = get_object_or_404(Film.objects.prefetch_related("renditions", "subtitles"), pk=pk)
    now_ms = round(timezone.now().timestamp() * 1000)
    return JsonResponse(played.sources(film=film, person_id=person_id, now_ms=now_ms))


@signed(played.PURPOSE)
def master(request: HttpRequest, pk: int, seconds: int) -> HttpResponseBase:
    """The playlist above the rungs that have a picture."""
    film = get_object_or_404(Film, pk=pk)
    rows = [film.made[rung] for rung in LADDER if rung in film.made]
    if not rows:
        raise Http404
    answer = HttpResponse(playlists.master(rows, has_sound=film.has_sound), content_type=PLAYLIST_TYPE)
    # A rung may be added while somebody watches.
    answer["Cache-Control"] = f"private, max-age={min(seconds, 60)}"
    return answer


@signed(played.PURPOSE)
def piece(request: HttpRequest, pk: int, seconds: int, *, rung: str, run: str, name: str) -> HttpResponseBase:
    """A file of a rung: everything about it stands in the address, so no row is read."""
    if rung not in Rung.values:
        raise Http404
    tag = f"{pk}-{rung}-{run}-{name}"
    stored = f"renditions/{pk}/{rung}/{int(run)}/{name}"
    return send_piece(request, name=stored, tag=tag, seconds=seconds)


@signed(played.PURPOSE)
def original(request: HttpRequest, pk: int, seconds: int, *, digest: str, ending: str) -> HttpResponseBase:
    """The uploaded file itself, for players that read nothing else."""
    film = get_object_or_404(Film, pk=pk, digest=digest)
    return send(request, Sent(film.file.name, film.digest, seconds, film.content_type))


@signed(played.PURPOSE)
def caption(request: HttpRequest, pk: int, seconds: int, *, language: str, digest: str) -> HttpResponseBase:
    """Subtitles; their address changes with them."""
    found = get_object_or_404(Caption, film=pk, language=language, digest=digest)
    answer = HttpResponse(found.text, content_type="text/vtt; charset=utf-8")
    answer["Cache-Control"] = f"private, max-age={seconds}, immutable"
    return answer


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
