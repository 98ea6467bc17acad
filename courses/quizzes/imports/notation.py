"""How a line of a sheet writes a question of each kind; pure, and the one place for a new way of writing.

single     答案 B                       multiple   答案 ABD or A、B、D
true/false 答案 对 / 错 / √ / ×          fill in    答案 五/5；三 (blanks by ；, what is accepted by /)
ordering   答案 CABD, or the options in their right order and no answer
matching   options 左=右, no answer
"""

import re
import unicodedata
from collections.abc import Callable

from accounts.roster.headers import folded
from courses.quizzes.imports.columns import Column
from courses.quizzes.imports.reading import Line
from courses.quizzes.kinds import Json, QuestionKind
from courses.quizzes.lines import RIGHT, WRONG
from courses.quizzes.models import Difficulty

KIND_WORDS: dict[str, QuestionKind] = {
    "单选": QuestionKind.SINGLE,
    "单项选择": QuestionKind.SINGLE,
    "选择": QuestionKind.SINGLE,
    "onerightanswer": QuestionKind.SINGLE,
    "多选": QuestionKind.MULTIPLE,
    "多项选择": QuestionKind.MULTIPLE,
    "severalrightanswers": QuestionKind.MULTIPLE,
    "判断": QuestionKind.TRUE_FALSE,
    "是非": QuestionKind.TRUE_FALSE,
    "对错": QuestionKind.TRUE_FALSE,
    "rightorwrong": QuestionKind.TRUE_FALSE,
    "填空": QuestionKind.FILL_IN,
    "fillin": QuestionKind.FILL_IN,
    "排序": QuestionKind.ORDERING,
    "putinorder": QuestionKind.ORDERING,
    "匹配": QuestionKind.MATCHING,
    "连线": QuestionKind.MATCHING,
    "配对": QuestionKind.MATCHING,
    "match": QuestionKind.MATCHING,
}
DIFFICULTY_WORDS: dict[str, Difficulty] = {
    **dict.fromkeys(("易", "容易", "简单", "较易", "1", "easy"), Difficulty.EASY),
    **dict.fromkeys(("", "中", "中等", "一般", "适中", "2", "medium"), Difficulty.MEDIUM),
    **dict.fromkeys(("难", "困难", "较难", "3", "hard"), Difficulty.HARD),
}
# A gap as teachers type it: brackets with nothing in them, or a line.
GAP = re.compile(r"\s*(?:[（(]\s*[）)]|_{2,}|＿+)\s*")
BETWEEN_LETTERS = re.compile(r"[\s,，、;；/|.。和]")
BETWEEN_BLANKS = re.compile(r"[;；]")
BETWEEN_ACCEPTED = re.compile(r"[/|｜]")
BETWEEN_SIDES = re.compile(r"=|＝|→|->|——|｜|\|")


class Unclear(ValueError):
    """What a cell does not say in a way that we understand; `code` is one of the reasons in `verdicts`."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = value


def kind_of(line: Line) -> QuestionKind:
    """The kind that the line names; raises Unclear."""
    word = folded(line[Column.KIND]).removesuffix("题")
    kind = KIND_WORDS.get(word)
    if kind is None:
        raise Unclear("kind", line[Column.KIND])
    return kind


def difficulty_of(line: Line) -> Difficulty:
    """The difficulty that the line names, medium where it says nothing; raises Unclear."""
    found = DIFFICULTY_WORDS.get(folded(line[Column.DIFFICULTY]).removesuffix("题"))
    if found is None:
        raise Unclear("difficulty", line[Column.DIFFICULTY])
    return found


def stem_of(line: Line, kind: QuestionKind) -> str:
    """What is asked; the gaps of a fill-in question as our own pages write them."""
    stem = line[Column.STEM]
    return GAP.sub(" ____ ", stem).strip() if kind == QuestionKind.FILL_IN else stem


def parts_of(line: Line, kind: QuestionKind) -> Json:
    """The parts as the kind wants them, which it has still to check; raises Unclear."""
    return READ[kind](line)


def _choice(line: Line) -> Json:
    return {"options": line.options, "right": sorted(_places(line))}


def _truth(line: Line) -> Json:
    word = folded(line[Column.ANSWER])
    if word not in RIGHT | WRONG:
        raise Unclear("truth", line[Column.ANSWER])
    return {"right": word in RIGHT}


def _blanks(line: Line) -> Json:
    blanks = [
        [text.strip() for text in BETWEEN_ACCEPTED.split(blank) if text.strip()]
        for blank in BETWEEN_BLANKS.split(line[Column.ANSWER].rstrip("；;"))
    ]
    return {"blanks": blanks}


def _order(line: Line) -> Json:
    options = line.options
    if not line[Column.ANSWER]:
        return {"items": options}
    places = _places(line)
    if len(places) != len(options):
        raise Unclear("order", line[Column.ANSWER])
    return {"items": [options[place] for place in places]}


def _pairs(line: Line) -> Json:
    pairs = []
    for option in line.options:
        sides = [side.strip() for side in BETWEEN_SIDES.split(option, maxsplit=1)]
        if len(sides) != 2 or not all(sides):
            raise Unclear("pair", option)
        pairs.append(sides)
    return {"pairs": pairs}


def _places(line: Line) -> list[int]:
    """The options that the answer names by their letters (or numbers), in its order."""
    answer = line[Column.ANSWER]
    letters = BETWEEN_LETTERS.sub("", unicodedata.normalize("NFKC", answer).upper())
    digits = str.maketrans("12345678", "ABCDEFGH")
    places = [ord(letter) - ord("A") for letter in letters.translate(digits)]
    is_known = all(0 <= place < len(line.options) for place in places)
    if not places or not is_known or len(set(places)) != len(places):
        raise Unclear("letters", answer)
    return places


READ: dict[QuestionKind, Callable[[Line], Json]] = {
    QuestionKind.SINGLE: _choice,
    QuestionKind.MULTIPLE: _choice,
    QuestionKind.TRUE_FALSE: _truth,
    QuestionKind.FILL_IN: _blanks,
    QuestionKind.ORDERING: _order,
    QuestionKind.MATCHING: _pairs,
}
