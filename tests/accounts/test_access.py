import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.access import MANAGERS, StaffRequest, scope_unit, staff_required
from accounts.models import Cadre, Post, StaffRole, Unit
from tests.factories import CadreFactory, PostFactory, StaffFactory, county_tree

pytestmark = pytest.mark.django_db


@staff_required()
def readers(request: StaffRequest) -> HttpResponse:
    return HttpResponse("in")


@staff_required(*MANAGERS)
def managers(request: StaffRequest) -> HttpResponse:
    return HttpResponse("in")


def visit(view: object, user: object) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = user
    return view(request)


@pytest.mark.parametrize("view", [readers, managers])
def test_stranger_learner_and_publisher_are_kept_out(view: object) -> None:
    publishers = [StaffFactory(role=role).person for role in (StaffRole.TRAINER, StaffRole.REVIEWER)]
    for user in (AnonymousUser(), CadreFactory(), CadreFactory(is_superuser=True), *publishers):
        with pytest.raises(PermissionDenied):
            visit(view, user)


def test_role_that_is_not_named_is_kept_out() -> None:
    auditor = StaffFactory(role=StaffRole.AUDITOR).person
    assert visit(readers, auditor).content == b"in"
    with pytest.raises(PermissionDenied):
        visit(managers, auditor)
    assert visit(managers, StaffFactory(role=StaffRole.TOWNSHIP).person).content == b"in"


def test_scope_unit_is_the_widest() -> None:
    tree = county_tree()
    person = StaffFactory(unit=tree.village, role=StaffRole.STATION).person
    StaffFactory(person=person, unit=tree.county, role=StaffRole.AUDITOR)
    StaffFactory(person=person, unit=tree.township)
    assert scope_unit(person) == tree.county
    with pytest.raises(PermissionDenied):
        scope_unit(CadreFactory())


def test_visible_people_units_and_posts_are_those_of_the_scopes() -> None:
    tree = county_tree()
    near, far = PostFactory(person__unit=tree.village), PostFactory(person__unit=tree.far_village)
    township = StaffFactory(unit=tree.township).person
    assert set(Cadre.objects.visible_to(township)) == {near.person, township}
    assert set(Unit.objects.visible_to(township)) == {tree.township, tree.village, tree.other_village}
    assert set(Post.objects.visible_to(township)) == {near}
    nobody = CadreFactory(unit=tree.county)
    for model in (Cadre, Unit, Post):
        assert not model.objects.visible_to(nobody).exists()
    assert far.person in Cadre.objects.visible_to(StaffFactory(unit=tree.county).person)


def test_visible_of_some_roles_leaves_the_other_scopes_out() -> None:
    tree = county_tree()
    person = StaffFactory(unit=tree.township, role=StaffRole.TOWNSHIP).person
    StaffFactory(person=person, unit=tree.county, role=StaffRole.AUDITOR)
    far = CadreFactory(unit=tree.far_village)
    assert far in Cadre.objects.visible_to(person)
    assert far not in Cadre.objects.visible_to(person, *MANAGERS)


@pytest.mark.parametrize("role", [StaffRole.TRAINER, StaffRole.REVIEWER])
def test_publisher_who_keeps_a_station_too_reads_of_the_station_alone(role: StaffRole) -> None:
    tree = county_tree()
    person = StaffFactory(unit=tree.village, role=StaffRole.STATION).person
    StaffFactory(person=person, unit=tree.county, role=role)
    near, far = PostFactory(person__unit=tree.village), PostFactory(person__unit=tree.far_village)
    assert scope_unit(person) == tree.village
    assert near.person in Cadre.objects.visible_to(person)
    assert far.person not in Cadre.objects.visible_to(person)
    assert list(Unit.objects.visible_to(person)) == [tree.village]
    assert list(Post.objects.visible_to(person)) == [near]


def test_person_who_moved_is_seen_by_the_new_unit_only() -> None:
    tree = county_tree()
    post = PostFactory(person__unit=tree.village)
    Cadre.objects.filter(pk=post.person_id).update(unit=tree.far_village)
    assert post.person not in Cadre.objects.visible_to(StaffFactory(unit=tree.township).person)
    assert post in Post.objects.visible_to(StaffFactory(unit=tree.other_township).person)
