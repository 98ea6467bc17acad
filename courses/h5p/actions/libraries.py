"""Writes to the libraries: installing them, which patch plays, and removing them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from accounts.audit import audit
from accounts.models import Cadre
from courses.disk import clear_folder
from courses.h5p.actions.playing import hold_libraries, play_anew
from courses.h5p.declarations import is_runnable, read_needs
from courses.h5p.judging import LibraryDraft, judge_libraries
from courses.h5p.models import Content, Dependency, DependencyKind, Library, LibraryPatch
from courses.h5p.names import LibraryName
from courses.h5p.needs import installed, name_of, users_of
from courses.h5p.reading import read_libraries
from courses.packages.archives import Archive, open_archive
from courses.packages.refusals import Refused
from courses.packages.shelf import StoredFile, store
from lms.jobs.registry import Report, unheard


@dataclass(frozen=True)
class StoredLibrary:
    """A library whose files are written, and no row names them yet; nobody else writes to its folder."""

    draft: LibraryDraft
    folder: str
    files: dict[str, StoredFile]


class LibraryInUse(Exception):
    """A library is needed: by these contents, and by these other libraries."""

    def __init__(self, contents: Sequence[Content], libraries: Sequence[Library]) -> None:
        self.contents, self.libraries = contents, libraries
        super().__init__(f"{len(contents)} contents, {len(libraries)} libraries")


class WrongPatch(Exception):
    """The patch belongs to another library."""


def install_libraries(
    *, path: Path, by: Cadre, at: datetime, mark: str = "", report: Report = unheard
) -> list[LibraryPatch]:
    """Install what is new in a package, with or without a content; raises Refused.

    The caller has seen to it that `by` may do so. `mark` names this bringing, also when it starts anew.
    """
    with open_archive(path) as archive:
        brought = read_libraries(archive)
        if not brought:
            raise Refused("no_libraries")
        drafts = judge_libraries(archive, brought, report)
        stored = store_libraries(archive=archive, drafts=drafts, mark=mark or str(path), report=report)
    return keep_libraries(stored=stored, by=by, at=at)


def store_libraries(
    *, archive: Archive, drafts: Sequence[LibraryDraft], mark: str, report: Report
) -> list[StoredLibrary]:
    """Write the files of libraries; their rows follow in one transaction of the caller's.

    Each bringing has folders of its own, by its mark: who clears them takes nothing from anybody who brings
    the same at the same moment.
    """
    own = hashlib.sha256(mark.encode()).hexdigest()[:8]
    stored = []
    for done, draft in enumerate(drafts):
        report(done, len(drafts))
        inside, folder = draft.brought.folder, f"{draft.folder}-{own}"
        files = {
            file: store(archive=archive, name=f"{inside}/{file}", folder=folder, path=file)
            for file in draft.brought.files
        }
        stored.append(StoredLibrary(draft, folder, files))
    return stored


def keep_libraries(*, stored: Sequence[StoredLibrary], by: Cadre, at: datetime) -> list[LibraryPatch]:
    """Write the rows of libraries whose files are stored, all or none; holds all there are. Raises Refused.

    Safe to run twice and beside others: who comes second finds the same patch, or is refused for other bytes.
    """
    try:
        with transaction.atomic():
            transaction.on_commit(partial(_forget_libraries, stored))
            rows = sorted(stored, key=lambda one: one.draft.brought.name)
            # First those that come only now, in the order of their names; then all are held.
            libraries = [_library_of(one) for one in rows]
            hold_libraries()
            kept = (_keep_patch(one, library, by, at) for one, library in zip(rows, libraries, strict=True))
            patches = [patch for patch in kept if patch]
            _link(patches)
            play_anew({patch.library_id for patch in patches})
            if patches:
                audit("h5p.libraries_installed", by=by, at=at, libraries=[str(patch) for patch in patches])
    except Refused:
        _forget_libraries(stored)
        raise
    return patches


def _forget_libraries(stored: Sequence[StoredLibrary]) -> None:
    """Delete the files that no row names: refused, or installed by somebody else in the same moment."""
    for one in stored:
        if not LibraryPatch.objects.filter(folder=one.folder).exists():
            clear_folder(one.folder)


def set_patch(*, library: Library, patch: LibraryPatch, by: Cadre, at: datetime) -> None:
    """Have another installed patch play, a lower or a higher one; raises WrongPatch."""
    if patch.library_id != library.pk:
        raise WrongPatch
    with transaction.atomic():
        hold_libraries()
        kept = Library.objects.select_related("current").get(pk=library.pk)
        before = kept.current
        if before == patch:
            return
        _play(kept, patch)
        play_anew({kept.pk})
        was = before.patch if before else None
        audit("h5p.patch_set", by=by, at=at, library=str(kept), before=was, after=patch.patch)


def remove_library(*, library: Library) -> None:
    """Remove a library with all its patches and files; raises LibraryInUse."""
    with transaction.atomic():
        hold_libraries()
        kept = Library.objects.get(pk=library.pk)
        contents = list((kept.contents.all() | kept.main_of.all()).only("title"))
        others = users_of(kept)
        if contents or others:
            raise LibraryInUse(list(dict.fromkeys(contents)), others)
        folders = list(kept.patches.values_list("folder", flat=True))
        # A library that is only written with it is played without it.
        Dependency.objects.filter(library=kept).delete()
        kept.current = None
        kept.save(update_fields=["current"])
        kept.delete()
        for folder in folders:
            transaction.on_commit(partial(clear_folder, folder))


def _library_of(stored: StoredLibrary) -> Library:
    brought = stored.draft.brought
    machine_name, major, minor = brought.name
    library, _is_new = Library.objects.get_or_create(
        machine_name=machine_name, major=major, minor=minor, defaults={"title": brought.metadata["title"]}
    )
    return library


def _keep_patch(stored: StoredLibrary, library: Library, by: Cadre, at: datetime) -> LibraryPatch | None:
    """A new patch, which plays from now on; nothing where it is there already; raises Refused."""
    draft, brought = stored.draft, stored.draft.brought
    there = library.patches.filter(patch=brought.patch).first()
    if there is not None:
        if there.digest != draft.digest:
            raise Refused("library_differs", brought.json_name, library=str(brought))
        return None
    patch = LibraryPatch.objects.create(
        library=library,
        patch=brought.patch,
        digest=draft.digest,
        metadata=brought.metadata,
        semantics=brought.semantics,
        folder=stored.folder,
        files=stored.files,
        size_bytes=sum(file["bytes"] for file in stored.files.values()),
        installed_at=at,
        installed_by=by,
    )
    if not library.patches.filter(patch__gt=patch.patch).exists():
        _play(library, patch)
    return patch


def _play(library: Library, patch: LibraryPatch) -> None:
    library.current = patch
    library.title = patch.metadata["title"]
    library.is_runnable = is_runnable(patch.metadata)
    library.save(update_fields=["current", "title", "is_runnable"])


def _link(patches: Sequence[LibraryPatch]) -> None:
    """Write what new patches need, and what older ones needed of libraries that came only now."""
    came = {name_of(patch.library) for patch in patches}
    _link_to(patches, None)
    if came:
        older = LibraryPatch.objects.exclude(pk__in=[patch.pk for patch in patches])
        _link_to(older.only("metadata").iterator(chunk_size=50), came)


def _link_to(patches: Iterable[LibraryPatch], only: set[LibraryName] | None) -> None:
    asked = [
        (patch, kind, name)
        for patch in patches
        for kind, names in read_needs(patch.metadata, "").by_kind.items()
        for name in names
        if only is None or name in only
    ]
    there = installed({name for _patch, _kind, name in asked})
    rows = [
        Dependency(patch=patch, library=there[name], kind=DependencyKind(kind))
        for patch, kind, name in asked
        if name in there
    ]
    Dependency.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
