"""Draws, speaks and encodes the demo's films, posters and recordings from its courses.

Run as `python -m lms.demo.films OUT --font FILE`; it needs Pillow, ffmpeg and espeak-ng.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from courses.films.captions import write_captions
from lms.demo.courses import COURSES, Audio, Course, Film, Topic
from lms.demo.courses.reading import spoken

CANVAS = (1280, 720)
FILM_SIZE = (426, 240)
POSTER_SIZE = (640, 360)
FRAMES_PER_SECOND = 5
KEYFRAME_SECONDS = 2
SAMPLE_RATE = 22_050
QUIET = 300
PEAK = 24_000
MARGIN = 88
IVORY, INK, GREY, LINE, RED = "#fbf8f2", "#23201d", "#6f675e", "#dcd2c3", "#a61b1b"


@dataclass(frozen=True)
class Studio:
    """The outside things that a film is made with."""

    font: str
    bold: str
    ffmpeg: str
    espeak: str
    speed: int


@dataclass(frozen=True)
class Cue:
    """A stretch of speech, the picture shown with it and the pause that follows (a weight)."""

    text: str
    slide: int
    points: int
    pause: int


@cache
def typeface(source: str, size: int) -> ImageFont.FreeTypeFont:
    """Open a font given as PATH or PATH#FACE."""
    path, _, face = source.partition("#")
    return ImageFont.truetype(path, size, index=int(face or 0))


def fitted(source: str, text: str, size: int, width: int) -> ImageFont.FreeTypeFont:
    """Open a font at `size`, or smaller where the text would be wider than `width`."""
    needed = typeface(source, size).getlength(text)
    return typeface(source, size if needed <= width else int(size * width / needed))


Pen = ImageDraw.ImageDraw


def draw_houses(pen: Pen) -> None:
    """Three village houses, the middle one with its door in red."""
    for left, top, width in ((700, 520, 150), (860, 470, 190), (1060, 530, 140)):
        peak = (left + width / 2, top - 62)
        pen.line([(left - 22, top + 8), peak, (left + width + 22, top + 8)], LINE, 8, "curve")
        pen.line([(left, top), (left, 640), (left + width, 640), (left + width, top)], LINE, 8)
    pen.rectangle((934, 560, 976, 640), RED)


def draw_book(pen: Pen) -> None:
    """An open book with a red ribbon."""
    for side in (-1, 1):
        edge = [(960, 500), (960 + side * 90, 470), (960 + side * 230, 490)]
        pen.line([*edge, (960 + side * 230, 640), (960 + side * 90, 618), (960, 646)], LINE, 8)
        for step in (0, 40, 80):
            pen.line([(960 + side * 40, 532 + step), (960 + side * 190, 526 + step)], LINE, 5)
    pen.line([(960, 500), (960, 646)], LINE, 8)
    pen.polygon([(1040, 478), (1066, 474), (1066, 556), (1053, 542), (1040, 558)], RED)


def draw_bars(pen: Pen) -> None:
    """The columns of an account that grows, the last one in red."""
    pen.line([(720, 640), (1200, 640)], LINE, 8)
    for place, height in enumerate((60, 90, 80, 130, 160)):
        left = 744 + place * 90
        pen.rectangle((left, 640 - height, left + 52, 640), RED if place == 4 else LINE)


def draw_fields(pen: Pen) -> None:
    """Furrows that run together at a horizon with a red sun."""
    pen.line([(690, 500), (1220, 500)], LINE, 8)
    for place in range(9):
        pen.line([(950 + (place - 4) * 24, 500), (950 + (place - 4) * 70, 640)], LINE, 7)
    pen.pieslice((1040, 440, 1160, 560), 180, 360, RED)


def draw_trees(pen: Pen) -> None:
    """Three trees on a clean line, one with a red fruit."""
    pen.line([(690, 640), (1220, 640)], LINE, 8)
    for middle, top, size in ((790, 500, 100), (950, 440, 140), (1110, 510, 96)):
        pen.ellipse((middle - size / 2, top, middle + size / 2, top + size), outline=LINE, width=8)
        pen.line([(middle, top + size / 2), (middle, 640)], LINE, 8)
    pen.ellipse((966, 480, 990, 504), RED)


def draw_umbrella(pen: Pen) -> None:
    """A red-tipped umbrella above waves."""
    pen.pieslice((840, 400, 1080, 640), 180, 360, outline=LINE, width=8)
    pen.line([(960, 400), (960, 570)], LINE, 8)
    pen.arc((920, 548, 962, 590), 0, 180, LINE, 8)
    pen.ellipse((948, 380, 972, 404), RED)
    for row in (0, 32):
        wave_line = [(x, 622 + row + 9 * math.sin(x / 26 + row)) for x in range(690, 1231, 6)]
        pen.line(wave_line, LINE, 7, "curve")


def draw_wheat(pen: Pen) -> None:
    """Ears of wheat, one grain in red."""
    for place, (foot, height) in enumerate(((820, 190), (950, 240), (1080, 200))):
        pen.line([(foot, 645), (foot, 645 - height)], LINE, 7)
        for step in range(4):
            top = 645 - height + step * 30
            for side in (-1, 1):
                grain = [(foot, top + 34), (foot + side * 30, top + 14), (foot + side * 26, top - 10)]
                pen.polygon([*grain, (foot, top + 12)], RED if (place, step, side) == (1, 0, 1) else LINE)
    pen.line([(720, 645), (1200, 645)], LINE, 8)


def draw_parcel(pen: Pen) -> None:
    """A parcel with a red label."""
    pen.rectangle((840, 480, 1090, 640), outline=LINE, width=8)
    pen.line([(840, 480), (880, 430), (1130, 430), (1090, 480)], LINE, 8)
    pen.line([(1130, 430), (1130, 588), (1090, 640)], LINE, 8)
    pen.line([(965, 480), (1005, 430)], LINE, 8)
    pen.rectangle((870, 566, 946, 612), RED)


MOTIFS: dict[Topic, Callable[[Pen], None]] = {
    Topic.GOVERNANCE: draw_houses,
    Topic.PARTY: draw_book,
    Topic.ASSETS: draw_bars,
    Topic.LAND: draw_fields,
    Topic.ENVIRONMENT: draw_trees,
    Topic.SAFETY: draw_umbrella,
    Topic.FARMING: draw_wheat,
    Topic.COMMERCE: draw_parcel,
}


def title_picture(studio: Studio, topic: Topic, title: str, note: str) -> Image.Image:
    """Draw a title page: the topic, the title, a red rule, a note and the topic's motif."""
    picture = Image.new("RGB", CANVAS, IVORY)
    pen = ImageDraw.Draw(picture)
    MOTIFS[topic](pen)
    width = CANVAS[0] - 2 * MARGIN
    pen.text((MARGIN, 84), topic.value, RED, typeface(studio.bold, 46))
    pen.text((MARGIN - 4, 232), title, INK, fitted(studio.bold, title, 116, width), anchor="lm")
    pen.rectangle((MARGIN, 330, MARGIN + 120, 338), RED)
    pen.text((MARGIN, 374), note, GREY, fitted(studio.font, note, 46, width))
    return picture


def slide_picture(studio: Studio, film: Film, number: int, points: int) -> Image.Image:
    """Draw slide `number` (from 1) with its first `points` points."""
    slide = film.slides[number - 1]
    picture = Image.new("RGB", CANVAS, IVORY)
    pen = ImageDraw.Draw(picture)
    small = typeface(studio.font, 38)
    pen.text((MARGIN, 64), film.title, GREY, small)
    pen.text((CANVAS[0] - MARGIN, 64), f"{number}/{len(film.slides)}", GREY, small, anchor="ra")
    pen.text((MARGIN - 4, 222), slide.heading, INK, typeface(studio.bold, 108), anchor="lm")
    pen.rectangle((MARGIN, 312, MARGIN + 96, 320), RED)
    for place, point in enumerate(slide.points[:points]):
        middle = 420 + place * 108
        pen.rectangle((MARGIN, middle - 9, MARGIN + 18, middle + 9), RED)
        font = fitted(studio.font, point, 72, CANVAS[0] - 2 * MARGIN - 52)
        pen.text((MARGIN + 52, middle), point, INK, font, anchor="lm")
    return picture


def run(command: Sequence[str], given: bytes = b"") -> None:
    """Run a program and stop here if it fails."""
    subprocess.run(command, input=given, check=True)  # noqa: S603 - our own arguments, no shell


def speak(studio: Studio, text: str) -> "array[int]":
    """Speak a text and return its samples without the silence around them."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "speech.wav"))
        voice = [studio.espeak, "-v", "cmn-latn-pinyin", "-s", str(studio.speed), "-a", "60", "-b", "1"]
        run([*voice, "-w", path, spoken(text)])
        with wave.open(path) as recording:
            samples = array("h", recording.readframes(recording.getnframes()))
    loud = [place for place, sample in enumerate(samples) if abs(sample) > QUIET]
    return samples[loud[0] : loud[-1] + 1]


def film_cues(film: Film) -> Iterator[Cue]:
    """Yield what a film says, in order."""
    yield Cue(film.title, 0, 0, 3)
    for number, slide in enumerate(film.slides, 1):
        yield Cue(slide.heading, number, 0, 2)
        for points, point in enumerate(slide.points, 1):
            yield Cue(point, number, points, 3 if points == len(slide.points) else 2)


def sound_track(
    studio: Studio, name: str, seconds: int, cues: Sequence[Cue]
) -> tuple["array[int]", list[tuple[float, float]]]:
    """Lay out the speech over exactly `seconds`; return the samples and when each cue begins and ends."""
    spans = [speak(studio, cue.text) for cue in cues]
    spare = seconds * SAMPLE_RATE - sum(map(len, spans))
    unit = spare // (2 + sum(cue.pause for cue in cues))
    if unit < SAMPLE_RATE * 0.1:
        raise SystemExit(f"{name}: {seconds} s is too short by about {-spare / SAMPLE_RATE:.1f} s and pauses")
    loudest = max(max(map(abs, span)) for span in spans)
    track, times = array("h", bytes(4 * unit)), []
    for cue, span in zip(cues, spans, strict=True):
        begun = len(track) / SAMPLE_RATE
        track.extend(sample * PEAK // loudest for sample in span)
        times.append((begun, len(track) / SAMPLE_RATE))
        track.frombytes(bytes(2 * unit * cue.pause))
    track.frombytes(bytes(2 * (seconds * SAMPLE_RATE - len(track))))
    return track, times


def write_wave(path: Path, track: "array[int]") -> None:
    """Write samples as a mono recording."""
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(SAMPLE_RATE)
        recording.writeframes(track.tobytes())


def with_progress(picture: Image.Image, share: float) -> Image.Image:
    """Return the picture with a thin line at its foot, red as far as the film has run."""
    marked = picture.copy()
    pen, (width, height) = ImageDraw.Draw(marked), picture.size
    pen.rectangle((0, height - 4, width, height), LINE)
    pen.rectangle((0, height - 4, round(width * share), height), RED)
    return marked


def film_frames(
    studio: Studio, course: Course, film: Film, cues: Sequence[Cue], starts: Sequence[float]
) -> Iterator[bytes]:
    """Yield the raw frames of a film."""
    drawn: dict[tuple[int, int], Image.Image] = {}
    total = film.seconds * FRAMES_PER_SECOND
    for frame in range(total):
        begun = sum(start <= frame / FRAMES_PER_SECOND for start in starts)
        cue = cues[max(begun, 1) - 1]
        key = (cue.slide, cue.points)
        if key not in drawn:
            if cue.slide:
                picture = slide_picture(studio, film, *key)
            else:
                picture = title_picture(studio, course.topic, film.title, course.title)
            drawn[key] = picture.resize(FILM_SIZE, Image.Resampling.LANCZOS)
        yield with_progress(drawn[key], (frame + 1) / total).tobytes()


def sound_options() -> list[str]:
    """Return ffmpeg's options for a small, soft mono voice."""
    softened = ["-af", "highpass=f=80,lowpass=f=6500"]
    codec = ["-c:a", "aac", "-aac_coder", "fast", "-b:a", "20k", "-ac", "1", "-ar", str(SAMPLE_RATE)]
    return [*softened, *codec]


def picture_options() -> list[str]:
    """Return ffmpeg's options for a small H.264 picture that every phone plays and seeks in."""
    gop = str(FRAMES_PER_SECOND * KEYFRAME_SECONDS)
    colours = ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-colorspace", "bt709"]
    colours += ["-color_primaries", "bt709", "-color_trc", "bt709"]
    codec = ["-c:v", "libx264", "-profile:v", "main", "-preset", "veryslow", "-tune", "stillimage"]
    return [*colours, *codec, "-crf", "29", "-g", gop, "-keyint_min", gop, "-threads", "1"]


BARE = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", "-movflags", "+faststart"]


def make_film(studio: Studio, course: Course, film: Film, out: Path) -> None:
    """Write one film, its poster and its subtitles."""
    cues = list(film_cues(film))
    track, times = sound_track(studio, film.slug, film.seconds, cues)
    moments = [(int(1000 * begun), int(1000 * ended)) for begun, ended in times]
    subtitles = write_captions([(*moment, cue.text) for cue, moment in zip(cues, moments, strict=True)])
    (out / film.captions).write_text(subtitles.text, encoding="utf-8")
    poster = title_picture(studio, course.topic, film.title, course.title)
    save_poster(poster, out / film.poster)
    with tempfile.TemporaryDirectory() as folder:
        voice = Path(folder, "voice.wav")
        write_wave(voice, track)
        size = "x".join(map(str, FILM_SIZE))
        raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(FRAMES_PER_SECOND), "-i", "-"]
        command = [studio.ffmpeg, "-v", "error", "-y", *raw, "-i", str(voice)]
        command += [*picture_options(), *sound_options(), "-t", str(film.seconds), *BARE]
        frames = b"".join(film_frames(studio, course, film, cues, [begun for begun, _ended in times]))
        run([*command, str(out / film.filename)], frames)


def make_audio(studio: Studio, audio: Audio, out: Path) -> None:
    """Write one recording."""
    cues = [Cue(sentence, 0, 0, 2) for sentence in audio.transcript]
    track, _ = sound_track(studio, audio.slug, audio.seconds, cues)
    with tempfile.TemporaryDirectory() as folder:
        voice = Path(folder, "voice.wav")
        write_wave(voice, track)
        command = [studio.ffmpeg, "-v", "error", "-y", "-i", str(voice), *sound_options()]
        run([*command, *BARE, str(out / audio.filename)])


def save_poster(picture: Image.Image, path: Path) -> None:
    """Write a picture as a small progressive JPEG."""
    small = picture.resize(POSTER_SIZE, Image.Resampling.LANCZOS)
    small.save(path, quality=82, optimize=True, progressive=True)


def make_course(studio: Studio, course: Course, out: Path, only: str) -> None:
    """Write a course's poster and all that its lessons need; `only` picks one lesson."""
    if not only:
        save_poster(title_picture(studio, course.topic, course.title, "乡学"), out / course.poster)
    for lesson in course.lessons:
        if only not in ("", lesson.slug):
            continue
        if isinstance(lesson, Film):
            make_film(studio, course, lesson, out)
        elif isinstance(lesson, Audio):
            make_audio(studio, lesson, out)


def main(arguments: Sequence[str]) -> None:
    """Read the command line and write films/, posters/, captions/ and audio/ below OUT."""
    environ = os.environ
    parser = argparse.ArgumentParser(prog="python -m lms.demo.films", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--font", default=environ.get("DEMO_FONT"), help="PATH[#FACE], or $DEMO_FONT")
    parser.add_argument("--bold", default=environ.get("DEMO_BOLD_FONT"), help="or $DEMO_BOLD_FONT")
    parser.add_argument("--ffmpeg", default=environ.get("FFMPEG", "ffmpeg"))
    parser.add_argument("--espeak", default=environ.get("ESPEAK", "espeak-ng"))
    parser.add_argument("--speed", type=int, default=195, help="of speech, words a minute")
    parser.add_argument("--only", default="", metavar="SLUG", help="make this lesson's files only")
    given = parser.parse_args(arguments)
    if not given.font:
        parser.error("a font with Chinese characters is needed: --font or $DEMO_FONT")
    studio = Studio(given.font, given.bold or given.font, given.ffmpeg, given.espeak, given.speed)
    for folder in ("films", "posters", "audio", "captions"):
        (given.out / folder).mkdir(parents=True, exist_ok=True)
    for course in COURSES:
        make_course(studio, course, given.out, given.only)


if __name__ == "__main__":
    main(sys.argv[1:])
