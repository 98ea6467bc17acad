"""What h5p.json and library.json have to say, and how it is read out of them."""

import posixpath
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from courses.h5p.names import CORE_API, LibraryName, version
from courses.packages.refusals import Refused

Json = Mapping[str, Any]  # Any: JSON
Answer = TypeVar("Answer")
MOST_DEPENDENCIES = 500
MOST_TEXT = 255
KINDS = {
    "PRELOADED": "preloadedDependencies",
    "DYNAMIC": "dynamicDependencies",
    "EDITOR": "editorDependencies",
}
# What h5p.json says of its package and not of its content; it is written anew on export.
OF_PACKAGE = {*KINDS.values(), "mainLibrary", "embedTypes"}
ARE_TEXT = (
    "license",
    "licenseVersion",
    "licenseExtras",
    "source",
    "a11yTitle",
    "defaultLanguage",
    "language",
)
ARE_LISTS = ("authors", "changes")


@dataclass(frozen=True)
class Needs:
    """The libraries that something needs, by the kinds of KINDS."""

    by_kind: dict[str, list[LibraryName]]

    @property
    def to_play(self) -> list[LibraryName]:
        """Those without which nothing is played."""
        return [*self.by_kind["PRELOADED"], *self.by_kind["DYNAMIC"]]


@dataclass(frozen=True)
class PackageFacts:
    """What h5p.json says."""

    main: LibraryName
    needs: Needs
    metadata: dict[str, Any]  # any JSON


def read_package_json(said: object, name: str) -> PackageFacts:
    """Judge h5p.json; raises Refused."""
    if not isinstance(said, dict):
        raise Refused("field", name, field="mainLibrary")
    _text(said, "title", name)
    for field in ARE_TEXT:
        _must_be(said, field, str, name)
    for field in ARE_LISTS:
        _must_be(said, field, list, name)
    needs = read_needs(said, name)
    main = next((one for one in needs.to_play if one.machine_name == said.get("mainLibrary")), None)
    if main is None:
        raise Refused("no_main", name)
    metadata = {key: value for key, value in said.items() if key not in OF_PACKAGE}
    return PackageFacts(main, needs, metadata)


def read_needs(said: Json, name: str) -> Needs:
    """What the lists of dependencies name; raises Refused."""
    return Needs({kind: _dependencies(said, field, name) for kind, field in KINDS.items()})


def read_library_json(said: object, name: str, files: Collection[str]) -> tuple[LibraryName, int]:
    """Judge library.json against the files of its folder: its name, and its patch; raises Refused."""
    if not isinstance(said, dict):
        raise Refused("field", name, field="machineName")
    _text(said, "title", name)
    library = _or_refused(lambda: LibraryName.from_json(said), name)
    patch = _or_refused(lambda: version(said, "patchVersion"), name)
    _must_have_core(said, name)
    read_needs(said, name)
    for field in ("preloadedJs", "preloadedCss"):
        for path in paths_of(said, field, name):
            if path not in files:
                raise Refused("library_file", name, file=path)
    return library, patch


def paths_of(said: Json, field: str, name: str) -> list[str]:
    """The files that a library preloads, in its order, as paths inside its folder; raises Refused."""
    rows = said.get(field) or []
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("path"), str) and row["path"].strip() for row in rows
    ):
        raise Refused("field", name, field=field)
    return [posixpath.normpath(row["path"].strip()) for row in rows]


def is_runnable(said: Json) -> bool:
    """Whether a library can be the main one of a content."""
    return _is_yes(said.get("runnable"))


def is_full_screen(said: Json) -> bool:
    """Whether a library offers the whole screen by itself."""
    return _is_yes(said.get("fullscreen"))


def _is_yes(value: object) -> bool:
    """1, "1" and true all mean it."""
    return value in (1, "1", True)


def _dependencies(said: Json, field: str, name: str) -> list[LibraryName]:
    rows = said.get(field) or []
    if not isinstance(rows, list) or len(rows) > MOST_DEPENDENCIES:
        raise Refused("field", name, field=field)
    if not all(isinstance(row, dict) for row in rows):
        raise Refused("field", name, field=field)
    return _or_refused(lambda: list(dict.fromkeys(map(LibraryName.from_json, rows))), name)


def _must_have_core(said: Json, name: str) -> None:
    needed = said.get("coreApi")
    if needed is None:
        return
    if not isinstance(needed, dict):
        raise Refused("field", name, field="coreApi")
    asked = _or_refused(lambda: (version(needed, "majorVersion"), version(needed, "minorVersion")), name)
    if asked > CORE_API:
        raise Refused("core", name, needed="{}.{}".format(*asked), have="{}.{}".format(*CORE_API))


def _text(said: Json, field: str, name: str) -> None:
    text = said.get(field)
    if not (isinstance(text, str) and text.strip() and len(text) <= MOST_TEXT):
        raise Refused("field", name, field=field)


def _must_be(said: Json, field: str, kind: type, name: str) -> None:
    if said.get(field) is not None and not isinstance(said[field], kind):
        raise Refused("field", name, field=field)


def _or_refused(read: Callable[[], Answer], name: str) -> Answer:
    try:
        return read()
    except ValueError as error:
        raise Refused("field", name, field=str(error)) from error
