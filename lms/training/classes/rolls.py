"""The roll of a class: what the organiser's phone shows, and what becomes of its ticks and guests."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import MANAGERS
from accounts.models import Cadre
from lms.hours.actions import YearFrozen
from lms.phones.uploads import Entry, Json, Refused
from lms.training.classes.actions import NoPlace, NoRoom, NotAnnounced, NotYet, call_in, mark
from lms.training.classes.attendance import present_since
from lms.training.classes.models import (
    ClassState,
    Edge,
    HalfDay,
    Mark,
    MarkChange,
    MarkHow,
    Place,
    TrainingClass,
)
from lms.training.classes.results import Attendance
from lms.training.classes.written import unclear_words
from lms.training.models import Presence
from lms.training.people import People, Unclear
from lms.training.rolls import (
    Guest,
    RollSheet,
    Seat,
    Slot,
    answer_to,
    read_mark,
    write_roll_token,
)

KIND = "class"
# What can stand in the way of a tick; all of it is said in words and nothing is written.
STOPS = (NoPlace, NoRoom, NotAnnounced, NotYet, YearFrozen)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What became of a tick: whom it meant (0 for nobody), whether they are there, and why not, in words."""

    person: int
    name: str
    is_present: bool
    refused: str = ""


class NotFound(LookupError):
    """No person, or several, behind what was written; the words say which."""


# --- what the page shows -----------------------------------------------------------------------


def sheet_of(
    held: TrainingClass, *, by: Cadre, at: datetime, wanted: str = "", seen_at: datetime | None = None
) -> RollSheet:
    """The roll as it stands, or with the ticks that a page of `seen_at` had shown (constant queries)."""
    half_days = list(held.half_days.all())
    places = list(
        held.places.accepted().select_related("person__unit").order_by("person__unit__code", "person")
    )
    record = Attendance(held, half_days)
    ticked = _ticked_then(held, seen_at) if seen_at else _ticked_now(record)
    return RollSheet(
        kind=KIND,
        pk=held.pk,
        title=held.title,
        when=f"{date_format(held.starts_on)} – {date_format(held.ends_on)}",
        token=write_roll_token(kind=KIND, pk=held.pk, by=by.pk, at=at),
        slots=slots_of(held, half_days, at),
        seats=[_seat(place, half_days, record, ticked[place.pk]) for place in places],
        back=reverse("classes:detail", args=[held.pk]),
        takes_guests=True,
        wanted=wanted,
    )


def slots_of(held: TrainingClass, half_days: Sequence[HalfDay], at: datetime) -> list[Slot]:
    """One for each half-day, and one more for its end where leaving is ticked too."""
    slots = []
    for half_day in half_days:
        label = f"{date_format(half_day.on, 'MONTH_DAY_FORMAT')} {half_day.get_part_display()}"
        # With a running half-day the page begins; before the first and in the breaks with what comes today.
        is_now = half_day.is_running(at)
        if not held.has_sign_out:
            slots.append(Slot(slot_of(half_day, Edge.IN), label, is_now))
            continue
        is_ending = at > half_day.starts_at + (half_day.ends_at - half_day.starts_at) / 2
        for edge in Edge:
            is_it = is_now and is_ending == (edge == Edge.OUT)
            slots.append(Slot(slot_of(half_day, edge), f"{label} · {edge.label}", is_it))
    return slots


def slot_of(half_day: HalfDay, edge: Edge) -> str:
    """The name of a column of the roll."""
    return f"{half_day.pk}.{edge.value.lower()}"


def _slot_named(held: TrainingClass, key: str) -> tuple[HalfDay, Edge] | None:
    by_key = {slot_of(half_day, edge): (half_day, edge) for half_day in held.half_days.all() for edge in Edge}
    return by_key.get(key)


def _ticked_now(record: Attendance) -> defaultdict[int, set[str]]:
    ticked: defaultdict[int, set[str]] = defaultdict(set)
    for (place, half_day), kept in record.marks.items():
        if kept.in_at is not None:
            ticked[place].add(f"{half_day}.in")
        if kept.out_at is not None:
            ticked[place].add(f"{half_day}.out")
    return ticked


def _ticked_then(held: TrainingClass, seen_at: datetime) -> defaultdict[int, set[str]]:
    """What was ticked by then: who signs with the code while a form is open is not unticked by it."""
    changes: defaultdict[tuple[int, str], list[tuple[datetime, bool]]] = defaultdict(list)
    known = MarkChange.objects.filter(mark__half_day__training_class=held, recorded_at__lte=seen_at)
    for place, half_day, edge, marked_at, is_present in known.values_list(
        "mark__place", "mark__half_day", "edge", "marked_at", "is_present"
    ):
        changes[place, f"{half_day}.{edge.lower()}"].append((marked_at, is_present))
    ticked: defaultdict[int, set[str]] = defaultdict(set)
    for (place, key), ticks in changes.items():
        if present_since(ticks) is not None:
            ticked[place].add(key)
    return ticked


def _seat(place: Place, half_days: Sequence[HalfDay], record: Attendance, ticked: set[str]) -> Seat:
    refused: dict[str, str] = {}
    notes = []
    for half_day in half_days:
        seat = record.seat(place, half_day)
        if seat is not None and seat.lost_to is not None:
            refused[slot_of(half_day, Edge.IN)] = refused_words(seat.lost_to)
        if seat is not None:
            notes += [_beaten_words(other) for other in seat.beaten.all()]
        if half_day.pk in record.leaves[place.pk]:
            on = date_format(half_day.on, "MONTH_DAY_FORMAT")
            notes.append(_("on leave %(day)s %(part)s") % {"day": on, "part": half_day.get_part_display()})
    return Seat(
        person=place.person_id,
        name=place.person.name,
        place=place.person.unit.short_name,
        ticked=frozenset(ticked - refused.keys()),
        note=" · ".join(notes),
        refused=refused,
    )


def refused_words(winner: Presence) -> str:
    """Why a mark does not count: where the person was marked before."""
    words = _("Marked before at “%(title)s” (%(day)s, %(from)s to %(to)s), which overlaps: that mark counts.")
    return words % {"title": winner.title, **_span(winner)}


def _beaten_words(loser: Presence) -> str:
    words = _("also marked at “%(title)s” (%(day)s, %(from)s to %(to)s), where it does not count")
    return words % {"title": loser.title, **_span(loser)}


def _span(seat: Presence) -> dict[str, str]:
    starts, ends = timezone.localtime(seat.starts_at), timezone.localtime(seat.ends_at)
    day = date_format(starts, "MONTH_DAY_FORMAT")
    return {"day": day, "from": f"{starts:%H:%M}", "to": f"{ends:%H:%M}"}


# --- what a phone or a form brings -------------------------------------------------------------


def take_roll(entry: Entry, device: str, at: datetime) -> Json:
    """Take one tick of an organiser's phone, whenever it comes; safe to be given the same again."""
    told = read_mark(entry, at=at)
    if told.token.kind != KIND:
        raise Refused("token")
    by = Cadre.objects.filter(pk=told.token.by, is_active=True).first()
    visible = TrainingClass.objects.visible_to(by, *MANAGERS) if by else TrainingClass.objects.none()
    held = visible.filter(pk=told.token.pk).first()
    if by is None or held is None:
        raise Refused("forbidden")
    where = _slot_named(held, told.slot)
    if where is None:
        raise Refused("slot")
    done = tick(
        held,
        where,
        told.person,
        is_present=told.is_present,
        marked_at=told.marked_at,
        by=by,
        at=at,
        device=device,
        number=entry.number,
    )
    return answer_to(
        told, person=done.person, name=done.name, is_present=done.is_present, refused=done.refused
    )


def tick_slot(
    held: TrainingClass, key: str, who: int | Guest, *, is_present: bool, by: Cadre, at: datetime
) -> Ticked:
    """The same for a tick that a form brings now."""
    where = _slot_named(held, key)
    if where is None:
        raise Refused("slot")
    return tick(held, where, who, is_present=is_present, marked_at=at, by=by, at=at)


def tick(
    held: TrainingClass,
    where: tuple[HalfDay, Edge],
    who: int | Guest,
    *,
    is_present: bool,
    marked_at: datetime,
    by: Cadre,
    at: datetime,
    device: str = "",
    number: int = 0,
) -> Ticked:
    """Find the person, give them a place if they came without one, and mark them; refusals become words."""
    half_day, edge = where
    try:
        person = _find(held, who, by)
    except NotFound as nobody:
        name = who.who if isinstance(who, Guest) else ""
        return Ticked(0, name, False, str(nobody))
    told = partial(
        mark,
        half_day=half_day,
        person=person,
        edge=edge,
        is_present=is_present,
        how=MarkHow.TICK,
        marked_at=marked_at,
        by=by,
        at=at,
        device=device,
        number=number,
    )
    try:
        _mark_or_call_in(told, held, person, is_present=is_present, by=by, at=at)
    except STOPS as stop:
        return Ticked(person.pk, person.name, False, stop_words(stop, person))
    return _become(half_day, person, is_present)


@transaction.atomic
def _mark_or_call_in(
    told: Callable[[], Mark], held: TrainingClass, person: Cadre, *, is_present: bool, by: Cadre, at: datetime
) -> None:
    try:
        told()
    except NoPlace:
        if not is_present:
            raise
        call_in(training_class=held, person=person, by=by, at=at)
        told()


def _become(half_day: HalfDay, person: Cadre, is_present: bool) -> Ticked:
    """What a mark has become: refused, if the person was somewhere else before."""
    seat = Presence.objects.of(person.pk).at_source(half_day.source).select_related("lost_to").first()
    if is_present and seat is not None and seat.lost_to is not None:
        return Ticked(person.pk, person.name, False, refused_words(seat.lost_to))
    return Ticked(person.pk, person.name, is_present)


def stop_words(stop: Exception, person: Cadre) -> str:
    """Why a tick was not taken, for whoever ticked."""
    match stop:
        case NotAnnounced():
            return _("The class is not announced or was cancelled: no roll is taken.")
        case NotYet():
            return _("This half-day lies ahead: nothing was marked.")
        case NoPlace():
            return _("%(name)s has no place in this class any more.") % {"name": person.name}
        case NoRoom(unit=None):
            words = _(
                "%(name)s has no place, and the class has none for %(unit)s: ask whoever gives the places."
            )
            return words % {"name": person.name, "unit": person.unit.name}
        case NoRoom(unit=unit):
            words = _("%(name)s has no place, and all those of %(unit)s are taken: give more places first.")
            return words % {"name": person.name, "unit": unit.name if unit else ""}
        case YearFrozen(freeze=freeze):
            words = _("%(unit)s has frozen the year %(year)s, whose hours would change: nothing was marked.")
            return words % {"unit": freeze.unit.name, "year": freeze.year}
    raise stop


def _find(held: TrainingClass, who: int | Guest, by: Cadre) -> Cadre:
    """Somebody with a place, or one of the organiser's own people, by key, name, phone or number."""
    own = Q(pk__in=Cadre.objects.visible_to(by, *MANAGERS).values("pk"))
    placed = Q(pk__in=held.places.accepted().values("person"))
    reachable: QuerySet[Cadre] = Cadre.objects.filter(own | placed).select_related("unit")
    if isinstance(who, int):
        person = reachable.filter(pk=who).first()
        if person is None:
            raise NotFound(_("This person is no longer on the roll and not in your units."))
        return person
    return _named(reachable, who.who)


def _named(reachable: QuerySet[Cadre], who: str) -> Cadre:
    try:
        return People(reachable, names=[who], logins=[who]).find_word(who)
    except Unclear as unclear:
        raise NotFound(unclear_words(who, unclear)) from unclear


def waiting_in(held: TrainingClass) -> int:
    """About how many marks something arrived after the class was closed (no query for an open class)."""
    if held.state != ClassState.CLOSED:
        return 0
    return Mark.objects.of_class(held).waiting().count()
