"""What is made of every film: the rungs from 720p down to sound alone, and what belongs beside them."""

import math
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

SECOND = 1000
# The first piece is short, so that a film begins at once on two bars of signal; the others save requests.
FIRST_PIECE_SECONDS, PIECE_SECONDS = 2, 6
# A film smaller than this is not made a second time at 480 lines: it would look like its 240.
LINES_WORTH_480 = 360
# Speech is coded in so many kbit/s; sound that needs little more is taken as it is.
SOUND_KBPS, SMALL_SOUND_KBPS = 40, 56
THUMB_WIDTH, THUMB_HEIGHT, STRIP_COLUMNS = 160, 90, 10
MOST_THUMBS, LEAST_STEP_SECONDS = 100, 5


class Rung(models.TextChoices):
    """One file, or one folder of pieces, made of a film; in the order of their use to a learner."""

    HLS_240 = "hls240", _("240p, in pieces")
    MP4_240 = "mp4240", _("240p, one file to keep")
    HLS_AUDIO = "hlsaudio", _("Sound only, in pieces")
    M4A = "m4a", _("Sound only, one file to keep")
    STRIP = "strip", _("Strip of thumbnails")
    HLS_480 = "hls480", _("480p, in pieces")
    HLS_720 = "hls720", _("720p, in pieces")


@dataclass(frozen=True)
class Picture:
    """The most lines, kbit and frames a second of a picture; old phones decode `profile` and `level`."""

    lines: int
    kbps: int
    frames: int
    profile: str
    level: str

    @property
    def codec(self) -> str:
        """The name of the codec in a playlist (RFC 6381)."""
        level = round(float(self.level) * 10)
        return f"avc1.{'42c0' if self.profile == 'baseline' else '4d40'}{level:02x}"


PICTURES = {
    Rung.HLS_240: Picture(240, 150, 15, "baseline", "3.0"),
    Rung.MP4_240: Picture(240, 150, 15, "baseline", "3.0"),
    Rung.HLS_480: Picture(480, 400, 30, "main", "3.1"),
    Rung.HLS_720: Picture(720, 1200, 30, "main", "3.1"),
}
LADDER = (Rung.HLS_240, Rung.HLS_480, Rung.HLS_720)
# The one file that a rung of one file consists of; the others are a playlist and its pieces.
SINGLE = {Rung.MP4_240: "film.mp4", Rung.M4A: "sound.m4a", Rung.STRIP: "strip.jpg"}
PLAYLIST = "index.m3u8"


def main_file(rung: str) -> str:
    """The name of the file with which a rung is opened."""
    return SINGLE.get(Rung(rung), PLAYLIST)


def expected_bytes(rung: Rung, length_ms: int) -> int:
    """What a rung may come to at most, in bytes, for asking whether there is room."""
    kbps = SOUND_KBPS + (PICTURES[rung].kbps if rung in PICTURES else 0)
    return kbps * length_ms // 8


def wanted_rungs(*, is_film: bool, lines: int, has_sound: bool, wants_720: bool) -> list[Rung]:
    """The rungs of a film or recording of so many lines (its shorter side): never more than it has."""
    found = [Rung.HLS_240, Rung.MP4_240] if is_film else []
    if has_sound:
        found += [Rung.HLS_AUDIO, Rung.M4A]
    if is_film:
        found += [Rung.STRIP]
        found += [Rung.HLS_480] if lines >= LINES_WORTH_480 else []
        found += [Rung.HLS_720] if wants_720 and lines >= PICTURES[Rung.HLS_720].lines else []
    return found


@dataclass(frozen=True)
class Strip:
    """How the thumbnails of a film lie in their one picture: row by row, one every so many seconds."""

    every_seconds: int
    count: int

    @property
    def columns(self) -> int:
        """Thumbnails in a row."""
        return min(STRIP_COLUMNS, self.count)

    @property
    def rows(self) -> int:
        """Rows of thumbnails, the last one perhaps not full."""
        return math.ceil(self.count / self.columns)


def strip_of(seconds: int) -> Strip:
    """The strip of a film of so many seconds: at most a hundred thumbnails, however long it is."""
    every = max(LEAST_STEP_SECONDS, math.ceil(seconds / MOST_THUMBS))
    return Strip(every, math.ceil(seconds / every))
