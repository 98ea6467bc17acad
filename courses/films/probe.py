"""What a film or recording really is, read from the file by ffmpeg; names and claims count for nothing."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
from django.conf import settings

PROBE_SECONDS = 30
POSTER_SECONDS = 60
POSTER_WIDTH = 640
# Other readers of ffmpeg open playlists and addresses; a hostile file could have it fetch what it names.
CONTAINERS = "mov,mp3"
MOST_STREAMS = 12
# 4K and its cinema cousin; a small file can claim pictures that fill the memory.
MOST_PIXELS = 4096 * 2304
MOST_MS = 24 * 3600 * 1000

DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d)\.(\d\d)", re.MULTILINE)
STREAM = re.compile(r"^  Stream #0:\d+.*?: (Video|Audio): (\w+)(.*)$", re.MULTILINE)
SMALL_SOUND = re.compile(r" \(LC\).*, (?:mono|stereo), .*?(\d+) kb/s")
SIZE = re.compile(r"\b(\d{2,5})x(\d{2,5})\b")


class Unreadable(Exception):
    """There is nothing in the file that could be played."""


class TooMuch(Exception):
    """The file is whole, but its picture or its length is beyond what anybody could study."""


@dataclass(frozen=True)
class Probe:
    """Length in milliseconds, codecs ("" for none) and the size of the picture in pixels."""

    length_ms: int
    video: str
    audio: str
    width: int | None
    height: int | None


def ffmpeg() -> str:
    """The ffmpeg to use: the one that is set, else the system's, else the one that came as a wheel."""
    return settings.FFMPEG or shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()


def probe(path: Path) -> Probe:
    """Read what a file holds; raises TooMuch, and Unreadable for all but whole MP4, M4A and MP3 files."""
    told = _run(opening(path), PROBE_SECONDS).stderr.decode(errors="replace")
    duration = DURATION.search(told)
    if duration is None:
        raise Unreadable
    hours, minutes, seconds, hundredths = map(int, duration.groups())
    codecs = {"Video": "", "Audio": ""}
    pixels: tuple[int | None, int | None] = (None, None)
    for sort, codec, rest in STREAM.findall(told):
        # A cover picture inside a sound recording is not a film.
        if codecs[sort] or "attached pic" in rest:
            continue
        codecs[sort] = codec
        if sort == "Video" and (size := SIZE.search(rest)):
            pixels = (int(size[1]), int(size[2]))
    length_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
    found = Probe(length_ms, codecs["Video"], codecs["Audio"], *pixels)
    if length_ms > MOST_MS or (pixels[0] or 0) * (pixels[1] or 0) > MOST_PIXELS:
        raise TooMuch
    if not length_ms or not (found.video or found.audio) or not _plays_to_its_end(path, length_ms):
        raise Unreadable
    return found


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of the picture in a file that we made ourselves; raises Unreadable."""
    opened = [ffmpeg(), "-hide_banner", "-nostdin", "-protocol_whitelist", "file"]
    told = _run([*opened, "-i", f"file:{path}"], PROBE_SECONDS).stderr.decode(errors="replace")
    for sort, _codec, rest in STREAM.findall(told):
        if sort == "Video" and (size := SIZE.search(rest)):
            return int(size[1]), int(size[2])
    raise Unreadable


def has_small_sound(path: Path, *, kbps: int) -> bool:
    """Whether the sound is plain AAC of no more than so many kbit/s, so that it can be taken as it is."""
    told = _run(opening(path), PROBE_SECONDS).stderr.decode(errors="replace")
    sounds = [rest for sort, codec, rest in STREAM.findall(told) if sort == "Audio" and codec == "aac"]
    found = SMALL_SOUND.match(sounds[0]) if sounds else None
    return found is not None and int(found[1]) <= kbps


def still(path: Path, length_ms: int) -> bytes:
    """A frame of a film as JPEG, from its first tenth, where a title usually stands."""
    start = min(length_ms / 10_000, 5)
    shaping = ["-frames:v", "1", "-vf", f"scale={POSTER_WIDTH}:-2", "-c:v", "mjpeg", "-q:v", "5"]
    made = _run([*opening(path, start), *shaping, "-f", "image2pipe", "pipe:1"], POSTER_SECONDS)
    if made.returncode or not made.stdout:
        raise Unreadable
    return made.stdout


def _plays_to_its_end(path: Path, length_ms: int) -> bool:
    """Whether the last second is there: an upload that broke off still says how long it would have been."""
    last_ms = min(length_ms, 1000)
    opened = opening(path, (length_ms - last_ms) / 1000)
    played = _run([*opened, "-progress", "pipe:1", "-f", "null", "-"], PROBE_SECONDS)
    times = [int(time) for time in re.findall(rb"out_time_us=(\d+)", played.stdout)]
    return played.returncode == 0 and max(times, default=0) >= last_ms * 1000 // 2


def opening(path: Path, start: float = 0, *, only_keyframes: bool = False) -> list[str]:
    """The beginning of every command that reads an uploaded file: what it may open, and how much of it."""
    reading = ["-hide_banner", "-nostdin", "-protocol_whitelist", "file", "-format_whitelist", CONTAINERS]
    bounds = ["-max_streams", str(MOST_STREAMS), "-max_pixels", str(MOST_PIXELS), "-threads", "1"]
    skipping = ["-skip_frame", "nokey"] if only_keyframes else []
    seeking = ["-ss", f"{start:.3f}"] if start else []
    return [ffmpeg(), *reading, *bounds, *skipping, *seeking, "-i", f"file:{path}"]


def _run(command: Sequence[str], seconds: int) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603  # no shell
    except subprocess.TimeoutExpired as error:
        raise Unreadable from error
