"""What a station's devices bring: ticks of the roll, and what the screen played.

A tick's body is `slot`, `person` or `guest`, and `is` (see `lms.training.rolls`). What was played is
`segments`, half-open pairs of whole seconds; its token names the viewing and who opened its page.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from accounts.access import MANAGERS
from accounts.models import Cadre, StaffRole
from lms.hours import coverage
from lms.hours.actions import YearFrozen
from lms.hours.rules import NoRule
from lms.phones.segments import read_segments
from lms.phones.uploads import Entry, Json, Refused
from lms.training.rolls import Guest, RollMark, answer_to, read_mark
from lms.training.viewings.actions.roll import tick_roll
from lms.training.viewings.actions.running import Shown, WrongState, record_played
from lms.training.viewings.guests import GuestAmbiguous, GuestUnknown, find_guest
from lms.training.viewings.models import Viewing
from lms.training.viewings.sheet import HERE, KIND, may_be_ticked, refusal

# Who runs a station: its keepers, and the staff above them.
RUNNING = (StaffRole.STATION, *MANAGERS)
_SALT = "viewings.played"


class NotOnRoll(LookupError):
    """The person of a tick is neither of the village nor on the roll already."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """A tick that was taken: whom it meant, and why it does not count, if so."""

    person: Cadre
    is_present: bool
    refused: str


def runs(viewing: Viewing, by: Cadre) -> bool:
    """Whether somebody may run the viewing's station now."""
    code = viewing.station.unit.code
    return by.is_active and any(unit.contains(code) for unit in by.scope_units(*RUNNING))


def take_roll(entry: Entry, device: str, at: datetime) -> Json:
    """Take one tick of a roll; Refused when it can never be right, words in the answer when it is not."""
    mark = read_mark(entry, at=at)
    if mark.token.kind != KIND or mark.slot != HERE:
        raise Refused("slot")
    viewing, by = _viewing(mark.token.pk), _person(mark.token.by)
    if not runs(viewing, by):
        raise Refused("forbidden", HTTPStatus.FORBIDDEN)
    try:
        ticked = take_mark(viewing, mark, by=by, at=at, device=device, number=entry.number)
    except REFUSALS as error:
        return _no(mark, words_for(error))
    return answer_to(
        mark,
        person=ticked.person.pk,
        name=ticked.person.name,
        is_present=ticked.is_present,
        refused=ticked.refused,
    )


def take_mark(
    viewing: Viewing, mark: RollMark, *, by: Cadre, at: datetime, device: str = "", number: int = 0
) -> Ticked:
    """Find whom a mark means and take it; raises one of REFUSALS."""
    if isinstance(mark.person, Guest):
        person: Cadre | None = find_guest(mark.person.who, viewing.station)
    else:
        person = may_be_ticked(viewing, mark.person)
    if person is None:
        raise NotOnRoll
    seat = tick_roll(
        viewing=viewing,
        person=person,
        is_present=mark.is_present,
        marked_at=mark.marked_at,
        by=by,
        at=at,
        device=device,
        number=number,
    )
    return Ticked(person, seat is not None and seat.lost_to is None, refusal(seat) if seat else "")


REFUSALS = (GuestUnknown, GuestAmbiguous, NotOnRoll, WrongState, YearFrozen, NoRule)


def words_for(error: Exception) -> str:
    """Why a tick was not taken."""
    match error:
        case GuestUnknown():
            return _("Nobody found. Write the phone or account number, or the name and the village.")
        case GuestAmbiguous():
            return _("Several people are called so. Write the phone or account number.")
        case NotOnRoll():
            return _("Not on this village's list any more. Write the person down as a guest.")
        case WrongState():
            return _("This viewing has not begun or was cancelled, so it has no roll.")
        case YearFrozen():
            return _("The year is frozen, so the hours cannot change. Ask the county to reopen it.")
    return _("No rule of hours holds here on that day.")


def _no(mark: RollMark, words: str) -> Json:
    person = 0 if isinstance(mark.person, Guest) else mark.person
    name = mark.person.who if isinstance(mark.person, Guest) else ""
    return answer_to(mark, person=person, name=name, is_present=False, refused=words)


def _viewing(pk: int) -> Viewing:
    viewing = Viewing.objects.with_facts().filter(pk=pk).first()
    if viewing is None:
        raise Refused("token")
    return viewing


def _person(pk: int) -> Cadre:
    person: Cadre | None = Cadre.objects.filter(pk=pk).first()
    if person is None:
        raise Refused("token")
    return person


def write_played_token(*, viewing: Viewing, by: Cadre) -> str:
    """Sign who opened the screen of which viewing."""
    return signing.dumps([viewing.pk, by.pk], salt=_SALT)


def take_played(entry: Entry, device: str, at: datetime) -> Json:
    """Keep what the screen played, whenever it comes: what was shown was shown, whoever keeps it now."""
    try:
        pk, by = signing.loads(entry.token, salt=_SALT, max_age=settings.STUDY_TOKEN_SECONDS)
    except signing.SignatureExpired as error:
        raise Refused("expired", HTTPStatus.FORBIDDEN) from error
    except signing.BadSignature as error:
        raise Refused("token", HTTPStatus.FORBIDDEN) from error
    viewing = _viewing(pk)
    segments = read_segments(entry.body.get("segments"), viewing.seconds)
    try:
        return shown(record_played(viewing=viewing, segments=segments, by=_person(by), at=at))
    except WrongState as error:
        raise Refused("state", HTTPStatus.CONFLICT) from error
    except YearFrozen as error:
        raise Refused("frozen", HTTPStatus.CONFLICT) from error


def shown(kept: Shown) -> Json:
    """What the screen's page is told: what is kept of the lesson, and what still waits for the clock."""
    return {
        "viewing": kept.viewing.pk,
        "ranges": coverage.ranges(kept.bits),
        "covered": kept.covered,
        "need": coverage.seconds_to_finish(kept.viewing.seconds),
        "unpaid": kept.unpaid,
        "over": kept.viewing.is_over,
    }
