"""An H5P package as it was brought: what it says of itself, its libraries, its content; nothing is kept."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.h5p.declarations import (
    Needs,
    PackageFacts,
    read_library_json,
    read_needs,
    read_package_json,
)
from courses.h5p.file_types import is_hidden, is_kept_of_library, may_be_in_content
from courses.h5p.names import LibraryName
from courses.packages.archives import Archive
from courses.packages.refusals import MEGABYTE, Refused
from courses.packages.shelf import ending_of

H5P_JSON, CONTENT_JSON = "h5p.json", "content/content.json"
CONTENT = "content/"
MOST_PARAMS = 8 * MEGABYTE


@dataclass(frozen=True)
class BroughtLibrary:
    """A library in a package; `files` are the paths in its folder that would be stored."""

    folder: str
    name: LibraryName
    patch: int
    metadata: dict[str, Any]  # any JSON
    semantics: list[Any]  # any JSON
    files: list[str]

    @property
    def needs(self) -> Needs:
        """The libraries that it needs."""
        return read_needs(self.metadata, self.json_name)

    @property
    def json_name(self) -> str:
        """The file in the package that says all this."""
        return f"{self.folder}/library.json"

    def __str__(self) -> str:
        return f"{self.name}.{self.patch}"


def read_libraries(archive: Archive) -> dict[LibraryName, BroughtLibrary]:
    """Every library of the package; raises Refused."""
    libraries: dict[LibraryName, BroughtLibrary] = {}
    for folder, files in _folders(archive).items():
        if "library.json" in files:
            brought = _read_library(archive, folder, files)
            if brought.name in libraries:
                raise Refused("library_twice", brought.json_name, library=str(brought.name))
            libraries[brought.name] = brought
    return libraries


def read_facts(archive: Archive) -> PackageFacts:
    """What h5p.json says; raises Refused."""
    return read_package_json(archive.json(H5P_JSON), H5P_JSON)


def read_params(archive: Archive) -> dict[str, Any]:  # any JSON
    """The parameters of the content; raises Refused."""
    params = archive.json(CONTENT_JSON, most=MOST_PARAMS)
    if not isinstance(params, dict):
        raise Refused("params", CONTENT_JSON)
    return params


def content_files(archive: Archive) -> list[str]:
    """The content's files by their paths below `content/`, its parameters left out; raises Refused."""
    inside = [name for name in archive.names if name.startswith(CONTENT) and name != CONTENT_JSON]
    files = [name.removeprefix(CONTENT) for name in inside]
    kept = [file for file in files if not is_hidden(file)]
    for file in kept:
        if not may_be_in_content(file):
            raise Refused("type", CONTENT + file)
        if ending_of(file) == "json":
            archive.json(CONTENT + file)
    return kept


def digest_of(archive: Archive, library: BroughtLibrary) -> str:
    """What tells two libraries apart: SHA-256 over the paths and digests of the files that are stored."""
    return digest_over({file: _sha256(archive, f"{library.folder}/{file}") for file in library.files})


def digest_over(files: Mapping[str, str]) -> str:
    """SHA-256 over paths and their digests, in the order of the paths."""
    lines = (f"{path}\0{digest}\n" for path, digest in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _sha256(archive: Archive, name: str) -> str:
    digest = hashlib.sha256()
    for chunk in archive.chunks(name):
        digest.update(chunk)
    return digest.hexdigest()


def _folders(archive: Archive) -> dict[str, list[str]]:
    """The files of every folder at the top, hidden ones and the content left out."""
    folders: dict[str, list[str]] = {}
    for name in archive.names:
        folder, slash, file = name.partition("/")
        if slash and f"{folder}/" != CONTENT and not is_hidden(folder):
            folders.setdefault(folder, []).append(file)
    return folders


def _read_library(archive: Archive, folder: str, files: Collection[str]) -> BroughtLibrary:
    kept = sorted(filter(is_kept_of_library, files))
    json_name = f"{folder}/library.json"
    metadata = archive.json(json_name)
    name, patch = read_library_json(metadata, json_name, kept)
    semantics = archive.json(f"{folder}/semantics.json") if "semantics.json" in files else []
    if not isinstance(semantics, list) or not all(map(_is_field, _fields(semantics))):
        raise Refused("semantics", f"{folder}/semantics.json")
    return BroughtLibrary(folder, name, patch, metadata, semantics, kept)


def _fields(semantics: list[Any]) -> Iterator[Any]:  # Any: JSON
    for field in semantics:
        yield field
        if isinstance(field, dict):
            inner = field.get("fields")
            yield from _fields(inner if isinstance(inner, list) else [])
            if "field" in field:
                yield from _fields([field["field"]])


def _is_field(field: object) -> bool:
    """Whether a field has what the cleaning of parameters reads of it."""
    if not isinstance(field, dict) or not isinstance(field.get("type", ""), str):
        return False
    kinds = {"name": str, "fields": list, "field": dict, "tags": list}
    return all(isinstance(field[key], kind) for key, kind in kinds.items() if field.get(key) is not None)
