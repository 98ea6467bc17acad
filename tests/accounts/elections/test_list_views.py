"""The road from a list of results to posts."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts import actions as people_actions
from accounts.elections.models import ResultSheet, VillageResult
from accounts.models import Cadre, ImportStatus, Post, Role
from tests.accounts.elections.county import AT, EAST, EVE, FAR, HEADER, ON, START, Eve, carry_on, held, row
from tests.accounts.elections.large import large_list
from tests.accounts.rosters import csv_file, id_number
from tests.factories import PostFactory, StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(AT, tick=False)]
DESK = "/desk/elections/"


@pytest.fixture
def eve(client: Client) -> Eve:
    made = Eve()
    client.force_login(made.by)
    return made


def bring(client: Client, eve: Eve, *rows: list[str], file: io.BytesIO | None = None) -> ResultSheet:
    file = file or csv_file(*rows, header=HEADER)
    sent = {"file": file, "begins_on": START.isoformat()}
    response = client.post(f"{DESK}{eve.election.pk}/list/", sent)
    assert response.status_code == 302, response.content.decode()
    return ResultSheet.objects.get(pk=response.url.rstrip("/").rsplit("/", 1)[1])


def page_of(brought: ResultSheet) -> str:
    return f"{DESK}lists/{brought.pk}/"


def test_road_from_a_list_to_posts(client: Client, eve: Eve) -> None:
    rows = [*carry_on(eve)[:2], row(EAST, "周新", "委员", "13812340001", id_number())]
    brought = bring(client, eve, *rows)
    preview = client.get(page_of(brought))
    page = preview.content.decode()
    assert "赵小梅" in page  # who ends, by name
    assert id_number() not in page
    assert not VillageResult.objects.exists()
    client.post(f"{page_of(brought)}write/", {"confirm": preview.context["plan"].seen})
    assert (EAST, "周新", "COMMITTEE_MEMBER") in held(START)
    assert (EAST, "赵小梅", "COMMITTEE_MEMBER") not in held(START)
    assert client.get(page_of(brought)).context["brought"].status == ImportStatus.WRITTEN
    assert client.post(f"{page_of(brought)}write/").status_code == 302
    assert VillageResult.objects.count() == 1


def test_half_a_list_is_noticed(client: Client, eve: Eve) -> None:
    brought = bring(client, eve, row(EAST, "赵小梅", "委员"), row(FAR, "刘远山", "书记"))
    preview = client.get(page_of(brought))
    assert preview.context["without"] == {"no_secretary": 1, "no_director": 2}


def test_who_sits_now_comes_back_as_a_list_in_which_all_carry_on(client: Client, eve: Eve) -> None:
    before = held(START)
    file = client.get(f"{DESK}{eve.election.pk}/present.xlsx")
    brought = bring(client, eve, file=_upload(file.content))
    assert (brought.villages, brought.wrong) == (3, 0)
    plan = client.get(page_of(brought)).context["plan"]
    assert {seat.fate for village in plan.to_write for seat in village.seats} == {"CARRIES"}
    client.post(f"{page_of(brought)}write/", {"confirm": plan.seen})
    assert held(START) == before


def test_whoever_came_in_since_the_term_began_stands_in_the_list_too(client: Client, eve: Eve) -> None:
    """A result that is written down late: nobody of the by-elections since is left out, and so ended."""
    came = PostFactory(unit=eve.tree.village, role=Role.COMMITTEE_MEMBER, from_on=START)
    Post.objects.filter(person=eve.member).update(to_on=EVE)
    content = client.get(f"{DESK}{eve.election.pk}/present.xlsx").content
    names = [row[2] for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
    assert {came.person.name, eve.member.name} < set(names)


def _upload(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "换届.xlsx"
    return file


def test_wrong_townships_go_out_whole_and_come_back_corrected(client: Client, eve: Eve) -> None:
    wrong = row(EAST, "赵小梅", "妇女主任")
    brought = bring(client, eve, *carry_on(eve)[:2], wrong, row(FAR, "刘远山", "书记"))
    seen = client.get(page_of(brought)).context["plan"].seen
    assert client.post(f"{page_of(brought)}write/", {"confirm": seen}).status_code == 409
    assert not VillageResult.objects.exists()
    sheet = load_workbook(io.BytesIO(client.get(f"{page_of(brought)}to-correct.xlsx").content)).active
    lines = list(sheet.iter_rows(values_only=True))
    assert len(lines) == 1 + 3  # the head and the whole east, nothing of the far village
    client.post(f"{page_of(brought)}write/", {"confirm": seen, "leave_out": "on"})
    assert [each.unit.name for each in VillageResult.objects.all()] == [FAR]
    assert client.get(page_of(brought)).context["brought"].left_out == 1
    for cell in (cell for line in sheet.iter_rows() for cell in line if cell.value == "妇女主任"):
        cell.value = "委员"
    corrected = io.BytesIO()
    sheet.parent.save(corrected)
    again = bring(client, eve, file=_upload(corrected.getvalue()))
    assert (again.villages, again.wrong) == (1, 0)


def test_a_change_meanwhile_is_named_and_the_list_judged_again(client: Client, eve: Eve) -> None:
    brought = bring(client, eve, *carry_on(eve))
    seen = client.get(page_of(brought)).context["plan"].seen
    people_actions.end_post(post=Post.objects.get(person=eve.member), to_on=ON, by=eve.by, at=AT)
    answer = client.post(f"{page_of(brought)}write/", {"confirm": seen})
    assert answer.status_code == 409
    assert "赵小梅" in " ".join(map(str, answer.context["messages"]))
    again = answer.context["plan"].seen
    assert again != seen
    assert client.post(f"{page_of(brought)}write/", {"confirm": again}).status_code == 302
    assert VillageResult.objects.count() == 1


def test_a_dropped_list_is_forgotten(client: Client, eve: Eve) -> None:
    brought = bring(client, eve, *carry_on(eve))
    assert client.post(f"{page_of(brought)}drop/").status_code == 302
    assert client.post(f"{page_of(brought)}drop/").status_code == 302
    assert "/write/" not in client.get(page_of(brought)).content.decode()
    assert client.get(f"{page_of(brought)}to-correct.xlsx").status_code == 404


def test_nobody_else_sees_a_list(client: Client, eve: Eve) -> None:
    brought = bring(client, eve, *carry_on(eve))
    client.force_login(StaffFactory(unit=eve.tree.county, role="COUNTY").person)
    assert client.get(page_of(brought)).status_code == 404
    assert client.post(f"{page_of(brought)}write/").status_code == 404


def test_a_township_brings_its_own_villages_only(client: Client, eve: Eve) -> None:
    clerk: Cadre = StaffFactory(unit=eve.tree.township).person
    client.force_login(clerk)
    brought = bring(client, eve, *carry_on(eve), row(FAR, "刘远山", "书记"))
    assert brought.villages == 0  # the row without a place holds everything up
    page = client.get(page_of(brought)).content.decode()
    assert "confirm" not in page


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xd0\xcf\x11\xe0old",
        b"PK\x03\x04broken",
        b"%PDF-1.4",
        "姓名,职务\n李秀兰,书记\n".encode(),
        "村,姓名,职务\n".encode(),
        b"\x00\x01\x02",
    ],
)
def test_a_file_that_is_no_list_is_explained(client: Client, eve: Eve, content: bytes) -> None:
    file = SimpleUploadedFile("结果.xlsx", content)
    sent = {"file": file, "begins_on": START.isoformat()}
    assert client.post(f"{DESK}{eve.election.pk}/list/", sent).status_code == 422
    assert not ResultSheet.objects.exists()


@pytest.mark.parametrize("day", ["", "x", "2026-05-19", "2031-05-20"])
def test_a_day_outside_the_term_is_explained(client: Client, eve: Eve, day: str) -> None:
    sent = {"file": csv_file(*carry_on(eve), header=HEADER), "begins_on": day}
    assert client.post(f"{DESK}{eve.election.pk}/list/", sent).status_code == 422


def test_formulas_stay_text_on_the_page_and_in_the_sheet(client: Client, eve: Eve) -> None:
    brought = bring(client, eve, row(EAST, '=HYPERLINK("http://x","y")', "书记"))
    assert brought.wrong == 1
    sheet = load_workbook(io.BytesIO(client.get(f"{page_of(brought)}to-correct.xlsx").content)).active
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


@pytest.mark.parametrize("villages", [3, 30])
def test_the_preview_takes_as_many_queries_for_a_long_list(
    client: Client, eve: Eve, villages: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    brought = bring(client, eve, *large_list(eve.tree.township, villages))
    with django_assert_max_num_queries(28):
        assert client.get(page_of(brought)).status_code == 200
