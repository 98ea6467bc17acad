"""How long somebody was at an attempt."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytest

from lms.study.interactive.spent import LONGEST_PAUSE, Spent, time_spent
from tests.lms.study.conftest import after

PAUSE = LONGEST_PAUSE.total_seconds()


@dataclass
class Told:
    """A statement, so many seconds after nine."""

    seconds: float
    verb: str = "answered"
    is_child: bool = False

    @property
    def occurred_at(self) -> datetime:
        return after(self.seconds)


OPENED = "attempted"


@pytest.mark.parametrize(
    ("told", "moments", "spent"),
    [
        (None, [], Spent(0, is_reckoned=True)),
        (None, [Told(0, OPENED)], Spent(0, is_reckoned=True)),
        (None, [Told(0, OPENED), Told(9), Told(20)], Spent(20, is_reckoned=True)),
        # Told and met: what is told counts, also where more of the same go follows.
        ("12.5", [Told(0, OPENED), Told(12.5), Told(14)], Spent(12, is_reckoned=False)),
        # Only an end is told.
        ("60", [Told(60)], Spent(60, is_reckoned=False)),
        # Left and gone on with, a day later.
        ("10", [Told(0, OPENED), Told(30), Told(86_400, OPENED), Told(86_410)], Spent(40, is_reckoned=True)),
        # A part that is opened is no opening of the whole.
        (None, [Told(0, OPENED), Told(7, OPENED, is_child=True), Told(9)], Spent(9, is_reckoned=True)),
        # Somebody was away, and then went on.
        (None, [Told(0), Told(10), Told(11 + PAUSE), Told(15 + PAUSE)], Spent(14, is_reckoned=True)),
    ],
)
def test_the_time_spent(told: str | None, moments: list[Told], spent: Spent) -> None:
    assert time_spent(Decimal(told) if told else None, moments) == spent
