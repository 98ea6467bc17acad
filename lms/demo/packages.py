"""The demo's own packages: plain files in `demo/packages`, ZIPped and brought the way trainers do."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.files.base import ContentFile

from accounts.models import Cadre
from courses.h5p import actions as h5p
from courses.h5p.models import Content
from courses.packages.models import Package
from courses.scorm import actions as scorm
from courses.scorm.models import Courseware
from lms.demo import courses as told

SOURCES = Path(settings.BASE_DIR) / "demo" / "packages"
Brought = TypeVar("Brought", bound=Package)
# The same bytes each time, whatever the clock of the machine says.
WRITTEN = (2026, 1, 1, 0, 0, 0)


def write_content(lesson: told.Interactive, *, by: Cadre, at: datetime) -> Content:
    """The interactive content of a lesson, with its library."""
    content = _brought(Content, lesson, by, f"{lesson.slug}.h5p")
    h5p.unpack(content=content, by=by, at=at)
    content.refresh_from_db()
    return content


def write_courseware(lesson: told.Scorm, *, by: Cadre) -> Courseware:
    """The SCORM courseware of a lesson."""
    courseware = _brought(Courseware, lesson, by, f"{lesson.slug}.zip")
    scorm.unpack(courseware=courseware)
    courseware.refresh_from_db()
    return courseware


def _brought(kind: type[Brought], lesson: told.Packed, by: Cadre, name: str) -> Brought:
    data = zipped(SOURCES / lesson.slug)
    package = kind(
        title=lesson.title,
        minutes=lesson.minutes,
        pass_percent=lesson.pass_percent,
        uploaded_by=by,
    )
    package.upload.save(name, ContentFile(data), save=False)
    package.save()
    return package


def zipped(folder: Path) -> bytes:
    """A folder as the archive that an authoring program would have made of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), WRITTEN)
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return target.getvalue()
