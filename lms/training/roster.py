"""Who came to a class, as an organiser writes it down: lines of names or numbers, and ticks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import MANAGERS
from accounts.models import Cadre

MOST_PEOPLE = 500
MOST_HALF_DAYS = 60
_PARTS = re.compile(r"[\s,;，；、]+")


@dataclass
class Roster:
    """The people of a class with the half-days that each missed, and every line that is not clear."""

    absent: dict[Cadre, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_roster(text: str, *, ticked: Iterable[str], missed: Mapping[str, str], by: Cadre) -> Roster:
    """Judge the lines `name-or-number [half-days absent]` and the ticked people; writes nothing.

    Only people in the organiser's own units are found. Two queries.
    """
    roster = Roster()
    lines = [parts for line in text.splitlines() if (parts := [p for p in _PARTS.split(line) if p])]
    ticks = [pk for pk in ticked if pk.isdecimal()]
    if len(lines) + len(ticks) > MOST_PEOPLE:
        roster.problems.append(_("More than %(most)d people in one class.") % {"most": MOST_PEOPLE})
        return roster
    reachable = Cadre.objects.visible_to(by, *MANAGERS).select_related("unit")
    for person in reachable.filter(pk__in=ticks):
        _add(roster, person, missed.get(f"missed-{person.pk}", "") or "0", person.name)
    known = _known(reachable, [parts[0] for parts in lines])
    for who, *rest in lines:
        found = known.get(who, [])
        if not found:
            roster.problems.append(
                _("“%(who)s”: nobody in your units has this name or number.") % {"who": who}
            )
        elif len(found) > 1:
            roster.problems.append(
                _("“%(who)s”: several people have this name; write the phone or account number instead.")
                % {"who": who}
            )
        else:
            _add(roster, found[0], rest[0] if rest else "0", who)
    return roster


def _known(reachable: Iterable[Cadre], tokens: list[str]) -> dict[str, list[Cadre]]:
    """The people behind the words, by name, phone and account number."""
    named = Q(name__in=tokens) | Q(phone__in=tokens) | Q(number__in=tokens)
    known: dict[str, list[Cadre]] = defaultdict(list)
    for person in reachable.filter(named):  # type: ignore[attr-defined]  # a queryset of people
        for token in {person.name, person.phone, person.number}:
            if token:
                known[token].append(person)
    return known


def _add(roster: Roster, person: Cadre, half_days: str, who: str) -> None:
    if not half_days.isascii() or not half_days.isdecimal() or int(half_days) > MOST_HALF_DAYS:
        roster.problems.append(_("“%(who)s”: half-days absent are a whole number, such as 1.") % {"who": who})
    elif person in roster.absent and roster.absent[person] != int(half_days):
        roster.problems.append(_("“%(who)s” stands twice with different absences.") % {"who": who})
    else:
        roster.absent[person] = int(half_days)
