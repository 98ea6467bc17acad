"""Where the files of a package lie: in the storage, below its folder, with the paths they have inside it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TypedDict

from django.core.files.base import File
from django.core.files.storage import default_storage

from courses.packages.archives import Archive

CHUNK = 1 << 20
# Said to browsers by our own table: what a machine believes about endings differs from machine to machine.
TYPES = {
    "json": "application/json",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "css": "text/css",
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "application/xhtml+xml",
    "xml": "application/xml",
    "xsd": "application/xml",
    "dtd": "application/xml-dtd",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "ico": "image/x-icon",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "eot": "application/vnd.ms-fontobject",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "wav": "audio/wav",
    "txt": "text/plain",
    "md": "text/plain",
    "csv": "text/csv",
    "vtt": "text/vtt",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
UNKNOWN = "application/octet-stream"


class StoredFile(TypedDict):
    """What a package says of one of its unpacked files."""

    bytes: int
    type: str
    sha256: str


def ending_of(name: str) -> str:
    """The ending of a file's name in small letters, without its dot."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


def type_of(name: str) -> str:
    """What browsers are told that a file is, by its ending."""
    return TYPES.get(ending_of(name), UNKNOWN)


def store(*, archive: Archive, name: str, folder: str, path: str = "") -> StoredFile:
    """Copy a file of the archive below a folder, as `path` there or with its own; raises Refused.

    A file that an earlier run left there is replaced, so that the name is always the one that was meant.
    """
    with tempfile.TemporaryFile() as copy:
        facts = archive.copy(name, copy)
        put(f"{folder}/{path or name}", copy)
    return StoredFile(bytes=facts["bytes"], type=type_of(name), sha256=facts["sha256"])


def put(place: str, file: IO[bytes]) -> None:
    """Write a file to its place in the storage, over whatever lies there."""
    file.seek(0)
    default_storage.delete(place)
    kept = default_storage.save(place, File(file))
    if kept != place:  # somebody wrote the same at the same moment, and the storage gave ours another name
        default_storage.delete(kept)


@contextmanager
def on_disk(upload: "File[bytes]", note: Callable[[bytes], None] = lambda chunk: None) -> Iterator[Path]:
    """An uploaded file as a path of its own, wherever the storage keeps it; `note` hears of every chunk."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as copy:
        with upload.open("rb") as file:
            for chunk in file.chunks(CHUNK):
                note(chunk)
                copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
