"""Files of the desk: what they hold, who gets them, and that they carry no formula."""

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from accounts.models import AuditLine
from lms.certificates.actions import issue
from lms.desk import exports
from lms.desk.models import Export
from lms.jobs.models import JobStatus
from lms.obligations.models import Obligation
from tests.lms.desk.conftest import NOW, World


def ask(client: Client, kind: str, suffix: str, reason: str = "") -> Export:
    client.post("/desk/exports/", {"kind": kind, "suffix": suffix, "reason": reason})
    call_command("run_jobs", "--drain")
    return Export.objects.latest("pk")


@pytest.fixture
def township(client: Client, world: World) -> Client:
    client.force_login(world.township)
    return client


@pytest.mark.django_db(transaction=True)
def test_export_is_made_in_the_background_and_lists_the_own_units(township: Client, world: World) -> None:
    export = ask(township, "STANDINGS", "csv")
    assert export.job is not None
    assert export.job.status == JobStatus.DONE
    body = b"".join(township.get(f"/desk/exports/{export.pk}/"))
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert export.rows == len(rows) - 1
    names = {row[3] for row in rows[1:]}
    assert names == {"李秀兰", "张有财", "王老五"}


@pytest.mark.django_db(transaction=True)
def test_export_masks_phones_unless_a_reason_is_given_which_is_audited(
    township: Client, world: World
) -> None:
    masked = b"".join(township.get(f"/desk/exports/{ask(township, 'STANDINGS', 'csv').pk}/")).decode()
    whole = b"".join(
        township.get(f"/desk/exports/{ask(township, 'STANDINGS', 'csv', '打电话').pk}/")
    ).decode()
    assert "13900000001" not in masked
    assert "139****0001" in masked
    assert "13900000001" in whole
    reasons = AuditLine.objects.filter(action="desk.export").values_list("detail__reason", flat=True)
    assert set(reasons) == {"", "打电话"}


@pytest.mark.django_db(transaction=True)
def test_certification_records_name_the_serial_as_text_in_xlsx(township: Client, world: World) -> None:
    met = Obligation.objects.filter(person=world.member, is_met=True).first()
    assert met is not None
    certificate = issue(obligation=met, at=NOW)
    export = ask(township, "CERTIFICATES", "xlsx")
    body = b"".join(township.get(f"/desk/exports/{export.pk}/"))
    sheet = load_workbook(io.BytesIO(body), read_only=True).active
    rows = list(sheet.iter_rows(values_only=True))
    assert any(certificate.serial in row for row in rows)
    assert any(str(date(2026, 6, 15)) in row for row in rows)


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
    assert township.post("/desk/exports/", data).status_code == 200
    assert not Export.objects.exists()


@pytest.mark.parametrize("value", ["=1+1", "+86", "-2", "@cmd", "\tx", "\rx"])
def test_cell_that_looks_like_a_formula_becomes_text(value: str) -> None:
    assert exports.harmless(value) == f"'{value}"


@pytest.mark.parametrize("value", ["李秀兰", "139****0001", "", "2026-01-01"])
def test_ordinary_cell_stays_as_it_is(value: str) -> None:
    assert exports.harmless(value) == value
