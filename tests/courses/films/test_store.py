"""Films in an object store: fetched to be converted, sent from the store's own signed addresses."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from courses.films import shelf
from courses.films.actions import add_film, make_rendition, sweep_shelf
from courses.films.models import Film, RenditionStatus
from courses.films.rungs import Rung
from tests.courses.conftest import RECORDING
from tests.courses.films.test_renditions import AT
from tests.factories import CadreFactory

pytestmark = pytest.mark.django_db


class Store(Storage):
    """Keeps its files somewhere, says no path, and has addresses that are signed by itself."""

    def __init__(self) -> None:
        self.kept = FileSystemStorage(location=Path(configured.MEDIA_ROOT).parent / "store")

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]  # bytes
        return self.kept.open(name, mode)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # bytes
        assert not name.startswith("/")
        return self.kept.save(name, File(content.file))

    def exists(self, name: str) -> bool:
        return self.kept.exists(name)

    def delete(self, name: str) -> None:
        self.kept.delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """As object stores have it: what is empty is not there, and is no error."""
        folders, files = self.kept.listdir(path) if self.kept.exists(path) else ([], [])
        return [name for name in folders if any(self.listdir(f"{path}/{name}"))], files

    def size(self, name: str) -> int:
        return self.kept.size(name)

    def url(self, name: str | None) -> str:
        return f"https://store.example/{name}?signature=abc"


@pytest.fixture
def film(settings: Settings) -> Film:
    settings.STORAGES = {
        **configured.STORAGES,
        "default": {"BACKEND": f"{Store.__module__}.{Store.__qualname__}"},
    }
    with RECORDING.open("rb") as file:
        name = default_storage.save("media/sound.m4a", file)  # type: ignore[arg-type]  # any file will do
    return add_film(title="广播", kind="audio", name=name, at=AT)


def made(film: Film, rung: Rung) -> None:
    row = film.renditions.get(rung=rung)
    make_rendition(rendition_id=row.pk, report=lambda done, total: None)
    row.refresh_from_db()
    assert row.status == RenditionStatus.DONE


def sources(client: Client, film: Film) -> dict[str, object]:
    client.force_login(CadreFactory())
    told: dict[str, object] = client.get(reverse("films:sources", args=[film.pk])).json()
    return told


def test_a_film_elsewhere_is_fetched_converted_and_put_back(film: Film) -> None:
    made(film, Rung.M4A)
    row = film.renditions.get(rung=Rung.M4A)
    assert default_storage.size(f"{row.folder}/sound.m4a") == row.size_bytes
    assert list((Path(configured.VAR_DIR) / "films").iterdir()) == []


def test_the_store_sends_the_bytes(client: Client, film: Film) -> None:
    made(film, Rung.M4A)
    answer = client.get(sources(client, film)["m4a"]["url"])  # type: ignore[index]  # JSON
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"https://store.example/renditions/{film.pk}/m4a/1/sound.m4a?")
    assert "no-store" in answer["Cache-Control"]


def test_a_playlist_names_the_stores_addresses(client: Client, film: Film) -> None:
    made(film, Rung.HLS_AUDIO)
    answer = client.get(str(sources(client, film)["audio_hls"]))
    pieces = [line for line in answer.content.decode().splitlines() if line and line[0] != "#"]
    assert len(pieces) > 6
    assert all(piece.startswith("https://store.example/renditions/") for piece in pieces)


def test_a_playlist_that_is_gone_is_missing(client: Client, film: Film) -> None:
    made(film, Rung.HLS_AUDIO)
    url = str(sources(client, film)["audio_hls"])
    shelf.clear(f"renditions/{film.pk}")
    assert client.get(url).status_code == 404


def test_the_shelf_is_swept_there_too(film: Film) -> None:
    made(film, Rung.M4A)
    assert sweep_shelf() == 0
    film.delete()
    assert sweep_shelf() == 1
    assert shelf.film_folders() == {}
