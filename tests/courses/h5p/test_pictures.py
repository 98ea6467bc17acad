"""Pictures are decoded; large ones become smaller in their own format, and stay so."""

import io
import struct
import zlib

import pytest
from PIL import Image

from courses.h5p.pictures import LARGE_BYTES, MOST_SIDE, smaller
from courses.packages.refusals import Refused
from tests.courses.h5p import made


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_small_picture_stays_as_it_is(form: str) -> None:
    assert smaller(made.picture(form), "content/a") is None


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "BMP"])
def test_a_large_picture_becomes_smaller_in_its_format_and_stays_so(form: str) -> None:
    large = made.picture(form, (2000, 500), noise=40)
    made_smaller = smaller(large, "content/a")
    assert made_smaller is not None
    assert opened(made_smaller).format == form
    assert opened(made_smaller).size == (MOST_SIDE, 400)
    assert len(made_smaller) < len(large)
    assert smaller(made_smaller, "content/a") is None


def test_a_heavy_picture_is_packed_anew_once() -> None:
    heavy = made.picture("JPEG", (1200, 1200), noise=90, quality=98)
    assert len(heavy) > LARGE_BYTES
    lighter = smaller(heavy, "content/a")
    assert lighter is not None
    assert len(lighter) < len(heavy) * 0.9
    assert smaller(lighter, "content/a") is None


def test_what_the_camera_wrote_is_dropped_and_the_picture_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "A camera"
    lighter = smaller(made.picture("JPEG", (2000, 1000), exif=exif), "content/a")
    assert lighter is not None
    assert not opened(lighter).getexif()
    assert opened(lighter).size == (800, 1600)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_small_picture_does_not_tell_where_it_was_taken(form: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    kept = smaller(made.picture(form, exif=exif), "content/a")
    assert kept is not None
    assert opened(kept).format == form
    assert not opened(kept).getexif()
    assert smaller(kept, "content/a") is None


def test_a_picture_of_a_phone_with_a_preview_is_one_picture() -> None:
    file = io.BytesIO()
    large = Image.new("RGB", (2000, 100))
    large.save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (20, 10))])
    assert opened(file.getvalue()).format == "MPO"
    lighter = smaller(file.getvalue(), "content/a")
    assert lighter is not None
    assert (opened(lighter).format, opened(lighter).size) == ("JPEG", (1600, 80))


def test_a_palette_keeps_its_transparency() -> None:
    picture = Image.new("P", (2000, 20), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    file = io.BytesIO()
    picture.save(file, "PNG", transparency=0)
    lighter = smaller(file.getvalue(), "content/a")
    assert lighter is not None
    assert opened(lighter).convert("RGBA").getpixel((0, 0))[3] == 0


def test_moving_pictures_keep_moving() -> None:
    frames = [Image.new("P", (1700, 10), shade) for shade in (0, 100, 200)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert smaller(file.getvalue(), "content/a") is None


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg/>", made.picture()[:60], made.picture("JPEG")[:200]]
)
def test_what_does_not_decode_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        smaller(content, "content/a.png")
    assert (refused.value.code, refused.value.name) == ("picture", "content/a.png")


@pytest.mark.parametrize("side", [7_100, 20_000])
def test_too_many_pixels_are_refused_before_they_are_decoded(side: int) -> None:
    bomb = bytearray(made.picture())
    struct.pack_into(">2L", bomb, 16, side, side)
    struct.pack_into(">L", bomb, 29, zlib.crc32(bomb[12:29]))
    with pytest.raises(Refused) as refused:
        smaller(bytes(bomb), "content/a.png")
    assert (refused.value.code, refused.value.name) == ("pixels", "content/a.png")
