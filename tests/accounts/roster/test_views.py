import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import Settings

from accounts.models import AuditLine, Cadre, ImportStatus, PeopleImport, StaffRole, StaffScope
from accounts.roster import sheets
from accounts.roster.sheets import read_rows
from tests.accounts.rosters import csv_file, id_number, line, xlsx
from tests.factories import CadreFactory, PostFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db
UPLOAD = "/desk/people/import/"
GOOD = [line("王小明", "13800000001", id_number(1)), line("赵平平", "13800000002", roles="委员")]
BAD = line("李强强", "138", id_number(2)[:-1] + "@")


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def staff(tree: CountyTree, client: Client) -> Cadre:
    person = StaffFactory(unit=tree.township).person
    client.force_login(person)
    return person


def bring(client: Client, *rows: list[str], file: io.BytesIO | None = None) -> PeopleImport:
    response = client.post(UPLOAD, {"file": file or csv_file(*rows)})
    assert response.status_code == 302, response.content.decode()
    return PeopleImport.objects.get(pk=response.url.rstrip("/").rsplit("/", 1)[1])


def test_road_from_file_to_people(client: Client, staff: Cadre, tree: CountyTree) -> None:
    brought = bring(client, file=xlsx(*GOOD))
    page = client.get(f"{UPLOAD}{brought.pk}/").content.decode()
    assert "王小明" in page
    assert f"····{id_number(1)[-4:]}" in page
    assert id_number(1) not in page
    assert not Cadre.objects.filter(name="王小明").exists()
    response = client.post(f"{UPLOAD}{brought.pk}/write/", follow=True)
    assert response.status_code == 200
    assert Cadre.objects.get(name="王小明").unit == tree.village
    again = bring(client, file=xlsx(*GOOD))
    assert (again.same, again.total) == (2, 2)
    assert "/write/" not in client.get(f"{UPLOAD}{again.pk}/").content.decode()


def test_wrong_rows_stop_the_writing_until_they_are_left_out(client: Client, staff: Cadre) -> None:
    brought = bring(client, *GOOD, BAD)
    page = client.get(f"{UPLOAD}{brought.pk}/").content.decode()
    assert "李强强" in page
    assert "王小明" not in page  # the wrong rows come first
    assert client.post(f"{UPLOAD}{brought.pk}/write/").status_code == 409
    assert not Cadre.objects.filter(name="王小明").exists()
    client.post(f"{UPLOAD}{brought.pk}/write/", {"leave_out": "on"})
    assert Cadre.objects.filter(name__in=["王小明", "赵平平"]).count() == 2
    assert not Cadre.objects.filter(name="李强强").exists()


def test_error_sheet_is_corrected_and_brought_again(client: Client, staff: Cadre) -> None:
    brought = bring(client, *GOOD, BAD)
    client.post(f"{UPLOAD}{brought.pk}/drop/")
    assert client.get(f"{UPLOAD}{brought.pk}/errors.xlsx").status_code == 404
    brought = bring(client, *GOOD, BAD)
    response = client.get(f"{UPLOAD}{brought.pk}/errors.xlsx")
    book = load_workbook(io.BytesIO(response.content))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][0] == "4"
    assert AuditLine.objects.filter(action="people.error_sheet", by=staff).exists()
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("手机号") + 1).value = "13800000003"
    sheet.cell(2, heads.index("身份证号") + 1).value = id_number(2)
    corrected = io.BytesIO()
    book.save(corrected)
    corrected.seek(0)
    corrected.name = "改好.xlsx"
    assert bring(client, file=corrected).new == 1


def test_formula_in_a_cell_is_an_error_and_stays_text_on_its_way_back(client: Client, staff: Cadre) -> None:
    brought = bring(client, line('=HYPERLINK("http://example.com","x")'))
    assert brought.wrong == 1
    book = load_workbook(io.BytesIO(client.get(f"{UPLOAD}{brought.pk}/errors.xlsx").content))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_empty_sheet_can_be_read_by_ourselves(client: Client, staff: Cadre) -> None:
    for language in ("zh-hans", "en"):
        response = client.get(f"{UPLOAD}sheet.xlsx", headers={"accept-language": language})
        book = load_workbook(io.BytesIO(response.content))
        book.worksheets[0].append(["王小明", "13800000001", "", "140728100201", "", "", "书记", "2025-03-01"])
        file = io.BytesIO()
        book.save(file)
        file.seek(0)
        assert len(read_rows(file).columns) == 12


def test_preview_shows_the_phone_in_part_and_the_first_day(client: Client, staff: Cadre) -> None:
    brought = bring(client, line(phone="138 0000 0001"))
    page = client.get(f"{UPLOAD}{brought.pk}/").content.decode()
    assert "<td>138****0001</td>" in page
    assert "13800000001" not in page
    assert "<td>2025-03-01</td>" in page


def test_preview_speaks_of_merged_cells_only_where_there_were_some(client: Client, staff: Cadre) -> None:
    for merged, is_said in ((), False), (["A4:B4"], True):
        brought = bring(client, file=xlsx(*GOOD, merged=merged))
        page = client.get(f"{UPLOAD}{brought.pk}/", headers={"accept-language": "en"}).content.decode()
        assert ("Merged cells have been taken apart" in page) == is_said


def test_an_older_preview_of_people_who_came_in_meanwhile_reports_them_as_same(
    client: Client, staff: Cadre
) -> None:
    older, newer = bring(client, *GOOD), bring(client, *GOOD)
    for brought in (newer, older):
        client.post(f"{UPLOAD}{brought.pk}/write/")
        brought.refresh_from_db()
    assert (newer.new, newer.same) == (2, 0)
    assert (older.status, older.new, older.same, older.total) == (ImportStatus.WRITTEN, 0, 2, 2)


def test_stale_roster_is_shown_again_and_nothing_is_written(
    client: Client, staff: Cadre, tree: CountyTree
) -> None:
    brought = bring(client, *GOOD)
    CadreFactory(name="别人", phone="13800000002", unit=tree.village)
    response = client.post(f"{UPLOAD}{brought.pk}/write/")
    assert response.status_code == 409
    assert "赵平平" in response.content.decode()
    assert not Cadre.objects.filter(name="王小明").exists()


def test_writing_or_dropping_twice_is_harmless(client: Client, staff: Cadre) -> None:
    brought = bring(client, *GOOD)
    for _ in range(2):
        assert client.post(f"{UPLOAD}{brought.pk}/write/").status_code == 302
    assert client.post(f"{UPLOAD}{brought.pk}/drop/").status_code == 302
    brought.refresh_from_db()
    assert (brought.status, Cadre.objects.filter(name="王小明").count()) == (ImportStatus.WRITTEN, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xd0\xcf\x11\xe0",
        b"PK\x03\x04",
        b"\0\1\2",
        "姓名,备注\n王,1\n".encode(),
        "姓名,职务,村\n".encode("gbk"),
        b"%PDF-1.4\n1 0 obj << /Type, /Catalog >>",
    ],
)
def test_file_that_is_no_roster_is_refused_in_words(client: Client, staff: Cadre, content: bytes) -> None:
    response = client.post(UPLOAD, {"file": SimpleUploadedFile("x.xlsx", content)})
    assert response.status_code == 422
    assert 'class="wrong"' in response.content.decode()
    assert not PeopleImport.objects.exists()


def test_missing_file_and_too_many_rows_are_refused(
    client: Client, staff: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post(UPLOAD).status_code == 422
    monkeypatch.setattr(sheets, "MAX_ROWS", 1)
    assert client.post(UPLOAD, {"file": csv_file(*GOOD)}).status_code == 422


# --- who may -----------------------------------------------------------------------------------------
def test_stranger_learner_and_other_roles_are_kept_out(
    client: Client, tree: CountyTree, settings: Settings
) -> None:
    owner = StaffFactory(unit=tree.township).person
    client.force_login(owner)
    brought = bring(client, *GOOD)
    paths = ["", "sheet.xlsx", f"{brought.pk}/", f"{brought.pk}/errors.xlsx"]
    client.logout()
    assert {client.get(UPLOAD + path).status_code for path in paths} == {302}
    others = [PostFactory(person__unit=tree.village).person]
    others += [StaffFactory(unit=tree.county, role=role).person for role in ("STATION", "TRAINER", "AUDITOR")]
    for person in others:
        client.force_login(person)
        assert {client.get(UPLOAD + path).status_code for path in paths} == {403}
        assert client.post(f"{UPLOAD}{brought.pk}/write/", {"leave_out": "on"}).status_code == 403
    assert not Cadre.objects.filter(name="王小明").exists()


def test_somebody_elses_roster_is_not_there(client: Client, tree: CountyTree) -> None:
    client.force_login(StaffFactory(unit=tree.township).person)
    brought = bring(client, *GOOD)
    client.force_login(StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person)
    for path in ("", "errors.xlsx"):
        assert client.get(f"{UPLOAD}{brought.pk}/{path}").status_code == 404
    for path in ("write/", "drop/"):
        assert client.post(f"{UPLOAD}{brought.pk}/{path}").status_code == 404
        assert client.get(f"{UPLOAD}{brought.pk}/{path}").status_code == 405


def test_roster_cannot_reach_into_another_township(client: Client, staff: Cadre) -> None:
    brought = bring(client, line(unit="140728101201"))
    assert (brought.wrong, brought.new) == (1, 0)


def test_scope_that_was_taken_meanwhile_closes_the_road(client: Client, staff: Cadre) -> None:
    brought = bring(client, *GOOD)
    staff.staff_scopes.all().delete()
    assert client.post(f"{UPLOAD}{brought.pk}/write/").status_code == 403


def test_scope_that_became_narrower_is_the_one_that_counts(client: Client, tree: CountyTree) -> None:
    scope = StaffFactory(unit=tree.county, role=StaffRole.COUNTY)
    client.force_login(scope.person)
    brought = bring(client, line(unit=tree.far_village.code))
    StaffScope.objects.filter(pk=scope.pk).update(unit=tree.township)
    assert client.post(f"{UPLOAD}{brought.pk}/write/").status_code == 409
    client.post(f"{UPLOAD}{brought.pk}/write/", {"leave_out": "on"})
    assert not Cadre.objects.filter(name="王小明").exists()


# --- size --------------------------------------------------------------------------------------------
def test_preview_is_paged_and_needs_few_queries(
    client: Client, staff: Cadre, django_assert_max_num_queries: object
) -> None:
    rows = [line("学员" + chr(0x4E00 + n), f"138{n:08d}") for n in range(120)]
    brought = bring(client, *rows)
    with django_assert_max_num_queries(8):
        page = client.get(f"{UPLOAD}{brought.pk}/?page=3").content.decode()
    assert page.count("<tr>") == 1 + 20
    with django_assert_max_num_queries(8):
        client.get(UPLOAD)


@pytest.mark.parametrize("query", ["show=NEW", "show=ALL", "show=nonsense", "page=abc", "page=999"])
def test_every_query_of_the_preview_has_an_answer(client: Client, staff: Cadre, query: str) -> None:
    brought = bring(client, *GOOD)
    assert client.get(f"{UPLOAD}{brought.pk}/?{query}").status_code == 200
