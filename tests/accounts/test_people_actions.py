from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from accounts import actions, identity
from accounts.models import AuditLine, Cadre, CadreChange, Post, Role, StaffScope, Unit
from lms.obligations.models import Obligation, Period, Requirement
from tests.accounts.rosters import AT, ON, id_number
from tests.factories import CadreFactory, PostFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db
SINCE = date(2026, 2, 10)


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def person(tree: CountyTree) -> Cadre:
    return CadreFactory(unit=tree.village)


@pytest.fixture
def clerk(tree: CountyTree) -> Cadre:
    return CadreFactory(unit=tree.township)


def marked() -> list[int]:
    return sorted(CadreChange.objects.values_list("person_id", flat=True))


def actions_of(person: Cadre) -> list[str]:
    return list(AuditLine.objects.filter(person=person).order_by("pk").values_list("action", flat=True))


def appoint(person: Cadre, clerk: Cadre, role: str = Role.SECRETARY, since: date = SINCE) -> Post:
    return actions.appoint(person=person, unit=person.unit, role=role, from_on=since, by=clerk, at=AT)


def test_mark_changed_writes_one_mark_a_person(person: Cadre, clerk: Cadre) -> None:
    actions.mark_changed([person.pk, clerk.pk, person.pk], at=AT)
    assert marked() == sorted([person.pk, clerk.pk])
    actions.mark_changed([], at=AT)
    assert len(marked()) == 2


# --- posts -------------------------------------------------------------------------------------------
def test_appoint_gives_a_post_and_leaves_a_mark_and_a_line(person: Cadre, clerk: Cadre) -> None:
    post = appoint(person, clerk)
    assert post.is_held_on(SINCE)
    assert not post.is_held_on(date(2026, 2, 9))
    assert marked() == [person.pk]
    line = AuditLine.objects.get()
    assert (line.action, line.by, line.person, line.unit) == ("post.began", clerk, person, person.unit)


def test_one_person_holds_several_posts(person: Cadre, clerk: Cadre) -> None:
    appoint(person, clerk)
    appoint(person, clerk, Role.DIRECTOR)
    assert Post.objects.of(person.pk).held_on(ON).count() == 2


def test_appoint_twice_or_into_a_held_time_is_refused(person: Cadre, clerk: Cadre) -> None:
    post = appoint(person, clerk)
    with pytest.raises(actions.AlreadyHeld):
        appoint(person, clerk)
    actions.end_post(post=post, to_on=date(2026, 5, 31), by=clerk, at=AT)
    with pytest.raises(actions.AlreadyHeld):
        appoint(person, clerk, since=date(2026, 5, 31))
    appoint(person, clerk, since=date(2026, 6, 1))
    assert Post.objects.of(person.pk).count() == 2


@pytest.mark.parametrize("since", [date(1949, 12, 31), date(2027, 6, 2), date(2030, 1, 1)])
def test_appoint_from_a_day_that_cannot_be_meant_is_refused(person: Cadre, clerk: Cadre, since: date) -> None:
    with pytest.raises(actions.UnlikelyStart):
        appoint(person, clerk, since=since)
    assert not Post.objects.exists()


def test_withdraw_takes_back_a_post_that_has_not_begun(person: Cadre, clerk: Cadre) -> None:
    post = appoint(person, clerk, since=date(2027, 1, 1))
    actions.withdraw_post(post=post, by=clerk, at=AT)
    assert not Post.objects.exists()
    assert actions_of(person) == ["post.began", "post.withdrawn"]
    assert marked() == [person.pk] * 2
    assert appoint(person, clerk, since=date(2026, 7, 1)).from_on == date(2026, 7, 1)


def test_withdraw_of_a_post_that_has_begun_or_is_gone_is_refused(person: Cadre, clerk: Cadre) -> None:
    for since, role in ((SINCE, Role.SECRETARY), (ON, Role.DIRECTOR)):
        with pytest.raises(actions.PostBegun):
            actions.withdraw_post(post=appoint(person, clerk, role, since), by=clerk, at=AT)
    assert Post.objects.count() == 2
    ahead = appoint(person, clerk, Role.RESERVE, date(2026, 7, 1))
    actions.withdraw_post(post=Post.objects.get(pk=ahead.pk), by=clerk, at=AT)
    with pytest.raises(Post.DoesNotExist):
        actions.withdraw_post(post=ahead, by=clerk, at=AT)


def test_withdraw_of_a_post_to_which_an_obligation_refers_is_refused(person: Cadre, clerk: Cadre) -> None:
    post = appoint(person, clerk, since=date(2026, 7, 1))
    requirement = Requirement.objects.create(
        slug="online",
        name="网络自学",
        unit=person.unit,
        period=Period.YEAR,
        amount=50,
        ledgers=["ONLINE"],
        valid_from=SINCE,
    )
    Obligation.objects.create(
        person=person,
        requirement=requirement,
        post=post,
        slug="online",
        period_key="2026",
        starts_on=SINCE,
        due_on=date(2026, 12, 31),
        required=50,
        refreshed_at=AT,
    )
    with pytest.raises(actions.PostBegun):
        actions.withdraw_post(post=post, by=clerk, at=AT)


def test_appoint_at_a_unit_that_is_not_in_force_is_refused(person: Cadre, clerk: Cadre) -> None:
    Unit.objects.filter(pk=person.unit_id).update(valid_to=date(2026, 1, 31))
    with pytest.raises(actions.UnitNotInForce):
        appoint(person, clerk)
    assert not marked()


def test_end_post_keeps_it_held_to_its_last_day(person: Cadre, clerk: Cadre) -> None:
    post = actions.end_post(post=appoint(person, clerk), to_on=date(2026, 5, 31), by=clerk, at=AT)
    assert post.is_held_on(date(2026, 5, 31))
    assert not post.is_held_on(date(2026, 6, 1))
    assert actions_of(person) == ["post.began", "post.ended"]


def test_end_post_before_its_start_or_twice_is_refused(person: Cadre, clerk: Cadre) -> None:
    post = appoint(person, clerk)
    with pytest.raises(actions.EndsBeforeStart):
        actions.end_post(post=post, to_on=date(2026, 2, 9), by=clerk, at=AT)
    actions.end_post(post=post, to_on=SINCE, by=clerk, at=AT)
    with pytest.raises(actions.PostEnded):
        actions.end_post(post=post, to_on=ON, by=clerk, at=AT)
    post.refresh_from_db()
    assert post.to_on == SINCE


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"from_on": SINCE, "to_on": date(2026, 2, 1)}, "post_to_after_from"),
        ({"from_on": date(2025, 1, 1)}, "post_once_per_start|UNIQUE"),
        ({"from_on": SINCE}, "post_one_open_per_role|UNIQUE"),
    ],
)
def test_post_constraints_hold(person: Cadre, fields: dict[str, date], name: str) -> None:
    PostFactory(person=person)
    with pytest.raises(IntegrityError, match=name):
        PostFactory(person=person, **fields)


# --- the file ----------------------------------------------------------------------------------------
def test_transfer_moves_the_file_and_leaves_the_posts(person: Cadre, clerk: Cadre, tree: CountyTree) -> None:
    appoint(person, clerk)
    for _ in range(2):
        actions.transfer(person=person, unit=tree.far_village, on=ON, by=clerk, at=AT)
    person.refresh_from_db()
    assert person.unit == tree.far_village
    assert Post.objects.of(person.pk).running().count() == 1
    assert actions_of(person) == ["post.began", "person.moved"]


def test_transfer_to_a_retired_unit_is_refused(person: Cadre, clerk: Cadre, tree: CountyTree) -> None:
    Unit.objects.filter(pk=tree.far_village.pk).update(valid_to=date(2026, 1, 31))
    with pytest.raises(actions.UnitNotInForce):
        actions.transfer(person=person, unit=tree.far_village, on=ON, by=clerk, at=AT)


def test_edit_person_names_the_fields_but_not_their_values(person: Cadre, clerk: Cadre) -> None:
    values = {
        "name": "赵平",
        "phone": "13811112222",
        "birth_year": person.birth_year,
        "is_party_member": True,
    }
    for _ in range(2):
        actions.edit_person(person=person, by=clerk, at=AT, **values)
    person.refresh_from_db()
    assert (person.name, person.phone, person.is_phone_verified) == ("赵平", "13811112222", False)
    line = AuditLine.objects.get()
    assert line.detail == {"fields": ["name", "phone", "is_party_member"]}
    assert marked() == [person.pk]


def test_edit_person_with_the_phone_of_another_is_refused(person: Cadre, clerk: Cadre) -> None:
    for _ in range(2):
        with pytest.raises(actions.PhoneTaken):
            actions.edit_person(person=person, name="新名", phone=clerk.phone, by=clerk, at=AT)
    person.refresh_from_db()
    assert (person.phone != clerk.phone, person.name != "新名") == (True, True)
    assert not AuditLine.objects.exists()
    assert not marked()


def test_an_account_that_may_more_than_its_editor_is_out_of_reach(
    person: Cadre, clerk: Cadre, tree: CountyTree
) -> None:
    for is_superuser in (False, True):
        StaffScope.objects.all().delete()
        Cadre.objects.filter(pk=person.pk).update(is_superuser=is_superuser)
        if not is_superuser:
            StaffFactory(person=person, unit=tree.township)
        with pytest.raises(actions.OutOfReach):
            actions.edit_person(person=person, phone="13811112222", by=clerk, at=AT)
        with pytest.raises(actions.OutOfReach):
            actions.set_identity(person=person, number=id_number(1), by=clerk, at=AT)
    actions.edit_person(person=person, phone="13811112222", by=None, at=AT)
    person.refresh_from_db()
    assert (person.phone, person.identity_hash) == ("13811112222", None)


def test_correct_person_is_one_whole(person: Cadre, clerk: Cadre, tree: CountyTree) -> None:
    actions.set_identity(person=clerk, number=id_number(1), by=None, at=AT)
    with pytest.raises(actions.IdentityTaken):
        actions.correct_person(
            person=person,
            unit=tree.far_village,
            identity_number=id_number(1),
            on=ON,
            by=clerk,
            at=AT,
            name="新名",
        )
    person.refresh_from_db()
    assert (person.name != "新名", person.unit) == (True, tree.village)


def test_set_identity_keeps_ciphertext_fingerprint_and_four_digits(person: Cadre, clerk: Cadre) -> None:
    number = id_number(7)
    for _ in range(2):
        actions.set_identity(person=person, number=number, by=clerk, at=AT)
    person.refresh_from_db()
    assert identity.decrypt(person.identity_cipher) == number
    assert person.identity_last4 == number[-4:]
    assert person.identity_hash == identity.fingerprint(number)
    assert actions_of(person) == ["person.identity_set"]
    assert number not in str(list(AuditLine.objects.values()))


def test_set_identity_of_a_wrong_or_taken_number_is_refused(person: Cadre, clerk: Cadre) -> None:
    with pytest.raises(actions.InvalidIdentity):
        actions.set_identity(person=person, number="990000197501010019", by=clerk, at=AT)
    actions.set_identity(person=clerk, number=id_number(1), by=None, at=AT)
    with pytest.raises(actions.IdentityTaken):
        actions.set_identity(person=person, number=id_number(1).lower(), by=clerk, at=AT)


# --- the lock ----------------------------------------------------------------------------------------
def test_lock_gives_the_row_as_it_is_now(person: Cadre) -> None:
    Cadre.objects.filter(pk=person.pk).update(name="新名")
    with transaction.atomic():
        assert actions.lock(person.pk).name == "新名"
    with pytest.raises(Cadre.DoesNotExist), transaction.atomic():
        actions.lock(0)


def test_lock_all_takes_everybody_once_and_in_batches(
    person: Cadre, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        actions.lock_all([person.pk, *range(person.pk + 400, person.pk, -1), person.pk])
    with django_assert_num_queries(0):
        actions.lock_all([])


# --- in parallel -------------------------------------------------------------------------------------
def in_parallel(*calls: Callable[[], object]) -> list[object]:
    def run(call: Callable[[], object]) -> object:
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_appoint_in_parallel_gives_one_post(person: Cadre, clerk: Cadre) -> None:
    results = in_parallel(*[lambda: appoint(person, clerk)] * 4)
    assert sum(isinstance(result, Post) for result in results) == 1
    assert all(isinstance(result, Post | actions.AlreadyHeld) for result in results)
    assert (Post.objects.count(), len(marked())) == (1, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_lock_all_in_any_order_never_waits_in_a_ring(tree: CountyTree) -> None:
    ids = [person.pk for person in CadreFactory.create_batch(40, unit=tree.village)]

    def hold(order: list[int]) -> None:
        for _ in range(20):
            with transaction.atomic():
                actions.lock_all(order)

    assert in_parallel(*[lambda: hold(ids), lambda: hold(ids[::-1])] * 2) == [None] * 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_phone_or_id_number_for_four_people_at_once_goes_to_one(tree: CountyTree, clerk: Cadre) -> None:
    people = CadreFactory.create_batch(4, unit=tree.village)

    def phone(person: Cadre) -> Cadre:
        return actions.edit_person(person=person, phone="13811112222", by=None, at=AT)

    def number(person: Cadre) -> Cadre:
        return actions.set_identity(person=person, number=id_number(1), by=None, at=AT)

    for change, taken in ((phone, actions.PhoneTaken), (number, actions.IdentityTaken)):
        results = in_parallel(*[partial(change, person) for person in people])
        assert sorted(type(result).__name__ for result in results) == sorted(["Cadre", *[taken.__name__] * 3])
    assert (Cadre.objects.filter(phone="13811112222").count(), AuditLine.objects.count()) == (1, 2)
