"""Packages as they are once unpacked, and lessons made of them."""

import hashlib
from datetime import UTC, datetime
from itertools import count

from courses.actions import publish_version
from courses.h5p.models import Content, Library, LibraryPatch
from courses.models import LessonKind, LessonPage
from courses.packages.completion import Gate
from courses.scorm.models import Courseware, Standard

from .content import _lesson

_numbers = count(1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def library(name: str = "H5P.TrueFalse", *, patches: tuple[int, ...] = (0,), **fields: object) -> Library:
    """An installed library without files; its highest patch plays."""
    values = {"title": name, "is_runnable": True, **fields}
    made, is_new = Library.objects.get_or_create(machine_name=name, major=1, minor=6, defaults=values)
    if is_new:
        for number in patches:
            made.current = LibraryPatch.objects.create(
                library=made,
                patch=number,
                digest=f"{number}".zfill(64),
                metadata={"title": values["title"], "runnable": int(bool(values["is_runnable"]))},
                folder=f"h5p/libraries/{made.pk}/{number}",
                installed_at=LONG_AGO,
            )
        made.save()
    return made


def content(**fields: object) -> Content:
    """A content that is ready to be played."""
    number = next(_numbers)
    values = {
        "title": f"互动{number}",
        "digest": hashlib.sha256(f"content {number}".encode()).hexdigest(),
        "folder": f"h5p/content/{number}",
        "main": fields.get("main") or library(),
        "minutes": 1,
    }
    return Content.objects.create(**{**values, **fields})


def courseware(**fields: object) -> Courseware:
    """A courseware of one object that is ready to be played."""
    number = next(_numbers)
    values = {
        "title": f"课件{number}",
        "digest": hashlib.sha256(f"courseware {number}".encode()).hexdigest(),
        "folder": f"scorm/{number}",
        "minutes": 1,
        "standard": Standard.SCORM_12,
        "menu": [{"item": "one", "title": "一", "is_visible": True, "children": []}],
        "scos": {"one": sco()},
    }
    return Courseware.objects.create(**{**values, **fields})


def sco(**fields: object) -> dict[str, object]:
    """An object of a courseware, as a manifest says it that asks for nothing."""
    values = {"href": "index.html", "title": "一", "is_sco": True, "mastery": None, "threshold": None}
    told = {"launch_data": "", "time_limit": "", "time_limit_action": "", "tells_completion": False}
    return {**values, **told, **fields}


def interactive(
    *, gate: str = Gate.RESULT, percent: int = 0, body: object = (), **fields: object
) -> LessonPage:
    """A published lesson of an interactive content that takes a minute."""
    package = content(gate=gate, pass_percent=percent, **fields)
    return _published(_lesson(kind=LessonKind.H5P, h5p=package, body=body))


def scorm(*, gate: str = Gate.RESULT, percent: int = 0, **fields: object) -> LessonPage:
    """A published lesson of a courseware that takes a minute."""
    package = courseware(gate=gate, pass_percent=percent, **fields)
    return _published(_lesson(kind=LessonKind.SCORM, scorm=package))


def _published(lesson: LessonPage) -> LessonPage:
    publish_version(lesson=lesson, at=LONG_AGO)
    return lesson
