"""How a document's pieces lie along its seconds, and how they are divided into parts of a page each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from courses.documents.pieces import Draft
from courses.reading_time import reading_seconds

# A page with little text still wants to be looked at.
SHORTEST_PICTURE_SECONDS = 6
# What keeps a lesson's page light: its HTML is sent before anything can be read.
PART_PICTURES = 20
PART_CHARACTERS = 2500


@dataclass(frozen=True)
class Place:
    """Where a piece lies: its seconds, and the part in which it is shown as a picture and as text."""

    starts: int
    seconds: int
    part: int
    text_part: int


def places(drafts: Iterable[Draft], *, has_pages: bool) -> Iterator[Place]:
    """The place of each draft in turn; `has_pages` where every piece is a picture of a page."""
    starts = 0
    pictures, texts = _Filling(PART_PICTURES), _Filling(PART_CHARACTERS)
    for draft in drafts:
        shortest = SHORTEST_PICTURE_SECONDS if draft.picture else 1
        seconds = max(shortest, reading_seconds(draft.characters))
        text_part = texts.put(draft.characters + 50)  # a piece without text has its frame all the same
        yield Place(starts, seconds, pictures.put(1) if has_pages else text_part, text_part)
        starts += seconds


class _Filling:
    """Parts filled one after another, each up to a measure; what is larger has a part for itself."""

    def __init__(self, most: int) -> None:
        self.most, self.held, self.part = most, 0, 1

    def put(self, amount: int) -> int:
        if self.held and self.held + amount > self.most:
            self.part, self.held = self.part + 1, 0
        self.held += amount
        return self.part
