"""Stretches of a film or text that were played, as a phone tells of them."""

from http import HTTPStatus

from lms.phones.uploads import Refused

MOST_SEGMENTS = 2_000


def read_segments(value: object, seconds: int) -> list[tuple[int, int]]:
    """Half-open pairs of whole seconds within a length; Refused says what is wrong with them."""
    if type(value) is not list:
        raise Refused("segments")
    if len(value) > MOST_SEGMENTS:
        raise Refused("too_many", HTTPStatus.UNPROCESSABLE_ENTITY)
    return [_segment(pair, seconds) for pair in value]


def _segment(pair: object, seconds: int) -> tuple[int, int]:
    if type(pair) is not list or len(pair) != 2:
        raise Refused("segments")
    start, end = pair
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= seconds:
        raise Refused("segments", HTTPStatus.UNPROCESSABLE_ENTITY)
    return start, end
