"""Packages from which only the libraries are installed; the upload is gone when the job ends."""

from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage

from accounts.models import Cadre
from courses.h5p.actions import install_libraries
from courses.h5p.rights import may_install
from courses.packages.shelf import on_disk
from lms.jobs.actions import enqueue
from lms.jobs.models import Job
from lms.jobs.registry import Report

INSTALLING = "h5p.install"


class MayNotInstall(Exception):
    """The right was taken away, or was never there."""


def ask_installing(*, upload: "File[bytes]", digest: str, by: Cadre, at: datetime) -> Job:
    """Have the libraries of a package installed in the background; asking twice meanwhile is asking once."""
    name = default_storage.save(f"packages/libraries/{digest}.h5p", upload)
    job = enqueue(INSTALLING, {"upload": name, "by": by.pk}, at=at, key=f"{INSTALLING}:{digest}:{by.pk}")
    if job.args["upload"] != name:
        default_storage.delete(name)
    return job


def install_upload(*, name: str, by: Cadre, at: datetime, report: Report) -> list[str]:
    """Install what an upload brings, and say which; raises Refused and MayNotInstall."""
    if not may_install(by):
        raise MayNotInstall
    with on_disk(default_storage.open(name)) as path:
        patches = install_libraries(path=path, by=by, at=at, mark=name, report=report)
    return [str(patch) for patch in patches]


def forget_upload(*, name: str) -> None:
    """Nothing of the upload stays."""
    default_storage.delete(name)
