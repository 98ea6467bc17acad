"""The roll on an organiser's phone: what its page shows, and the marks that it brings, soon or weeks later.

A mark names the class or viewing by a signed token without an end, so that a phone whose session is over
still brings what was ticked; whether its holder may still take that roll is asked when it arrives.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.core import signing

from lms.phones.uploads import MOST_COUNTER, Entry, Json, Refused, whole

_SALT = "training.roll"
MOST_NAME = 60
MOST_AGE_MS = 366 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class RollToken:
    """Whose page it was, of which class or viewing, and when it was opened by the server's clock."""

    kind: str
    pk: int
    by: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is not on the list: found by name, phone or account number when the roll arrives."""

    who: str


@dataclass(frozen=True, slots=True)
class RollMark:
    """One tick: in a `slot` of the roll a person, or a guest, is there or is not."""

    token: RollToken
    slot: str
    person: int | Guest
    is_present: bool
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of the roll; the page begins with the first that is now."""

    key: str
    label: str
    is_now: bool = True


@dataclass(frozen=True, slots=True)
class Seat:
    """A line of the roll: a person, with the slots that are ticked and what was refused in words."""

    person: int
    name: str
    place: str
    ticked: frozenset[str] = frozenset()
    note: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RollSheet:
    """All that the page of a roll shows; the page takes the same ticks from a form without scripts."""

    kind: str
    pk: int
    title: str
    when: str
    token: str
    slots: Sequence[Slot]
    seats: Sequence[Seat]
    back: str
    takes_guests: bool = False
    # The slot that is asked for in the address, if any.
    wanted: str = ""

    @property
    def now(self) -> Slot:
        """The slot with which the page begins."""
        asked = (slot for slot in self.slots if slot.key == self.wanted)
        running = (slot for slot in self.slots if slot.is_now)
        return next(asked, None) or next(running, self.slots[-1])

    @property
    def lines(self) -> list[tuple[Seat, bool, str]]:
        """Each seat with whether it is ticked now, and what was refused."""
        key = self.now.key
        return [(seat, key in seat.ticked, seat.refused.get(key, "")) for seat in self.seats]

    @property
    def present(self) -> int:
        """How many are ticked now."""
        return sum(is_ticked for _seat, is_ticked, _refused in self.lines)


def write_roll_token(*, kind: str, pk: int, by: int, at: datetime) -> str:
    """Sign who opened which roll."""
    return signing.dumps([kind, pk, by, int(at.timestamp())], salt=_SALT)


def read_mark(entry: Entry, *, at: datetime) -> RollMark:
    """The mark in an entry of a phone's outbox; Refused says what is wrong with it.

    The event is as old as the phone's clock says that the entry is, and no older than its page.
    """
    token = _token(entry.token)
    slot, told = entry.body.get("slot"), entry.body.get("is")
    if type(slot) is not str or not 1 <= len(slot) <= MOST_NAME:
        raise Refused("slot")
    if type(told) is not bool:
        raise Refused("is")
    age = timedelta(milliseconds=min(entry.age_ms, MOST_AGE_MS))
    return RollMark(token, slot, _person(entry.body), told, min(at, max(token.opened_at, at - age)))


def opened_at(text: str) -> datetime | None:
    """When the page was opened whose token this is; none for anything else."""
    try:
        return _token(text).opened_at
    except Refused:
        return None


def _token(text: str) -> RollToken:
    try:
        kind, pk, by, opened = signing.loads(text, salt=_SALT)
    except signing.BadSignature as error:
        raise Refused("token") from error
    return RollToken(kind, pk, by, datetime.fromtimestamp(opened, UTC))


def _person(body: Json) -> int | Guest:
    guest = body.get("guest")
    if guest is None:
        return whole(body.get("person"), MOST_COUNTER, "person")
    if type(guest) is not str or not 1 <= len(guest.strip()) <= MOST_NAME:
        raise Refused("guest")
    return Guest(guest.strip())


def changes_in(sheet: RollSheet, ticked: Iterable[str]) -> list[tuple[str, int, bool]]:
    """What a form without scripts changes: (slot, person, is present), from its ticks `slot.person`.

    The form names the slot that it showed by a tick for nobody, `slot.0`; all others stay as they are.
    """
    told = set(ticked)
    return [
        (slot.key, seat.person, is_ticked)
        for slot in sheet.slots
        if f"{slot.key}.0" in told
        for seat in sheet.seats
        if (is_ticked := f"{slot.key}.{seat.person}" in told) != (slot.key in seat.ticked)
    ]


def answer_to(mark: RollMark, *, person: int, name: str, is_present: bool, refused: str = "") -> Json:
    """What the phone is told of a mark: whom it meant, whether they are there, and why not, in words."""
    return {"slot": mark.slot, "person": person, "name": name, "is": is_present, "refused": refused}
