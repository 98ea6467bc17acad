"""What other rooms have to say of people who leave the committees: a higher room registers what it knows."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from accounts.roster.verdicts import Reason

# Given the names of people by their keys and a day, what is worth a look, by the same keys.
Look = Callable[[Mapping[int, str], date], Mapping[int, Reason]]

_looks: list[Look] = []


def departure(look: Look) -> Look:
    """Register what a room knows of people who leave; one query whatever their number."""
    if look not in _looks:
        _looks.append(look)
    return look


def said_of(leaving: Mapping[int, str], on: date) -> Iterable[tuple[int, Reason]]:
    """All that the rooms have to say of these people."""
    return [said for look in _looks if leaving for said in look(leaving, on).items()]
