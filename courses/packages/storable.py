"""What no database keeps of the JSON that strangers write: NUL, half a character, infinities. Pure."""

import math
from collections.abc import Iterable


class Unstorable(ValueError):
    """Something inside cannot be kept."""


class TooDeep(Unstorable):
    """It nests more deeply than anything that is meant."""


def is_storable(text: str) -> bool:
    """Whether a text can be kept: no zero, and no half of a character."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def must_be_storable(value: object, *, most_levels: int) -> None:
    """Look at everything inside, one level after the other; raises Unstorable, TooDeep."""
    levels, waiting = 0, [value]
    while waiting:
        levels += 1
        if levels > most_levels:
            raise TooDeep
        waiting = [inner for one in waiting for inner in _inside(one)]


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, str) and not is_storable(value):
        raise Unstorable
    if isinstance(value, float) and not math.isfinite(value):
        raise Unstorable
    return ()
