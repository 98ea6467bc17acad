"""Taking files into the library."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from courses.films.actions import add_film
from courses.films.models import Film
from courses.films.reading import NotAFilm
from tests.courses.conftest import FILM, RECORDING

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stored() -> None:
    folder = Path(settings.MEDIA_ROOT) / "demo"
    folder.mkdir(parents=True)
    shutil.copy(FILM, folder / "film.mp4")
    shutil.copy(RECORDING, folder / "sound.m4a")


def test_a_stored_film_is_taken_where_it_lies_and_gets_a_poster() -> None:
    film = add_film(title="转移避险", kind="video", name="demo/film.mp4", at=AT)
    film.refresh_from_db()
    assert film.file.name == "demo/film.mp4"
    assert (film.length_ms, film.seconds, film.width, film.height) == (20_000, 20, 426, 240)
    assert film.size_bytes == FILM.stat().st_size
    assert len(film.digest) == 64
    assert film.thumbnail.name.startswith("media_thumbnails/")
    assert film.poster_url.endswith(film.thumbnail_filename)


def test_a_given_poster_is_kept() -> None:
    film = add_film(title="甲", kind="video", name="demo/film.mp4", poster_name="demo/given.jpg", at=AT)
    assert film.thumbnail.name == "demo/given.jpg"


def test_a_recording_has_no_poster() -> None:
    film = add_film(title="广播", kind="audio", name="demo/sound.m4a", at=AT)
    assert (film.seconds, film.poster_url, film.content_type) == (42, "", "audio/mp4")


def test_a_wrong_kind_leaves_nothing_behind() -> None:
    with pytest.raises(NotAFilm):
        add_film(title="甲", kind="audio", name="demo/film.mp4", at=AT)
    assert not Film.objects.exists()
