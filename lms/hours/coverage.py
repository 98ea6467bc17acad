"""The set of distinct seconds played, as a bitmap: bit n is the second from n to n + 1.

A bitmap is a plain int while it is worked with and little-endian bytes while it is stored. Merging is a
union, so reports may come late, twice, in any order and from several phones.
"""

import re
from collections.abc import Iterable

from courses.finishing import FINISHED_PERCENT

EMPTY = 0
_RUN = re.compile("1+")

Segment = tuple[int, int]


def from_bytes(stored: bytes | memoryview) -> int:
    """A bitmap out of the database."""
    return int.from_bytes(stored, "little")


def to_bytes(bits: int) -> bytes:
    """A bitmap for the database, without trailing zeros."""
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def from_segments(segments: Iterable[Segment]) -> int:
    """The bitmap of half-open segments of whole seconds, `[from, to)`."""
    bits = 0
    for start, end in segments:
        bits |= (1 << end) - (1 << start)
    return bits


def union(one: int, other: int) -> int:
    """What either covers."""
    return one | other


def missing(bits: int, wanted: int) -> int:
    """What is wanted and not covered yet."""
    return wanted & ~bits


def count(bits: int) -> int:
    """How many distinct seconds are covered."""
    return bits.bit_count()


def earliest(bits: int, most: int) -> int:
    """The earliest `most` seconds of a bitmap."""
    if bits.bit_count() <= most:
        return bits
    taken = 0
    for start, end in ranges(bits):
        length = min(end - start, most)
        taken |= (1 << (start + length)) - (1 << start)
        most -= length
        if not most:
            break
    return taken


def seconds_to_finish(seconds: int, percent: int = FINISHED_PERCENT) -> int:
    """How many distinct seconds finish a lesson (domain §3)."""
    return -(-seconds * percent // 100)


def ranges(bits: int) -> list[Segment]:
    """The covered stretches in order, half-open."""
    # The digits of the number, turned round: one pass in C however many stretches there are.
    return [run.span() for run in _RUN.finditer(bin(bits)[:1:-1])]
