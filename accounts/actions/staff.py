"""What staff may do, and over which units."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.audit import audit
from accounts.models import Cadre, StaffRole, StaffScope, Unit

from .people import lock

# What a scope opens in the publishing desk; `courses.actions.install_groups` gives the groups their rights.
PUBLISHING_GROUPS = {StaffRole.TRAINER: "Trainers", StaffRole.REVIEWER: "Reviewers"}


@transaction.atomic
def grant_scope(*, person: Cadre, unit: Unit, role: str, by: Cadre | None, at: datetime) -> StaffScope:
    """Let a person act in a staff role over a unit; twice is once."""
    scope, is_new = StaffScope.objects.get_or_create(person=lock(person.pk), unit=unit, role=role)
    if is_new:
        _fit_groups(person)
        audit("scope.granted", by=by, at=at, person=person, unit=unit, role=role)
    return scope


@transaction.atomic
def remove_scope(*, scope: StaffScope, by: Cadre | None, at: datetime) -> None:
    """Take a staff role back; a scope that is gone already stays gone."""
    lock(scope.person_id)
    removed, _ = StaffScope.objects.filter(pk=scope.pk).delete()
    if removed:
        _fit_groups(scope.person)
        audit("scope.removed", by=by, at=at, person=scope.person, unit=scope.unit, role=scope.role)


def _fit_groups(person: Cadre) -> None:
    """Bring the publishing groups in line with the scopes: one source of rights, never two."""
    roles = set(StaffScope.objects.filter(person=person).values_list("role", flat=True))
    for role, name in PUBLISHING_GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        if role in roles:
            person.groups.add(group)
        else:
            person.groups.remove(group)
    Cadre.objects.filter(pk=person.pk).update(is_staff=bool(roles & set(PUBLISHING_GROUPS)))
