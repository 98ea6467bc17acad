"""Evidence is judged by its content; what it knows besides the picture goes."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lms.training.claims.evidence import LONGEST_SIDE, MOST_BYTES, Proof, Refused, read_proof
from tests.lms.training.claims.made import PDF, picture, png_bomb, png_with_endless_text, proof, with_place


def judged(content: bytes, name: str = "证.jpg") -> Proof | str:
    """What is kept, or the code of the refusal."""
    try:
        return read_proof(io.BytesIO(content), name)
    except Refused as refused:
        return refused.code


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "too large": (lambda: b"%PDF-" + b"0" * MOST_BYTES, "big"),
    "text": (lambda: b"hello", "kind"),
    "web page": (lambda: b"<html><script>alert(1)</script>%PDF-1.4 %%EOF", "kind"),
    "drawing with a script": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
    "program": (lambda: b"MZ\x90\x00" + b"\0" * 200, "kind"),
    "archive": (lambda: b"PK\x03\x04" + b"\0" * 200, "kind"),
    "moving picture": (lambda: picture("GIF"), "kind"),
    "picture of another kind": (lambda: picture("WEBP"), "kind"),
    "old bitmap": (lambda: picture("BMP"), "kind"),
    "postscript": (lambda: b"%!PS-Adobe-3.0", "kind"),
    "half a photo": (lambda: picture(size=(900, 900))[:3000], "broken"),
    "half a picture": (lambda: picture("PNG", size=(900, 900))[:1000], "broken"),
    "a photo's beginning alone": (lambda: b"\xff\xd8\xff\xe0", "broken"),
    "another kind behind a photo's beginning": (lambda: b"\xff\xd8\xff" + picture("PNG"), "broken"),
    "a picture's beginning alone": (lambda: b"\x89PNG\r\n\x1a\n", "broken"),
    "half a document": (lambda: PDF[:-8], "broken"),
    "bomb of dots": (png_bomb, "pixels"),
    "large picture": (lambda: png_bomb(8000), "pixels"),
    "bomb of words": (png_with_endless_text, "broken"),
    "one dot": (lambda: picture(size=(1, 1)), "tiny"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_by_its_reason(name: str) -> None:
    made, code = HOSTILE[name]
    with pytest.raises(Refused) as refused:
        proof("证.jpg", made())
    assert refused.value.code == code
    assert "证.jpg" in str(refused.value)


@pytest.mark.parametrize(
    ("form", "mode", "ending"),
    [("JPEG", "RGB", "jpg"), ("JPEG", "CMYK", "jpg"), ("JPEG", "L", "jpg"), ("PNG", "RGBA", "png"),
     ("PNG", "LA", "png"), ("PNG", "P", "png"), ("PNG", "1", "png"), ("MPO", "RGB", "jpg")],
)  # fmt: skip
def test_pictures_of_every_mode_are_kept_as_what_they_are(form: str, mode: str, ending: str) -> None:
    kept = judged(picture(form, mode=mode), "随便.exe")
    assert isinstance(kept, Proof)
    assert kept.name == f"随便.{ending}"
    assert (opened(kept.content).size, opened(kept.content).mode) == ((200, 120), "RGB")


def test_a_photo_forgets_where_and_with_what_it_was_taken() -> None:
    original = with_place()
    assert b"PHONEMAKER" in original
    kept = proof(content=original)
    assert not opened(kept.content).getexif()
    assert b"PHONEMAKER" not in kept.content
    assert b"SECRET COMMENT" not in kept.content


def test_a_photo_stands_upright() -> None:
    assert opened(proof(content=with_place(orientation=6, size=(300, 120))).content).size == (120, 300)


def test_a_large_photo_is_made_smaller_and_a_clear_ground_white() -> None:
    assert max(opened(proof(content=picture(size=(4000, 3000))).content).size) == LONGEST_SIDE
    clear = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(clear, "PNG")
    assert opened(proof(content=clear.getvalue()).content).getpixel((5, 5)) == (255, 255, 255)


def test_a_document_is_kept_byte_for_byte() -> None:
    kept = proof("证明.PDF", PDF)
    assert (kept.name, kept.content, kept.kind) == ("证明.pdf", PDF, "PDF")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("证书\u202egpj.exe", "证书gpj.pdf"),
        ("../../etc/passwd", "_.._etc_passwd.pdf"),
        ("C:\\我的\\证.pdf", "C_我的_证.pdf"),
        ("\r\nX: 1.pdf", "X_ 1.pdf"),
        ("", "file.pdf"),
        ("a" * 300 + ".pdf", "a" * 100 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(name: str, shown: str) -> None:
    assert proof(name, PDF).name == shown


def test_the_same_file_is_kept_as_the_same_bytes() -> None:
    assert proof(content=with_place()).digest == proof(content=with_place()).digest


@given(
    start=st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b""]),
    rest=st.binary(max_size=400),
)
def test_whatever_bytes_come_they_are_kept_or_refused(start: bytes, rest: bytes) -> None:
    kept = judged(start + rest)
    assert isinstance(kept, Proof | str)


@given(st.data())
def test_a_damaged_picture_is_drawn_anew_or_refused(data: st.DataObject) -> None:
    whole = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    kept = judged(bytes(whole))
    if isinstance(kept, Proof):
        opened(kept.content).load()
