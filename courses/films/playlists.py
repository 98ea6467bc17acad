"""HLS playlists: what is read from those that ffmpeg wrote, and the one above them."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from courses.films.models import Rendition
from courses.films.rungs import PICTURES, PLAYLIST, Rung

LENGTH = re.compile(r"^#EXTINF:([\d.]+)")
SOUND_CODEC = "mp4a.40.2"


class NotWhole(Exception):
    """A playlist without an end, or without pieces."""


def heaviest_bits(folder: Path) -> int:
    """Bits a second of the heaviest piece of a finished playlist; raises NotWhole."""
    lines = (folder / PLAYLIST).read_text().splitlines()
    seconds, heaviest = 0.0, 0
    for line in lines:
        if found := LENGTH.match(line):
            seconds = float(found[1])
        elif line and not line.startswith("#"):
            bits = (folder / line).stat().st_size * 8
            heaviest = max(heaviest, round(bits / max(seconds, 1)))
    if not heaviest or lines[-1] != "#EXT-X-ENDLIST":
        raise NotWhole
    return heaviest


def master(rungs: Iterable[Rendition], *, has_sound: bool) -> str:
    """The playlist that names the rungs with a picture, the lightest first: what a player begins with."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for row in rungs:
        codecs = [PICTURES[Rung(row.rung)].codec, *([SOUND_CODEC] if has_sound else [])]
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={row.bandwidth},RESOLUTION={row.width}x{row.height},"
            f'CODECS="{",".join(codecs)}"'
        )
        lines.append(f"{row.rung}-{row.run}/{PLAYLIST}")
    return "\n".join([*lines, ""])


def readdressed(playlist: str, address: Callable[[str], str]) -> str:
    """A playlist whose pieces are at other addresses."""
    lines = playlist.splitlines()
    return "\n".join([address(line) if line and not line.startswith("#") else line for line in lines] + [""])
