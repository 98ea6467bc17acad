"""ZIP archives that others made, read warily: judged by their directory first, counted while they are read.

Only the central directory counts. What it lists must be plain files with plain names that stay inside their
folder; nothing is ever extracted by name, each file is copied to where the caller says.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, TypedDict

from courses.packages.directory import MOST_FILE, Entry, entries_of
from courses.packages.refusals import MEGABYTE
from courses.packages.refusals import Refused as Refused
from courses.packages.storable import TooDeep, must_be_storable

CHUNK = 256 * 1024
MOST_JSON = 8 * MEGABYTE
MOST_LEVELS = 100


class FileFacts(TypedDict):
    """What is known of a file after it was copied."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Archive:
    """An archive whose directory was judged; every reading counts anew. Raises Refused."""

    file: IO[bytes]
    entries: dict[str, Entry]

    @property
    def names(self) -> list[str]:
        """Paths of the files, sorted, folders left out."""
        return sorted(self.entries)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def size(self, name: str) -> int:
        """Bytes of a file, as the archive states them; reading it proves them."""
        return self._entry(name).size

    def read(self, name: str, *, most: int = MOST_FILE) -> bytes:
        """The whole of a file of at most so many bytes."""
        if self.size(name) > most:
            raise Refused("big_file", name, megabytes=max(most // MEGABYTE, 1))
        return b"".join(self.chunks(name))

    def json(self, name: str, *, most: int = MOST_JSON) -> Any:  # Any: whatever JSON somebody wrote
        """What a JSON file says, without what no database keeps."""
        try:
            value = json.loads(self.read(name, most=most).decode("utf-8-sig"), parse_constant=_no_number)
            must_be_storable(value, most_levels=MOST_LEVELS)
        except (RecursionError, TooDeep) as error:
            raise Refused("deep", name) from error
        except ValueError as error:
            raise Refused("json", name) from error
        return value

    def copy(self, name: str, to: BinaryIO) -> FileFacts:
        """Copy a file chunk by chunk; what was written before a refusal is the caller's to delete."""
        digest, count = hashlib.sha256(), 0
        for chunk in self.chunks(name):
            digest.update(chunk)
            count += len(chunk)
            to.write(chunk)
        return FileFacts(bytes=count, sha256=digest.hexdigest())

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, never more than it states to have."""
        entry, count, check = self._entry(name), 0, 0
        for chunk in self._inflated(name, entry):
            count += len(chunk)
            if count > entry.size:
                raise Refused("size", name)
            check = zlib.crc32(chunk, check)
            yield chunk
        if count != entry.size:
            raise Refused("size", name)
        if check != entry.crc:
            raise Refused("damaged", name)

    def _inflated(self, name: str, entry: Entry) -> Iterator[bytes]:
        if not entry.is_deflated:
            yield from self._packed(entry)
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for packed in self._packed(entry):
                has_more = True
                while has_more and not inflater.eof:
                    chunk = inflater.decompress(packed, CHUNK)
                    yield chunk
                    packed = inflater.unconsumed_tail
                    # What had no room in a full chunk still waits, also where every byte was taken in.
                    has_more = bool(packed) or len(chunk) == CHUNK
        except zlib.error as error:
            raise Refused("damaged", name) from error
        if not inflater.eof:
            raise Refused("damaged", name)

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of an entry as they lie in the archive; several entries may be read in turns."""
        place, end = entry.start, entry.start + entry.packed
        while place < end:
            self.file.seek(place)
            chunk = self.file.read(min(CHUNK, end - place))
            if not chunk:
                return
            place += len(chunk)
            yield chunk

    def _entry(self, name: str) -> Entry:
        if name not in self.entries:
            raise Refused("missing", name)
        return self.entries[name]


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """An archive on disk, judged by its directory; raises Refused."""
    with path.open("rb") as file:
        yield Archive(file, entries_of(file))


def _no_number(name: str) -> None:
    raise ValueError(name)
