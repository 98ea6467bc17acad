"""Posts, files and ID numbers of people."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts import identity
from accounts.audit import audit
from accounts.models import Cadre, CadreChange, Post, Unit, can_begin

EDITABLE = ("name", "phone", "birth_year", "is_party_member")
BATCH = 250  # psycopg splits a query in time that grows with the square of its length


class AlreadyHeld(Exception):
    """The person holds this role at this unit on that day already."""


class UnlikelyStart(Exception):
    """The first day lies too far back or ahead to be meant."""


class UnitNotInForce(Exception):
    """The unit's code is not valid on the day."""


class PostEnded(Exception):
    """The post has an end already."""


class PostRuns(Exception):
    """The post has no end that could be corrected."""


class PostGoesOn(Exception):
    """The office goes on in the unit into which this one was merged: that post ends, not this one."""


class PostBegun(Exception):
    """The post has begun, or a record refers to it: it can only end."""


class EndsBeforeStart(Exception):
    """A post cannot end before it begins."""


class InvalidIdentity(Exception):
    """The ID number is not one: 18 places, a real day of birth, the right check digit."""


class IdentityTaken(Exception):
    """Another person has this ID number."""


class PhoneTaken(Exception):
    """Another person has this phone number."""


class OutOfReach(Exception):
    """The account may do what its editor may not: whoever sets its phone could come in with its rights."""


def mark_changed(person_ids: Iterable[int], *, at: datetime) -> None:
    """Mark people whose figures must be made anew; in the transaction of whatever changed them."""
    marks = [CadreChange(person_id=person_id, at=at) for person_id in set(person_ids)]
    CadreChange.objects.bulk_create(marks, batch_size=2000)


def lock(person_id: int) -> Cadre:
    """The person's row, read afresh and locked: one grant, recomputation or change at a time."""
    locked: Cadre = Cadre.objects.locked().get(pk=person_id)
    return locked


def lock_all(person_ids: Iterable[int]) -> None:
    """Lock several people in the order of their keys, so that no two callers wait for each other."""
    ordered = sorted(set(person_ids))
    for start in range(0, len(ordered), BATCH):
        chunk = ordered[start : start + BATCH]
        list(Cadre.objects.locked().filter(pk__in=chunk).values_list("pk"))


def lock_units(unit_ids: Iterable[int], *, on: date) -> None:
    """Hold units until the transaction ends, so that none is merged away meanwhile; raises UnitNotInForce.

    Each must be valid on the day and not retired since. People are locked before units, everywhere.
    """
    ordered = sorted(set(unit_ids))
    for start in range(0, len(ordered), BATCH):
        chunk = ordered[start : start + BATCH]
        locked = Unit.objects.select_for_update(no_key=True).order_by("pk").filter(pk__in=chunk)
        open_since = [unit for unit in locked if unit.valid_to is None and unit.is_in_force(on)]
        if len(open_since) < len(chunk):
            raise UnitNotInForce


@transaction.atomic
def appoint(
    *,
    person: Cadre,
    unit: Unit,
    role: str,
    from_on: date,
    by: Cadre | None,
    at: datetime,
    is_newly_elected: bool = False,
) -> Post:
    """Give a person a post from a day on; raises UnlikelyStart, UnitNotInForce, AlreadyHeld."""
    lock(person.pk)
    if not can_begin(from_on, on=timezone.localdate(at)):
        raise UnlikelyStart
    lock_units([unit.pk], on=from_on)
    same = Post.objects.of(person.pk).filter(unit=unit, role=role)
    if (same.running() | same.filter(to_on__gte=from_on)).exists():
        raise AlreadyHeld
    post = Post.objects.create(
        person=person, unit=unit, role=role, from_on=from_on, is_newly_elected=is_newly_elected
    )
    mark_changed([person.pk], at=at)
    audit("post.began", by=by, at=at, person=person, unit=unit, role=role, from_on=from_on.isoformat())
    return post


@transaction.atomic
def end_post(*, post: Post, to_on: date, by: Cadre | None, at: datetime, reason: str = "") -> Post:
    """End a post with its last day, past or to come; raises EndsBeforeStart, PostEnded."""
    lock(post.person_id)
    post.refresh_from_db()
    if post.to_on is not None:
        raise PostEnded
    if to_on < post.from_on:
        raise EndsBeforeStart
    post.to_on = to_on
    post.save(update_fields=["to_on"])
    mark_changed([post.person_id], at=at)
    audit(
        "post.ended",
        by=by,
        at=at,
        person=post.person,
        unit=post.unit,
        role=post.role,
        to_on=to_on.isoformat(),
        **({"reason": reason} if reason else {}),
    )
    return post


@transaction.atomic
def correct_end(*, post: Post, to_on: date | None, reason: str, by: Cadre | None, at: datetime) -> Post:
    """Correct the last day of a post that was ended, or let it run again; the same again changes nothing.

    Raises PostRuns, PostGoesOn, EndsBeforeStart, AlreadyHeld, UnitNotInForce.
    """
    lock(post.person_id)
    post.refresh_from_db()
    before = post.to_on
    if before == to_on:
        return post
    _judge_end(post, to_on)
    post.to_on = to_on
    post.save(update_fields=["to_on"])
    mark_changed([post.person_id], at=at)
    days = {"before": str(before), "after": str(to_on or ""), "reason": reason}
    audit("post.end_corrected", by=by, at=at, person=post.person, unit=post.unit, role=post.role, **days)
    return post


def _judge_end(post: Post, to_on: date | None) -> None:
    """Raise what speaks against another last day of a post."""
    if post.to_on is None:
        raise PostRuns
    if Post.objects.filter(continues=post).exists():
        raise PostGoesOn
    if to_on is not None and to_on < post.from_on:
        raise EndsBeforeStart
    unit = Unit.objects.select_for_update(no_key=True).get(pk=post.unit_id)
    if unit.valid_to is not None and (to_on is None or to_on > unit.valid_to):
        raise UnitNotInForce
    later = Post.objects.of(post.person_id).filter(unit=unit, role=post.role, from_on__gt=post.from_on)
    if (later if to_on is None else later.filter(from_on__lte=to_on)).exists():
        raise AlreadyHeld


@transaction.atomic
def withdraw_post(*, post: Post, by: Cadre | None, at: datetime) -> None:
    """Take back a post that was entered by mistake and has not begun; raises PostBegun."""
    lock(post.person_id)
    post.refresh_from_db()
    if post.from_on <= timezone.localdate(at):
        raise PostBegun
    try:
        Post.objects.filter(pk=post.pk).delete()
    except ProtectedError as error:
        raise PostBegun from error
    mark_changed([post.person_id], at=at)
    audit(
        "post.withdrawn",
        by=by,
        at=at,
        person=post.person,
        unit=post.unit,
        role=post.role,
        from_on=post.from_on.isoformat(),
    )


@transaction.atomic
def transfer(*, person: Cadre, unit: Unit, on: date, by: Cadre | None, at: datetime) -> Cadre:
    """Move a person's file to another unit from a day on; posts stay as they are. Raises UnitNotInForce."""
    kept = lock(person.pk)
    if kept.unit_id == unit.pk:
        return kept
    lock_units([unit.pk], on=on)
    before, kept.unit = kept.unit, unit
    kept.save(update_fields=["unit"])
    mark_changed([kept.pk], at=at)
    audit("person.moved", by=by, at=at, person=kept, unit=unit, before=before.code, after=unit.code)
    return kept


def _lock_file(person: Cadre, by: Cadre | None) -> Cadre:
    """The locked row of somebody whose file may be corrected; raises OutOfReach."""
    kept = lock(person.pk)
    if by is not None and not by.has_rights_of(kept):
        raise OutOfReach
    return kept


def _save(person: Cadre, fields: list[str], taken: type[Exception]) -> None:
    """Save what no two people may have; the constraint has the only word, also for two at once."""
    try:
        with transaction.atomic():
            person.save(update_fields=fields)
    except IntegrityError as error:
        raise taken from error


@transaction.atomic
def edit_person(*, person: Cadre, by: Cadre | None, at: datetime, **values: object) -> Cadre:
    """Correct name, phone, birth year or party membership; raises PhoneTaken, OutOfReach.

    A new phone number has to prove itself again. The audit line names the fields, not their values.
    """
    kept = _lock_file(person, by)
    changed = [field for field in EDITABLE if field in values and getattr(kept, field) != values[field]]
    if not changed:
        return kept
    for field in changed:
        setattr(kept, field, values[field])
    if "phone" in changed:
        kept.is_phone_verified = False
    _save(kept, [*changed, "is_phone_verified"], PhoneTaken)
    mark_changed([kept.pk], at=at)
    audit("person.edited", by=by, at=at, person=kept, unit=kept.unit, fields=changed)
    return kept


@transaction.atomic
def set_identity(*, person: Cadre, number: str, by: Cadre | None, at: datetime) -> Cadre:
    """Keep a person's national ID number; raises InvalidIdentity, IdentityTaken, OutOfReach."""
    if not identity.is_valid(number):
        raise InvalidIdentity
    mark = identity.fingerprint(number)
    kept = _lock_file(person, by)
    if kept.identity_hash == mark:
        return kept
    kept.identity_cipher = identity.encrypt(number)
    kept.identity_hash = mark
    kept.identity_last4 = identity.last_four(number)
    _save(kept, ["identity_cipher", "identity_hash", "identity_last4"], IdentityTaken)
    audit("person.identity_set", by=by, at=at, person=kept, unit=kept.unit)
    return kept


@transaction.atomic
def correct_person(
    *,
    person: Cadre,
    unit: Unit,
    identity_number: str,
    on: date,
    by: Cadre | None,
    at: datetime,
    **values: object,
) -> Cadre:
    """Everything that the form of a person's file can change, at once; an empty ID number changes nothing.

    Raises what edit_person, set_identity and transfer raise.
    """
    edit_person(person=person, by=by, at=at, **values)
    if identity_number:
        set_identity(person=person, number=identity_number, by=by, at=at)
    return transfer(person=person, unit=unit, on=on, by=by, at=at)
