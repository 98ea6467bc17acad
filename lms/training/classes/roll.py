"""Who came to a class, as an organiser writes it down: lines of names or numbers, and ticks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import MANAGERS
from accounts.models import Cadre

MOST_PEOPLE = 500
MOST_HALF_DAYS = 60
# A database has no place for NUL, so that it parts words like a space.
_PARTS = re.compile(r"[\s,;，；、\0]+")
_KEY = re.compile(r"[0-9]{1,18}")


@dataclass
class Roll:
    """The people of a class with the half-days that each missed, and every line that is not clear."""

    absent: dict[Cadre, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_roll(text: str, *, ticked: Iterable[str], missed: Mapping[str, str], by: Cadre) -> Roll:
    """Judge the lines `name-or-number [half-days absent]` and the ticked people; writes nothing.

    Only people in the organiser's own units are found. Two queries.
    """
    roll = Roll()
    lines = [parts for line in text.splitlines() if (parts := [p for p in _PARTS.split(line) if p])]
    ticks = [pk for pk in ticked if _KEY.fullmatch(pk)]
    if len(lines) + len(ticks) > MOST_PEOPLE:
        roll.problems.append(_("More than %(most)d people in one class.") % {"most": MOST_PEOPLE})
        return roll
    reachable = Cadre.objects.visible_to(by, *MANAGERS).select_related("unit")
    for person in reachable.filter(pk__in=ticks):
        _add(roll, person, missed.get(f"missed-{person.pk}", "") or "0", person.name)
    known = known_as(reachable, [parts[0] for parts in lines])
    for who, *rest in lines:
        found = known.get(who, [])
        if not found:
            roll.problems.append(_("“%(who)s”: nobody in your units has this name or number.") % {"who": who})
        elif len(found) > 1:
            roll.problems.append(
                _("“%(who)s”: several people have this name; write the phone or account number instead.")
                % {"who": who}
            )
        else:
            _add(roll, found[0], rest[0] if rest else "0", who)
    return roll


def known_as(reachable: QuerySet[Cadre], tokens: list[str]) -> dict[str, list[Cadre]]:
    """The people behind the words, by name, phone and account number."""
    named = Q(name__in=tokens) | Q(phone__in=tokens) | Q(number__in=tokens)
    known: dict[str, list[Cadre]] = defaultdict(list)
    for person in reachable.filter(named):
        for token in {person.name, person.phone, person.number}:
            if token:
                known[token].append(person)
    return known


def _add(roll: Roll, person: Cadre, half_days: str, who: str) -> None:
    if not _KEY.fullmatch(half_days) or int(half_days) > MOST_HALF_DAYS:
        roll.problems.append(_("“%(who)s”: half-days absent are a whole number, such as 1.") % {"who": who})
    elif person in roll.absent and roll.absent[person] != int(half_days):
        roll.problems.append(_("“%(who)s” stands twice with different absences.") % {"who": who})
    else:
        roll.absent[person] = int(half_days)
