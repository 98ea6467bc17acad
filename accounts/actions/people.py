"""Posts, files and ID numbers of people."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from accounts import identity
from accounts.audit import audit
from accounts.models import Cadre, CadreChange, Post, Unit

EDITABLE = ("name", "phone", "birth_year", "is_party_member")


class AlreadyHeld(Exception):
    """The person holds this role at this unit on that day already."""


class UnitNotInForce(Exception):
    """The unit's code is not valid on the day."""


class PostEnded(Exception):
    """The post has an end already."""


class EndsBeforeStart(Exception):
    """A post cannot end before it begins."""


class InvalidIdentity(Exception):
    """The ID number is not one: 18 places, a real day of birth, the right check digit."""


class IdentityTaken(Exception):
    """Another person has this ID number."""


class PhoneTaken(Exception):
    """Another person has this phone number."""


def mark_changed(person_ids: Iterable[int], *, at: datetime) -> None:
    """Mark people whose figures must be made anew; in the transaction of whatever changed them."""
    marks = [CadreChange(person_id=person_id, at=at) for person_id in set(person_ids)]
    CadreChange.objects.bulk_create(marks, batch_size=2000)


def lock(person: Cadre) -> Cadre:
    """The person's row, locked: one grant, recomputation or change of posts at a time."""
    locked: Cadre = Cadre.objects.locked().get(pk=person.pk)
    return locked


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
    """Give a person a post from a day on; raises UnitNotInForce, AlreadyHeld."""
    lock(person)
    if not Unit.objects.in_force(from_on).filter(pk=unit.pk).exists():
        raise UnitNotInForce
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
def end_post(*, post: Post, to_on: date, by: Cadre | None, at: datetime) -> Post:
    """End a post with its last day; raises EndsBeforeStart, PostEnded."""
    lock(post.person)
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
    )
    return post


@transaction.atomic
def transfer(*, person: Cadre, unit: Unit, on: date, by: Cadre | None, at: datetime) -> Cadre:
    """Move a person's file to another unit from a day on; posts stay as they are. Raises UnitNotInForce."""
    kept = lock(person)
    if not Unit.objects.in_force(on).filter(pk=unit.pk).exists():
        raise UnitNotInForce
    if kept.unit_id == unit.pk:
        return kept
    before, kept.unit = kept.unit, unit
    kept.save(update_fields=["unit"])
    mark_changed([kept.pk], at=at)
    audit("person.moved", by=by, at=at, person=kept, unit=unit, before=before.code, after=unit.code)
    return kept


@transaction.atomic
def edit_person(*, person: Cadre, by: Cadre | None, at: datetime, **values: object) -> Cadre:
    """Correct name, phone, birth year or party membership; raises PhoneTaken.

    A new phone number has to prove itself again. The audit line names the fields, not their values.
    """
    kept = lock(person)
    changed = [field for field in EDITABLE if field in values and getattr(kept, field) != values[field]]
    if not changed:
        return kept
    for field in changed:
        setattr(kept, field, values[field])
    if "phone" in changed:
        if kept.phone and Cadre.objects.exclude(pk=kept.pk).filter(phone=kept.phone).exists():
            raise PhoneTaken
        kept.is_phone_verified = False
    kept.save(update_fields=[*changed, "is_phone_verified"])
    mark_changed([kept.pk], at=at)
    audit("person.edited", by=by, at=at, person=kept, unit=kept.unit, fields=changed)
    return kept


@transaction.atomic
def set_identity(*, person: Cadre, number: str, by: Cadre | None, at: datetime) -> Cadre:
    """Keep a person's national ID number; raises InvalidIdentity, IdentityTaken."""
    if not identity.is_valid(number):
        raise InvalidIdentity
    mark = identity.fingerprint(number)
    kept = lock(person)
    if kept.identity_hash == mark:
        return kept
    if Cadre.objects.exclude(pk=kept.pk).filter(identity_hash=mark).exists():
        raise IdentityTaken
    kept.identity_cipher = identity.encrypt(number)
    kept.identity_hash = mark
    kept.identity_last4 = identity.last_four(number)
    kept.save(update_fields=["identity_cipher", "identity_hash", "identity_last4"])
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


@transaction.atomic
def read_identity(*, person: Cadre, by: Cadre, at: datetime, reason: str) -> str:
    """The whole ID number, for a reason that is kept beside who asked; empty where none is known."""
    audit("person.identity_read", by=by, at=at, person=person, unit=person.unit, reason=reason)
    return identity.decrypt(person.identity_cipher) if person.identity_cipher else ""
