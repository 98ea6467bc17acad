"""The pages of the wizard: who may open them, what they show, what they cost, and input of every kind."""

from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from accounts.mergers.models import Merger, MergerStatus
from accounts.models import Cadre, Level, Post, Role, Unit
from tests.accounts.mergers.merging import AT, NEW, into, prepared, ruler
from tests.factories import CadreFactory, PostFactory, StaffFactory, UnitFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def by(tree: CountyTree) -> Cadre:
    return ruler(tree)


@pytest.fixture
def desk(client: Client, by: Cadre) -> Client:
    client.force_login(by)
    return client


def chosen(tree: CountyTree, **more: object) -> dict[str, object]:
    return {
        "units": [tree.village.code, tree.other_village.code],
        "on": "2026-07-01",
        "successor": "",
        "code": NEW,
        "name": "新合村",
        **more,
    }


def address(tree: CountyTree) -> str:
    return f"/desk/mergers/new/?level=VILLAGE&unit={tree.township.code}"


def test_villages_are_merged_in_three_steps(desk: Client, tree: CountyTree) -> None:
    east, west = (
        CadreFactory(unit=unit, name=name)
        for unit, name in ((tree.village, "李秀兰"), (tree.other_village, "张有财"))
    )
    for person in (east, west):
        PostFactory(person=person, role=Role.SECRETARY)
    assert tree.village.name in desk.get(address(tree)).content.decode()
    answer = desk.post(address(tree), chosen(tree))
    merger = Merger.objects.get()
    assert answer.url == f"/desk/mergers/{merger.pk}/"
    page = desk.get(answer.url)
    text = page.content.decode()
    assert all(words in text for words in ("李秀兰", "张有财", "新合村"))
    seen = page.context["plan"].digest
    # Without a choice nothing is written, and the page says so.
    refused = desk.post(f"{answer.url}write/", {"seen": seen})
    assert refused.status_code == 409
    assert not Unit.objects.filter(code=NEW).exists()
    choice = {f"goes-on:{NEW}:SECRETARY": west.posts.get().pk}
    assert desk.post(f"{answer.url}write/", {"seen": seen, **choice}).status_code == 302
    assert Post.objects.running().get().person == west
    done = desk.get(answer.url).content.decode()
    assert f"unit={tree.village.code}&amp;on=2026-06-30" in done
    again = desk.post(f"{answer.url}write/", {"seen": seen, **choice}, follow=True)
    assert again.status_code == 200
    assert Unit.objects.filter(code=NEW).count() == 1
    assert desk.get(f"{answer.url}codes/").status_code == 302
    assert "新合村" not in desk.get("/desk/mergers/").content.decode()


def test_a_stale_yes_shows_the_page_anew(desk: Client, tree: CountyTree, by: Cadre) -> None:
    merger = prepared(tree, into(NEW, tree.village), by)
    seen = desk.get(f"/desk/mergers/{merger.pk}/").context["plan"].digest
    CadreFactory(unit=tree.village)
    answer = desk.post(f"/desk/mergers/{merger.pk}/write/", {"seen": seen})
    assert answer.status_code == 409
    assert answer.context["plan"].digest != seen


def test_one_of_the_villages_goes_on(desk: Client, tree: CountyTree) -> None:
    sent = chosen(tree, successor=tree.other_village.code, code="", name="")
    assert desk.post(address(tree), sent).status_code == 302
    assert Merger.objects.get().lines == [[tree.village.code, tree.other_village.code, ""]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"units": []},
        {"units": ["140728101201"]},
        {"units": ["x\0"]},
        {"on": ""},
        {"on": "2026-07-11"},
        {"on": "2025-06-01"},
        {"on": "0001-01-01"},
        {"code": ""},
        {"name": ""},
        {"name": "名" * 81},
        {"name": "名\0"},
        {"code": "140728100201"},
        {"code": "140728102000"},
        {"code": "140729100201"},
        {"code": "１40728100210"},
        {"code": "abc"},
        {"successor": "140728101201"},
        {"successor": "140728100201", "units": ["140728100201"]},
    ],
)
def test_what_cannot_be_is_refused_at_the_first_step(
    desk: Client, tree: CountyTree, wrong: dict[str, object]
) -> None:
    assert desk.post(address(tree), chosen(tree, **wrong)).status_code == 422
    assert not Merger.objects.exists()


def test_addresses_of_every_kind_are_answered(desk: Client, tree: CountyTree) -> None:
    for query in (
        "",
        "level=X",
        "level=TOWNSHIP",
        "unit=1",
        "unit=999999999999",
        f"unit={tree.township.code}&with={tree.other_township.code}",
        f"unit={tree.township.code}&with={tree.township.code}",
        "county=x",
    ):
        assert desk.get(f"/desk/mergers/new/?{query}").status_code == 200


def test_villages_of_two_townships_are_offered(desk: Client, tree: CountyTree) -> None:
    page = desk.get(f"{address(tree)}&with={tree.other_township.code}")
    assert list(page.context["choice"].offered) == [tree.village, tree.other_village, tree.far_village]


def test_a_city_chooses_the_county_first(client: Client, tree: CountyTree) -> None:
    UnitFactory(code="140729000000", name="灵石县", level=Level.COUNTY, parent=tree.city)
    client.force_login(StaffFactory(unit=tree.city, role="CITY").person)
    page = client.get("/desk/mergers/new/?level=TOWNSHIP").context["choice"]
    assert (len(page.counties), page.offered) == (2, [])
    page = client.get(f"/desk/mergers/new/?level=TOWNSHIP&county={tree.county.code}").context["choice"]
    assert page.offered == [tree.township, tree.other_township]


# --- townships and their table -----------------------------------------------------------------------------
@pytest.fixture
def township(desk: Client, tree: CountyTree) -> Merger:
    """The first township taken in by the second; its villages wait for their codes."""
    sent = {
        "units": [tree.township.code],
        "on": "2026-07-01",
        "successor": tree.other_township.code,
    }
    answer = desk.post("/desk/mergers/new/?level=TOWNSHIP", sent)
    merger = Merger.objects.get()
    assert answer.url == f"/desk/mergers/{merger.pk}/codes/"
    return merger


CODES = {"new-140728100201": "140728101 202", "new-140728100202": "140728101203"}


def test_codes_are_typed(desk: Client, tree: CountyTree, township: Merger) -> None:
    page = f"/desk/mergers/{township.pk}/codes/"
    assert desk.get(page).status_code == 200
    wrong = desk.post(page, {"new-140728100201": "140728101201"})
    assert wrong.status_code == 422
    assert "140728101201" in wrong.content.decode()
    assert desk.post(page, CODES).status_code == 302
    township.refresh_from_db()
    assert [line[1] for line in township.lines] == [tree.other_township.code, "140728101202", "140728101203"]
    seen = desk.get(f"/desk/mergers/{township.pk}/").context["plan"].digest
    assert desk.post(f"/desk/mergers/{township.pk}/write/", {"seen": seen}).status_code == 302
    tree.village.refresh_from_db()
    assert (tree.village.successor.code, tree.village.successor.name) == ("140728101202", "东城村")


def test_without_its_codes_a_township_is_not_written(desk: Client, township: Merger) -> None:
    page = desk.get(f"/desk/mergers/{township.pk}/")
    assert len(page.context["plan"].problems) == 2
    sent = {"seen": page.context["plan"].digest}
    assert desk.post(f"/desk/mergers/{township.pk}/write/", sent).status_code == 409


def workbook(*rows: list[object]) -> SimpleUploadedFile:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return SimpleUploadedFile("codes.xlsx", file.getvalue())


def test_codes_are_brought_as_a_sheet(desk: Client, township: Merger) -> None:
    got = desk.get(f"/desk/mergers/{township.pk}/codes/sheet/")
    rows = list(load_workbook(BytesIO(b"".join(got))).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [line[0] for line in township.lines]
    file = workbook(
        ["关于代码变更的通知"],
        ["原代码", "原名称", "新代码", "新名称"],
        ["140728100201", "东城村", 140728101202, "东城新村"],
        ["140728100202", "西城村", "140728101203", ""],
    )
    assert desk.post(f"/desk/mergers/{township.pk}/codes/", {"file": file}).status_code == 302
    township.refresh_from_db()
    assert township.lines[1:] == [
        ["140728100201", "140728101202", "东城新村"],
        ["140728100202", "140728101203", "西城村"],
    ]


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("x.csv", "姓名,电话\n甲,乙\n".encode("gbk")),
        SimpleUploadedFile("x.csv", "原代码,新代码\n999999999999,140728101202\n".encode("gbk")),
        SimpleUploadedFile("x.csv", "原代码,新代码\n".encode()),
        SimpleUploadedFile("x.xlsx", b"PK\x03\x04"),
        SimpleUploadedFile("x.pdf", b"%PDF-1.4"),
    ],
)
def test_a_sheet_of_something_else_changes_nothing(
    desk: Client, township: Merger, file: SimpleUploadedFile
) -> None:
    assert desk.post(f"/desk/mergers/{township.pk}/codes/", {"file": file}).status_code == 422
    before = township.lines
    township.refresh_from_db()
    assert township.lines == before


def test_choices_of_every_kind_are_answered(desk: Client, tree: CountyTree, by: Cadre) -> None:
    for unit in (tree.village, tree.other_village):
        PostFactory(person=CadreFactory(unit=unit))
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    seen = desk.get(f"/desk/mergers/{merger.pk}/").context["plan"].digest
    for value in ("x", "-1", "9" * 30, "999999", ""):
        sent = {"seen": seen, f"goes-on:{NEW}:SECRETARY": value, "goes-on:": "1"}
        assert desk.post(f"/desk/mergers/{merger.pk}/write/", sent).status_code == 409
    for sent in ({}, {"seen": "x" * 10_000}):
        assert desk.post(f"/desk/mergers/{merger.pk}/write/", sent).status_code == 409


def test_a_draft_is_dropped(desk: Client, tree: CountyTree, by: Cadre) -> None:
    merger = prepared(tree, into(NEW, tree.village), by)
    for _ in range(2):
        assert desk.post(f"/desk/mergers/{merger.pk}/drop/").status_code == 302
    merger.refresh_from_db()
    assert merger.status == MergerStatus.DROPPED
    assert desk.get(f"/desk/mergers/{merger.pk}/").status_code == 200


def test_pages_cost_the_same_whatever_is_merged(desk: Client, tree: CountyTree, by: Cadre) -> None:
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    pages = [
        "/desk/mergers/",
        address(tree),
        f"/desk/mergers/{merger.pk}/",
        f"/desk/mergers/{merger.pk}/codes/",
    ]

    def costs() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                assert desk.get(page).status_code == 200
            found.append(len(asked))
        return found

    small = costs()
    for unit in (tree.village, tree.other_village) * 6:
        PostFactory(person=CadreFactory(unit=unit), role=Role.COMMITTEE_MEMBER)
        StaffFactory(unit=unit, role="STATION")
    assert costs() == small
    assert max(small) <= 20
