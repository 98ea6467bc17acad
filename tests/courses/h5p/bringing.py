"""Bringing packages as the desk does, and looking at what is left."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import TestCase

from accounts.models import Cadre
from courses.h5p import actions
from courses.h5p.models import Content, Library, LibraryPatch
from courses.packages.actions import ask_unpacking
from lms.jobs import runner
from tests.factories import CadreFactory

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


def installer() -> Cadre:
    """Somebody who may install libraries."""
    person: Cadre = CadreFactory()
    person.user_permissions.add(Permission.objects.get(codename="install_library"))
    return Cadre.objects.get(pk=person.pk)


def brought(package: bytes, by: Cadre | None = None, title: str = "防汛", **fields: object) -> Content:
    """A content just uploaded, its job waiting."""
    content = Content.objects.create(title=title, upload=ContentFile(package, "a.h5p"), **fields)
    ask_unpacking(package=content, by=by or installer(), at=AT)
    return content


def unpack(content: Content, by: Cadre | None = None) -> Content:
    """The content after it was unpacked, what follows a commit done too; raises Refused."""
    by = by or installer()
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.unpack(content=content, by=by, at=AT)
    return Content.objects.get(pk=content.pk)


def run(content: Content) -> Content:
    """The content after its job."""
    assert content.job_id is not None
    with TestCase.captureOnCommitCallbacks(execute=True):
        runner.run(content.job_id, now=lambda: AT)
    return Content.objects.select_related("job", "main__current").get(pk=content.pk)


def unpacked(package: bytes, by: Cadre | None = None, title: str = "防汛", **fields: object) -> Content:
    """A content that was brought and unpacked; fails with the reason where it was refused."""
    content = run(brought(package, by, title, **fields))
    assert content.is_ready, content.job and (content.job.words or content.job.error)
    return content


def on_disk(tmp_path: Path, package: bytes) -> Path:
    path = tmp_path / "brought.h5p"
    path.write_bytes(package)
    return path


def stored() -> list[str]:
    """Every file in the storage, by its path."""
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def nothing_is_left() -> bool:
    return not stored() and not Library.objects.exists() and not LibraryPatch.objects.exists()
