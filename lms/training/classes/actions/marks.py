"""Taking the roll: a mark follows from all that was ever ticked about it, in whatever order it came."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Cadre, Unit
from lms.training.classes.actions.changes import lock_class
from lms.training.classes.actions.refusals import NoReason
from lms.training.classes.attendance import present_since
from lms.training.classes.models import (
    ClassState,
    Edge,
    HalfDay,
    Mark,
    MarkChange,
    MarkHow,
    Place,
    PlaceStatus,
    PlaceStep,
    Quota,
    TrainingClass,
)
from lms.training.models import Presence
from lms.training.presence import leave_seat, take_seat


class NotAnnounced(ValueError):
    """The roll is taken of a class that was announced and not cancelled."""


class NotYet(ValueError):
    """The half-day lies on a day to come."""


class NoPlace(LookupError):
    """The person has no place in the class."""


class ClassClosed(ValueError):
    """A mark of a closed class is put right after the class is reopened."""


class NoRoom(ValueError):
    """All places are taken, of a unit where it has some of its own."""

    def __init__(self, unit: Unit | None) -> None:
        """Keep the unit for the words; none where the class has no place for the person's unit."""
        super().__init__(str(unit))
        self.unit = unit


@transaction.atomic
def mark(
    *,
    half_day: HalfDay,
    person: Cadre,
    edge: Edge,
    is_present: bool,
    how: MarkHow,
    marked_at: datetime,
    by: Cadre,
    at: datetime,
    reason: str = "",
    device: str = "",
    number: int = 0,
) -> Mark:
    """Keep a tick, and let the mark and the person's seat follow; the same tick again changes nothing.

    The same number of the same phone is the same tick, whenever it comes. About a closed class it is kept and
    waits for a reopening. Raises NotAnnounced, NotYet, NoPlace, ClassClosed, NoReason, or YearFrozen where
    hours elsewhere cannot follow.
    """
    held = lock_class(half_day.training_class_id)
    _check(held, half_day, how, reason, at)
    place = held.places.accepted().of(person.pk).select_related("person").first()
    if place is None:
        raise NoPlace
    kept, _is_first = Mark.objects.get_or_create(place=place, half_day=half_day)
    if number and kept.changes.filter(device=device, number=number).exists():
        return kept
    told = {"edge": edge, "is_present": is_present, "how": how, "marked_at": marked_at, "by": by}
    brought = {"recorded_at": at, "reason": reason.strip(), "device": device, "number": number}
    _change, is_new = MarkChange.objects.get_or_create(mark=kept, **told, defaults=brought)
    if is_new and held.state == ClassState.CLOSED:
        kept.is_waiting = True
        kept.save(update_fields=["is_waiting"])
    elif is_new:
        follow(kept, held=held, half_day=half_day, person=place.person, by=by, at=at)
    return kept


def _check(held: TrainingClass, half_day: HalfDay, how: MarkHow, reason: str, at: datetime) -> None:
    if held.state not in (ClassState.CALLING, ClassState.CLOSED):
        raise NotAnnounced
    if half_day.on > timezone.localdate(at):
        raise NotYet
    if how == MarkHow.CORRECTION and held.state == ClassState.CLOSED:
        raise ClassClosed
    if how == MarkHow.CORRECTION and not reason.strip():
        raise NoReason


def follow(
    kept: Mark, *, held: TrainingClass, half_day: HalfDay, person: Cadre, by: Cadre, at: datetime
) -> None:
    """Bring a mark to what its changes say, and the person's seat with it."""
    ticks: dict[str, list[tuple[datetime, bool]]] = {edge.value: [] for edge in Edge}
    for edge, marked_at, is_present in kept.changes.values_list("edge", "marked_at", "is_present"):
        ticks[edge].append((marked_at, is_present))
    kept.in_at, kept.out_at = present_since(ticks[Edge.IN]), present_since(ticks[Edge.OUT])
    kept.is_waiting = False
    kept.save(update_fields=["in_at", "out_at", "is_waiting"])
    seat = Presence.objects.of(person.pk).at_source(half_day.source).first()
    if kept.in_at is None and seat is not None:
        leave_seat(person=person, source=half_day.source, by=by, at=at)
    if kept.in_at is not None and (seat is None or not _is_of(seat, half_day, kept.in_at)):
        take_seat(
            person=person,
            source=half_day.source,
            title=held.title,
            starts_at=half_day.starts_at,
            ends_at=half_day.ends_at,
            marked_at=kept.in_at,
            by=by,
            at=at,
        )


def _is_of(seat: Presence, half_day: HalfDay, since: datetime) -> bool:
    span = (seat.starts_at, seat.ends_at, seat.marked_at)
    return span == (half_day.starts_at, half_day.ends_at, since)


@transaction.atomic
def call_in(*, training_class: TrainingClass, person: Cadre, by: Cadre, at: datetime) -> Place:
    """The place of somebody who came, given now if nobody had called them and the class has room.

    Raises NotAnnounced or NoRoom.
    """
    held = lock_class(training_class.pk)
    if held.state not in (ClassState.CALLING, ClassState.CLOSED):
        raise NotAnnounced
    place = held.places.of(person.pk).first()
    if place is not None and place.status == PlaceStatus.ACCEPTED:
        return place
    if place is None:
        place = Place(training_class=held, person=person)
    if place.pk is None or place.status != PlaceStatus.PROPOSED:
        place.quota_unit = _unit_with_room(held, person)
    place.status = PlaceStatus.ACCEPTED
    if held.state == ClassState.CLOSED:
        # Until the class is reopened the figures say what was counted: nothing of this person.
        place.absent_half_days = held.half_days.count()
    place.save()
    with override(settings.LANGUAGE_CODE):
        reason = _("came without being called")
    PlaceStep.objects.create(place=place, status=place.status, at=at, by=by, reason=reason)
    return place


def _unit_with_room(held: TrainingClass, person: Cadre) -> Unit | None:
    """Whose quota has a place for the person, the nearest unit's; none where the class has no quotas."""
    quotas = list(
        Quota.objects.filter(training_class=held).select_for_update(of=("self",)).select_related("unit")
    )
    if not quotas:
        return None
    around = [quota for quota in quotas if quota.unit.contains(person.unit.code)]
    if not around:
        raise NoRoom(None)
    nearest = max(around, key=lambda quota: len(quota.unit.prefix))
    if held.places.counting().filter(quota_unit=nearest.unit_id).count() >= nearest.places:
        raise NoRoom(nearest.unit)
    return nearest.unit
