"""Sums over the answers to one question, from which its figures follow. Pure.

They are whole numbers, so that the order of the adding cannot change them.
"""

from dataclasses import astuple, dataclass
from math import sqrt

WHOLE = 100  # marks are hundredths of a point
# With fewer answers a figure says more about chance than about the question.
FEWEST = 20
# Facilities and discriminations beyond which a question deserves a look (usual in classical test theory).
TOO_HARD, TOO_EASY, TOO_BLIND = 0.3, 0.95, 0.1


@dataclass(frozen=True, slots=True)
class Sums:
    """`answers` with `points` in all and `blank` ones among them; the rest over attempts with others.

    There x is the mark of the question, y the mean mark of the attempt's other questions.
    """

    answers: int = 0
    points: int = 0
    blank: int = 0
    pairs: int = 0
    x: int = 0
    xx: int = 0
    y: int = 0
    yy: int = 0
    xy: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def facility(self) -> float | None:
        """The mean share of the point that is earned, 0 to 1; None without answers."""
        return self.points / (WHOLE * self.answers) if self.answers else None

    @property
    def discrimination(self) -> float | None:
        """How well the question tells apart who knows the rest and who does not, -1 to 1.

        The correlation of its mark with the other questions' (the corrected point-biserial); None where
        everybody has the same.
        """
        spread = (self.pairs * self.xx - self.x**2) * (self.pairs * self.yy - self.y**2)
        if spread <= 0:
            return None
        return max(-1.0, min(1.0, (self.pairs * self.xy - self.x * self.y) / sqrt(spread)))


def sums_of(marks: list[int], blank: set[int]) -> list[Sums]:
    """What one marked attempt adds to each of its questions; `blank` are the places without an answer."""
    return [_of_one(place, mark, marks, place in blank) for place, mark in enumerate(marks)]


def _of_one(place: int, mark: int, marks: list[int], is_blank: bool) -> Sums:
    others = len(marks) - 1
    if not others:
        return Sums(answers=1, points=mark, blank=int(is_blank))
    rest = round((sum(marks) - mark) / others)
    return Sums(1, mark, int(is_blank), 1, mark, mark**2, rest, rest**2, mark * rest)
