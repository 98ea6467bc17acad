"""A content as an .h5p again: itself and all its libraries, the same bytes in every run."""

import json
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.files.storage import default_storage

from courses.h5p.models import Content, Library, LibraryPatch
from courses.h5p.needs import TO_WRITE, needed_by
from courses.h5p.reading import CONTENT, CONTENT_JSON, H5P_JSON
from courses.packages.shelf import CHUNK, ending_of

# The first moment that a ZIP archive can name.
MOMENT = (1980, 1, 1, 0, 0, 0)
PACKED_ALREADY = {
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "mp4",
    "webm",
    "ogv",
    "mp3",
    "m4a",
    "ogg",
    "oga",
    "woff",
    "woff2",
}


def export(content: Content, to: BinaryIO) -> None:
    """Write a content that is ready, with what playing and writing it needs, as far as it is installed."""
    libraries = list(content.libraries.select_related("current"))
    with zipfile.ZipFile(to, "w") as archive:
        _write_json(archive, H5P_JSON, _package_json(content, libraries))
        _write_json(archive, CONTENT_JSON, content.params)
        for path in sorted(content.files):
            _copy(archive, CONTENT + path, f"{content.folder}/{path}")
        for patch in _patches(libraries):
            for path in sorted(patch.files):
                _copy(archive, f"{patch.library.directory}/{path}", f"{patch.folder}/{path}")


def _package_json(content: Content, libraries: list[Library]) -> dict[str, Any]:  # any JSON
    assert content.main is not None  # as the constraint says of contents that are ready
    return {
        **content.metadata,
        "mainLibrary": content.main.machine_name,
        "embedTypes": ["iframe"],
        "preloadedDependencies": [
            {"machineName": one.machine_name, "majorVersion": one.major, "minorVersion": one.minor}
            for one in sorted(libraries, key=lambda one: (one.pk != content.main_id, str(one)))
        ],
    }


def _patches(libraries: list[Library]) -> Iterator[LibraryPatch]:
    rows = LibraryPatch.objects.filter(current_of__in=needed_by(libraries, TO_WRITE)).select_related(
        "library"
    )
    yield from rows.order_by("library__machine_name", "library__major", "library__minor")


def _write_json(archive: zipfile.ZipFile, name: str, value: Any) -> None:  # any JSON
    archive.writestr(_entry(name), json.dumps(value, ensure_ascii=False))


def _copy(archive: zipfile.ZipFile, name: str, place: str) -> None:
    with default_storage.open(place) as file, archive.open(_entry(name), "w") as entry:
        for chunk in file.chunks(CHUNK):
            entry.write(chunk)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    is_packed = ending_of(name) in PACKED_ALREADY
    entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
