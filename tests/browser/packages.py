"""Brings packages into a demo and tells, as JSON, where each is played.

Run by DemoSite in the environment of its site: `python -m tests.browser.packages a.h5p b.zip`.
"""

import json
import os
import sys
from pathlib import Path
from typing import TypedDict

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
django.setup()

from django.core.files.base import ContentFile  # noqa: E402  # models exist only after setup()
from django.utils import timezone  # noqa: E402

from accounts.models import Cadre  # noqa: E402
from courses.h5p import actions  # noqa: E402
from courses.h5p.addresses import frame_address  # noqa: E402
from courses.h5p.models import Content  # noqa: E402
from courses.packages.actions import ask_unpacking  # noqa: E402
from courses.scorm import actions as scorm  # noqa: E402
from courses.scorm.addresses import host_address  # noqa: E402
from courses.scorm.models import Courseware  # noqa: E402


class Brought(TypedDict):
    """A package in the demo, by its key."""

    package: int
    address: str


def bring(path: Path, by: Cadre) -> Brought:
    """Unpack a package as its job does, and sign its address for somebody."""
    at = timezone.now()
    if path.suffix == ".zip":
        return _courseware(path, by)
    content = Content.objects.create(title=path.stem, upload=ContentFile(path.read_bytes(), path.name))
    ask_unpacking(package=content, by=by, at=at)
    actions.unpack(content=Content.objects.get(pk=content.pk), by=by, at=at)
    address = frame_address(content_id=content.pk, person_id=by.pk, now=at.timestamp())
    return Brought(package=content.pk, address=address)


def _courseware(path: Path, by: Cadre) -> Brought:
    at = timezone.now()
    courseware = Courseware.objects.create(title=path.stem, upload=ContentFile(path.read_bytes(), path.name))
    ask_unpacking(package=courseware, by=by, at=at)
    scorm.unpack(courseware=Courseware.objects.get(pk=courseware.pk))
    address = host_address(courseware_id=courseware.pk, person_id=by.pk, now=at.timestamp())
    return Brought(package=courseware.pk, address=address)


def main(paths: list[str]) -> None:
    """Bring all and print them in their order."""
    by = Cadre.objects.filter(is_superuser=True).order_by("pk")[0]
    sys.stdout.write(json.dumps([bring(Path(path), by) for path in paths]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
