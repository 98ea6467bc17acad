"""The answers inside an attempt as people read them: which question, what was answered, right or wrong.

What H5P tells of a question is xAPI's `definition`, in the words of its author and of no fixed language; it
is shown as plain text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from lms.hours.figures import plain
from lms.study.interactive.models import Statement

Json = Any  # what strangers wrote, of whatever shape
MOST_CHARACTERS = 300
MOST_ANSWERS = 50
# Of the rest only lists of objectives and right answers, which nobody reads here.
INTERACTION = re.compile(r"cmi\.interactions\.(\d{1,4})\.(\w{1,40})", re.ASCII)
# What a response strings together, by xAPI's rules for interactions.
AND, TO = "[,]", "[.]"
# How an answer in words is to be compared, which SCORM 2004 writes before it.
RULE = re.compile(r"\{(?:lang|case_matters|order_matters)=[\w-]{1,40}\}", re.ASCII)
# What stands for one of several places that was left empty.
EMPTY = "—"
# Where an author's text goes on in another line.
BREAK = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|tr|h[1-6]))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of an attempt with the answer given last; `is_right` is None where nobody said so.

    `points` is "1/5" where a question is worth more than one, else empty.
    """

    question: str
    answer: str
    is_right: bool | None
    points: str = ""


def answers_of(statements: Iterable[Statement]) -> list[Answer]:
    """The last answer to each question, in the order in which they were answered first."""
    last: dict[str, Statement] = {}
    for statement in statements:
        if statement.response or (statement.is_child and _is_judged(statement)):
            last[statement.activity] = statement
    return [_answer(statement) for statement in list(last.values())[:MOST_ANSWERS]]


def answers_in(commits: Iterable[Json]) -> list[Answer]:
    """The last answer to each question of SCORM objects, out of what their sessions committed, in order."""
    last: dict[str, Answer] = {}
    for cmi in commits:
        for told in _interactions(cmi).values():
            if name := told.get("id", ""):
                last[name] = _told(name, told)
    return list(last.values())[:MOST_ANSWERS]


def _interactions(cmi: Json) -> dict[int, dict[str, str]]:
    """What a flat data model says of each question, by its number."""
    found: dict[int, dict[str, str]] = {}
    for key, value in sorted(cmi.items()):
        if (named := INTERACTION.fullmatch(key)) and isinstance(value, str | int | float):
            found.setdefault(int(named[1]), {})[named[2]] = str(value)[:MOST_CHARACTERS]
    # "10" stands before "2" in the alphabet, and after it in the courseware.
    return dict(sorted(found.items()))


def _told(name: str, told: dict[str, str]) -> Answer:
    """SCORM 1.2 says "student" and "wrong" where 2004 says "learner" and "incorrect"."""
    answer = RULE.sub("", told.get("learner_response") or told.get("student_response", ""))
    is_right = {"correct": True, "wrong": False, "incorrect": False}.get(told.get("result", ""))
    return Answer(told.get("description") or name, answer.replace(AND, ", ").replace(TO, " → "), is_right)


def _answer(statement: Statement) -> Answer:
    about = _at(statement.statement, "object", "definition")
    question = _text(_at(about, "description")) or _text(_at(about, "name"))
    raw, most = (_at(statement.statement, "result", "score", name) for name in ("raw", "max"))
    return Answer(question, _in_words(statement.response, about), _is_right(statement), _points(raw, most))


def _is_judged(statement: Statement) -> bool:
    return statement.is_success is not None or statement.scaled is not None


def _is_right(statement: Statement) -> bool | None:
    """Some types tell only points: all of them is right and none is wrong."""
    if statement.is_success is not None or statement.scaled is None:
        return statement.is_success
    return None if 0 < statement.scaled < 1 else statement.scaled == 1


def _points(raw: Json, most: Json) -> str:
    if type(raw) not in (int, float) or type(most) not in (int, float) or most <= 1:
        return ""
    return f"{plain(Decimal(str(raw)))}/{plain(Decimal(str(most)))}"


def _in_words(response: str, about: Json) -> str:
    """A response with the numbers of choices put into their words."""
    if _at(about, "interactionType") == "true-false":
        return {"true": _("True"), "false": _("False")}.get(response, response[:MOST_CHARACTERS])
    chosen, targets, sources = (
        _words_of(about, *names) for names in (("choices", "steps"), ("target",), ("source",))
    )
    told = []
    for pair in response.split(AND):
        first, to, second = pair.partition(TO)
        # H5P names the place first, and then what was put there.
        told.append(
            f"{sources.get(second, second)} → {targets.get(first, first)}" if to else chosen.get(pair, pair)
        )
    return ", ".join(each or EMPTY for each in told)[:MOST_CHARACTERS] if any(told) else ""


def _words_of(about: Json, *names: str) -> dict[str, str]:
    choices = [choice for name in names for choice in _list(_at(about, name))]
    words = {str(_at(choice, "id")): _text(_at(choice, "description")) for choice in choices}
    return {key: text for key, text in words.items() if text}


def _text(languages: Json) -> str:
    """The first of an author's languages, without tags."""
    values = languages.values() if isinstance(languages, dict) else ()
    first = next((value for value in values if isinstance(value, str) and value), "")
    apart = BREAK.sub(r" \g<0>", first[: 3 * MOST_CHARACTERS])
    return " ".join(unescape(strip_tags(apart)).split())[:MOST_CHARACTERS]


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _at(value: Json, *names: str) -> Json:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
