"""Reading an uploaded file before it is kept: what it is, its fingerprint, its still picture."""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps

from courses.films.probe import Probe, probe, still

CHUNK = 1 << 20
POSTER_SIZE = (640, 360)
MOST_PIXELS = 40_000_000
PLAYABLE_VIDEO = {"h264"}
PLAYABLE_AUDIO = {"", "aac", "mp3"}


class NotPlayable(Exception):
    """The file is whole, but the phones of the villages do not play it."""


class NotAFilm(Exception):
    """A sound recording was given where a film is wanted, or the other way round."""


class NotAPicture(Exception):
    """The still picture cannot be read as one."""


@dataclass(frozen=True)
class Reading:
    """What a file turned out to be; `poster` is a JPEG, empty for sound."""

    probe: Probe
    digest: str
    size_bytes: int
    poster: bytes


def read(file: "File[bytes]", *, kind: str, wants_poster: bool) -> Reading:
    """Read an upload of kind "video" or "audio"; raises Unreadable, NotAFilm or NotPlayable."""
    with on_disk(file) as path:
        found = probe(path)
        if bool(found.video) != (kind == "video"):
            raise NotAFilm
        if (found.video and found.video not in PLAYABLE_VIDEO) or found.audio not in PLAYABLE_AUDIO:
            raise NotPlayable
        poster = picture(io.BytesIO(still(path, found.length_ms))) if found.video and wants_poster else b""
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        return Reading(found, digest, path.stat().st_size, poster)


def picture(file: "File[bytes] | io.BytesIO") -> bytes:
    """A picture drawn anew as a small JPEG, so that nothing else of the file is kept; raises NotAPicture."""
    try:
        with Image.open(file) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture from error
    upright.thumbnail(POSTER_SIZE)
    made = io.BytesIO()
    upright.save(made, "JPEG", quality=80, optimize=True)
    return made.getvalue()


def poster_file(poster: bytes) -> "ContentFile[bytes]":
    """A still picture as a file to keep, named by its content."""
    return ContentFile(poster, f"{hashlib.sha256(poster).hexdigest()[:16]}.jpg")


@contextmanager
def on_disk(file: "File[bytes]") -> Iterator[Path]:
    """The file as a path that ffmpeg can open; a copy where the upload lives in memory or elsewhere."""
    try:
        yield Path(file.temporary_file_path())  # type: ignore[attr-defined]  # large uploads only
        return
    except AttributeError:
        pass
    with tempfile.NamedTemporaryFile(suffix=Path(str(file.name)).suffix) as copy:
        file.seek(0)
        for chunk in file.chunks(CHUNK):
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        yield Path(copy.name)
