"""Reading uploads before they are kept."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from PIL import Image

from courses.films.probe import Unreadable
from courses.films.reading import NotAFilm, NotAPicture, NotPlayable, on_disk, picture, poster_file, read
from tests.courses.conftest import FILM, RECORDING, upload


def image(size: tuple[int, int] = (1280, 720), form: str = "PNG", mode: str = "RGB") -> io.BytesIO:
    made = io.BytesIO()
    Image.new(mode, size).save(made, form)
    made.seek(0)
    return made


def test_a_film_gives_its_length_fingerprint_size_and_poster() -> None:
    reading = read(upload(), kind="video", wants_poster=True)
    assert reading.probe.length_ms == 20_000
    assert reading.digest == hashlib.sha256(FILM.read_bytes()).hexdigest()
    assert reading.size_bytes == FILM.stat().st_size
    assert Image.open(io.BytesIO(reading.poster)).format == "JPEG"


def test_no_poster_is_made_where_none_is_wanted() -> None:
    assert read(upload(), kind="video", wants_poster=False).poster == b""
    assert read(upload(RECORDING), kind="audio", wants_poster=True).poster == b""


@pytest.mark.parametrize(("path", "kind"), [(FILM, "audio"), (RECORDING, "video")])
def test_film_and_recording_are_not_taken_for_each_other(path: Path, kind: str) -> None:
    with pytest.raises(NotAFilm):
        read(upload(path), kind=kind, wants_poster=False)


def test_a_codec_that_phones_do_not_play_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.films.reading.PLAYABLE_VIDEO", {"vp6"})
    with pytest.raises(NotPlayable):
        read(upload(), kind="video", wants_poster=False)


def test_an_empty_upload_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        read(upload(content=b""), kind="video", wants_poster=True)


def test_a_large_upload_is_read_where_it_lies() -> None:
    file = TemporaryUploadedFile("film.mp4", "video/mp4", 3, None)
    with on_disk(file) as path:
        assert str(path) == file.temporary_file_path()


def test_a_copy_goes_when_it_has_been_read() -> None:
    with on_disk(upload(content=b"abc")) as path:
        assert path.read_bytes() == b"abc"
    assert not path.exists()


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("GIF", "P"), ("WEBP", "RGB"), ("PNG", "LA")])
def test_a_picture_is_drawn_again_as_a_small_jpeg(form: str, mode: str) -> None:
    made = Image.open(io.BytesIO(picture(image(form=form, mode=mode))))
    assert made.format == "JPEG"
    assert made.size == (640, 360)


@pytest.mark.parametrize(
    "content", [b"", b"x", b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"GIF89a"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        picture(io.BytesIO(content))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(NotAPicture):
        picture(image((20_000, 3_000)))


def test_a_poster_is_named_by_its_content() -> None:
    assert poster_file(b"a").name != poster_file(b"b").name
    assert poster_file(b"a").name == poster_file(b"a").name
