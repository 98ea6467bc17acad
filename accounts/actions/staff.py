"""Who works at a desk: what staff may do, over which units, and whether their account is open."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.audit import audit
from accounts.models import Cadre, OneTimeCode, StaffRole, StaffScope, Unit
from accounts.numbers import new_numbers

from .people import PhoneTaken, lock
from .sessions import end_sessions

# What a scope opens in the publishing desk; `courses.actions.install_groups` gives the groups their rights.
PUBLISHING_GROUPS = {StaffRole.TRAINER: "Trainers", StaffRole.REVIEWER: "Reviewers"}


@transaction.atomic
def admit(*, phone: str, name: str, unit: Unit, by: Cadre | None, at: datetime) -> Cadre:
    """The account of a phone, made where there is none; raises PhoneTaken if it has another name."""
    person: Cadre | None = Cadre.objects.filter(phone=phone).first()
    if person is None:
        (number,) = new_numbers(1)
        person = Cadre.objects.create_user(number, phone=phone, name=name, unit=unit)
        audit("person.admitted", by=by, at=at, person=person, unit=unit)
    if person.name != name:
        raise PhoneTaken
    return person


@transaction.atomic
def grant_scope(*, person: Cadre, unit: Unit, role: str, by: Cadre | None, at: datetime) -> StaffScope:
    """Let a person act in a staff role over a unit; twice is once.

    Whoever is signed in signs in again: sessions of staff end when idle, a learner's does not.
    """
    kept = lock(person.pk)
    scope, is_new = StaffScope.objects.get_or_create(person=kept, unit=unit, role=role)
    if is_new:
        _fit_groups(kept)
        end_sessions(person=kept)
        audit("scope.granted", by=by, at=at, person=kept, unit=unit, role=role)
    return scope


@transaction.atomic
def remove_scope(*, scope: StaffScope, by: Cadre | None, at: datetime) -> None:
    """Take a staff role back; a scope that is gone already stays gone."""
    kept = lock(scope.person_id)
    removed, _ = StaffScope.objects.filter(pk=scope.pk).delete()
    if removed:
        _fit_groups(kept)
        audit("scope.removed", by=by, at=at, person=kept, unit=scope.unit, role=scope.role)


@transaction.atomic
def set_administrator(*, person: Cadre, is_administrator: bool, by: Cadre | None, at: datetime) -> Cadre:
    """Let a person do everything in the publishing desk, or no longer; twice is once."""
    kept = lock(person.pk)
    if kept.is_superuser != is_administrator:
        kept.is_superuser = is_administrator
        kept.save(update_fields=["is_superuser"])
        _fit_groups(kept)
        end_sessions(person=kept)
        audit(f"administrator.{'granted' if is_administrator else 'removed'}", by=by, at=at, person=kept)
    return kept


@transaction.atomic
def set_open(*, person: Cadre, is_open: bool, by: Cadre | None, at: datetime) -> Cadre:
    """Close an account, which ends its sessions and its code, or open it again; twice is once.

    Roles and records stay.
    """
    kept = lock(person.pk)
    if kept.is_active != is_open:
        kept.is_active = is_open
        kept.save(update_fields=["is_active"])
        end_sessions(person=kept)
        OneTimeCode.objects.filter(person=kept).delete()
        audit(f"account.{'opened' if is_open else 'closed'}", by=by, at=at, person=kept)
    return kept


def _fit_groups(person: Cadre) -> None:
    """Bring the publishing groups in line with the scopes: one source of rights, never two."""
    roles = set(StaffScope.objects.filter(person=person).values_list("role", flat=True))
    for role, name in PUBLISHING_GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        if role in roles:
            person.groups.add(group)
        else:
            person.groups.remove(group)
    person.is_staff = person.is_superuser or bool(roles & set(PUBLISHING_GROUPS))
    person.save(update_fields=["is_staff"])
