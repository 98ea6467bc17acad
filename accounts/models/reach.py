"""Whom staff may see: people whose file lies in their units, and guests who are there for now."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from .posts import Post
from .units import Unit, within_any


class Guest(NamedTuple):
    """A party member on the move: where now, and which unit keeps the file."""

    person_id: int
    code: str
    home: str

    def is_only_guest_of(self, units: Iterable[Unit]) -> bool:
        """Whether the person is at one of the units, and the file at none."""
        units = list(units)
        return any(unit.contains(self.code) for unit in units) and not any(
            unit.contains(self.home) for unit in units
        )


def people_within(units: Iterable[Unit], guests: Iterable[Guest], person: str = "") -> Q:
    """The condition that a person's file lies in one of the units, or that the person is a guest there.

    `person` is the path from the queried model to the person. Files and guests are found apart, each by
    its index: one condition over two tables would make the database read everybody.
    """
    units = list(units)
    path = f"{person}__" if person else ""
    ids = {guest.person_id for guest in guests if guest.is_only_guest_of(units)}
    if not ids:
        return within_any(units, f"{path}unit__code")
    files = Unit.objects.filter(within_any(units), people__isnull=False).order_by().values("people")
    here = Post.objects.filter(person__in=ids).order_by().values("person")
    return Q(**{f"{path}pk__in": files.union(here, all=True)})
