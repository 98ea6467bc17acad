"""The central directory of a ZIP archive: what it lists, and why that would be refused."""

import stat
import struct
import unicodedata
import zipfile
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import IO

from courses.packages.refusals import MEGABYTE, Refused

MOST_FILES = 5_000
MOST_FILE = 64 * MEGABYTE
MOST_IN_ALL = 512 * MEGABYTE
MOST_RATIO = 200
# Below this a file may be as dense as it likes: a small picture of one colour is no bomb.
RATIO_FROM = MEGABYTE
MOST_DIRECTORY = 4 * MEGABYTE
MOST_NAME_BYTES = 200
MOST_PATH_BYTES = 500

LOCAL = struct.Struct("<4s5H3L2H")
ENDING = struct.Struct("<4s4H2LH")
ENDING_MARK, ZIP64_MARK, LOCAL_MARK = b"PK\5\6", b"PK\6\7", b"PK\3\4"
ZIP64_LOCATOR = 20
MOST_COMMENT = 1 << 16
IN_UTF8 = 0x800
# A password, strong encryption, an encrypted directory.
LOCKED = 0x1 | 0x40 | 0x2000
# What packers of macOS and Windows add by themselves.
LITTER_FOLDER = "__MACOSX"
LITTER = {".ds_store", "thumbs.db", "desktop.ini"}
NOT_IN_NAMES = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
RESERVED = set('<>:"|?*')


@dataclass(frozen=True)
class Entry:
    """A file of the archive: where its bytes begin, how many there are packed and unpacked, their CRC-32."""

    start: int
    packed: int
    size: int
    crc: int
    is_deflated: bool


def entries_of(file: IO[bytes]) -> dict[str, Entry]:
    """Every file by its path, after the whole directory was judged; raises Refused."""
    length = _must_be_small(file)
    listed = _listed(file)
    if len(listed) > MOST_FILES:
        raise Refused("many", most=MOST_FILES)
    named = [(_name_of(info), info) for info in listed]
    for name, info in named:
        _must_be_plain(name, info)
    _must_be_apart([name for name, _info in named])
    _must_not_grow([info for name, info in named], length)
    entries = {name: _entry(file, name, info) for name, info in named}
    _must_not_overlap(entries)
    return {name: entry for name, entry in entries.items() if not (name.endswith("/") or _is_litter(name))}


def _must_be_small(file: IO[bytes]) -> int:
    """Judge the size of archive and directory before anything of it is held in memory."""
    length = file.seek(0, 2)
    if length > MOST_IN_ALL:
        raise Refused("big", megabytes=MOST_IN_ALL // MEGABYTE)
    at, ending = _ending(file, length)
    if at >= ZIP64_LOCATOR:
        file.seek(at - ZIP64_LOCATOR)
        if file.read(len(ZIP64_MARK)) == ZIP64_MARK:
            raise Refused("zip64")
    if ending[5] > MOST_DIRECTORY:
        raise Refused("many", most=MOST_FILES)
    return length


def _ending(file: IO[bytes], length: int) -> tuple[int, tuple[int, ...]]:
    """Where the record at the archive's end lies, and what it says; found as `zipfile` finds it."""
    begins = max(length - MOST_COMMENT - ENDING.size, 0)
    file.seek(begins)
    tail = file.read()
    last = len(tail) - ENDING.size
    bare = last >= 0 and tail[last:].startswith(ENDING_MARK) and tail.endswith(b"\0\0")
    at = last if bare else tail.rfind(ENDING_MARK)
    if at < 0 or at > last:
        raise Refused("no_zip")
    return begins + at, ENDING.unpack_from(tail, at)


def _listed(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    # A directory that makes no sense: every one of these comes out of hostile bytes.
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError) as error:
        raise Refused("broken") from error


def _name_of(info: zipfile.ZipInfo) -> str:
    """The path as it was meant: packers of Chinese systems write GBK and say nothing of it."""
    if info.flag_bits & IN_UTF8:
        return info.orig_filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return _raw(info).decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _raw(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & IN_UTF8 else "cp437")


def _must_be_plain(name: str, info: zipfile.ZipInfo) -> None:
    """Refuse what is not a plain file with a plain name inside the folder."""
    path = name.removesuffix("/")
    if any(unicodedata.category(letter) in NOT_IN_NAMES or letter in RESERVED for letter in path):
        raise Refused("letters", name)
    if not path or "\\" in path or not all(map(_is_step, path.split("/"))):
        raise Refused("name", name)
    if len(path.encode()) > MOST_PATH_BYTES or len(PurePosixPath(path).name.encode()) > MOST_NAME_BYTES:
        raise Refused("long_name", name)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused("link", name)
    if info.flag_bits & LOCKED:
        raise Refused("locked", name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("packing", name)
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        raise Refused("size", name)


def _is_step(step: str) -> bool:
    """Whether it leads one folder down, on every system: neither nowhere nor up, nor seen as another name."""
    return bool(step) and step == step.strip(" ") and not step.endswith(".")


def _must_be_apart(names: Iterable[str]) -> None:
    """Refuse names that one system or another takes for the same."""
    files: dict[str, str] = {}
    for name in names:
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in files:
            raise Refused("twice", name)
        files[folded] = name
    # Sorted, and not with all their folders named: there may be hundreds above each of thousands of files.
    in_order = sorted(files)
    for folded, name in files.items():
        following = bisect_left(in_order, f"{folded}/")
        if following < len(in_order) and in_order[following].startswith(f"{folded}/"):
            raise Refused("clash", name)


def _must_not_grow(listed: Iterable[zipfile.ZipInfo], length: int) -> None:
    total = 0
    for info in listed:
        total += info.file_size
        if info.file_size > MOST_FILE:
            raise Refused("big_file", _name_of(info), megabytes=MOST_FILE // MEGABYTE)
        if info.file_size > max(RATIO_FROM, MOST_RATIO * info.compress_size):
            raise Refused("dense_file", _name_of(info), most=MOST_RATIO)
    if total > MOST_IN_ALL:
        raise Refused("big", megabytes=MOST_IN_ALL // MEGABYTE)
    if total > max(RATIO_FROM, MOST_RATIO * length):
        raise Refused("dense", most=MOST_RATIO)


def _entry(file: IO[bytes], name: str, info: zipfile.ZipInfo) -> Entry:
    """The entry, found through its local header, which has to bear the same name."""
    if info.header_offset < 0:  # where the directory lies about its own place
        raise Refused("broken")
    file.seek(info.header_offset)
    header = file.read(LOCAL.size)
    if len(header) < LOCAL.size or not header.startswith(LOCAL_MARK):
        raise Refused("broken")
    *_rest, name_bytes, extra_bytes = LOCAL.unpack(header)
    if file.read(name_bytes) != _raw(info):
        raise Refused("other_name", name)
    start = info.header_offset + LOCAL.size + name_bytes + extra_bytes
    return Entry(
        start=start,
        packed=info.compress_size,
        size=info.file_size,
        crc=info.CRC,
        is_deflated=info.compress_type == zipfile.ZIP_DEFLATED,
    )


def _must_not_overlap(entries: dict[str, Entry]) -> None:
    """Refuse bytes that are counted twice: the way of bombs that look small in every single file."""
    placed = sorted(entries.items(), key=lambda named: (named[1].start, named[1].packed))
    for (_name, entry), (name, following) in pairwise(placed):
        if entry.start + entry.packed > following.start - LOCAL.size:
            raise Refused("overlap", name)


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parts[0] == LITTER_FOLDER or path.name.startswith("._") or path.name.lower() in LITTER
