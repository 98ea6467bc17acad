"""Files made to harm: what they name is not opened, what they claim not believed, nothing of them stays."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from courses.films import probe as probing
from courses.films.encoding import command
from courses.films.engine import Failed, follow
from courses.films.models import Film, Rendition, Trouble
from courses.films.probe import TooMuch, Unreadable, ffmpeg, has_small_sound, probe
from courses.films.rungs import Rung
from tests.courses.conftest import FILM, RECORDING, upload

SECRET = "the secret of another file"


def film(path: Path, *options: str, size: str = "64x64", seconds: float = 2, rate: int = 5) -> Path:
    """A small film made to order."""
    picture = ["-f", "lavfi", "-i", f"color=s={size}:r={rate}:d={seconds}"]
    sound = ["-f", "lavfi", "-i", f"sine=d={seconds}"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([ffmpeg(), "-v", "error", *picture, *sound, *codecs, *options, str(path)], check=True)
    return path


def make(source: Path, folder: Path, rung: Rung = Rung.MP4_240) -> None:
    folder.mkdir()
    told = command(rung, source=source, folder=folder, length_ms=2000, keeps_sound=False)
    follow(told, length_ms=2000, heard=lambda done: None)


@pytest.mark.parametrize(
    "content",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{secret}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {secret}\n",
        '<?xml version="1.0"?><MPD><Period><BaseURL>{secret}</BaseURL></Period></MPD>',
        "v=0\nm=video 5004 RTP/AVP 96\nc=IN IP4 127.0.0.1\n",
        "[Script Info]\n[Events]\nDialogue: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,hello\n",
    ],
)
def test_a_list_disguised_as_a_film_opens_nothing(tmp_path: Path, content: str) -> None:
    secret = tmp_path / "secret.ts"
    secret.write_bytes(FILM.read_bytes())
    disguised = tmp_path / "film.mp4"
    disguised.write_text(content.format(secret=secret))
    with pytest.raises(Unreadable):
        probe(disguised)
    with pytest.raises(Failed) as raised:
        make(disguised, tmp_path / "out")
    assert raised.value.trouble == Trouble.BROKEN
    assert not any(path.stat().st_size for path in (tmp_path / "out").iterdir())


def test_a_picture_of_more_than_4k_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooMuch):
        probe(film(tmp_path / "film.mp4", size="4096x2306", seconds=0.4))


def test_a_film_that_grows_beyond_4k_in_the_middle_takes_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = film(tmp_path / "film.mp4", size="640x480")
    monkeypatch.setattr(probing, "MOST_PIXELS", 320 * 240)  # which is how it looks to the decoder
    with pytest.raises(Failed):
        make(large, tmp_path / "out")


def test_a_film_of_more_than_a_day_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "MOST_MS", 1500)
    with pytest.raises(TooMuch):
        probe(film(tmp_path / "film.mp4"))


def test_a_film_of_very_many_tracks_is_refused(tmp_path: Path) -> None:
    many = [option for _ in range(20) for option in ("-map", "1:a")]
    with pytest.raises(Unreadable):
        probe(film(tmp_path / "film.mp4", "-map", "0:v", *many))


def test_a_thousand_pictures_a_second_become_few(tmp_path: Path) -> None:
    fast = film(tmp_path / "film.mp4", rate=1000)
    make(fast, tmp_path / "out")
    told = subprocess.run(
        [ffmpeg(), "-i", str(tmp_path / "out" / "film.mp4")], capture_output=True, text=True
    )
    assert " 15 fps" in told.stderr


def test_an_upright_film_of_a_phone_is_made_upright_and_small(tmp_path: Path) -> None:
    upright = film(tmp_path / "film.mp4", size="720x1280")
    make(upright, tmp_path / "out")
    found = probe(tmp_path / "out" / "film.mp4")
    assert (found.width, found.height) == (240, 426)


@pytest.mark.parametrize("size", ["2x2", "16x2000", "2000x16", "427x241"])
def test_odd_pictures_become_films_all_the_same(tmp_path: Path, size: str) -> None:
    odd = film(tmp_path / "film.mp4", "-pix_fmt", "yuv444p", size=size)
    make(odd, tmp_path / "out")
    assert probe(tmp_path / "out" / "film.mp4").video == "h264"


def test_names_and_places_in_a_film_are_not_passed_on(tmp_path: Path) -> None:
    told = film(tmp_path / "film.mp4", "-metadata", f"title={SECRET}", "-metadata", f"location={SECRET}")
    assert SECRET.encode() in told.read_bytes()
    make(told, tmp_path / "out")
    assert SECRET.encode() not in (tmp_path / "out" / "film.mp4").read_bytes()


def test_a_file_of_nothing_becomes_nothing(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").touch()
    with pytest.raises(Failed):
        make(tmp_path / "film.mp4", tmp_path / "out")


def test_small_sound_is_taken_as_it_is_and_large_sound_is_not(tmp_path: Path) -> None:
    assert has_small_sound(RECORDING, kbps=56)
    assert not has_small_sound(film(tmp_path / "film.mp4", "-b:a", "192k", "-ac", "2"), kbps=56)
    assert not has_small_sound(film(tmp_path / "silent.mp4", "-an"), kbps=56)


@pytest.mark.parametrize(
    "content", [b"", b"#EXTM3U\n/etc/passwd\n", b"\0" * 10_000, FILM.read_bytes()[:50_000]]
)
def test_a_refused_upload_leaves_neither_film_nor_rung_nor_file(trainer: Client, content: bytes) -> None:
    answer = trainer.post(
        reverse("wagtailmedia:add", args=["video"]),
        {"title": "坏", "tags": "", "file": upload(name="film.mp4", content=content)},
    )
    assert answer.status_code == 200
    assert not Film.objects.exists()
    assert not Rendition.objects.exists()
    assert not any(path.is_file() for path in Path(configured.MEDIA_ROOT).rglob("*"))
