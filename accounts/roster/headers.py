"""Headers of a sheet as people write them, and what they mean."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning", bound=StrEnum)
# A word in brackets after the header explains the cell: 职务(多个用、隔开).
EXPLAINED = re.compile(r"\([^)]*\)$")


def folded(text: str) -> str:
    """A header or a word of a cell without what does not matter: width, case, spaces, stars and colons."""
    return re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", text)).casefold()


class Headers(Generic[Meaning]):
    """The columns of one kind of sheet, each with the headers under which people write it."""

    def __init__(self, known: Mapping[Meaning, Sequence[str]]) -> None:
        self._meanings = {folded(header): column for column, headers in known.items() for header in headers}

    def column_of(self, header: str) -> Meaning | None:
        """What a header cell means; None for columns that nobody reads."""
        found = folded(header)
        return self._meanings.get(found) or self._meanings.get(EXPLAINED.sub("", found))
