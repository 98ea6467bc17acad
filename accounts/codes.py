"""Statistical codes of units: 12 digits, 2+2+2+3+3, a subtree is a code prefix."""

import re

LENGTHS = (2, 4, 6, 9, 12)
SHAPE = re.compile(r"[1-9][0-9]{11}")


def is_code(code: str) -> bool:
    """Whether this is a 12-digit code (ASCII digits, the first not zero)."""
    return SHAPE.fullmatch(code) is not None


def prefix_of(code: str) -> str:
    """The significant digits of a 12-digit code: its last part of zeros belongs to lower levels."""
    for length in LENGTHS:
        if not code[length:].strip("0"):
            return code[:length]
    return code


def depth_of(code: str) -> int:
    """0 for a province's code, 4 for a village's."""
    return LENGTHS.index(len(prefix_of(code)))


def subtree(code: str) -> tuple[str, str]:
    """The lowest and highest code in the subtree of `code`, both included."""
    prefix = prefix_of(code)
    return prefix.ljust(12, "0"), prefix.ljust(12, "9")


def ancestors(code: str) -> list[str]:
    """The codes above `code` and itself, highest first."""
    prefix = prefix_of(code)
    return [prefix[:length].ljust(12, "0") for length in LENGTHS if length <= len(prefix)]
