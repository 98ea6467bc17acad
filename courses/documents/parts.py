"""The part of a document that a page shows: a few pages as pictures, or a stretch of text."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Min

from accounts.addresses import whole_number
from courses.documents.models import Document, Piece

AS_TEXT = "text"


@dataclass(frozen=True)
class Part:
    """Pieces in order, and where the other parts are; `starts` are the seconds at which parts begin."""

    document: Document
    pieces: tuple[Piece, ...]
    number: int
    starts: tuple[int, ...]
    as_text: bool

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self.starts)

    @property
    def has_next(self) -> bool:
        """Whether a part follows."""
        return self.number < self.count

    @property
    def next_address(self) -> str:
        """The address of the part that follows, relative to the lesson's."""
        return self.address(self.number + 1)

    @property
    def previous_address(self) -> str:
        """The address of the part before."""
        return self.address(self.number - 1)

    @property
    def as_pages_address(self) -> str:
        """The address of these pieces as pictures."""
        return _address(self.pieces[0].part, False)

    @property
    def as_text_address(self) -> str:
        """The address of these pieces as text."""
        return _address(self.pieces[0].text_part, True)

    @property
    def addresses(self) -> list[str]:
        """The addresses of all parts, in the way of reading that was chosen."""
        return [self.address(number + 1) for number in range(self.count)]

    def address(self, number: int) -> str:
        """The address of a part, by its number from 1."""
        return _address(number, self.as_text)


def _address(number: int, as_text: bool) -> str:
    asked = {**({"as": AS_TEXT} if as_text else {}), "part": number}
    return f"?{urlencode(asked)}"


def part_of(document: Document, asked: Mapping[str, str]) -> Part | None:
    """The part that an address asks for, or the nearest; None if there is nothing to read (two queries)."""
    as_text = document.has_pages and asked.get("as") == AS_TEXT
    by = "text_part" if as_text else "part"
    starts = tuple(
        document.pieces.order_by(by)
        .values_list(by)
        .annotate(begins=Min("starts"))
        .values_list("begins", flat=True)
    )
    if not starts:
        return None
    number = min(max(1, whole_number(asked.get("part")) or 1), len(starts))
    pieces = tuple(document.pieces.filter(**{by: number}).order_by("number"))
    return Part(document, pieces, number, starts, as_text)
