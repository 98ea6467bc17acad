r"""A question's parts as an author writes them, a line each, and back again.

    options     * before each right one
    a sentence  对 or 错
    blanks      what is accepted, with | between
    an order    the lines as they should stand
    pairs       left = right

A mark that is meant as a letter has a backslash before it. Nothing is refused here: `kinds.py` says what
is wrong.
"""

import re
from collections.abc import Callable

from courses.quizzes.kinds import Json, QuestionKind, normal

# Every way in which people write them, in the form and in sheets.
RIGHT = {"对", "正确", "是", "√", "✓", "✔", "t", "true", "y", "yes", "right"}
WRONG = {"错", "错误", "不对", "否", "×", "x", "✗", "✘", "f", "false", "n", "no", "wrong"}
BETWEEN_ACCEPTED, BETWEEN_SIDES = "|｜", "=＝"
STARS = "*＊"


def read_parts(kind: str, written: str) -> dict[str, Json]:
    """The parts that somebody wrote, which may still make no question."""
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    return READERS[QuestionKind(kind)](lines)


def write_parts(kind: str, parts: dict[str, Json]) -> str:
    """Parts that are a question's, as they would have been written."""
    return "\n".join(WRITERS[QuestionKind(kind)](parts))


def _read_options(lines: list[str]) -> dict[str, Json]:
    return {
        "options": [_plain(line[1:] if line[0] in STARS else line) for line in lines],
        "right": [place for place, line in enumerate(lines) if line[0] in STARS],
    }


def _write_options(parts: dict[str, Json]) -> list[str]:
    return [
        ("*" if place in parts["right"] else "") + re.sub(rf"^(?=[{STARS}])", r"\\", _one_line(option))
        for place, option in enumerate(parts["options"])
    ]


def _read_truth(lines: list[str]) -> dict[str, Json]:
    word = normal("".join(lines))
    return {"right": True if word in RIGHT else False if word in WRONG else None}


def _write_truth(parts: dict[str, Json]) -> list[str]:
    return ["对" if parts["right"] else "错"]


def _read_blanks(lines: list[str]) -> dict[str, Json]:
    return {"blanks": [_split(line, BETWEEN_ACCEPTED) for line in lines]}


def _write_blanks(parts: dict[str, Json]) -> list[str]:
    return [" | ".join(_marked(text, BETWEEN_ACCEPTED) for text in accepted) for accepted in parts["blanks"]]


def _read_items(lines: list[str]) -> dict[str, Json]:
    return {"items": lines}


def _write_items(parts: dict[str, Json]) -> list[str]:
    return [_one_line(item) for item in parts["items"]]


def _read_pairs(lines: list[str]) -> dict[str, Json]:
    return {"pairs": [_split(line, BETWEEN_SIDES) for line in lines]}


def _write_pairs(parts: dict[str, Json]) -> list[str]:
    return [" = ".join(_marked(side, BETWEEN_SIDES) for side in pair) for pair in parts["pairs"]]


READERS: dict[QuestionKind, Callable[[list[str]], dict[str, Json]]] = {
    QuestionKind.SINGLE: _read_options,
    QuestionKind.MULTIPLE: _read_options,
    QuestionKind.TRUE_FALSE: _read_truth,
    QuestionKind.FILL_IN: _read_blanks,
    QuestionKind.ORDERING: _read_items,
    QuestionKind.MATCHING: _read_pairs,
}
WRITERS: dict[QuestionKind, Callable[[dict[str, Json]], list[str]]] = {
    QuestionKind.SINGLE: _write_options,
    QuestionKind.MULTIPLE: _write_options,
    QuestionKind.TRUE_FALSE: _write_truth,
    QuestionKind.FILL_IN: _write_blanks,
    QuestionKind.ORDERING: _write_items,
    QuestionKind.MATCHING: _write_pairs,
}


def _split(line: str, marks: str) -> list[str]:
    return [_plain(text) for text in re.split(rf"(?<!\\)[{marks}]", line)]


def _plain(text: str) -> str:
    """Without the backslashes that kept a mark from being one."""
    return re.sub(r"\\([*＊|｜=＝])", r"\1", text).strip()


def _marked(text: str, marks: str) -> str:
    return re.sub(f"([{marks}])", r"\\\1", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())
