"""How long a text takes to read."""

import math

CHARACTERS_A_MINUTE = 400


def reading_seconds(characters: int) -> int:
    """Whole seconds for so many characters of Chinese, white space not counted, at an unhurried pace."""
    return math.ceil(characters * 60 / CHARACTERS_A_MINUTE)


def characters_in(text: str) -> int:
    """How many characters there are to read."""
    return len("".join(text.split()))
