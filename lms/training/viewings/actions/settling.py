"""Bringing the hours of a viewing to what stands: who was there, and how much was really played."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import lock_all
from accounts.models import Cadre
from lms.hours.actions import Worth, settle
from lms.hours.models import EntryKind, HoursRule, Ledger
from lms.hours.rules import rule_for
from lms.training.models import Presence
from lms.training.presence import regrades
from lms.training.viewings.models import Viewing, ViewingState
from lms.training.viewings.words import place_and_time
from lms.training.viewings.worth import played_seconds, viewing_hours

NOTHING = Worth(Decimal(0))


def rule_of(viewing: Viewing) -> HoursRule:
    """The rule of the station's region on the day on which the viewing began; raises NoRule."""
    return rule_for(viewing.station.unit, timezone.localdate(viewing.begins_at))


def worth_of(viewing: Viewing) -> Worth:
    """What the viewing is worth to everybody who was there; raises NoRule."""
    played = played_seconds(viewing)
    return Worth(viewing_hours(rule_of(viewing), seconds=viewing.seconds, played=played))


def settle_everybody(viewing: Viewing, *, reason: str, by: Cadre, at: datetime) -> None:
    """Bring everybody who is or was on the roll to what stands now, in one order of locks.

    `viewing` is locked by the caller. Raises NoRule and what `lms.hours.actions.settle` raises.
    """
    concerned = lock_concerned(viewing)
    # Read after the locks: until a person was locked, a mark elsewhere could still beat one here.
    seats = Presence.objects.at_source(viewing.source).select_related("lost_to")
    by_person = {seat.person_id: seat for seat in seats}
    people = Cadre.objects.in_bulk(concerned)
    for pk in sorted(concerned):
        settle_person(people[pk], viewing, by_person.get(pk), reason=reason, by=by, at=at)


def lock_concerned(viewing: Viewing) -> set[int]:
    """Lock everybody who was ever ticked for the viewing: nobody else can have a seat or a line."""
    concerned = set(viewing.ticks.order_by().values_list("person", flat=True))
    lock_all(concerned)
    return concerned


def settle_person(
    person: Cadre, viewing: Viewing, seat: Presence | None, *, reason: str, by: Cadre, at: datetime
) -> None:
    """Bring one person's line to what the seat is worth: all of the viewing, or nothing where it is lost."""
    if seat is None:
        is_struck = viewing.state == ViewingState.CANCELLED
        worth, reason = NOTHING, reason if is_struck else _("Not on the roll any more.")
    elif seat.lost_to is not None:
        worth, reason = NOTHING, _("Was already at %(where)s.") % {"where": place_and_time(seat.lost_to)}
    else:
        worth = worth_of(viewing)
    settle(
        person=person,
        source=viewing.source,
        kind=EntryKind.VIEWING,
        title=viewing.programme.title,
        ledger=Ledger.COLLECTIVE,
        worth=worth,
        earned_at=viewing.ends_at,
        reason=reason[:300],
        by=by,
        at=at,
        rule=rule_of(viewing),
    )


@regrades("viewing")
def follow(seat: Presence, by: Cadre, at: datetime) -> None:
    """A mark elsewhere beat this one, or gave way to it: the hours of a closed viewing follow at once."""
    key = seat.source.partition(":")[2]
    viewing = Viewing.objects.closed().with_facts().filter(pk=key).first()
    if viewing is not None:
        reason = _("Stands again: the mark elsewhere was taken back or was later.")
        settle_person(seat.person, viewing, seat, reason=reason, by=by, at=at)
