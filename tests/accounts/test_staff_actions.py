import pytest
from django.contrib.auth.models import Group

from accounts.actions import grant_scope, remove_scope
from accounts.models import AuditLine, StaffRole, StaffScope
from tests.accounts.rosters import AT
from tests.factories import CadreFactory, county_tree

pytestmark = pytest.mark.django_db


def test_grant_scope_twice_is_once() -> None:
    tree = county_tree()
    person, by = CadreFactory(unit=tree.township), CadreFactory(unit=tree.county)
    for _ in range(2):
        scope = grant_scope(person=person, unit=tree.township, role=StaffRole.TOWNSHIP, by=by, at=AT)
    assert StaffScope.objects.get() == scope
    line = AuditLine.objects.get()
    assert (line.action, line.by, line.detail) == ("scope.granted", by, {"role": "TOWNSHIP"})
    assert not person.groups.exists()


def test_publishers_come_into_the_publishing_desk_and_go_with_their_scope() -> None:
    tree = county_tree()
    person = CadreFactory(unit=tree.county)
    scope = grant_scope(person=person, unit=tree.county, role=StaffRole.TRAINER, by=None, at=AT)
    person.refresh_from_db()
    assert [group.name for group in person.groups.all()] == ["Trainers"]
    assert person.is_staff
    for _ in range(2):
        remove_scope(scope=scope, by=None, at=AT)
    person.refresh_from_db()
    assert not person.groups.exists()
    assert not person.is_staff
    assert AuditLine.objects.filter(action="scope.removed").count() == 1


def test_one_scope_taken_leaves_the_other() -> None:
    tree = county_tree()
    person = CadreFactory(unit=tree.county)
    scope = grant_scope(person=person, unit=tree.county, role=StaffRole.TRAINER, by=None, at=AT)
    grant_scope(person=person, unit=tree.city, role=StaffRole.TRAINER, by=None, at=AT)
    remove_scope(scope=scope, by=None, at=AT)
    assert Group.objects.get(name="Trainers") in person.groups.all()
