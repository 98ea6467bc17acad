"""Nobody is in two places at once: of places that overlap the one marked first stands (domain §4, case 10).

Which presences of a person stand is a function of them all and not of the order in which they arrived, so
that two rolls kept without a network give the same answer whichever is brought first.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actions import lock
from accounts.models import Cadre
from lms.hours.models import YearFreeze
from lms.training.models import Presence

# Years with the moment since which their figures stand.
Frozen = Sequence[tuple[int, datetime]]
# By the kind of a source (`class`, `viewing`): brings the hours of somebody there to what stands now.
Regrade = Callable[[Presence, Cadre, datetime], None]
_REGRADES: dict[str, Regrade] = {}


def regrades(kind: str) -> Callable[[Regrade], Regrade]:
    """Register what makes hours follow when presences of a kind of source stand or stand no more."""

    def register(regrade: Regrade) -> Regrade:
        _REGRADES[kind] = regrade
        return regrade

    return register


def decide(presences: Iterable[Presence], frozen: Frozen = ()) -> list[tuple[Presence, Presence | None]]:
    """Each of one person's presences with the standing one to which it is lost, if to any.

    What came after its year was frozen never beats what was there before: frozen figures do not move.
    """
    standing: list[Presence] = []
    decided = []
    for presence in sorted(presences, key=lambda each: (_is_late(each, frozen), each.marked_at, each.source)):
        winner = next((other for other in standing if _overlap(presence, other)), None)
        if winner is None:
            standing.append(presence)
        decided.append((presence, winner))
    return decided


def _is_late(presence: Presence, frozen: Frozen) -> bool:
    year = timezone.localdate(presence.starts_at).year
    return any(year == closed and presence.recorded_at > frozen_at for closed, frozen_at in frozen)


def _overlap(one: Presence, other: Presence) -> bool:
    return one.starts_at < other.ends_at and one.ends_at > other.starts_at


@transaction.atomic
def take_seat(
    *,
    person: Cadre,
    source: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    marked_at: datetime,
    by: Cadre,
    at: datetime,
) -> Presence:
    """Mark a person present; marked again, span and mark are those told now: whoever calls knows all ticks.

    The answer's `lost_to` names the place where the person was already. A place beaten by this mark loses its
    hours by a correcting line. Hours of `source` itself follow by whoever calls.
    """
    lock(person.pk)
    seat = Presence.objects.of(person.pk).at_source(source).first()
    if seat is None:
        seat = Presence(person=person, source=source, marked_at=marked_at, recorded_at=at, by=by)
    # Read before the span moves: afterwards nobody knows any more whom it met.
    before = [each for each in _related(seat) if each != seat] if seat.pk else []
    seat.title, seat.starts_at, seat.ends_at = title[:255], starts_at, ends_at
    seat.marked_at = marked_at
    seat.save()
    now = list(_related(seat))
    _follow(person, [*now, *(each for each in before if each not in now)], but=source, by=by, at=at)
    seat.refresh_from_db()
    return seat


@transaction.atomic
def leave_seat(
    *, person: Cadre, source: str, by: Cadre, at: datetime, lower: Callable[[], None] | None = None
) -> None:
    """Take a mark back; whoever had lost to it stands again. Taking back what is not there changes nothing.

    `lower` takes the hours of `source` itself away, before others rise into the room that these leave under
    a limit of the year. Raises what `lms.hours.actions.settle` raises for those whose hours follow.
    """
    lock(person.pk)
    seat = Presence.objects.of(person.pk).at_source(source).first()
    if seat is None:
        return
    # Read before it goes: afterwards nobody knows any more who had lost to it.
    others = [each for each in _related(seat) if each != seat]
    seat.delete()
    if lower is not None:
        lower()
    _follow(person, others, but=source, by=by, at=at)


def _follow(person: Cadre, seats: Iterable[Presence], *, but: str, by: Cadre, at: datetime) -> None:
    """Write down which of these stand now, and let the hours follow everywhere but at one source.

    Hours fall before others rise: a limit of the year must not be full of what is about to go.
    """
    freezes = YearFreeze.objects.holding().over(person.unit)
    frozen = tuple(freezes.values_list("year", "frozen_at"))
    changed = []
    for presence, winner in decide(seats, frozen):
        if presence.lost_to_id != (winner and winner.pk):
            presence.lost_to = winner
            presence.save(update_fields=["lost_to"])
            changed.append(presence)
    for presence in sorted(changed, key=lambda each: each.lost_to_id is None):
        if presence.source != but:
            _REGRADES[presence.source.partition(":")[0]](presence, by, at)


def _related(seat: Presence) -> Iterable[Presence]:
    """The presences that a seat can change: those it meets, those that they meet, and so on."""
    mine = Presence.objects.of(seat.person_id)
    found: dict[int, Presence] = {}
    edge = [seat]
    while edge:
        first, last = min(each.starts_at for each in edge), max(each.ends_at for each in edge)
        edge = [each for each in mine.meeting(first, last) if each.pk not in found]
        found.update({each.pk: each for each in edge})
    return found.values()
