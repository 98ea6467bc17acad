"""Writes to the library of films, and to what is made of them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from courses.films import shelf
from courses.films.captions import Subtitles
from courses.films.engine import Failed
from courses.films.making import Made, make
from courses.films.models import Caption, Film, Rendition, RenditionStatus, Trouble
from courses.films.reading import Reading, poster_file, read
from courses.films.rungs import Rung
from lms.jobs.actions import LeaseLost, enqueue
from lms.jobs.registry import GiveUp

JOB_KIND = "films.rendition"
# Of many films each has its first rung before one has all: a rung waits so much longer than the one before.
STAGGER = timedelta(seconds=1)


class Superseded(Exception):
    """The film's file was replaced, or its rung asked for anew, while it was being made."""


def note(*, film: Film, reading: Reading) -> None:
    """Write onto a film, which the caller saves, what its file turned out to be."""
    film.length_ms = reading.probe.length_ms
    film.duration = reading.probe.length_ms / 1000
    film.width, film.height = reading.probe.width, reading.probe.height
    film.has_sound = bool(reading.probe.audio)
    film.size_bytes = reading.size_bytes
    film.digest = reading.digest
    if reading.poster and not film.thumbnail:
        film.thumbnail = poster_file(reading.poster)


@transaction.atomic
def add_film(*, title: str, kind: str, name: str, at: datetime, poster_name: str = "") -> Film:
    """Take a stored file of kind "video" or "audio" into the library, by its name in the storage.

    The file is read where it lies and not copied; raises Unreadable, TooMuch, NotAFilm or NotPlayable.
    """
    film = Film(title=title, type=kind, file=name, thumbnail=poster_name)
    with default_storage.open(name) as file:
        reading = read(file, kind=kind, wants_poster=not poster_name)
    note(film=film, reading=reading)
    film.save()
    start_renditions(film=film, at=at)
    return film


@transaction.atomic
def start_renditions(*, film: Film, at: datetime) -> int:
    """Ask for every wanted rung that is not there or being made; gives how many. Rungs not wanted go.

    Twice in a row is once: a rung of this very file that is done, waiting or running stays as it is.
    """
    Film.objects.select_for_update().get(pk=film.pk)
    wanted = film.wanted
    _drop(film.renditions.exclude(rung__in=wanted))
    kept = {row.rung: row for row in film.renditions.select_related("job") if row.digest == film.digest}
    missing = [rung for rung in wanted if rung not in kept or kept[rung].has_failed]
    for place, rung in enumerate(missing):
        _ask(film, rung, at=at, not_before=at + place * STAGGER)
    return len(missing)


@transaction.atomic
def run_again(*, rendition: Rendition, at: datetime) -> bool:
    """Ask once more for a rung that failed; false when it is done or being made already."""
    Film.objects.select_for_update().get(pk=rendition.film_id)
    row = Rendition.objects.select_related("film", "job").get(pk=rendition.pk)
    if not row.has_failed:
        return False
    _ask(row.film, Rung(row.rung), at=at, not_before=at)
    return True


def _ask(film: Film, rung: Rung, *, at: datetime, not_before: datetime) -> None:
    """Set a rung back to its beginning and queue the work; it is not offered until it is done again."""
    fresh = {"status": RenditionStatus.WAITING, "trouble": "", "digest": film.digest, "size_bytes": 0}
    row, _is_new = Rendition.objects.update_or_create(film=film, rung=rung, defaults=fresh)
    row.job = enqueue(
        JOB_KIND, {"rendition": row.pk}, at=at, not_before=not_before, key=f"film:{film.pk}:{rung}"
    )
    row.save(update_fields=["job"])


def _drop(rows: Iterable[Rendition]) -> None:
    for row in rows:
        transaction.on_commit(partial(shelf.clear, row.folder.rpartition("/")[0]))
        row.delete()


def make_rendition(*, rendition_id: int, report: Callable[[int, int], None]) -> None:
    """Make one rung of a film; run again it does nothing more, killed in the middle it begins anew.

    Raises GiveUp where trying again cannot help, and otherwise what went wrong, for the next attempt.
    """
    row = _begin(rendition_id)
    if row is None:
        return
    try:
        made = make(row, heard=lambda done: report(done, row.film.length_ms))
        _finish(row, made)
    except Failed as failed:
        _fail(row, failed.trouble)
        if failed.is_final:
            raise GiveUp(failed.trouble.label) from failed
        raise
    except (LeaseLost, Superseded):
        shelf.clear(row.folder)
        raise
    except Exception:  # the page says that this rung failed, whatever it was; the job keeps the rest
        _fail(row, Trouble.OTHER)
        raise


@transaction.atomic
def _begin(rendition_id: int) -> Rendition | None:
    """A new run of a rung, unless it is done or gone; runs before it may write nothing from here on."""
    found = Rendition.objects.select_for_update(of=("self",)).select_related("film")
    row = found.filter(pk=rendition_id).exclude(status=RenditionStatus.DONE).first()
    if row is not None:
        row.run += 1
        row.status, row.trouble, row.digest = RenditionStatus.RUNNING, "", row.film.digest
        row.save(update_fields=["run", "status", "trouble", "digest"])
    return row


@transaction.atomic
def _finish(row: Rendition, made: Made) -> None:
    """Offer what was made, in one step; raises Superseded."""
    facts = {"size_bytes": made.size_bytes, "bandwidth": made.bandwidth}
    size = {"width": made.width, "height": made.height}
    if not _write(row, status=RenditionStatus.DONE, trouble="", **facts, **size):
        raise Superseded(str(row))


def _fail(row: Rendition, trouble: Trouble) -> None:
    shelf.clear(row.folder)
    _write(row, status=RenditionStatus.FAILED, trouble=trouble)


def _write(row: Rendition, **fields: object) -> int:
    """Write to a rung that this run still holds, of the file that it was made of."""
    same = Rendition.objects.filter(pk=row.pk, run=row.run, status=RenditionStatus.RUNNING, digest=row.digest)
    return same.update(**fields)


def forget_files(*, film_id: int) -> None:
    """Once the transaction commits, take everything that was made of a deleted film from the shelf."""
    transaction.on_commit(partial(shelf.clear, f"{shelf.ROOT}/{film_id}"))


def sweep_shelf() -> int:
    """Take away what lies on the shelf for films that are no longer there; gives how many."""
    folders = shelf.film_folders()
    there = set(Film.objects.filter(pk__in=folders).values_list("pk", flat=True))
    gone = [folder for film_id, folder in folders.items() if film_id not in there]
    for folder in gone:
        shelf.clear(folder)
    return len(gone)


def keep_captions(*, film: Film, language: str, subtitles: Subtitles) -> Caption:
    """Keep the subtitles of a film in a language, instead of what was there in that language."""
    told = {"text": subtitles.text, "digest": subtitles.digest, "cues": subtitles.cues}
    caption, _is_new = Caption.objects.update_or_create(film=film, language=language, defaults=told)
    return caption
