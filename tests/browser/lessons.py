"""Brings packages that others made into a demo, each as a lesson of its own, the way a trainer would.

Run in the environment of the site: `manage.py shell -c "from tests.browser.lessons import bring; bring(…)"`.
"""

import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import TypeVar

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Cadre
from courses.actions import publish_version
from courses.h5p.actions import unpack as unpack_content
from courses.h5p.models import Content
from courses.models import CoursePage, LessonKind, LessonPage
from courses.packages.completion import Gate
from courses.packages.models import Package
from courses.scorm.actions import unpack as unpack_courseware
from courses.scorm.models import Courseware
from lms.demo.library import SHIPPED

Uploaded = TypeVar("Uploaded", bound=Package)
COURSE = "anti-fraud"
FILM, INSIDE = "films/before-the-rain.mp4", "videos/film.mp4"


def bring(*paths: str, with_films: bool = True) -> None:
    """Publish a lesson for each package of these paths; prints its address, a line each.

    `with_films`: a film of the demo takes the place of one that lies on another site.
    """
    by = Cadre.objects.get(is_superuser=True)
    course = CoursePage.objects.get(slug=COURSE)
    for path in map(Path, paths):
        slug = f"sample-{path.stem}{'' if with_films else '-as-it-came'}".lower().replace("_", "-")
        data = with_film(path) if with_films and "video" in path.stem else path.read_bytes()
        lesson = LessonPage.objects.filter(slug=slug).first() or _lesson(course, slug, path, data, by)
        sys.stdout.write(f"{lesson.url}\n")


def _lesson(course: CoursePage, slug: str, path: Path, data: bytes, by: Cadre) -> LessonPage:
    at = timezone.now()
    lesson = LessonPage(title=path.stem, slug=slug, summary=path.name)
    if path.suffix == ".h5p":
        content = _uploaded(Content(title=path.stem, minutes=1), path.name, data)
        unpack_content(content=content, by=by, at=at)
        # Cards report nothing.
        gate = Gate.OPENED if "cards" in path.stem else Gate.RESULT
        Content.objects.filter(pk=content.pk).update(gate=gate)
        lesson.kind, lesson.h5p = LessonKind.H5P, Content.objects.get(pk=content.pk)
    else:
        courseware = _uploaded(Courseware(title=path.stem, minutes=1), path.name, data)
        unpack_courseware(courseware=courseware)
        lesson.kind, lesson.scorm = LessonKind.SCORM, Courseware.objects.get(pk=courseware.pk)
    with transaction.atomic():
        course.add_child(instance=lesson)
        publish_version(lesson=lesson, at=at)
        lesson.save_revision().publish()
    return lesson


def _uploaded(package: Uploaded, name: str, data: bytes) -> Uploaded:
    package.digest = hashlib.sha256(data).hexdigest()
    package.upload.save(name, ContentFile(data), save=False)
    package.save()
    return package


def with_film(path: Path) -> bytes:
    """An interactive video with a film of the demo inside, where its own lies on another site."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(target, "w") as made:
        for name in given.namelist():
            data = given.read(name)
            if name == "content/content.json":
                params = json.loads(data)
                params["interactiveVideo"]["video"]["files"] = [{"path": INSIDE, "mime": "video/mp4"}]
                data = json.dumps(params).encode()
            made.writestr(name, data)
        made.write(SHIPPED / FILM, f"content/{INSIDE}")
    return target.getvalue()
