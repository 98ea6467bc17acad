"""The frame in which a content plays, and everything that it loads; on the content origin only."""

from collections.abc import Callable
from functools import wraps
from posixpath import normpath
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from courses.delivery import Sent, send
from courses.h5p.addresses import PURPOSE
from courses.h5p.bundles import MissingLibrary, ensure_bundle, needed_patches, stored
from courses.h5p.integration import integration
from courses.h5p.models import Content, LibraryPatch
from courses.h5p.player_files import PLAYER, SCRIPT
from courses.h5p.policy import FILE_POLICY, frame_policy
from courses.packages.addresses import asked_language
from courses.packages.player_files import TYPES
from courses.packages.shelf import type_of
from courses.packages.unchanging import YEAR_SECONDS, takes_gzip, unchanging
from courses.signed_views import signed

# What plays or shows inside the frame; everything else of a content is kept by the learner as a file.
SHOWN = ("image/", "audio/", "video/", "font/", "text/vtt", "application/json")

ASKED = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, X-Requested-With",
    "Access-Control-Max-Age": "86400",
}

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def for_frames(view: View[P]) -> View[P]:
    """What the frame reads: its origin equals none, so scripts, fonts and data must be open to all."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        # Browsers ask before scripts of libraries fetch with headers of their own.
        is_asked = request.method == "OPTIONS"
        answer = HttpResponse(headers=ASKED) if is_asked else view(request, *args, **kwargs)
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Content-Security-Policy"] = FILE_POLICY
        return answer

    return answered


@signed(PURPOSE)
def frame(request: HttpRequest, pk: int, seconds: int) -> HttpResponseBase:
    """The player's page; what it waits for comes from the page around it."""
    content = get_object_or_404(Content.objects.select_related("main").exclude(folder=""), pk=pk)
    try:
        patches = needed_patches(content)
    except MissingLibrary:
        patches = []
    language = asked_language(request)
    with translation.override(language):
        address = f"{settings.CONTENT_ORIGIN}{request.path}"
        told = integration(content, patches, frame=address, loads=_loads(content, patches))
    context = {
        "content": content,
        "language": content.metadata.get("defaultLanguage") or language,
        "integration": told,
        "script": SCRIPT,
    }
    answer = HttpResponse(render_to_string("h5p/frame.html", context))
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Security-Policy"] = frame_policy()
    return answer


def _loads(content: Content, patches: list[LibraryPatch]) -> list[str]:
    """The addresses of all styles and scripts, in their order; none for what cannot play anyway."""
    if content.is_film_elsewhere:
        return []
    core = f"{settings.CONTENT_ORIGIN}/h5p/player/{PLAYER.digest}/core"
    loads = [f"{core}/styles/h5p.css", f"{core}/frame.bundle.js"]
    if patches:
        bundle = f"{settings.CONTENT_ORIGIN}/h5p/bundles/{ensure_bundle(patches)}"
        loads += [f"{bundle}.css", f"{bundle}.js"]
    return loads


@for_frames
@signed(PURPOSE)
def file(request: HttpRequest, pk: int, seconds: int, *, path: str) -> HttpResponseBase:
    """A file of a content; what is neither shown nor played is handed out to keep."""
    content = get_object_or_404(Content.objects.only("folder", "files").exclude(folder=""), pk=pk)
    facts = content.files.get(path)
    if facts is None:
        raise Http404
    name = f"{content.folder}/{path}"
    answer = send(request, Sent(name, facts["sha256"], seconds, facts["type"], is_here=True))
    if not facts["type"].startswith(SHOWN):
        called = path.rpartition("/")[2]
        answer["Content-Disposition"] = content_disposition_header(True, called) or "attachment"
    return answer


@for_frames
@require_safe
def asset(request: HttpRequest, folder: str, path: str) -> HttpResponseBase:
    """A picture, font or text of a library: no row is asked, for a folder never changes what it holds."""
    if normpath(path) != path or path.startswith(("/", "..")) or folder.startswith(".") or "\0" in path:
        raise Http404
    name = f"h5p/libraries/{folder}/{path}"
    return send(
        request, Sent(name, f"{folder}-{path}", YEAR_SECONDS, type_of(path), is_public=True, is_here=True)
    )


@for_frames
@require_safe
def bundle(request: HttpRequest, name: str, ending: str) -> HttpResponseBase:
    """A bundle, as it was made for the page that names it."""
    is_packed = takes_gzip(request)
    try:
        with default_storage.open(stored(name, ending, zipped=is_packed)) as file:
            body = file.read()
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    return unchanging(request, body, TYPES[f".{ending}"], tag=name, is_packed=is_packed)


@for_frames
@require_safe
def player(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """A file of the player itself."""
    return PLAYER.answer(request, digest, name)
