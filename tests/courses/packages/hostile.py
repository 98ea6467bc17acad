"""Archives that nobody should bring, each made by hand where `zipfile` would not make it."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable

from courses.packages.directory import MOST_FILE, MOST_FILES

Corpus = dict[str, tuple[Callable[[], bytes], str, str]]
LONG = "a" * 201


def entry(name: str = "a.txt", content: bytes = b"a", **fields: object) -> bytes:
    """An archive of one entry, whose `ZipInfo` has the given fields."""
    return entries([(name, content, fields)])


def entries(rows: list[tuple[str, bytes, dict[str, object]]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content, fields in rows:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in fields.items():
                setattr(info, key, value)
            made.writestr(info, content)
    return file.getvalue()


def names(*wanted: str) -> bytes:
    return entries([(name, b"" if name.endswith("/") else b"a", {}) for name in wanted])


def in_directory(archive: bytes, offset: int, form: str, value: int) -> bytes:
    """The archive with a field of its first entry in the central directory overwritten."""
    place = archive.index(b"PK\1\2") + offset
    changed = bytearray(archive)
    struct.pack_into(form, changed, place, value)
    return bytes(changed)


def locked() -> bytes:
    return in_directory(entry(), 8, "<H", 1)


def other_name() -> bytes:
    """The name in the list is harmless, the one before the bytes is not."""
    return entry().replace(b"a.txt", b"b.txt", 1)


def raw_name(name: str) -> bytes:
    """A name that `zipfile` would tidy up while writing."""
    stand_in = "x" * len(name.encode())
    return entry(stand_in).replace(stand_in.encode(), name.encode())


def overlapping() -> bytes:
    """Two names for one place: the second entry of the list leads to the bytes of the first."""
    archive = names("a.txt", "b.txt")
    second = archive.rindex(b"PK\1\2")
    changed = bytearray(archive)
    struct.pack_into("<L", changed, second + 42, 0)
    return bytes(changed)


def nested() -> bytes:
    """A file that lies inside another one's bytes, name and all."""
    inner = entries([("in.txt", b"b" * 40, {"compress_type": zipfile.ZIP_STORED})])
    inner_local = inner[: inner.index(b"PK\1\2")]
    outer = entries([("out.txt", inner_local, {"compress_type": zipfile.ZIP_STORED})])
    at = outer.index(inner_local)
    directory, inner_directory = outer.index(b"PK\1\2", at + len(inner_local)), inner.index(b"PK\1\2")
    inner_row = bytearray(inner[inner_directory : inner.index(b"PK\5\6")])
    struct.pack_into("<L", inner_row, 42, at)
    ending = bytearray(outer[outer.index(b"PK\5\6", directory) :])
    rows = outer[directory : outer.index(b"PK\5\6", directory)] + bytes(inner_row)
    struct.pack_into("<2HL", ending, 8, 2, 2, len(rows))
    return outer[:directory] + rows + bytes(ending)


def states_less() -> bytes:
    return in_directory(entry(content=b"a" * 50), 24, "<L", 10)


def states_more() -> bytes:
    return in_directory(entry(content=b"a" * 50), 24, "<L", 60)


def wrong_sum() -> bytes:
    return in_directory(entry(), 16, "<L", 7)


def torn() -> bytes:
    """Deflated bytes that make no sense."""
    archive = bytearray(entry(content=bytes(range(200))))
    archive[36:46] = b"\xff" * 10
    return bytes(archive)


def zip64() -> bytes:
    archive = entry()
    ending = archive.index(b"PK\5\6")
    return archive[:ending] + b"PK\6\7" + b"\0" * 16 + archive[ending:]


def bomb() -> bytes:
    return entry("zeros.txt", b"\0" * (8 << 20), compress_type=zipfile.ZIP_DEFLATED)


def many_bombs() -> bytes:
    """No file grows too much by itself, all of them together do."""
    return entries([(f"{number}.txt", b"\0" * (1 << 20), {}) for number in range(60)])


def wide_directory() -> bytes:
    archive = bytearray(entry())
    struct.pack_into("<L", archive, archive.index(b"PK\5\6") + 12, 5 << 20)
    return bytes(archive)


# Refused by their directory alone.
BY_DIRECTORY: Corpus = {
    "no archive": (lambda: b"%PDF-1.4 something else", "no_zip", ""),
    "empty": (lambda: b"", "no_zip", ""),
    "cut off": (lambda: entry()[:-10], "no_zip", ""),
    "directory elsewhere": (lambda: entry()[40:], "broken", ""),
    "wide directory": (wide_directory, "many", ""),
    "absolute": (lambda: raw_name("/etc/passwd"), "name", "/etc/passwd"),
    "upwards": (lambda: names("../a.txt"), "name", "../a.txt"),
    "upwards inside": (lambda: names("content/../../a.txt"), "name", "content/../../a.txt"),
    "here": (lambda: names("./a.txt"), "name", "./a.txt"),
    "nothing between": (lambda: names("a//b.txt"), "name", "a//b.txt"),
    "backslash": (lambda: raw_name("..\\a.txt"), "name", "..\\a.txt"),
    "drive": (lambda: names("C:/a.txt"), "letters", "C:/a.txt"),
    "stream": (lambda: names("a.txt:b"), "letters", "a.txt:b"),
    "NUL": (lambda: raw_name("a\0.txt"), "letters", "a\0.txt"),
    "line break": (lambda: names("a\nb.txt"), "letters", "a\nb.txt"),
    "written backwards": (lambda: names("a\u202etxt.js"), "letters", "a\u202etxt.js"),
    "trailing dot": (lambda: names("a./b.txt"), "name", "a./b.txt"),
    "trailing space": (lambda: names("a.txt "), "name", "a.txt "),
    "long": (lambda: names(LONG), "long_name", LONG),
    "deep": (lambda: names("a/" * 300 + "b"), "long_name", "a/" * 300 + "b"),
    "link": (lambda: entry(external_attr=(stat.S_IFLNK | 0o777) << 16), "link", "a.txt"),
    "device": (lambda: entry(external_attr=(stat.S_IFCHR | 0o666) << 16), "link", "a.txt"),
    "pipe": (lambda: entry(external_attr=(stat.S_IFIFO | 0o666) << 16), "link", "a.txt"),
    "password": (locked, "locked", "a.txt"),
    "bzip2": (lambda: entry(compress_type=zipfile.ZIP_BZIP2), "packing", "a.txt"),
    "lzma": (lambda: entry(compress_type=zipfile.ZIP_LZMA), "packing", "a.txt"),
    "zip64": (zip64, "zip64", ""),
    "twice": (lambda: names("a.txt", "a.txt"), "twice", "a.txt"),
    "twice but for case": (lambda: names("a.txt", "A.TXT"), "twice", "A.TXT"),
    "twice but for composition": (lambda: names("\u00e9.txt", "e\u0301.txt"), "twice", "e\u0301.txt"),
    "file and folder": (lambda: names("a", "a/b.txt"), "clash", "a"),
    "file and empty folder": (lambda: names("a", "a/"), "clash", "a"),
    "other name": (other_name, "other_name", "a.txt"),
    "same bytes": (overlapping, "other_name", "b.txt"),
    "one inside the other": (nested, "overlap", "in.txt"),
    "bomb": (bomb, "dense_file", "zeros.txt"),
    "many bombs": (many_bombs, "dense", ""),
    "states too much": (
        lambda: in_directory(entry(), 24, "<L", MOST_FILE + 1),
        "big_file",
        "a.txt",
    ),
    "too many": (lambda: names(*(f"{n}.txt" for n in range(MOST_FILES + 1))), "many", ""),
}
# Found out only while they are read.
BY_READING: Corpus = {
    "states less": (states_less, "size", "a.txt"),
    "states more": (states_more, "size", "a.txt"),
    "wrong sum": (wrong_sum, "damaged", "a.txt"),
    "torn": (torn, "damaged", "a.txt"),
}
