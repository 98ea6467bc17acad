"""What a file really is."""

import shutil
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from pytest_django import Settings

from courses.films.probe import Probe, Unreadable, ffmpeg, probe, still
from tests.courses.conftest import FILM, RECORDING


def test_a_film_is_read_from_its_file() -> None:
    assert probe(FILM) == Probe(20_000, "h264", "aac", 426, 240)


def test_a_recording_has_no_picture() -> None:
    assert probe(RECORDING) == Probe(42_000, "", "aac", None, None)


def test_a_frame_is_a_jpeg() -> None:
    assert still(FILM, 20_000).startswith(b"\xff\xd8")


def test_a_recording_has_no_frame() -> None:
    with pytest.raises(Unreadable):
        still(RECORDING, 42_000)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 5000,
        b"not a film",
        b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"MZ\x90\0" * 100,
    ],
)
def test_what_is_no_film_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        probe(path)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_broken_off_upload_is_unreadable(tmp_path: Path, share: float) -> None:
    path = tmp_path / "film.mp4"
    whole = FILM.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Unreadable):
        probe(path)


def test_a_name_cannot_become_an_option_or_an_address(tmp_path: Path) -> None:
    path = tmp_path / "-y http:'$(id)'.mp4"
    path.write_bytes(FILM.read_bytes())
    assert probe(path).length_ms == 20_000


def test_the_wheels_ffmpeg_serves_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert ffmpeg() == imageio_ffmpeg.get_ffmpeg_exe()
    assert probe(FILM).length_ms == 20_000


def test_the_setting_comes_first(settings: Settings) -> None:
    settings.FFMPEG = "/opt/ffmpeg"
    assert ffmpeg() == "/opt/ffmpeg"


def test_a_reader_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("ffmpeg", 30)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(Unreadable):
        probe(FILM)
