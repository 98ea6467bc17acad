"""What a file of evidence is, by its content and not by its name; nothing of a refused file is kept."""

import io
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from lms.training.claims.models import EvidenceKind

MOST_FILES = 5
MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2400  # small print of a certificate can still be read
SMALLEST_SIDE = 50
MOST_NAME = 100
FORMATS = {EvidenceKind.JPG: "JPEG", EvidenceKind.PNG: "PNG"}
SAVED: dict[EvidenceKind, dict[str, int | bool]] = {
    EvidenceKind.JPG: {"quality": 85, "optimize": True},
    EvidenceKind.PNG: {},
}
BEGINNINGS = {
    b"\xff\xd8\xff": EvidenceKind.JPG,
    b"\x89PNG\r\n\x1a\n": EvidenceKind.PNG,
    b"%PDF-": EvidenceKind.PDF,
}
END_OF_PDF = b"%%EOF"
SEPARATORS = re.compile(r"[\\/:*?\"<>|]+")
ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")

WORDS = {
    "empty": _("“%(name)s” is empty, so it was not kept. Choose it again, or another file."),
    "big": _("“%(name)s” has more than %(most)s MB, so it was not kept. Take the picture smaller."),
    "kind": _("“%(name)s” is no JPG or PNG picture and no PDF, so it was not kept. Take a photo of it."),
    "broken": _("“%(name)s” is broken or not whole, so it was not kept. Take the picture again."),
    "pixels": _("“%(name)s” is too large a picture, so it was not kept. Take it smaller."),
    "tiny": _("“%(name)s” is too small a picture for anybody to read. Take it larger."),
}


class Refused(Exception):
    """The file is not taken; `str` says which and why, in words."""

    def __init__(self, code: str, name: str) -> None:
        self.code, self.name = code, name
        super().__init__(code)

    def __str__(self) -> str:
        return str(WORDS[self.code] % {"name": self.name, "most": MOST_BYTES // MEGABYTE})


@dataclass(frozen=True, slots=True)
class Proof:
    """A file as it would be kept: pictures drawn anew, so that no place or device of theirs stays."""

    name: str
    kind: EvidenceKind
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of what is kept."""
        return sha256(self.content).hexdigest()


def read_proof(file: IO[bytes], name: str) -> Proof:
    """Judge a file that somebody brings; raises Refused. Never more than the limit is read."""
    content = file.read(MOST_BYTES + 1)
    shown = _printable(name)
    if not content:
        raise Refused("empty", shown)
    if len(content) > MOST_BYTES:
        raise Refused("big", shown)
    kind = next((kind for start, kind in BEGINNINGS.items() if content.startswith(start)), None)
    if kind is None:
        raise Refused("kind", shown)
    if kind is EvidenceKind.PDF:
        # Read by nobody but its reader's own program, to whom it goes as a download.
        if END_OF_PDF not in content:
            raise Refused("broken", shown)
    else:
        content = _drawn_anew(content, kind, shown)
    title = ENDING.sub("", shown)[:MOST_NAME]
    return Proof(f"{title}.{kind.lower()}", kind, content)


def _printable(name: str) -> str:
    """The name without what turns or hides its letters, and without a folder."""
    letters = "".join(filter(str.isprintable, SEPARATORS.sub("_", name))).strip(" .")
    return letters or "file"


def _drawn_anew(content: bytes, kind: EvidenceKind, name: str) -> bytes:
    """The picture upright and no larger than it can be read, without anything else that the file held."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("pixels", name)
            if min(opened.size) < SMALLEST_SIDE:
                raise Refused("tiny", name)
            # A photo is decoded at a smaller size at once where it is far too large.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGBA" if _is_clear(opened) else "RGB")
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright if upright.mode == "RGBA" else None)
        paper.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        made = io.BytesIO()
        paper.save(made, FORMATS[kind], **SAVED[kind])
        return made.getvalue()
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused("pixels", name) from error
    except Exception as error:  # whatever the broken part raised: OSError, SyntaxError, struct.error, …
        raise Refused("broken", name) from error


def _is_clear(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
