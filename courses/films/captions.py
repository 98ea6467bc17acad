"""Subtitles: WebVTT or SubRip as people bring them, read strictly and written anew as plain WebVTT."""

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

MOST_BYTES = 1 << 20
MOST_CUES = 20_000
MOST_LINE = 500
# A cue may end a little after the film does.
GRACE_MS = 10_000
HEADER = re.compile(r"WEBVTT(?:[ \t][^\n]*)?$")
MOMENT = r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]?\d)[.,](\d{3})"
TIMING = re.compile(rf"\s*{MOMENT}\s+-->\s+{MOMENT}(?:\s.*)?$", re.ASCII)
TAG = re.compile(r"<(/?)([bi])>|<[/!\w][^<>]*>|\{\\[^{}]*\}")
NOT_CUES = ("STYLE", "REGION", "NOTE")


class BadCaptions(ValueError):
    """The file cannot be used; `line` says where, 0 for the whole of it."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(line)
        self.line = line


class NotText(BadCaptions):
    """It is neither UTF-8 nor GBK, or not text at all."""


class TooLong(BadCaptions):
    """It is larger than any film's subtitles."""


class NoCues(BadCaptions):
    """Nothing in it is said at any time."""


class BadTiming(BadCaptions):
    """A time cannot be read, or runs backwards."""


class BehindTheEnd(BadCaptions):
    """A cue begins after the film has ended: the file belongs to another film."""


@dataclass(frozen=True)
class Cue:
    """A few words from one millisecond to another, and the line of the file where they stand."""

    line: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Subtitles:
    """Clean WebVTT, its fingerprint, and how many cues it has."""

    text: str
    digest: str
    cues: int


def read_captions(data: bytes, *, length_ms: int) -> Subtitles:
    """Read a file of subtitles for a film of this length; raises BadCaptions."""
    if len(data) > MOST_BYTES:
        raise TooLong
    cues = sorted(_cues(_decoded(data)), key=lambda cue: cue.start)
    if not cues:
        raise NoCues
    if len(cues) > MOST_CUES:
        raise TooLong
    late = [cue for cue in cues if cue.start > length_ms or cue.end > length_ms + GRACE_MS]
    if late:
        raise BehindTheEnd(late[0].line)
    return write_captions([(cue.start, cue.end, cue.text) for cue in cues])


def write_captions(cues: "list[tuple[int, int, str]]") -> Subtitles:
    """Cues of milliseconds and clean text as WebVTT."""
    blocks = [f"{_moment(start)} --> {_moment(end)}\n{text}\n" for start, end, text in cues]
    text = "\n".join(["WEBVTT\n", *blocks])
    return Subtitles(text, hashlib.sha256(text.encode()).hexdigest(), len(blocks))


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 where a mark says so, else the Chinese national encoding."""
    marked = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for encoding in (marked, "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise NotText


def _cues(text: str) -> Iterator[Cue]:
    lines = text.split("\n")
    begins = 1 if HEADER.match(lines[0]) else 0
    for number, block in _blocks(lines, begins):
        if block[0].split(" ")[0] in NOT_CUES and "-->" not in block[0]:
            continue
        place = next((place for place, line in enumerate(block[:2]) if "-->" in line), None)
        if place is None:
            if begins and number <= 2:
                continue  # words that belong to the header
            raise BadTiming(number)
        start, end = _times(block[place], number + place)
        said = _cleaned(block[place + 1 :])
        if said:
            yield Cue(number + place, start, end, said)


def _blocks(lines: list[str], begins: int) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between empty ones, each with the number of its first line, counted from 1."""
    empty = [
        -1 + begins,
        *(place for place in range(begins, len(lines)) if not lines[place].strip()),
        len(lines),
    ]
    for before, after in pairwise(empty):
        block = lines[before + 1 : after]
        if block:
            yield before + 2, block


def _times(line: str, number: int) -> tuple[int, int]:
    found = TIMING.match(line)
    if found is None:
        raise BadTiming(number)
    start, end = _milliseconds(found.groups()[:4]), _milliseconds(found.groups()[4:])
    if end <= start:
        raise BadTiming(number)
    return start, end


def _milliseconds(parts: "tuple[str | None, ...]") -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _moment(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _cleaned(lines: list[str]) -> str:
    """Words, bold and italic; every other tag goes, and what looks like one is written as words."""
    said = []
    for line in lines:
        kept, at = [], 0
        for tag in TAG.finditer(line):
            kept.append(_escaped(line[at : tag.start()]))
            kept.append(f"<{tag[1]}{tag[2]}>" if tag[2] else "")
            at = tag.end()
        kept.append(_escaped(line[at:]))
        said.append("".join(kept).strip()[:MOST_LINE])
    return "\n".join(line for line in said if line)


def _escaped(words: str) -> str:
    """Entities of either format understood, and the three signs that mean something written as entities."""
    plain = "".join(sign for sign in html.unescape(words) if sign.isprintable())
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
