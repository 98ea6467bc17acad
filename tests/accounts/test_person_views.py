import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import identity
from accounts.actions import grant_scope, set_identity
from accounts.models import Cadre, Post, Role, StaffRole, Unit
from tests.accounts.rosters import AT, id_number
from tests.factories import CadreFactory, PostFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def post(tree: CountyTree) -> Post:
    return PostFactory(person__unit=tree.village)


@pytest.fixture
def staff(tree: CountyTree, client: Client) -> Cadre:
    person = StaffFactory(unit=tree.township).person
    client.force_login(person)
    return person


def fields(person: Cadre, **more: object) -> dict[str, object]:
    return {
        "name": person.name,
        "phone": person.phone or "",
        "unit": person.unit_id,
        "birth_year": person.birth_year or "",
        **more,
    }


def test_edit_corrects_the_file(client: Client, staff: Cadre, post: Post, tree: CountyTree) -> None:
    person = post.person
    values = fields(
        person, name="赵平", phone="+86 138-1111-2222", unit=tree.other_village.pk, is_party_member="on"
    )
    response = client.post(f"/desk/people/{person.pk}/edit/", values | {"identity_number": id_number(3)})
    assert (response.status_code, response.url) == (302, f"/desk/people/{person.pk}/")
    person.refresh_from_db()
    assert (person.name, person.phone, person.unit) == ("赵平", "13811112222", tree.other_village)
    assert identity.decrypt(person.identity_cipher) == id_number(3)


def test_edit_shows_four_digits_and_an_empty_field_keeps_the_number(
    client: Client, staff: Cadre, post: Post
) -> None:
    person = set_identity(person=post.person, number=id_number(3), by=None, at=AT)
    page = client.get(f"/desk/people/{person.pk}/edit/").content.decode()
    assert id_number(3)[-4:] in page
    assert id_number(3) not in page
    client.post(f"/desk/people/{person.pk}/edit/", fields(person))
    person.refresh_from_db()
    assert person.identity_hash == identity.fingerprint(id_number(3))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "=1+1"},
        {"name": "x" * 100},
        {"phone": "123"},
        {"birth_year": "abc"},
        {"birth_year": "99999"},
        {"identity_number": "990000197501010010"},
        {"unit": ""},
        {"unit": "0"},
        {"unit": "abc"},
    ],
)
def test_edit_with_a_wrong_field_changes_nothing(
    client: Client, staff: Cadre, post: Post, wrong: dict[str, str]
) -> None:
    before = Cadre.objects.filter(pk=post.person_id).values().get()
    response = client.post(f"/desk/people/{post.person_id}/edit/", fields(post.person, **wrong))
    assert response.status_code == 422
    assert Cadre.objects.filter(pk=post.person_id).values().get() == before


def test_edit_with_something_that_another_person_has_is_refused(
    client: Client, staff: Cadre, post: Post
) -> None:
    set_identity(person=staff, number=id_number(4), by=None, at=AT)
    for taken in ({"phone": staff.phone}, {"identity_number": id_number(4)}):
        response = client.post(f"/desk/people/{post.person_id}/edit/", fields(post.person, **taken))
        assert response.status_code == 422


def test_edit_cannot_move_a_person_out_of_reach(
    client: Client, staff: Cadre, post: Post, tree: CountyTree
) -> None:
    values = fields(post.person, unit=tree.far_village.pk)
    assert client.post(f"/desk/people/{post.person_id}/edit/", values).status_code == 422


def test_appoint_and_end_a_post(client: Client, staff: Cadre, post: Post, tree: CountyTree) -> None:
    address = f"/desk/people/{post.person_id}/appoint/"
    values = {"unit": tree.village.pk, "role": "DIRECTOR", "from_on": "2026-02-10", "is_newly_elected": "on"}
    assert client.post(address, values).status_code == 302
    made = Post.objects.get(role="DIRECTOR")
    assert (made.from_on, made.is_newly_elected) == (date(2026, 2, 10), True)
    assert client.post(address, values).status_code == 422
    address = f"/desk/people/posts/{made.pk}/end/"
    assert client.get(address).status_code == 200
    for day in ("2026-02-09", "gestern", ""):
        assert client.post(address, {"to_on": day}).status_code == 422
    assert client.post(address, {"to_on": "2026-05-31"}).status_code == 302
    assert client.post(address, {"to_on": "2026-05-31"}).status_code == 422
    made.refresh_from_db()
    assert made.to_on == date(2026, 5, 31)


@pytest.mark.parametrize(
    "wrong",
    [{"role": "KING"}, {"role": ""}, {"unit": "0"}, {"from_on": "2026-02-30"}, {"from_on": ""}],
)
def test_appoint_with_a_wrong_field_is_refused(
    client: Client, staff: Cadre, post: Post, tree: CountyTree, wrong: dict[str, str]
) -> None:
    values = {"unit": tree.village.pk, "role": "DIRECTOR", "from_on": "2026-02-10"} | wrong
    assert client.post(f"/desk/people/{post.person_id}/appoint/", values).status_code == 422
    assert Post.objects.count() == 1


@pytest.mark.parametrize("day", ["2130-01-01", "1930-01-01"])
def test_appoint_from_an_unlikely_day_is_refused_at_its_field(
    client: Client, staff: Cadre, post: Post, tree: CountyTree, day: str
) -> None:
    values = {"unit": tree.village.pk, "role": "DIRECTOR", "from_on": day}
    response = client.post(f"/desk/people/{post.person_id}/appoint/", values)
    assert response.status_code == 422
    assert 'id="id_from_on_error"' in response.content.decode()


def test_post_that_has_not_begun_is_withdrawn_and_a_begun_one_is_not(
    client: Client, staff: Cadre, post: Post
) -> None:
    ahead = PostFactory(person=post.person, role="DIRECTOR", from_on=timezone.localdate() + timedelta(days=1))
    address = "/desk/people/posts/{}/{}/".format
    assert address(ahead.pk, "withdraw") in client.get(address(ahead.pk, "end")).content.decode()
    assert address(post.pk, "withdraw") not in client.get(address(post.pk, "end")).content.decode()
    assert client.post(address(ahead.pk, "withdraw")).url == f"/desk/people/{post.person_id}/"
    assert client.post(address(post.pk, "withdraw")).url == address(post.pk, "end")
    assert list(Post.objects.all()) == [post]
    assert client.get(address(post.pk, "withdraw")).status_code == 405


def test_post_that_ends_later_is_not_said_to_have_ended(client: Client, staff: Cadre, post: Post) -> None:
    today = timezone.localdate()
    english = {"accept-language": "en"}
    for role, days, words in (("DIRECTOR", 30, "The post ends with"), ("RESERVE", -1, "The post has ended.")):
        made = PostFactory(person=post.person, role=role)
        values = {"to_on": today + timedelta(days=days)}
        page = client.post(f"/desk/people/posts/{made.pk}/end/", values, follow=True, headers=english)
        assert words in page.content.decode()


# --- one new person ----------------------------------------------------------------------------------
NEW = "/desk/people/new/"


def new_person(tree: CountyTree, **more: object) -> dict[str, object]:
    return {
        "name": "王小明",
        "phone": "138 0000 0001",
        "unit": tree.village.pk,
        "role": "DIRECTOR",
        "from_on": "2026-02-10",
        "is_party_member": "on",
        **more,
    }


def test_add_brings_in_one_person_with_a_post(client: Client, staff: Cadre, tree: CountyTree) -> None:
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, new_person(tree, identity_number=id_number(), is_newly_elected="on"))
    person = Cadre.objects.get(name="王小明")
    assert response.url == f"/desk/people/{person.pk}/"
    assert (person.phone, person.unit, person.is_party_member) == ("13800000001", tree.village, True)
    assert (person.birth_year, person.identity_last4) == (1975, id_number()[-4:])
    post = person.posts.get()
    assert (post.role, post.from_on, post.is_newly_elected) == ("DIRECTOR", date(2026, 2, 10), True)


@pytest.mark.parametrize("role", Role)
def test_add_knows_every_role(client: Client, staff: Cadre, tree: CountyTree, role: str) -> None:
    assert client.post(NEW, new_person(tree, role=role)).status_code == 302
    assert Post.objects.get().role == role


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "王"}, "name"),
        ({"phone": "123"}, "phone"),
        ({"phone": "13900000000"}, "phone"),
        ({"unit": "0"}, "unit"),
        ({"role": ""}, "role"),
        ({"from_on": ""}, "from_on"),
        ({"from_on": "2130-01-01"}, "from_on"),
        ({"birth_year": "2020"}, "birth_year"),
        ({"birth_year": "1980", "identity_number": id_number()}, "birth_year"),
        ({"identity_number": "123"}, "identity_number"),
    ],
)
def test_add_with_a_wrong_field_says_so_there_and_writes_nothing(
    client: Client, staff: Cadre, tree: CountyTree, wrong: dict[str, str], field: str
) -> None:
    Cadre.objects.filter(pk=staff.pk).update(phone="13900000000")
    response = client.post(NEW, new_person(tree, **wrong))
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert Cadre.objects.count() == 1


def test_add_leads_to_the_person_who_is_known_already(client: Client, staff: Cadre, tree: CountyTree) -> None:
    page = client.post(NEW, new_person(tree)).url
    again = client.post(NEW, new_person(tree, role="SECRETARY"))
    assert again.status_code == 422
    assert f'href="{page}"' in again.content.decode()
    assert Post.objects.count() == 1


def test_add_offers_the_own_area_and_a_province_its_counties(client: Client, tree: CountyTree) -> None:
    def offered(unit: Unit, query: str = "") -> set[int]:
        client.force_login(StaffFactory(unit=unit).person)
        choices = re.findall(r'<option value="(\d+)"', client.get(NEW + query).content.decode())
        return {int(pk) for pk in choices}

    assert offered(tree.township) == {tree.township.pk, tree.village.pk, tree.other_village.pk}
    assert offered(tree.province) == {tree.province.pk, tree.city.pk, tree.county.pk}
    assert tree.far_village.pk in offered(tree.province, f"?unit={tree.county.code}")
    assert tree.far_village.pk not in offered(tree.township, f"?unit={tree.far_village.code}")


# --- who may -----------------------------------------------------------------------------------------
def paths(post: Post) -> list[str]:
    return [
        f"/desk/people/{post.person_id}/edit/",
        f"/desk/people/{post.person_id}/appoint/",
        f"/desk/people/posts/{post.pk}/end/",
    ]


def test_only_those_who_keep_the_roster_add_people(client: Client, tree: CountyTree, post: Post) -> None:
    for person in (post.person, StaffFactory(unit=tree.county, role=StaffRole.AUDITOR).person):
        client.force_login(person)
        assert client.get(NEW).status_code == client.post(NEW, new_person(tree)).status_code == 403
    client.force_login(StaffFactory(unit=tree.other_township).person)
    assert client.post(NEW, new_person(tree)).status_code == 422


def test_only_those_who_keep_the_file_may(client: Client, post: Post, tree: CountyTree) -> None:
    assert {client.get(path).status_code for path in paths(post)} == {302}
    client.force_login(post.person)
    assert {client.get(path).status_code for path in paths(post)} == {403}
    for role in (StaffRole.AUDITOR, StaffRole.STATION, StaffRole.TRAINER, StaffRole.REVIEWER):
        client.force_login(StaffFactory(unit=tree.county, role=role).person)
        assert {client.get(path).status_code for path in paths(post)} == {403}
    client.force_login(StaffFactory(unit=tree.other_township).person)
    assert {client.get(path).status_code for path in paths(post)} == {404}
    assert {client.post(path).status_code for path in paths(post)} == {404}
    for unit in (tree.township, tree.county, tree.province):
        client.force_login(StaffFactory(unit=unit).person)
        assert {client.get(path).status_code for path in paths(post)} == {200}


@pytest.mark.parametrize("role", [StaffRole.TOWNSHIP, StaffRole.COUNTY, StaffRole.PROVINCE])
@pytest.mark.parametrize(
    ("held", "at", "reached_by"),
    [
        (None, "village", set()),
        (StaffRole.COUNTY, "county", set()),
        (StaffRole.TOWNSHIP, "other_township", set()),
        (StaffRole.AUDITOR, "county", set()),
        (StaffRole.COUNTY, "township", {StaffRole.COUNTY, StaffRole.PROVINCE}),
        (StaffRole.PROVINCE, "village", {StaffRole.PROVINCE}),
        (StaffRole.TRAINER, "village", set()),
        (StaffRole.REVIEWER, "village", set()),
    ],
)
def test_nobody_takes_over_an_account_that_may_more(
    client: Client, tree: CountyTree, role: str, held: str | None, at: str, reached_by: set[str]
) -> None:
    """The editor sits in the township, in one role after the other; the account is on the township's list."""
    client.force_login(StaffFactory(unit=tree.township, role=role).person)
    officer = PostFactory(person__unit=tree.village, person__is_superuser=held is None).person
    if held:
        StaffFactory(person=officer, unit=getattr(tree, at), role=held)
    is_in_reach = role in reached_by
    values = fields(officer, name="王建国", phone="13811112222", identity_number=id_number(3))
    for path in paths(officer.posts.get()):
        assert client.get(path).status_code == (200 if is_in_reach else 404)
    assert client.post(f"/desk/people/{officer.pk}/edit/", values).status_code == (
        302 if is_in_reach else 404
    )
    officer.refresh_from_db()
    assert (officer.phone == "13811112222") == is_in_reach
    assert (officer.identity_last4 == id_number(3)[-4:]) == is_in_reach


@pytest.mark.parametrize("role", [StaffRole.STATION, StaffRole.AUDITOR, StaffRole.TOWNSHIP])
def test_the_file_of_staff_who_may_no_more_is_kept_like_any_other(
    client: Client, staff: Cadre, tree: CountyTree, role: str
) -> None:
    colleague = StaffFactory(unit=tree.township, role=role).person
    values = fields(colleague, name="王建国", phone="13811112222")
    assert client.post(f"/desk/people/{colleague.pk}/edit/", values).status_code == 302


def test_an_administrator_at_the_desk_reaches_no_administrator(client: Client, tree: CountyTree) -> None:
    for person in (CadreFactory(unit=tree.village, is_superuser=True) for _ in range(2)):
        StaffFactory(person=person, unit=tree.county, role=StaffRole.COUNTY)
        client.force_login(person)
    for administrator in Cadre.objects.all():
        assert client.get(f"/desk/people/{administrator.pk}/edit/").status_code == 404


def test_who_comes_into_office_between_the_look_and_the_writing_is_out_of_reach(
    client: Client, staff: Cadre, post: Post, tree: CountyTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.views._managed", lambda user, pk: post.person)
    grant_scope(person=post.person, unit=tree.county, role=StaffRole.COUNTY, by=None, at=AT)
    values = fields(post.person, name="王建国", phone="13811112222")
    assert client.post(f"/desk/people/{post.person_id}/edit/", values).status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999_999])
def test_people_and_posts_that_do_not_exist_are_not_found(client: Client, staff: Cadre, pk: int) -> None:
    for path in (f"/desk/people/{pk}/edit/", f"/desk/people/{pk}/appoint/", f"/desk/people/posts/{pk}/end/"):
        assert client.get(path).status_code == 404


def test_pages_need_few_queries(
    client: Client, staff: Cadre, post: Post, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        CadreFactory(unit=post.unit, name=f"学员{number}")
    for path in paths(post):
        with django_assert_max_num_queries(10):
            assert client.get(path).status_code == 200
