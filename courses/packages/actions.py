"""Writes that packages of every format have in common: having one unpacked, and deleting one."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Cadre
from courses.disk import clear_folder
from courses.packages.archives import Archive, open_archive
from courses.packages.models import TITLE_LENGTH, Package
from courses.packages.refusals import Refused
from courses.packages.shelf import on_disk
from lms.jobs.actions import enqueue

P = TypeVar("P", bound=Package)


@dataclass(frozen=True)
class Unpacking:
    """A package while it is unpacked: `folder` is where its files go, named by what was brought."""

    archive: Archive
    digest: str
    folder: str


@transaction.atomic
def ask_unpacking(*, package: Package, by: Cadre, at: datetime) -> None:
    """Have the file that a package was brought with unpacked in the background; twice is once."""
    upload = package.upload.name
    args = {"package": package.pk, "upload": upload, "by": by.pk}
    package.job = enqueue(package.unpacking, args, at=at, key=f"{package.unpacking}:{package.pk}:{upload}")
    package.uploaded_by = by
    package.save(update_fields=["job", "uploaded_by"])


def asked(kind: type[P], args: Mapping[str, Any]) -> P | None:  # Any: a job's arguments
    """The package that a job is to unpack; None where that is done, or it was replaced or deleted."""
    found: P | None = kind._default_manager.filter(pk=args["package"], upload=args["upload"]).first()
    return found


@contextmanager
def unpacking(package: Package) -> Iterator[Unpacking]:
    """Read what was brought, once; if it is refused, nothing of it stays but the title."""
    digest, folder = hashlib.sha256(), ""
    try:
        with on_disk(package.upload, digest.update) as path:
            folder = f"{package.root}/{package.pk}/{digest.hexdigest()[:16]}"
            with open_archive(path) as archive:
                yield Unpacking(archive, digest.hexdigest(), folder)
    except Refused:
        # After other errors the files stay: the next run writes over them, perhaps already at this moment.
        forget_files(package=package, folder=folder)
        _forget_upload(package)
        raise


def still_asked(package: P) -> P | None:
    """The package with its row held; None where another run, another file or its deletion was faster."""
    rows = type(package)._default_manager.select_for_update()
    found: P | None = rows.filter(pk=package.pk, upload=package.upload.name).first()
    return found


def put_in_place(package: Package, made: Unpacking, *, title: str) -> None:
    """Let a held package be what was made of it; what it was brought in and was before goes. Not saved.

    It is called by the title that it brings where nobody gave one.
    """
    package.title = package.title or title.strip()[:TITLE_LENGTH] or str(package)
    upload, before = package.upload.name, package.folder
    package.upload, package.digest, package.folder = "", made.digest, made.folder
    package.size_bytes = sum(file["bytes"] for file in package.files.values())
    transaction.on_commit(partial(_delete, before if before != made.folder else "", upload))


def forget_files(*, package: Package, folder: str) -> None:
    """Delete what was unpacked in vain; what another run has put in place meanwhile stays."""
    if not type(package)._default_manager.filter(pk=package.pk, folder=folder).exists():
        clear_folder(folder)


def drop_package(*, package: Package) -> None:
    """Delete a package with its files; raises ProtectedError while a lesson or an attempt names it."""
    with transaction.atomic():
        folder, upload = f"{package.root}/{package.pk}", package.upload.name
        package.delete()
        transaction.on_commit(partial(_delete, folder, upload))


def _forget_upload(package: Package) -> None:
    """What was unpacked before stays as it was; the job has the words for what came now."""
    with transaction.atomic():
        kept = still_asked(package)
        if kept is not None:
            upload, kept.title, kept.upload = kept.upload.name, str(kept), ""
            kept.save(update_fields=["title", "upload"])
            transaction.on_commit(partial(_delete, "", upload))


def _delete(folder: str, upload: str | None) -> None:
    clear_folder(folder)
    if upload:
        default_storage.delete(upload)
