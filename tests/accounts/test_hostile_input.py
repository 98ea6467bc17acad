"""Numbers that no database holds and NUL bytes, in addresses, queries, forms and files: never a 500."""

import io

import pytest
from django.test import Client

from accounts.models import Cadre, PeopleImport, Post
from tests.accounts.rosters import HEADER, csv_file, line, xlsx
from tests.factories import PostFactory, StaffFactory, county_tree

pytestmark = pytest.mark.django_db
HUGE = [str(2**63), "9" * 30, "9" * 5000]
WRONG = [*HUGE, "\0", "1\0", "-1"]


def answered(value: str) -> int:
    """No address holds a NUL; whatever else is wrong in a query is passed over."""
    return 400 if "\0" in value else 200


@pytest.fixture
def post() -> Post:
    return PostFactory(person__unit=county_tree().village, person__name="王小明")


@pytest.fixture
def staff(post: Post, client: Client) -> Cadre:
    client.raise_request_exception = False
    person = StaffFactory(unit=post.unit.parent).person
    client.force_login(person)
    return person


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize(
    "address",
    [
        "{}/edit/",
        "{}/appoint/",
        "posts/{}/end/",
        "import/{}/",
        "import/{}/write/",
        "import/{}/drop/",
        "import/{}/errors.xlsx",
    ],
)
def test_address_with_a_number_that_nobody_has_is_not_found(
    client: Client, address: str, number: str
) -> None:
    path = "/desk/people/" + address.format(number)
    assert {client.get(path).status_code, client.post(path).status_code} <= {404, 405}


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("value", WRONG)
def test_query_of_the_preview_is_answered(client: Client, value: str) -> None:
    client.post("/desk/people/import/", {"file": csv_file(line())})
    path = f"/desk/people/import/{PeopleImport.objects.get().pk}/"
    for name in ("page", "show"):
        assert client.get(path, {name: value}).status_code == answered(value)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("field", ["name", "phone", "unit", "birth_year", "identity_number"])
def test_field_of_the_file_is_refused(client: Client, post: Post, field: str, value: str) -> None:
    values = {"name": "王小明", "phone": "", "unit": post.unit_id, "birth_year": "", field: value}
    assert client.post(f"/desk/people/{post.person_id}/edit/", values).status_code == 422


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("field", ["role", "unit", "from_on", "to_on"])
def test_field_of_a_post_is_refused(client: Client, post: Post, field: str, value: str) -> None:
    values = {"role": "DIRECTOR", "unit": post.unit_id, "from_on": "2026-02-10", field: value}
    path = f"posts/{post.pk}/end/" if field == "to_on" else f"{post.person_id}/appoint/"
    assert client.post(f"/desk/people/{path}", values).status_code == 422


@pytest.mark.parametrize("value", WRONG)
def test_door_refuses_them_and_stays_closed(client: Client, post: Post, value: str) -> None:
    client.raise_request_exception = False
    door = "/account/login/"
    assert client.get(door, {"next": value}).status_code == answered(value)
    assert client.post(door, {"login": value, "password": "x"}).status_code == 422
    assert client.post(door, {"login": "20000000", "password": value}).status_code == 422
    assert client.post(f"{door}code/", {"phone": value}).status_code == 422
    assert client.post("/account/password/reset/", {"phone": value}).status_code == 422
    asked = client.post(f"{door}code/", {"phone": post.person.phone, "next": value})
    assert asked.status_code == 302
    assert client.post(f"{door}code/confirm/", {"code": value, "next": value}).status_code == 422
    assert "_auth_user_id" not in client.session


# --- rosters -----------------------------------------------------------------------------------------
@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("value", [*HUGE, "20000000\0", "_x0000_"])
@pytest.mark.parametrize("kind", ["utf-8", "gb18030", "utf-16", "xlsx"])
def test_roster_with_them_in_any_cell_is_judged_or_refused(client: Client, kind: str, value: str) -> None:
    header = ["账号", "乡镇", "村", *HEADER]
    if kind == "xlsx" and "\0" in value:
        pytest.skip("openpyxl writes no NUL")
    for column in range(len(header)):
        row = ["", "古陶镇", "东城村", *line()]
        row[column] = value
        file = xlsx(row, header=header) if kind == "xlsx" else csv_file(row, header=header, encoding=kind)
        response = client.post("/desk/people/import/", {"file": file})
        assert response.status_code in {302, 422}
        if response.status_code == 302:
            assert client.post(f"{response.url}write/").status_code in {302, 409}
            assert client.get(response.url).status_code == 200


@pytest.mark.usefixtures("staff")
def test_file_with_a_nul_in_its_name_is_taken(client: Client) -> None:
    file = io.BytesIO(csv_file(line()).getvalue())
    file.name = "花\0名册.csv"
    assert client.post("/desk/people/import/", {"file": file}).status_code == 302
