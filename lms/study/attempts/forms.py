"""A quiz as a plain form: how each question's answer is read out of what a browser sends without scripts."""

from collections.abc import Callable

from django.http import QueryDict

from courses.quizzes.draw import Drawn
from courses.quizzes.kinds import QuestionKind

Read = Callable[[QueryDict, str, Drawn], object]


def read_answers(data: QueryDict, drawn: list[Drawn]) -> dict[int, object]:
    """The answers by place; a question that was left alone, or filled in only in part, is not among them."""
    read = {
        place: READ[question["kind"]](data, f"q{place}", question) for place, question in enumerate(drawn)
    }
    return {place: value for place, value in read.items() if value is not None}


def _one(data: QueryDict, name: str, question: Drawn) -> object:
    return _number(data.get(name))


def _some(data: QueryDict, name: str, question: Drawn) -> object:
    ticked = [_number(value) for value in data.getlist(name)]
    return ticked or None


def _truth(data: QueryDict, name: str, question: Drawn) -> object:
    return {"true": True, "false": False}.get(data.get(name, ""))


def _words(data: QueryDict, name: str, question: Drawn) -> object:
    words = [data.get(f"{name}.{blank}", "").strip() for blank in range(question["shown"]["blanks"])]
    return words if any(words) else None


def _order(data: QueryDict, name: str, question: Drawn) -> object:
    """Each item says its place; as an answer, the items in the order of their places, if no two share one."""
    count = len(question["shown"]["items"])
    places = [_number(data.get(f"{name}.{item}")) for item in range(count)]
    if None in places or len(set(places)) < count:
        return None
    return sorted(range(count), key=lambda item: places[item] or 0)


def _pairs(data: QueryDict, name: str, question: Drawn) -> object:
    chosen = [_number(data.get(f"{name}.{left}")) for left in range(len(question["shown"]["left"]))]
    return None if all(value is None for value in chosen) else chosen


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else None


READ: dict[str, Read] = {
    QuestionKind.SINGLE: _one,
    QuestionKind.MULTIPLE: _some,
    QuestionKind.TRUE_FALSE: _truth,
    QuestionKind.FILL_IN: _words,
    QuestionKind.ORDERING: _order,
    QuestionKind.MATCHING: _pairs,
}
