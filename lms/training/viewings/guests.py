"""Guests of a viewing: people of other villages of the county, found by what is said of them."""

import re

from django.db.models import Q

from accounts.models import Cadre, Level, Unit
from accounts.models.people import CadreQuerySet
from lms.training.viewings.models import Station

# A database has no place for NUL, so that it parts words like a space.
_BETWEEN = re.compile(r"[\s,;，；、\0]+")


class GuestUnknown(LookupError):
    """Nobody in the county is meant by these words."""


class GuestAmbiguous(LookupError):
    """Several people are meant by these words."""


def find_guest(text: str, station: Station) -> Cadre:
    """Whom a phone number, an account number, a name of the village, or a name with its village means.

    Only people of the station's county are found, and a bare name only in the village itself, so that the
    roll is no way to look people up. Raises GuestUnknown, GuestAmbiguous. Two queries at most.
    """
    words = [word for word in _BETWEEN.split(text) if word]
    county = Unit(code=station.unit.code[: Level.COUNTY.digits].ljust(12, "0"))
    near = Cadre.objects.within(county).filter(is_active=True).select_related("unit")
    found = list(near.signing_in_as("".join(words))[:2]) or _named(near, words, station)
    if not found:
        raise GuestUnknown
    if len(found) > 1:
        raise GuestAmbiguous
    return found[0]


def _named(near: CadreQuerySet, words: list[str], station: Station) -> list[Cadre]:
    """A name alone is somebody of the village; with a village before or after it, somebody there."""
    if len(words) == 1:
        return list(near.filter(name=words[0], unit=station.unit_id)[:2])
    if len(words) != 2:
        return []
    pairs = [tuple(words), tuple(reversed(words))]
    said = Q(name__in=words, unit__level=Level.VILLAGE)
    return [
        person
        for person in near.filter(said)
        for name, place in pairs
        if person.name == name and place in (person.unit.name, person.unit.short_name)
    ]
