"""Rows of packages and libraries as they are once unpacked, without anything being unpacked."""

import io
import zipfile
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from courses.h5p.models import Content, Dependency, Library
from courses.models import LessonKind, LessonPage
from courses.scorm.models import Courseware
from lms.jobs.models import Job, JobStatus
from tests.factories import CourseFactory, packages

_numbers = count(1)


def archive(name: str = "a.h5p", **files: bytes) -> SimpleUploadedFile:
    """A ZIP archive as a browser sends it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for inside, content in (files or {"a.txt": b"a"}).items():
            opened.writestr(zipfile.ZipInfo(inside), content)  # of one moment, so the same in each call
    return SimpleUploadedFile(name, made.getvalue())


def library(name: str = "H5P.TrueFalse", *, patches: tuple[int, ...] = (3,), **fields: object) -> Library:
    """An installed library; its highest patch plays."""
    return packages.library(name, patches=patches, **{"title": name.removeprefix("H5P."), **fields})


def needs(needing: Library, needed: Library, kind: str = "PRELOADED") -> None:
    """The patch that plays of the one needs the other."""
    Dependency.objects.create(patch=needing.current, library=needed, kind=kind)


def content(**fields: object) -> Content:
    """A content that is ready, with what the desk shows of it."""
    values = {
        "files": {"content.json": {"bytes": 1, "type": "application/json", "sha256": ""}},
        "params": {"question": "<p>1</p>"},
        "metadata": {"title": "t", "language": "und", "license": "CC BY", "licenseVersion": "4.0"},
        "parts": ["sub:1"],
        **fields,
    }
    if "main" not in values:
        values["main"] = Library.objects.first() or library()
    kept = packages.content(**values)
    kept.libraries.add(kept.main)
    return kept


def courseware(**fields: object) -> Courseware:
    """A courseware that is ready, with what the desk shows of it."""
    values = {
        "files": {"index.html": {"bytes": 1, "type": "text/html", "sha256": ""}},
        "menu": [
            {
                "item": "m",
                "title": "第一章",
                "is_visible": True,
                "children": [{"item": "one", "title": "开始", "is_visible": True, "children": []}],
            }
        ],
        "parts": ["one"],
        **fields,
    }
    return packages.courseware(**values)


def job(status: str, words: str = "") -> Job:
    """A job that ended, or has not."""
    now = timezone.now()
    return Job.objects.create(kind="h5p.unpack", created_at=now, next_at=now, status=status, words=words)


def refused(words: str) -> Job:
    """A job that refused its package."""
    return job(JobStatus.FAILED, words)


def lesson(*, h5p: Content | None = None, scorm: Courseware | None = None) -> LessonPage:
    """A published lesson that plays one of them."""
    number = next(_numbers)
    kind = LessonKind.H5P if h5p else LessonKind.SCORM
    page = CourseFactory().add_child(
        instance=LessonPage(title=f"演练{number}", slug=f"drill-{number}", kind=kind, h5p=h5p, scorm=scorm)
    )
    page.save_revision().publish()
    page.refresh_from_db()
    return page
