"""Writes to the library of films."""

from django.core.files.storage import default_storage

from courses.films.models import Film
from courses.films.reading import Reading, poster_file, read


def note(*, film: Film, reading: Reading) -> None:
    """Write onto a film, which the caller saves, what its file turned out to be."""
    film.length_ms = reading.probe.length_ms
    film.duration = reading.probe.length_ms / 1000
    film.width, film.height = reading.probe.width, reading.probe.height
    film.size_bytes = reading.size_bytes
    film.digest = reading.digest
    if reading.poster and not film.thumbnail:
        film.thumbnail = poster_file(reading.poster)


def add_film(*, title: str, kind: str, name: str, poster_name: str = "") -> Film:
    """Take a stored file of kind "video" or "audio" into the library, by its name in the storage.

    The file is read where it lies and not copied; raises Unreadable, NotAFilm or NotPlayable.
    """
    film = Film(title=title, type=kind, file=name, thumbnail=poster_name)
    with default_storage.open(name) as file:
        reading = read(file, kind=kind, wants_poster=not poster_name)
    note(film=film, reading=reading)
    film.save()
    return film
