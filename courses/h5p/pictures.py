"""Pictures of a content: decoded to see that they are some, made smaller, freed of where they were taken."""

import io
import struct
from collections.abc import Callable
from typing import TypeVar

from PIL import ExifTags, Image, ImageOps

from courses.packages.refusals import Refused

Answer = TypeVar("Answer")
MOST_PIXELS = 50_000_000
MOST_SIDE = 1600
LARGE_BYTES = 300 * 1024
# Written anew for less than this it would only lose; and what was made smaller once stays as it is.
WORTH_IT = 0.9
# A JPEG with a preview behind it, as some phones write, is opened as JPEG and then calls itself MPO.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
SAVING: dict[str, dict[str, object]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "WEBP": {"quality": 82, "method": 4},
    "BMP": {},
}
# What Pillow raises for pictures that are none.
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError)


def smaller(content: bytes, name: str) -> bytes | None:
    """The picture made smaller, or nothing where it can stay as it is; raises Refused."""
    picture = _or_refused(lambda: Image.open(io.BytesIO(content), formats=FORMATS), name)
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused("pixels", name, millions=MOST_PIXELS // 1_000_000)
    is_animated = getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO"
    is_big = max(picture.size) > MOST_SIDE
    # A photograph is decoded at no more than twice the size that it is kept in.
    picture.draft(None, (MOST_SIDE, MOST_SIDE))
    _or_refused(picture.load, name)
    # Where a photograph was taken is nobody's business; what else is written into it costs nobody a picture.
    is_placed = bool(picture.getexif().get_ifd(ExifTags.IFD.GPSInfo))
    if not is_big and not is_placed and len(content) <= LARGE_BYTES:
        return None
    form = "JPEG" if picture.format == "MPO" else picture.format or ""
    if is_animated or form not in SAVING:
        return None
    made = _or_refused(lambda: _made(picture, form), name)
    is_better = len(made) < len(content) * WORTH_IT
    return made if is_better or is_big or is_placed else None


def _made(picture: Image.Image, form: str) -> bytes:
    """Upright, no side too long, without what the camera wrote into it."""
    profile = picture.info.get("icc_profile")
    if picture.mode == "P" and max(picture.size) > MOST_SIDE:
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    picture.thumbnail((MOST_SIDE, MOST_SIDE))  # before it is turned, for turning makes a copy
    upright = ImageOps.exif_transpose(picture)
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    file = io.BytesIO()
    extra = {"icc_profile": profile} if profile and form != "BMP" else {}
    upright.save(file, form, **SAVING[form], **extra)
    return file.getvalue()


def _or_refused(read: Callable[[], Answer], name: str) -> Answer:
    try:
        return read()
    except Image.DecompressionBombError as error:
        raise Refused("pixels", name, millions=MOST_PIXELS // 1_000_000) from error
    except UNREADABLE as error:
        raise Refused("picture", name) from error
