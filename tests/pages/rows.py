"""What a row of the list of pages says: an address, what each person is answered, and how it looks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.urls import reverse

from tests.world import Things, Who

Statuses = frozenset[int]
Table = Mapping[Who, Statuses]

SEEN = frozenset({200})
ELSEWHERE = frozenset({302})
SIGN_IN = frozenset({302, 401})  # to the door, which the test looks at; a script is told in JSON
FORBIDDEN = frozenset({403})
MISSING = frozenset({404})
# An empty form sent to an action that one may take: done, or refused for its content.
ANSWERED = frozenset({200, 302, 400, 401, 409, 415, 422})

RULERS = frozenset({Who.COUNTY, Who.OTHER_COUNTY, Who.CITY, Who.PROVINCE})
MANAGERS = RULERS | {Who.TOWNSHIP, Who.OTHER_TOWNSHIP}
# Trainers and reviewers are not among them: they learn nothing by name.
READERS = MANAGERS | {Who.STATION, Who.AUDITOR}
# Who runs a station: its keeper, and the staff above.
RUNNING = MANAGERS | {Who.STATION}
# Of the right length and of nobody's key.
FORGED = "A" * 40
# Staff over other places than the things of the world.
FOREIGN = frozenset({Who.OTHER_TOWNSHIP, Who.OTHER_COUNTY})


class Kind(StrEnum):
    """How a page looks and what it may cost."""

    LEARNER = "learner"
    DESK = "desk"
    PUBLIC = "public"
    # Not for eyes: JSON, files, actions.
    DATA = "data"


def public(ok: Statuses = SEEN) -> Table:
    """For everybody in the world."""
    return dict.fromkeys(Who, ok)


def signed_in(ok: Statuses = SEEN) -> Table:
    """For everybody with an account."""
    return {**dict.fromkeys(Who, ok), Who.STRANGER: SIGN_IN}


def only_strangers() -> Table:
    """The door: whoever is inside is led on."""
    return {**dict.fromkeys(Who, ELSEWHERE), Who.STRANGER: SEEN}


def owner(*also: Who, ok: Statuses = SEEN) -> Table:
    """For the person it belongs to (and some more); it does not exist for anybody else."""
    return {**dict.fromkeys(Who, MISSING), **dict.fromkeys([Who.CADRE, *also], ok), Who.STRANGER: SIGN_IN}


def desk(roles: Collection[Who] = READERS, *, outside: Collection[Who] = (), ok: Statuses = SEEN) -> Table:
    """For staff of some roles; what lies outside their units, or is another's, does not exist for them."""
    inside = {who: MISSING if who in outside else ok for who in roles}
    return {**dict.fromkeys(Who, FORBIDDEN), **inside, Who.STRANGER: SIGN_IN}


def own(by: Who, roles: Collection[Who], *, ok: Statuses = SEEN) -> Table:
    """For one staff member alone; the colleagues of the same roles find nothing."""
    return desk(roles, outside=set(roles) - {by}, ok=ok)


Arguments = Callable[[Things], tuple[object, ...]]


@dataclass(frozen=True)
class Page:
    """One address with its expected answers; `shown_to` is as whom eyes and axe look at it."""

    name: str
    kind: Kind
    answers: Table
    arguments: Arguments = field(default=lambda things: ())
    is_post: bool = False
    shown_to: Who | None = None
    # A page of the CMS tree instead of an address of the URLconf.
    content: Callable[[Things], str] | None = None

    def path(self, things: Things) -> str:
        """The address for the things of a world."""
        return self.content(things) if self.content else reverse(self.name, args=self.arguments(things))

    @property
    def slug(self) -> str:
        """The name as part of a file name."""
        return self.name.replace(":", "-").replace("_", "-")

    @property
    def is_for_eyes(self) -> bool:
        """Whether somebody looks at it."""
        return self.kind != Kind.DATA


def learner(name: str, answers: Table, **more: object) -> Page:
    return Page(name, Kind.LEARNER, answers, shown_to=Who.CADRE, **more)  # type: ignore[arg-type]  # passed on


def staff(name: str, answers: Table, who: Who = Who.TOWNSHIP, **more: object) -> Page:
    return Page(name, Kind.DESK, answers, shown_to=who, **more)  # type: ignore[arg-type]  # passed on


def keeping(name: str, answers: Table, **more: object) -> Page:
    return Page(name, Kind.LEARNER, answers, shown_to=Who.STATION, **more)  # type: ignore[arg-type]  # passed on


def outside(name: str, answers: Table, who: Who = Who.STRANGER, **more: object) -> Page:
    return Page(name, Kind.PUBLIC, answers, shown_to=who, **more)  # type: ignore[arg-type]  # passed on


def data(name: str, answers: Table, **more: object) -> Page:
    return Page(name, Kind.DATA, answers, **more)  # type: ignore[arg-type]  # passed on


def action(name: str, answers: Table, **more: object) -> Page:
    return Page(name, Kind.DATA, answers, is_post=True, **more)  # type: ignore[arg-type]  # passed on
