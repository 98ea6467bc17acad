"""Names for a class: proposed by units within their places, decided by the organiser, each step kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.access import MANAGERS
from accounts.actions import lock_all
from accounts.audit import audit
from accounts.models import Cadre
from lms.training.classes.actions.calling import check_calling
from lms.training.classes.actions.changes import half_days_of, lock_class, lock_own
from lms.training.classes.actions.notices import tell
from lms.training.classes.actions.refusals import (
    ChangedSince,
    Elsewhere,
    Marked,
    NamesClosed,
    NoReason,
    NotCounting,
    NotOrganiser,
    NotYours,
    QuotaFull,
)
from lms.training.classes.clashes import Clash, clashes
from lms.training.classes.models import (
    NoticeKind,
    Place,
    PlaceStatus,
    PlaceStep,
    Quota,
    TrainingClass,
)
from lms.training.classes.reach import may_organise


@transaction.atomic
def propose(
    *, quota: Quota, people: Iterable[Cadre], by: Cadre, at: datetime, seen: int | None = None
) -> list[Place]:
    """Propose people for the places of a unit; who stands there already is passed over.

    `seen` is the last change of time or place that the proposer knew. Raises NotYours, NotCalling,
    NamesClosed, ChangedSince, QuotaFull, Elsewhere.
    """
    held = lock_class(quota.training_class_id)
    check_calling(held)
    if timezone.localdate(at) > held.names_until and not may_organise(by, held):
        raise NamesClosed
    # The places may have been taken back since the page was opened.
    quota = held.quotas.select_related("unit").filter(pk=quota.pk).first() or Quota(unit=quota.unit, places=0)
    everybody = _own(people, quota, by)
    if seen is not None and (changes := list(held.changes.telling().after(seen))):
        raise ChangedSince(changes)
    places = _places(held, everybody)
    fresh = [person for person in everybody if not (known := places.get(person.pk)) or not known.is_counting]
    left = quota.places - held.places.counting().filter(quota_unit=quota.unit_id).count()
    if len(fresh) > left:
        raise QuotaFull(left)
    _refuse_clashes(held, fresh)
    for person in fresh:
        place = places.get(person.pk) or Place(training_class=held, person=person)
        place.quota_unit = quota.unit
        _step(place, PlaceStatus.PROPOSED, by=by, at=at)
        places[person.pk] = place
    _audit("class.propose", held, fresh, by=by, at=at)
    return [places[person.pk] for person in everybody]


def _own(people: Iterable[Cadre], quota: Quota, by: Cadre) -> list[Cadre]:
    """Each person once, in one order; all of them must be one's own and of the unit with the places."""
    everybody = sorted({person.pk: person for person in people}.values(), key=lambda person: person.pk)
    visible = Cadre.objects.visible_to(by, *MANAGERS).within(quota.unit)
    own = set(visible.filter(pk__in=[person.pk for person in everybody]).values_list("pk", flat=True))
    if foreign := [person.name for person in everybody if person.pk not in own]:
        raise NotYours(foreign)
    return everybody


def _places(held: TrainingClass, people: Sequence[Cadre]) -> dict[int, Place]:
    return {place.person_id: place for place in held.places.filter(person__in=people)}


def _refuse_clashes(held: TrainingClass, people: Sequence[Cadre]) -> None:
    lock_all(person.pk for person in people)
    found = clashes([person.pk for person in people], half_days_of(held), but=held)
    for person in people:
        if clash := found.get(person.pk):
            raise Elsewhere(person, clash.half_day)


@transaction.atomic
def accept(*, places: Iterable[Place], by: Cadre, at: datetime) -> tuple[list[Place], dict[int, Clash]]:
    """Give proposed people their places; gives who has one now, and who is called elsewhere by person.

    Whoever is not proposed is passed over, so that twice is once. Raises NotOrganiser, NotCalling.
    """
    wanted = [place.pk for place in places]
    held_pk = Place.objects.filter(pk__in=wanted).values_list("training_class", flat=True).first()
    if held_pk is None:
        return [], {}
    held = lock_class(held_pk)
    _check_organiser(held, by)
    proposed = held.places.filter(pk__in=wanted, status=PlaceStatus.PROPOSED).select_related("person")
    ready = list(proposed.order_by("person"))
    lock_all(place.person_id for place in ready)
    found = clashes([place.person_id for place in ready], half_days_of(held), but=held)
    given = [place for place in ready if place.person_id not in found]
    _give(held, given, by=by, at=at)
    return given, found


def _check_organiser(held: TrainingClass, by: Cadre) -> None:
    if not may_organise(by, held):
        raise NotOrganiser
    check_calling(held)


def _give(held: TrainingClass, places: Sequence[Place], *, by: Cadre, at: datetime) -> None:
    for place in places:
        _step(place, PlaceStatus.ACCEPTED, by=by, at=at)
    people = [place.person for place in places]
    tell([person.pk for person in people], training_class=held, what=NoticeKind.CALLED, at=at)
    _audit("class.accept", held, people, by=by, at=at)


@transaction.atomic
def add_people(
    *, training_class: TrainingClass, people: Iterable[Cadre], by: Cadre, at: datetime
) -> list[Place]:
    """Call people directly; they fill a place of their unit where one is left, and none otherwise.

    Raises NotOrganiser, NotCalling, NotYours, Elsewhere.
    """
    held = lock_class(training_class.pk)
    _check_organiser(held, by)
    everybody = sorted({person.pk: person for person in people}.values(), key=lambda person: person.pk)
    visible = Cadre.objects.visible_to(by, *MANAGERS).filter(pk__in=[person.pk for person in everybody])
    own = {person.pk: person for person in visible.select_related("unit")}
    if foreign := [person.name for person in everybody if person.pk not in own]:
        raise NotYours(foreign)
    places = _places(held, everybody)
    fresh = [
        own[person.pk]
        for person in everybody
        if not (known := places.get(person.pk)) or known.status != PlaceStatus.ACCEPTED
    ]
    _refuse_clashes(held, fresh)
    given = [_seated(held, person, places.get(person.pk)) for person in fresh]
    _give(held, given, by=by, at=at)
    return given


def _seated(held: TrainingClass, person: Cadre, place: Place | None) -> Place:
    """The place of somebody whom the organiser calls; one that is proposed keeps whose it is."""
    place = place or Place(training_class=held, person=person)
    if place.pk and place.is_counting:
        return place
    quotas = held.quotas.select_related("unit")
    place.quota_unit = next(
        (quota.unit for quota in quotas if quota.unit.contains(person.unit.code) and _has_room(held, quota)),
        None,
    )
    place.status = PlaceStatus.ACCEPTED
    place.save()
    return place


def _has_room(held: TrainingClass, quota: Quota) -> bool:
    return held.places.counting().filter(quota_unit=quota.unit_id).count() < quota.places


@transaction.atomic
def reject(*, place: Place, reason: str, by: Cadre, at: datetime) -> Place:
    """Do not take a name, or take a place away again, with a reason. Twice is once.

    Raises NoReason, NotCounting, Marked, NotOrganiser, NotOpen.
    """
    held = lock_own(place.training_class, by)
    if not (reason := reason.strip()[:300]):
        raise NoReason
    return _end(held, place, PlaceStatus.REJECTED, reason, by=by, at=at)


@transaction.atomic
def withdraw(*, place: Place, by: Cadre, at: datetime, reason: str = "") -> Place:
    """Take back a name that one's unit proposed, up to the last day for names. Twice is once.

    Raises NotYours, NamesClosed, NotCounting, Marked, NotCalling.
    """
    held = lock_class(place.training_class_id)
    check_calling(held)
    unit = place.quota_unit
    if (
        unit is None
        or not Quota.objects.open_to(by, *MANAGERS).filter(training_class=held, unit=unit).exists()
    ):
        raise NotYours([place.person.name])
    if not Cadre.objects.visible_to(by, *MANAGERS).filter(pk=place.person_id).exists():
        raise NotYours([place.person.name])
    if timezone.localdate(at) > held.names_until and not may_organise(by, held):
        raise NamesClosed
    return _end(held, place, PlaceStatus.WITHDRAWN, reason.strip()[:300], by=by, at=at)


def _end(
    held: TrainingClass, place: Place, status: PlaceStatus, reason: str, *, by: Cadre, at: datetime
) -> Place:
    kept = held.places.select_related("person").get(pk=place.pk)
    if kept.status == status:
        return kept
    if not kept.is_counting:
        raise NotCounting
    if kept.marks.filter(Q(in_at__isnull=False) | Q(out_at__isnull=False)).exists():
        raise Marked
    had_place = kept.status == PlaceStatus.ACCEPTED
    _step(kept, status, by=by, at=at, reason=reason)
    if had_place:
        tell([kept.person_id], training_class=held, what=NoticeKind.LOST, at=at, note=reason)
    _audit(f"class.{status.lower()}", held, [kept.person], by=by, at=at)
    return kept


def _step(place: Place, status: PlaceStatus, *, by: Cadre, at: datetime, reason: str = "") -> None:
    place.status = status
    place.save()
    PlaceStep.objects.create(place=place, status=status, at=at, by=by, reason=reason)


def _audit(action: str, held: TrainingClass, people: Sequence[Cadre], *, by: Cadre, at: datetime) -> None:
    if people:
        ids = [person.pk for person in people]
        audit(action, by=by, at=at, unit=held.unit, training_class=held.pk, people=ids)
