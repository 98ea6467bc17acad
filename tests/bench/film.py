"""`run.py bench film`: a 60 s lecture made into 240p, 480p and sound; the bar is 30 s of CPU."""

import argparse
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

BAR_SECONDS = 30
WIDTH, HEIGHT, FRAMES, SLIDE_SECONDS = 1280, 720, 25, 6
INK, GROUND, RED = "#23201d", "#fbf8f2", "#a61b1b"


def main(argv: Sequence[str] | None = None) -> int:
    """Draw a lecture, make its rungs one after the other as a worker does, print the table."""
    parser = argparse.ArgumentParser(prog="bench film")
    parser.add_argument("--seconds", type=int, default=60)
    seconds: int = parser.parse_args(argv).seconds

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="bench-film-") as folder:
        source = Path(folder) / "lecture.mp4"
        _draw(source, seconds)
        _measure(source, Path(folder), seconds)
    return 0


def _measure(source: Path, folder: Path, seconds: int) -> None:
    from courses.films.probe import ffmpeg
    from courses.films.rungs import PLAYLIST, Rung

    print(f"{ffmpeg()}, {seconds} s of {WIDTH}×{HEIGHT}, {source.stat().st_size / 1e6:.1f} MB")
    print(f"{'rung':<10}{'CPU s':>8}{'wall s':>8}{'× realtime':>12}{'kB':>8}{'kbit/s':>8}")
    spent: dict[Rung, float] = {}
    for rung in Rung:
        if rung != Rung.HLS_720:
            spent[rung] = _row(rung, source, folder / rung, seconds)
    total = sum(spent[rung] for rung in (Rung.HLS_240, Rung.HLS_480, Rung.HLS_AUDIO))
    bar = BAR_SECONDS * seconds / 60
    verdict = "met" if total <= bar else "missed"
    print(f"240p + 480p + sound: {total:.1f} s of CPU; the bar is {bar:.0f} s: {verdict}")
    for rung in (Rung.HLS_240, Rung.HLS_480):
        first = [folder / rung / PLAYLIST, folder / rung / "00000.ts"]
        sizes = [path.stat().st_size for path in first]
        print(f"first frame of {rung}: {len(first)} requests, {sizes[0]} + {sizes[1]} bytes")


def _row(rung: str, source: Path, folder: Path, seconds: int) -> float:
    """Make one rung; the seconds of CPU that it took."""
    from courses.films.encoding import command
    from courses.films.engine import follow
    from courses.films.rungs import Rung

    folder.mkdir()
    length_ms = seconds * 1000
    before, begun = _children(), time.perf_counter()
    told = command(Rung(rung), source=source, folder=folder, length_ms=length_ms, keeps_sound=False)
    follow(told, length_ms=length_ms, heard=lambda done: None)
    wall, cpu = time.perf_counter() - begun, _children() - before
    size = sum(path.stat().st_size for path in folder.iterdir())
    rate = size * 8 / seconds / 1000
    print(f"{rung:<10}{cpu:>8.2f}{wall:>8.2f}{seconds / wall:>12.0f}{size // 1000:>8}{rate:>8.0f}")
    return cpu


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _draw(path: Path, seconds: int) -> None:
    """Slides full of writing, a pointer that never rests, and a tone."""
    from courses.films.probe import ffmpeg

    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FRAMES), "-i", "-"]
    tone = ["-f", "lavfi", "-i", f"sine=frequency=220:sample_rate=44100:duration={seconds}"]
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    made = subprocess.Popen(
        [ffmpeg(), "-v", "error", *raw, *tone, *codec, "-t", str(seconds), str(path)], stdin=subprocess.PIPE
    )
    assert made.stdin is not None
    for frame in _frames(seconds):
        made.stdin.write(frame)
    made.stdin.close()
    if made.wait():
        raise SystemExit("the lecture could not be drawn")


def _frames(seconds: int) -> Iterator[bytes]:
    slide = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    for number in range(seconds * FRAMES):
        if number % (SLIDE_SECONDS * FRAMES) == 0:
            slide = _slide(number)
        picture = slide.copy()
        pen, left = ImageDraw.Draw(picture), 100 + number % FRAMES * 40
        pen.ellipse((left, 320, left + 40, 360), fill=RED)
        yield picture.tobytes()


def _slide(number: int) -> Image.Image:
    """Eight lines of signs, other ones on each slide."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(picture)
    for line in range(8):
        for place in range(10 + (number * 7 + line * 5) % 14):
            left, top = 70 + place * 48, 50 + line * 80
            wide, high = 10 + (number + place * 11) % 30, 10 + (number + line * 17 + place * 3) % 34
            pen.rectangle((left, top, left + wide, top + high), outline=INK, width=3)
    return picture


if __name__ == "__main__":
    raise SystemExit(main())
