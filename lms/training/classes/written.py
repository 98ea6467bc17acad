"""People of a class as an organiser writes them down: lines of names or numbers, and ticks."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.access import MANAGERS
from accounts.models import Cadre
from lms.training.people import People, Unclear

MOST_PEOPLE = 500
MOST_HALF_DAYS = 60
# Names, phones and account numbers, however they are parted; NUL parts too, no database has a place for it.
_PARTS = re.compile(r"[\s,;，；、\0]+")
_KEY = re.compile(r"[0-9]{1,18}")


@dataclass
class Roll:
    """The people of a class with the half-days that each missed, and every line that is not clear."""

    absent: dict[Cadre, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def parted(text: str) -> list[str]:
    """The words of a text."""
    return [word for word in _PARTS.split(text) if word]


def keys(ticked: Iterable[str]) -> list[str]:
    """Those values of ticked boxes that can be somebody's key."""
    return [pk for pk in ticked if _KEY.fullmatch(pk)]


def read_roll(text: str, *, ticked: Iterable[str], missed: Mapping[str, str], by: Cadre) -> Roll:
    """Judge the lines `name-or-number [half-days absent]` and the ticked people; writes nothing.

    Only people in the organiser's own units are found. A few queries.
    """
    roll = Roll()
    lines = [parts for line in text.splitlines() if (parts := parted(line))]
    ticks = keys(ticked)
    if len(lines) + len(ticks) > MOST_PEOPLE:
        roll.problems.append(_("More than %(most)d people in one class.") % {"most": MOST_PEOPLE})
        return roll
    reachable = Cadre.objects.visible_to(by, *MANAGERS).select_related("unit")
    for person in reachable.filter(pk__in=ticks):
        _add(roll, person, missed.get(f"missed-{person.pk}", "") or "0", person.name)
    words = [parts[0] for parts in lines]
    people = People(reachable, names=words, logins=words)
    for who, *rest in lines:
        try:
            _add(roll, people.find_word(who), rest[0] if rest else "0", who)
        except Unclear as unclear:
            roll.problems.append(unclear_words(who, unclear))
    return roll


def unclear_words(who: str, unclear: Unclear) -> str:
    """Why a written word names nobody, in a sentence."""
    if unclear.code == "many":
        words = _("“%(who)s”: several people have this name; write the phone or account number instead.")
    else:
        words = _("“%(who)s”: nobody in your units has this name or number.")
    return words % {"who": who}


def _add(roll: Roll, person: Cadre, half_days: str, who: str) -> None:
    if not _KEY.fullmatch(half_days) or int(half_days) > MOST_HALF_DAYS:
        roll.problems.append(_("“%(who)s”: half-days absent are a whole number, such as 1.") % {"who": who})
    elif person in roll.absent and roll.absent[person] != int(half_days):
        roll.problems.append(_("“%(who)s” stands twice with different absences.") % {"who": who})
    else:
        roll.absent[person] = int(half_days)
