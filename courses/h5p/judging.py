"""What of a package would be kept, its content and its new libraries; nothing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from courses.h5p.cleaning import Cleaner, clean_metadata
from courses.h5p.declarations import PackageFacts, is_runnable
from courses.h5p.findings import Finding, find
from courses.h5p.models import Library, LibraryPatch
from courses.h5p.names import LibraryName, listed
from courses.h5p.needs import installed, named_in
from courses.h5p.parts import ASKING, parts_of
from courses.h5p.reading import (
    H5P_JSON,
    BroughtLibrary,
    content_files,
    digest_of,
    read_facts,
    read_libraries,
    read_params,
)
from courses.packages.archives import Archive
from courses.packages.refusals import Refused
from lms.jobs.registry import Report


@dataclass(frozen=True)
class LibraryDraft:
    """A library that is to be installed."""

    brought: BroughtLibrary
    digest: str

    @property
    def folder(self) -> str:
        """How the folder begins in which its files lie; the name says what is in it, so it never changes."""
        name = self.brought.name
        return f"h5p/libraries/{name.directory}.{self.brought.patch}-{self.digest[:8]}"


@dataclass(frozen=True)
class ContentDraft:
    """A content that is to be kept, and the libraries that have to be installed for it."""

    main: LibraryName
    used: set[LibraryName]
    params: dict[str, Any]  # any JSON
    metadata: dict[str, Any]  # any JSON
    findings: list[Finding]
    parts: list[str]
    files: list[str]
    libraries: list[LibraryDraft]


def judge_content(archive: Archive, *, may_install: bool, report: Report) -> ContentDraft:
    """Judge a package with a content; raises Refused. Without the right, its libraries count for nothing."""
    facts, params = read_facts(archive), read_params(archive)
    files = content_files(archive)
    brought = read_libraries(archive)
    drafts = judge_libraries(archive, brought, report) if may_install else []
    coming = {draft.brought.name: draft.brought for draft in drafts}
    there = installed({facts.main, *facts.needs.to_play, *named_in(params)})
    _must_be_at_hand(facts, {*there, *coming}, brought)
    said = {**{name: _said(library) for name, library in there.items()}, **_said_by(coming)}
    if not is_runnable(said[facts.main][0]):
        raise Refused("not_runnable", H5P_JSON, library=str(facts.main))
    cleaner = Cleaner({name: semantics for name, (_metadata, semantics) in said.items()}, set(files))
    cleaned, metadata = cleaner.clean(facts.main, params), clean_metadata(facts.metadata)
    asking = ASKING | {name.machine_name for name, (metadata_, _s) in said.items() if _is_question(metadata_)}
    return ContentDraft(
        main=facts.main,
        used=cleaner.used,
        params=cleaned,
        metadata=metadata,
        findings=find(cleaned, metadata),
        parts=parts_of(facts.main.machine_name, cleaned, asking),
        files=files,
        libraries=drafts,
    )


Said = tuple[dict[str, Any], list[Any]]  # Any: library.json and semantics.json


def _said(library: Library) -> Said:
    assert library.current is not None  # `installed` gives no others
    return library.current.metadata, library.current.semantics


def _said_by(coming: Mapping[LibraryName, BroughtLibrary]) -> dict[LibraryName, Said]:
    return {name: (library.metadata, library.semantics) for name, library in coming.items()}


def _must_be_at_hand(
    facts: PackageFacts, at_hand: set[LibraryName], brought: Mapping[LibraryName, BroughtLibrary]
) -> None:
    missing = {facts.main, *facts.needs.to_play} - at_hand
    if missing:
        code = "no_right" if missing <= brought.keys() else "needs"
        raise Refused(code, H5P_JSON, missing=listed(missing))


def _is_question(metadata: Mapping[str, Any]) -> bool:  # Any: JSON
    """Whether a library says of itself that it asks something."""
    return str(metadata.get("contentType", "")).lower() == "question"


def judge_libraries(
    archive: Archive, brought: Mapping[LibraryName, BroughtLibrary], report: Report
) -> list[LibraryDraft]:
    """Those that are new: a first version, or a higher patch; a lower one is passed over. Raises Refused."""
    known = _known_patches(brought)
    drafts = []
    for done, (name, library) in enumerate(sorted(brought.items())):
        report(done, len(brought))
        patches = known.get(name, {})
        if library.patch in patches:
            if patches[library.patch] != digest_of(archive, library):
                raise Refused("library_differs", library.json_name, library=str(library))
        elif library.patch > max(patches, default=-1):
            drafts.append(LibraryDraft(library, digest_of(archive, library)))
    _must_have_what_they_need(drafts)
    return drafts


def _known_patches(names: Iterable[LibraryName]) -> dict[LibraryName, dict[int, str]]:
    rows = LibraryPatch.objects.filter(library__machine_name__in={name.machine_name for name in names})
    known: dict[LibraryName, dict[int, str]] = {}
    keys = ("library__machine_name", "library__major", "library__minor", "patch", "digest")
    for machine_name, major, minor, patch, digest in rows.order_by().values_list(*keys):
        known.setdefault(LibraryName(machine_name, major, minor), {})[patch] = digest
    return known


def _must_have_what_they_need(drafts: list[LibraryDraft]) -> None:
    coming = {draft.brought.name for draft in drafts}
    wanted = {need for draft in drafts for need in draft.brought.needs.to_play} - coming
    at_hand = coming | installed(wanted).keys()
    for draft in drafts:
        if missing := set(draft.brought.needs.to_play) - at_hand:
            raise Refused("needs", draft.brought.json_name, missing=listed(missing))
