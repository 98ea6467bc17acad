"""Making one rung: in a workshop of its own, looked at when it is whole, then put on the shelf."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image

from courses.disk import on_this_disk
from courses.films import shelf
from courses.films.encoding import command
from courses.films.engine import Failed, Heard, follow
from courses.films.models import Rendition, Trouble
from courses.films.playlists import NotWhole, heaviest_bits
from courses.films.probe import Unreadable, has_small_sound, picture_size
from courses.films.rungs import LADDER, PICTURES, SINGLE, SMALL_SOUND_KBPS, Rung, expected_bytes

# Left free for everybody else on the disk.
RESERVE_BYTES = 100 << 20
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# A rendition may lose a frame or two at its end, not more.
LOST_MS, LOST_SHARE = 2000, 0.02


@dataclass(frozen=True)
class Made:
    """What a rung came to; `bandwidth` in bits a second, 0 for what is no stream."""

    size_bytes: int
    bandwidth: int
    width: int
    height: int


def make(row: Rendition, *, heard: Heard) -> Made:
    """Make a rung of a film and put it into its folder on the shelf; raises Failed.

    A run that died is begun again from nothing: what it left in the workshop and on the shelf goes first.
    """
    with _trouble(), _workshop(row) as bench:
        shelf.clear(row.folder.rpartition("/")[0])
        with shelf.at_hand(row.film.file.name, bench) as source:
            out = bench / "out"
            out.mkdir()
            _encode(row, source, out, heard)
        made = _look_at(row, out)
        shelf.keep(out, row.folder, heard=lambda: heard(row.film.length_ms))
    return made


def _encode(row: Rendition, source: Path, out: Path, heard: Heard) -> None:
    rung, length_ms = Rung(row.rung), row.film.length_ms
    _ask_for_room(out, expected_bytes(rung, length_ms))
    keeps_sound = has_small_sound(source, kbps=SMALL_SOUND_KBPS)
    told = command(rung, source=source, folder=out, length_ms=length_ms, keeps_sound=keeps_sound)
    reached = follow(told, length_ms=length_ms, heard=heard)
    lost = length_ms - reached
    if rung != Rung.STRIP and lost > max(LOST_MS, length_ms * LOST_SHARE):
        raise Failed(Trouble.BROKEN, f"{lost} ms are missing at the end")


def _look_at(row: Rendition, out: Path) -> Made:
    """Read from the finished files what players must know."""
    rung = Rung(row.rung)
    size = sum(path.stat().st_size for path in out.iterdir())
    if rung == Rung.STRIP:
        with Image.open(out / SINGLE[rung]) as strip:
            return Made(size, 0, *strip.size)
    if rung in SINGLE:
        return Made(size, 0, *(picture_size(out / SINGLE[rung]) if rung in PICTURES else (0, 0)))
    width, height = picture_size(out / "00000.ts") if rung in LADDER else (0, 0)
    return Made(size, heaviest_bits(out), width, height)


def _ask_for_room(folder: Path, size: int) -> None:
    shelves = [
        folder,
        on_this_disk(""),
    ]
    for place in shelves:
        if place and place.exists() and shutil.disk_usage(place).free < size + RESERVE_BYTES:
            raise Failed(Trouble.NO_ROOM)


@contextmanager
def _workshop(row: Rendition) -> Iterator[Path]:
    """A folder for this run alone; those of runs that died are swept out."""
    root = Path(settings.VAR_DIR) / "films"
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{row.pk}-*"):
        shutil.rmtree(left, ignore_errors=True)
    bench = root / f"{row.pk}-{row.run}"
    bench.mkdir()
    try:
        yield bench
    finally:
        shutil.rmtree(bench, ignore_errors=True)


@contextmanager
def _trouble() -> Iterator[None]:
    """Say of an error what it means for the film."""
    try:
        yield
    except FileNotFoundError as error:
        raise Failed(Trouble.MISSING, str(error)) from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Failed(Trouble.NO_ROOM, str(error)) from error
    except (NotWhole, Unreadable) as error:
        raise Failed(Trouble.BROKEN, "what was made cannot be read") from error
