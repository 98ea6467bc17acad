"""What the content origin answers for coursewares: the host page, the package's files, the run-time.

No session and no cookie is known here; the signature in the address is the whole authority.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from courses.delivery import Sent, send
from courses.packages.addresses import asked_language, site_origin
from courses.packages.shelf import StoredFile
from courses.scorm.addresses import PURPOSE
from courses.scorm.models import Courseware
from courses.scorm.player_files import PLAYER, RUNTIMES
from courses.signed_views import signed

# Packages of twenty years: inline scripts, evaluated texts, pictures out of the air. Nothing leaves, though.
OWN = "'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
LEARNER = re.compile(r"[0-9a-f]{1,40}", re.ASCII)


@signed(PURPOSE)
def host(request: HttpRequest, pk: int, seconds: int) -> HttpResponseBase:
    """The page that has the run-time and opens the package's objects in a frame beside it."""
    courseware = get_object_or_404(Courseware.objects.exclude(folder=""), pk=pk)
    language = asked_language(request)
    with translation.override(language):
        answer = HttpResponse(render_to_string("scorm/host.html", _context(request, courseware, language)))
    answer["Cache-Control"] = f"private, max-age={min(seconds, 60)}"
    site = site_origin()
    uploads = f"{site}{reverse('uploads', urlconf=settings.ROOT_URLCONF)}"
    answer["Content-Security-Policy"] = _policy(frame_ancestors=site, connect=f"'self' {uploads}")
    return answer


@signed(PURPOSE)
def package_file(request: HttpRequest, pk: int, seconds: int, *, name: str) -> HttpResponseBase:
    """A file of the package."""
    folder = Courseware.objects.filter(pk=pk).values_list("folder", flat=True).first()
    found = _files(pk, folder).get(name.casefold()) if folder else None
    if found is None:
        raise Http404
    path, file = found
    answer = send(
        request,
        Sent(
            name=f"{folder}/{path}",
            tag=file["sha256"][:32],
            seconds=seconds,
            content_type=file["type"],
            is_here=True,
        ),
    )
    answer["Content-Security-Policy"] = _policy(
        frame_ancestors=f"{settings.CONTENT_ORIGIN} {site_origin()}", connect="'self' data: blob:"
    )
    return answer


@require_safe
def player_file(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """A file of the run-time."""
    return PLAYER.answer(request, digest, name)


def _context(request: HttpRequest, courseware: Courseware, language: str) -> dict[str, object]:
    learner = request.GET.get("learner", "")
    player = reverse("scorm_content:player", args=[PLAYER.digest, "-"], urlconf=settings.CONTENT_URLCONF)
    return {
        "language": language,
        "title": courseware.title,
        "player": player.removesuffix("-"),
        "runtime": RUNTIMES[courseware.standard],
        "facts": {
            "standard": courseware.standard,
            "site": site_origin(),
            "learner": learner if LEARNER.fullmatch(learner) else "",
            "menu": courseware.menu,
            "scos": courseware.scos,
        },
    }


def _policy(*, frame_ancestors: str, connect: str) -> str:
    return "; ".join(
        [
            f"default-src {OWN}",
            f"connect-src {connect}",
            "form-action 'none'",
            "base-uri 'self'",
            f"frame-ancestors {frame_ancestors}",
        ]
    )


@lru_cache(maxsize=8)
def _files(courseware_id: int, folder: str) -> dict[str, tuple[str, StoredFile]]:
    """A package's files by their names in small letters: what Windows made often writes them otherwise.

    A folder is named by what is in it, so what was read once stays true.
    """
    files = Courseware.objects.filter(pk=courseware_id, folder=folder).values_list("files", flat=True).first()
    return {name.casefold(): (name, file) for name, file in (files or {}).items()}
