"""The sheet of a viewing's roll: the people of the village, the guests, and what was refused in words."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Cadre, Post
from accounts.models.people import CadreQuerySet
from lms.training.models import Presence
from lms.training.rolls import RollSheet, Seat, Slot, write_roll_token
from lms.training.viewings.models import Viewing
from lms.training.viewings.words import day_and_span, place_and_time

KIND = "viewing"
# The one column of a viewing's roll.
HERE = "here"


def people_of(viewing: Viewing) -> CadreQuerySet:
    """Whom the roll offers to tick: who belongs to the village now, or had a post there on that day."""
    posts = Post.objects.held_on(timezone.localdate(viewing.begins_at)).filter(unit=viewing.station.unit_id)
    ours = Q(unit=viewing.station.unit_id, is_active=True) | Q(pk__in=posts.values("person"))
    people: CadreQuerySet = Cadre.objects.filter(ours)
    return people


def may_be_ticked(viewing: Viewing, pk: int) -> Cadre | None:
    """The person of a key, if on the list or already on the roll; the key alone tells nobody's name."""
    seated = Presence.objects.at_source(viewing.source).values("person")
    ticked = viewing.ticks.values("person")
    reached = people_of(viewing) | Cadre.objects.filter(Q(pk__in=seated) | Q(pk__in=ticked))
    person: Cadre | None = reached.select_related("unit").filter(pk=pk).distinct().first()
    return person


def sheet_of(viewing: Viewing, *, by: Cadre, at: datetime) -> RollSheet:
    """All that the page of the roll shows (four queries, whatever the number of people)."""
    seats = Presence.objects.at_source(viewing.source).select_related("person__unit", "lost_to")
    taken = {seat.person_id: seat for seat in seats.prefetch_related("beaten")}
    listed = list(people_of(viewing).select_related("unit").order_by("name", "pk"))
    known = {person.pk for person in listed}
    guests = sorted(
        (seat.person for seat in taken.values() if seat.person_id not in known), key=lambda each: each.name
    )
    return RollSheet(
        kind=KIND,
        pk=viewing.pk,
        title=viewing.programme.title,
        when=_("%(station)s, %(when)s")
        % {"station": viewing.station.name, "when": day_and_span(viewing.begins_at, viewing.ends_at)},
        token=write_roll_token(kind=KIND, pk=viewing.pk, by=by.pk, at=at),
        slots=[Slot(HERE, _("Present"))],
        seats=[_line(person, taken.get(person.pk), viewing) for person in _in_order(listed, guests)],
        back=reverse("station:viewing", args=[viewing.pk]),
        takes_guests=True,
    )


def _in_order(listed: Iterable[Cadre], guests: Iterable[Cadre]) -> Iterable[Cadre]:
    yield from listed
    yield from guests


def _line(person: Cadre, seat: Presence | None, viewing: Viewing) -> Seat:
    is_guest = person.unit_id != viewing.station.unit_id
    return Seat(
        person=person.pk,
        name=person.name,
        place=person.unit.short_name if is_guest else "",
        ticked=frozenset({HERE} if seat is not None and seat.lost_to is None else ()),
        note=_note(seat) if seat is not None else "",
        refused={HERE: refusal(seat)} if seat is not None and seat.lost_to is not None else {},
    )


def refusal(seat: Presence) -> str:
    """Why a mark does not count: where the person was already; "" for one that counts."""
    if seat.lost_to is None:
        return ""
    return _("Already at %(where)s") % {"where": place_and_time(seat.lost_to)}


def _note(seat: Presence) -> str:
    """What was refused elsewhere because the person was here already."""
    beaten = [place_and_time(other) for other in seat.beaten.all()]
    return _("Refused at %(where)s") % {"where": _("; ").join(beaten)} if beaten else ""
