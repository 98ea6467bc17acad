"""Files of the desk: what they hold, who gets them, and that they carry no formula."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditLine, Cadre, Role
from lms.certificates.actions import issue, replace, revoke
from lms.desk import exports
from lms.desk.actions import ask_export, make_export
from lms.desk.models import Export
from lms.desk.tasks import forget_old_exports
from lms.jobs.models import JobStatus
from lms.obligations.actions import refresh
from lms.obligations.models import Obligation
from tests.factories import CadreFactory, PostFactory
from tests.lms.desk.conftest import NOW, World

ONLINE = "网络自学"
YEAR = "2026-01-01 – 2026-12-31"


def ask(client: Client, kind: str, suffix: str, reason: str = "") -> Export:
    client.post("/desk/exports/", {"kind": kind, "suffix": suffix, "reason": reason})
    call_command("run_jobs", "--drain")
    return Export.objects.latest("pk")


Row = dict[str, str]


def download(client: Client, export: Export) -> bytes:
    return b"".join(client.get(f"/desk/exports/{export.pk}/"))


def read_csv(body: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.fixture
def township(client: Client, world: World) -> Client:
    client.force_login(world.township)
    return client


@pytest.mark.django_db(transaction=True)
def test_export_is_made_in_the_background_and_lists_the_own_units(township: Client, world: World) -> None:
    export = ask(township, "STANDINGS", "csv")
    assert export.job is not None
    assert export.job.status == JobStatus.DONE
    rows = read_csv(download(township, export))
    assert export.rows == len(rows)
    assert {row["姓名"] for row in rows} == {"李秀兰", "张有财", "王老五"}


@pytest.mark.django_db(transaction=True)
def test_export_masks_phones_unless_a_reason_is_given_which_is_audited(
    township: Client, world: World
) -> None:
    masked = download(township, ask(township, "STANDINGS", "csv")).decode()
    whole = download(township, ask(township, "STANDINGS", "csv", "打电话")).decode()
    assert "13900000001" not in masked
    assert "139****0001" in masked
    assert "13900000001" in whole
    reasons = AuditLine.objects.filter(action="desk.export").values_list("detail__reason", flat=True)
    assert set(reasons) == {"", "打电话"}


def records(by: Cadre, kind: str = "CERTIFICATES", at: datetime = NOW) -> list[Row]:
    """The rows of a file asked for and made at a moment, in English."""
    asked = ask_export(kind=kind, suffix="csv", reason="", query="", by=by, at=at)
    with translation.override("en"):
        made = make_export(export=asked, report=lambda done, total: None)
    return read_csv(made.file.read())


def online_of(person: Cadre, rows: list[Row]) -> Row | None:
    """The row of a person's online obligation."""
    found = [row for row in rows if (row["Name"], row["Obligation"]) == (person.name, ONLINE)]
    return found[0] if found else None


@pytest.fixture
def met(world: World) -> Obligation:
    return Obligation.objects.get(person=world.member, is_met=True)


def test_certification_records_name_the_newest_certificate_of_each_obligation(
    world: World, met: Obligation
) -> None:
    first = issue(obligation=met, at=NOW)
    second = replace(certificate=first, reason="姓名有误", by=world.county, at=NOW + timedelta(days=1))
    revoke(certificate=second, reason="重复登记", by=world.county, at=NOW + timedelta(days=2))
    record = online_of(world.member, records(world.township))
    assert record is not None
    assert list(record.values()) == [
        *["140728100202", "西城村", world.member.number, "张有财", "", "Grid worker", ONLINE, YEAR],
        *["50", "50", "0", "hours", "Met", second.serial, "2026-06-16", "Revoked"],
    ]


def test_certification_records_hold_closed_years_and_no_running_list_does(
    world: World, met: Obligation
) -> None:
    certificate = issue(obligation=met, at=NOW)
    new_year = datetime(2027, 1, 1, 4, tzinfo=UTC)
    assert online_of(world.member, records(world.township, "STANDINGS", new_year)) is None
    closed = records(world.township, at=new_year)
    proven, unproven = online_of(world.member, closed), online_of(world.secretary, closed)
    assert proven is not None
    assert unproven is not None
    assert (proven["Certificate"], unproven["Certificate"]) == (certificate.serial, "")


def test_certification_records_hold_what_was_released_only_with_its_certificate(
    world: World, met: Obligation
) -> None:
    issue(obligation=met, at=NOW)
    Obligation.objects.update(released_on=NOW.date())
    assert [row["Name"] for row in records(world.township)] == ["张有财"]
    before_it_began = datetime(2025, 12, 31, 4, tzinfo=UTC)
    assert records(world.township, at=before_it_began) == []


@pytest.mark.django_db(transaction=True)
def test_cells_of_a_workbook_are_text_that_every_program_reads_and_amounts_are_numbers(
    township: Client, world: World
) -> None:
    Cadre.objects.filter(pk=world.secretary.pk).update(name="=李\x0b秀兰")
    body = download(township, ask(township, "STANDINGS", "xlsx", "打电话"))
    head, *lines = load_workbook(io.BytesIO(body)).active
    cells = [cell for row in lines for cell in row]
    assert {"=李秀兰", "13900000001", world.secretary.number} <= {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    columns = {cell.column for cell in cells if cell.data_type == "n" and cell.value is not None}
    assert [head[column - 1].value for column in sorted(columns)] == ["应训", "已训", "还差"]


def test_row_names_all_posts_that_are_held(world: World) -> None:
    PostFactory(person=world.secretary, role=Role.DEPUTY_DIRECTOR, to_on=NOW.date() - timedelta(days=1))
    PostFactory(person=world.secretary, role=Role.DIRECTOR)
    row = online_of(world.secretary, records(world.township, "STANDINGS"))
    assert row is not None
    assert row["Post"] == "Village party secretary, Village committee director"


def test_rows_cost_the_same_number_of_queries_whatever_the_size(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = Obligation.objects.visible_to(world.county).running(NOW.date())

    def written() -> int:
        return len(list(exports.rows("STANDINGS", found, today=NOW.date(), is_masked=True)))

    with django_assert_num_queries(2):
        few = written()
    people = [PostFactory(person=CadreFactory(unit=world.places.village)).person for _ in range(5)]
    refresh([person.pk for person in people], at=NOW)
    with django_assert_num_queries(2):
        assert written() > few


@pytest.mark.django_db(transaction=True)
def test_file_is_named_after_what_it_holds_and_its_day(township: Client, world: World) -> None:
    export = ask(township, "CERTIFICATES", "csv")
    handed_out = township.get(f"/desk/exports/{export.pk}/")["Content-Disposition"]
    assert quote("发证记录-20260615.csv") in handed_out


@pytest.mark.django_db(transaction=True)
def test_my_files_say_which_filters_and_whether_masked(township: Client, world: World) -> None:
    township.cookies["django_language"] = "en"
    page = township.get("/desk/exports/").content.decode()
    assert "Another file" not in page
    query = urlencode({"unit": world.places.village.code, "slug": "online", "role": "SECRETARY", "q": "李"})
    data = {"kind": "STANDINGS", "suffix": "csv"}
    asked = township.post(f"/desk/exports/?{query}", {**data, "reason": ""})
    assert asked["Location"].endswith(query)
    township.post("/desk/exports/", {**data, "reason": "打电话"})
    page = township.get("/desk/exports/").content.decode()
    assert "Another file" in page
    assert f"东城村 · Village party secretary · {ONLINE} · 李</span><span>Phone numbers masked" in page
    assert "古陶镇</span><span>Whole phone numbers: 打电话" in page


@pytest.mark.django_db(transaction=True)
def test_audit_line_names_the_place_that_was_exported(client: Client, world: World) -> None:
    client.force_login(world.county)
    data = {"kind": "STANDINGS", "suffix": "csv", "reason": ""}
    client.post(f"/desk/exports/?unit={world.places.township.code}", data)
    assert AuditLine.objects.get(action="desk.export").unit == world.places.township


@pytest.mark.django_db(transaction=True)
def test_file_is_forgotten_after_thirty_days_and_its_audit_line_is_not(
    township: Client, world: World
) -> None:
    export = ask(township, "STANDINGS", "csv", "打电话")
    path = Path(export.file.path)
    forget_old_exports(NOW + timedelta(days=30))
    assert path.exists()
    for _twice in range(2):
        forget_old_exports(NOW + timedelta(days=30, seconds=1))
    assert not path.exists()
    assert not Export.objects.exists()
    assert township.get(f"/desk/exports/{export.pk}/").status_code == 404
    assert AuditLine.objects.filter(action="desk.export").exists()


def test_file_that_is_still_to_be_made_is_not_forgotten(world: World) -> None:
    asked = ask_export(kind="STANDINGS", suffix="csv", reason="", query="", by=world.township, at=NOW)
    forget_old_exports(NOW + timedelta(days=365))
    assert list(Export.objects.all()) == [asked]


@pytest.mark.django_db(transaction=True)
def test_export_belongs_to_the_one_who_asked(township: Client, world: World) -> None:
    export = ask(township, "STANDINGS", "csv")
    township.force_login(world.county)
    assert township.get(f"/desk/exports/{export.pk}/").status_code == 404


@pytest.mark.parametrize(
    "data", [{}, {"kind": "PASSWORDS", "suffix": "csv"}, {"kind": "STANDINGS", "suffix": "exe"}]
)
def test_export_of_something_else_is_refused_and_nothing_is_queued(
    township: Client, world: World, data: dict[str, str]
) -> None:
    assert township.post("/desk/exports/", data).status_code == 422
    assert not Export.objects.exists()


@pytest.mark.parametrize("value", ["=1+1", "+86", "-2", "@cmd", "\tx", "\rx"])
def test_cell_that_looks_like_a_formula_becomes_text(value: str) -> None:
    assert exports.harmless(value) == f"'{value}"


@pytest.mark.parametrize("value", ["李秀兰", "139****0001", "", "2026-01-01"])
def test_ordinary_cell_stays_as_it_is(value: str) -> None:
    assert exports.harmless(value) == value
