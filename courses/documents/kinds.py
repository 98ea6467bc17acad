"""What a file is, by its content and not by its name; office files are archives that may be hostile."""

import zipfile
from pathlib import PurePosixPath
from typing import IO

from courses.documents.refusals import MOST_BYTES, Refused

PDF, DOCX, PPTX, XLSX = "PDF", "DOCX", "PPTX", "XLSX"
# The part that an office file of each kind is about.
HEARTS = {DOCX: "word/document.xml", PPTX: "ppt/presentation.xml", XLSX: "xl/workbook.xml"}
WITH_MACROS = {"docm", "dotm", "pptm", "potm", "ppsm", "xlsm", "xltm", "xlsb"}
OF_BEFORE_2007 = {"doc", "ppt", "xls", "pps", "dot", "wps", "et", "dps"}
OLD_CONTAINER = b"\xd0\xcf\x11\xe0"
SEALED = "EncryptedPackage".encode("utf-16-le")
HEAD = 1024
MOST_ENTRIES = 5_000
MOST_UNPACKED = 256 * 1024 * 1024
MOST_XML = 64 * 1024 * 1024
MOST_RATIO = 200
RATIO_FROM = 4 * 1024 * 1024
CHUNK = 256 * 1024
OVERLAP = 16


def kind_of(file: IO[bytes], name: str, size: int) -> str:
    """The kind of a file that somebody brings; raises Refused. Only its directory is read, not unpacked."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if ending in WITH_MACROS:
        raise Refused("macros")
    if not size:
        raise Refused("empty")
    if size > MOST_BYTES:
        raise Refused("big", megabytes=MOST_BYTES // (1024 * 1024))
    kind = _by_content(file)
    if kind is None:
        raise Refused("old" if ending in OF_BEFORE_2007 else "kind")
    if ending != kind.lower():
        raise Refused("name", kind=f".{kind.lower()}")
    return kind


def _by_content(file: IO[bytes]) -> str | None:
    file.seek(0)
    head = file.read(HEAD)
    if b"%PDF-" in head:
        return PDF
    if head.startswith(OLD_CONTAINER):
        # A password turns an office file into a container of the old kind.
        raise Refused("locked" if SEALED in head + file.read(CHUNK) else "old")
    if not head.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            return _office_kind(archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Refused("broken") from error


def _office_kind(entries: list[zipfile.ZipInfo]) -> str | None:
    names = {entry.filename for entry in entries}
    kind = next((kind for kind, heart in HEARTS.items() if heart in names), None)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("locked")
    if len(names) != len(entries):
        raise Refused("broken")
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    text = sum(entry.file_size for entry in entries if is_xml(entry.filename))
    is_bomb = unpacked > RATIO_FROM and unpacked > MOST_RATIO * packed
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or text > MOST_XML or is_bomb:
        raise Refused("hard")
    return kind


def is_xml(name: str) -> bool:
    """Whether an entry of an office file is read as XML."""
    return name.lower().endswith((".xml", ".rels", ".vml"))


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Office files declare no entities, so one that does means harm; raises Refused("broken").

    zipfile stops at the size that the directory told, so what `kind_of` has summed up holds.
    """
    for entry in archive.infolist():
        if not is_xml(entry.filename):
            continue
        with archive.open(entry) as part:
            rest = b""
            while chunk := part.read(CHUNK):
                piece = rest + chunk
                # Another encoding could hide a declaration; these programs write UTF-8 and nothing else.
                if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece or b"\0" in piece:
                    raise Refused("broken")
                rest = piece[-OVERLAP:]
    content_types = (
        archive.read("[Content_Types].xml") if "[Content_Types].xml" in archive.namelist() else b""
    )
    if b"macroEnabled" in content_types:
        raise Refused("macros")
