import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from accounts.actions import PhoneTaken, admit, grant_scope, remove_scope, set_administrator
from accounts.models import AuditLine, Cadre, StaffRole, StaffScope
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


# --- administrators ----------------------------------------------------------------------------------
def test_an_administrator_stays_one_whatever_scopes_come_and_go() -> None:
    tree = county_tree()
    person = CadreFactory(unit=tree.county)
    set_administrator(person=person, is_administrator=True, by=None, at=AT)
    scope = grant_scope(person=person, unit=tree.county, role=StaffRole.TRAINER, by=None, at=AT)
    remove_scope(scope=scope, by=None, at=AT)
    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff) == (True, True)


def test_admit_finds_the_phone_or_makes_the_account_and_refuses_another_name() -> None:
    tree = county_tree()
    one, again = (
        admit(phone="13811112222", name="王建国", unit=tree.county, by=None, at=AT) for _ in range(2)
    )
    assert (one, one.has_usable_password()) == (again, False)
    with pytest.raises(PhoneTaken):
        admit(phone="13811112222", name="李四", unit=tree.county, by=None, at=AT)
    assert AuditLine.objects.get().action == "person.admitted"


def test_createsuperuser_of_django_makes_an_administrator_with_an_audit_line() -> None:
    tree = county_tree()
    more = {"interactive": False, "number": "90000001", "name": "尹明远", "verbosity": 0}
    with pytest.raises(CommandError):
        call_command("createsuperuser", **more)
    with pytest.raises(CommandError):
        call_command("createsuperuser", unit="0", **more)
    call_command("createsuperuser", unit=tree.county.pk, **more)
    person = Cadre.objects.get()
    assert (person.is_superuser, person.is_staff, person.unit) == (True, True, tree.county)
    assert AuditLine.objects.get(person=person).action == "administrator.granted"
