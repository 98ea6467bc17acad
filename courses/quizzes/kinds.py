"""The six kinds of questions, a class each: what its parts are, how it is shown, what an answer is worth.

`parts` is what an author wrote, `shown` what a learner sees, `key` what only the server knows; all JSON.
A new kind is one class here, its fields in `lms/templates/study/questions` and its reading in the two forms.
"""

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FEWEST, MOST = 2, 8
MOST_CHARACTERS = 200
BLANK = re.compile("_{3,}")
NOTHING, WHOLE = Fraction(0), Fraction(1)

Json = Any  # what json.loads gives: each kind checks its own shape


class QuestionKind(models.TextChoices):
    """What is asked of whoever answers."""

    SINGLE = "SINGLE", gettext_lazy("One right answer")
    MULTIPLE = "MULTIPLE", gettext_lazy("Several right answers")
    TRUE_FALSE = "TRUE_FALSE", gettext_lazy("Right or wrong")
    FILL_IN = "FILL_IN", gettext_lazy("Fill in")
    ORDERING = "ORDERING", gettext_lazy("Put in order")
    MATCHING = "MATCHING", gettext_lazy("Match")


class Kind(Protocol):
    """What every kind of question can do."""

    def check(self, parts: Json, stem: str) -> None:
        """Raise ValidationError, in words, where the parts are not those of the kind."""

    def show(self, parts: Json, mix: Random | None) -> tuple[Json, Json]:
        """What is shown, mixed if `mix` is given, and the key to it."""

    def is_answer(self, shown: Json, answer: Json) -> bool:
        """Whether an answer has the shape and the range that is asked for."""

    def mark(self, key: Json, answer: Json) -> Fraction:
        """The share of the question's point that an answer of the right shape earns, 0 to 1."""

    def words(self, shown: Json, answer: Json) -> list[str]:
        """An answer as one would say it, a line for each part."""

    def right(self, shown: Json, key: Json) -> list[str]:
        """The right answer in the same way."""


class Choice:
    """Options of which one is right: parts {"options": [text…], "right": [place]}; an answer is a place."""

    fewest_right, most_right = 1, 1

    def check(self, parts: Json, stem: str) -> None:
        """Two to eight different options, and the right ones among them."""
        options, right = texts(parts, "options"), parts.get("right")
        if not are_places(right, len(options)) or not self.fewest_right <= len(right) <= self.most_right:
            raise ValidationError(self._wrong_count())

    def show(self, parts: Json, mix: Random | None) -> tuple[Json, Json]:
        """The options in another order; the key has the places of the right ones in it."""
        order = mixed(len(parts["options"]), mix)
        key = sorted(order.index(place) for place in parts["right"])
        return {"options": [parts["options"][place] for place in order]}, key

    def is_answer(self, shown: Json, answer: Json) -> bool:
        """The place of an option."""
        return is_place(answer, len(shown["options"]))

    def mark(self, key: Json, answer: Json) -> Fraction:
        """All or nothing."""
        return WHOLE if answer == key[0] else NOTHING

    def words(self, shown: Json, answer: Json) -> list[str]:
        """The option's text."""
        return [shown["options"][answer]]

    def right(self, shown: Json, key: Json) -> list[str]:
        """The right options' texts."""
        return [shown["options"][place] for place in key]

    def _wrong_count(self) -> str:
        return _("Mark exactly one option as right.")


class Choices(Choice):
    """Options of which several are right; an answer is the list of the places that were ticked."""

    fewest_right, most_right = FEWEST, MOST

    def is_answer(self, shown: Json, answer: Json) -> bool:
        """Different places."""
        return are_places(answer, len(shown["options"]))

    def mark(self, key: Json, answer: Json) -> Fraction:
        """The share of the right ones that was ticked; each wrong tick takes one of them away."""
        right = len(set(answer) & set(key))
        return max(NOTHING, Fraction(right - (len(answer) - right), len(key)))

    def words(self, shown: Json, answer: Json) -> list[str]:
        """The texts of what was ticked."""
        return [shown["options"][place] for place in sorted(answer)]

    def _wrong_count(self) -> str:
        return _("Mark at least two options as right; for one there is the other kind.")


class TrueFalse:
    """A sentence that is right or wrong: parts {"right": true}; an answer is true or false."""

    def check(self, parts: Json, stem: str) -> None:
        """Nothing but the truth."""
        if not isinstance(parts, dict) or type(parts.get("right")) is not bool:
            raise ValidationError(_("Say whether the sentence is right or wrong."))

    def show(self, parts: Json, mix: Random | None) -> tuple[Json, Json]:
        """Nothing beside the sentence."""
        return {}, parts["right"]

    def is_answer(self, shown: Json, answer: Json) -> bool:
        """True or false."""
        return type(answer) is bool

    def mark(self, key: Json, answer: Json) -> Fraction:
        """All or nothing."""
        return WHOLE if answer == key else NOTHING

    def words(self, shown: Json, answer: Json) -> list[str]:
        """Right or wrong."""
        return [_("Right") if answer else _("Wrong")]

    def right(self, shown: Json, key: Json) -> list[str]:
        """The truth."""
        return self.words(shown, key)


class FillIn:
    """Blanks (____ in the stem): parts {"blanks": [[accepted…]…]}; an answer is a text for each."""

    def check(self, parts: Json, stem: str) -> None:
        """As many lists of accepted texts as the stem has blanks."""
        blanks = parts.get("blanks") if isinstance(parts, dict) else None
        if not isinstance(blanks, list) or not 1 <= len(blanks) <= MOST:
            raise ValidationError(_("Give the accepted answers of each blank."))
        if not all(isinstance(each, list) and each and all(map(is_text, each)) for each in blanks):
            raise ValidationError(_("Give the accepted answers of each blank."))
        if len(BLANK.findall(stem)) != len(blanks):
            raise ValidationError(
                _("Write ____ in the question for each blank, as many as there are answers.")
            )

    def show(self, parts: Json, mix: Random | None) -> tuple[Json, Json]:
        """How many blanks there are."""
        return {"blanks": len(parts["blanks"])}, parts["blanks"]

    def is_answer(self, shown: Json, answer: Json) -> bool:
        """A text for each blank, which may be empty."""
        if not isinstance(answer, list) or len(answer) != shown["blanks"]:
            return False
        return all(isinstance(text, str) and len(text) <= MOST_CHARACTERS for text in answer)

    def mark(self, key: Json, answer: Json) -> Fraction:
        """The share of the blanks that hold an accepted text."""
        right = [normal(text) in map(normal, accepted) for text, accepted in zip(answer, key, strict=True)]
        return Fraction(sum(right), len(key))

    def words(self, shown: Json, answer: Json) -> list[str]:
        """The texts."""
        return [text or "—" for text in answer]

    def right(self, shown: Json, key: Json) -> list[str]:
        """What is accepted in each blank."""
        return [_(" or ").join(accepted) for accepted in key]


class Ordering:
    """Lines to be put in order: parts {"items": [text…]} as they should stand.

    An answer is the places of the shown lines in the order chosen.
    """

    def check(self, parts: Json, stem: str) -> None:
        """Two to eight different lines."""
        texts(parts, "items")

    def show(self, parts: Json, mix: Random | None) -> tuple[Json, Json]:
        """The lines always mixed, and never in the right order."""
        order = mixed(len(parts["items"]), mix or Random(0))  # noqa: S311  # nothing secret depends on it
        if order == sorted(order):
            order.reverse()
        key = [order.index(place) for place in range(len(order))]
        return {"items": [parts["items"][place] for place in order]}, key

    def is_answer(self, shown: Json, answer: Json) -> bool:
        """Every line once."""
        return are_places(answer, len(shown["items"])) and len(answer) == len(shown["items"])

    def mark(self, key: Json, answer: Json) -> Fraction:
        """The share of the lines that stand where they should."""
        return share_of_same(key, answer)

    def words(self, shown: Json, answer: Json) -> list[str]:
        """The lines in the chosen order."""
        return [f"{number}. {shown['items'][place]}" for number, place in enumerate(answer, start=1)]

    def right(self, shown: Json, key: Json) -> list[str]:
        """The lines in order."""
        return self.words(shown, key)


class Matching:
    """Pairs to be found: parts {"pairs": [[left, right]…]}; an answer is a right place for each left."""

    def check(self, parts: Json, stem: str) -> None:
        """Two to eight pairs; no two lines of a side are the same."""
        pairs = parts.get("pairs") if isinstance(parts, dict) else None
        if not isinstance(pairs, list) or not all(
            isinstance(pair, list) and len(pair) == 2 for pair in pairs
        ):
            raise ValidationError(_("Each pair has a left and a right side."))
        for side in (0, 1):
            texts({"side": [pair[side] for pair in pairs]}, "side")

    def show(self, parts: Json, mix: Random | None) -> tuple[Json, Json]:
        """The right side always mixed."""
        left, right = zip(*parts["pairs"], strict=True)
        order = mixed(len(right), mix or Random(0))  # noqa: S311  # nothing secret depends on it
        shown = {"left": list(left), "right": [right[place] for place in order]}
        return shown, [order.index(place) for place in range(len(order))]

    def is_answer(self, shown: Json, answer: Json) -> bool:
        """A place on the right, or null, for each line on the left."""
        count = len(shown["right"])
        if not isinstance(answer, list) or len(answer) != count:
            return False
        return all(place is None or is_place(place, count) for place in answer)

    def mark(self, key: Json, answer: Json) -> Fraction:
        """The share of the pairs that were found."""
        return share_of_same(key, answer)

    def words(self, shown: Json, answer: Json) -> list[str]:
        """The pairs, a line each."""
        chosen = ["—" if place is None else shown["right"][place] for place in answer]
        return [f"{left} — {right}" for left, right in zip(shown["left"], chosen, strict=True)]

    def right(self, shown: Json, key: Json) -> list[str]:
        """The pairs as they should be."""
        return self.words(shown, key)


KINDS: dict[str, Kind] = {
    QuestionKind.SINGLE: Choice(),
    QuestionKind.MULTIPLE: Choices(),
    QuestionKind.TRUE_FALSE: TrueFalse(),
    QuestionKind.FILL_IN: FillIn(),
    QuestionKind.ORDERING: Ordering(),
    QuestionKind.MATCHING: Matching(),
}


def texts(parts: Json, name: str) -> list[str]:
    """Two to eight different texts out of the parts; ValidationError says what is wrong."""
    found = parts.get(name) if isinstance(parts, dict) else None
    if not isinstance(found, list) or not FEWEST <= len(found) <= MOST or not all(map(is_text, found)):
        raise ValidationError(_("Between 2 and 8 lines are needed, each with a text."))
    if len({normal(text) for text in found}) != len(found):
        raise ValidationError(_("No two lines may be the same."))
    return found


def is_text(value: Json) -> bool:
    """A text that says something."""
    return isinstance(value, str) and bool(value.strip()) and len(value) <= MOST_CHARACTERS


def is_place(value: Json, count: int) -> bool:
    """A place among so many; true and false are ints to Python, and no places."""
    return type(value) is int and 0 <= value < count


def are_places(value: Json, count: int) -> bool:
    """Different places among so many."""
    if not isinstance(value, list) or not all(is_place(place, count) for place in value):
        return False
    return len(set(value)) == len(value)


def mixed(count: int, mix: Random | None) -> list[int]:
    """The places of so many things, mixed if there is something to mix with."""
    order = list(range(count))
    if mix is not None:
        mix.shuffle(order)
    return order


def normal(text: str) -> str:
    """What counts of a text that was filled in: neither width, case, spaces nor a closing stop."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip("。.")


def share_of_same(key: Sequence[Json], answer: Sequence[Json]) -> Fraction:
    """How much of an answer stands where the key has it."""
    return Fraction(sum(one == other for one, other in zip(key, answer, strict=True)), len(key))
