"""What a merger would do, as of now: read and judged, never written."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from wagtail import hooks

from accounts.mergers.lines import Line, Problem, Units, load_units, problems_of
from accounts.mergers.models import Merger
from accounts.mergers.offices import Beginning, Held, Offices, offices_of
from accounts.models import Cadre, Post, StaffScope, Unit
from accounts.transfers.models import TransferOffer

# Rooms above say with this hook what of theirs still names a unit: called with the units to be retired and
# the day, it gives `OpenThing`s. They are shown, not moved.
OPEN_THINGS = "open_at_units"
NO_CHOICE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OpenThing:
    """Something that names a unit which is retired, and where to see to it."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A unit that takes the place of others; `unit` where its code is known already."""

    code: str
    name: str
    unit: Unit | None
    olds: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A merger, judged: what is retired, who moves, what becomes of posts, staff scopes and offers."""

    on: date
    problems: list[Problem]
    units: Units
    targets: list[Target]
    people: Mapping[str, Sequence[Cadre]]  # by the old code
    offices: Offices
    scopes: list[StaffScope]
    offers: list[TransferOffer]
    open_things: list[OpenThing]

    @property
    def new_code(self) -> dict[int, str]:
        """The code that takes each retired unit's place, by the unit's key."""
        return {old.pk: target.code for target in self.targets for old in target.olds}

    @property
    def is_ready(self) -> bool:
        """Whether nothing speaks against it and every choice is made."""
        return not self.problems and not self.offices.blocked and self.offices.is_decided

    @property
    def person_ids(self) -> set[int]:
        """Everybody whom it touches."""
        ids = {person.pk for people in self.people.values() for person in people}
        ids |= {held.post.person_id for held in self.offices.held}
        return ids | {scope.person_id for scope in self.scopes} | {offer.person_id for offer in self.offers}

    @property
    def digest(self) -> str:
        """A name for all that was seen; it differs as soon as anything that matters is different."""
        seen = [
            [[target.code, target.name, [old.pk for old in target.olds]] for target in self.targets],
            sorted(person.pk for people in self.people.values() for person in people),
            sorted(_mark(held) for held in self.offices.held),
            sorted([begin.new, begin.rest_of.pk, str(begin.to_on)] for begin in self.offices.begins),
            sorted(scope.pk for scope in self.scopes),
            sorted(offer.pk for offer in self.offers),
            [str(each.code) for each in self.problems],
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]

    def fates_at(self, code: str) -> list[Held]:
        """The posts that come together in a new unit, by person."""
        held = [held for held in self.offices.held if held.new == code]
        return sorted(held, key=lambda each: (each.post.person_id, each.post.pk))

    def beginnings_at(self, code: str) -> list[Beginning]:
        """The posts that begin there."""
        return [begin for begin in self.offices.begins if begin.new == code]


def _mark(held: Held) -> list[object]:
    post = held.post
    return [post.pk, held.new, held.fate.value, str(post.from_on), str(post.to_on), post.is_newly_elected]


def lines_of(merger: Merger) -> list[Line]:
    """The table of a merger as values."""
    return [Line(old, new, name) for old, new, name in merger.lines]


def plan_of(
    merger: Merger, *, scope: Sequence[Unit], today: date, choices: Mapping[str, int] = NO_CHOICE
) -> Plan:
    """Judge a merger as things are now, for somebody who rules over `scope`; a constant number of queries."""
    lines = lines_of(merger)
    units = load_units(lines)
    problems = problems_of(lines, units, on=merger.on, today=today, scope=scope)
    targets = _targets(lines, units)
    retired = [old for target in targets for old in target.olds]
    return Plan(
        on=merger.on,
        problems=problems,
        units=units,
        targets=targets,
        people=_people(retired),
        offices=_offices(targets, merger.on, choices),
        scopes=list(
            StaffScope.objects.filter(unit__in=retired).select_related("person", "unit").order_by("pk")
        ),
        offers=list(_offers(retired)),
        open_things=[thing for tell in hooks.get_hooks(OPEN_THINGS) for thing in tell(retired, on=merger.on)],
    )


def _targets(lines: Iterable[Line], units: Units) -> list[Target]:
    olds: dict[str, list[Unit]] = defaultdict(list)
    names: dict[str, str] = {}
    for line in lines:
        if old := units.by_code.get(line.old):
            olds[line.new].append(old)
            names.setdefault(line.new, line.name)
    found = []
    for code in sorted(olds):
        known = units.by_code.get(code)
        found.append(Target(code, known.name if known else names[code], known, tuple(olds[code])))
    return found


def _people(retired: Sequence[Unit]) -> Mapping[str, Sequence[Cadre]]:
    codes = {unit.pk: unit.code for unit in retired}
    found: dict[str, list[Cadre]] = defaultdict(list)
    for person in Cadre.objects.filter(unit__in=codes).order_by("unit__code", "pk"):
        found[codes[person.unit_id]].append(person)
    return found


def _offices(targets: Sequence[Target], on: date, choices: Mapping[str, int]) -> Offices:
    leaving = {old.pk: target.code for target in targets for old in target.olds}
    staying = {target.unit.pk: target.code for target in targets if target.unit}
    posts = Post.objects.touching(on).filter(unit__in=[*leaving, *staying])
    found = list(posts.select_related("person", "unit").order_by("unit__code", "pk"))
    return offices_of(
        [(post, leaving[post.unit_id]) for post in found if post.unit_id in leaving],
        [(post, staying[post.unit_id]) for post in found if post.unit_id not in leaving],
        on=on,
        choices=choices,
    )


def _offers(retired: Sequence[Unit]) -> Iterable[TransferOffer]:
    offers = TransferOffer.objects.open().select_related("person", "from_unit", "to_unit").order_by("pk")
    return (offers.filter(from_unit__in=retired) | offers.filter(to_unit__in=retired)).distinct()
