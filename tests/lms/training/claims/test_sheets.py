"""A sheet of claims: read as people bring it, judged row by row, filed whole, decided together."""

import io
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cadre
from accounts.roster.sheets import SheetError, TooManyRows, WrongHeaders
from lms.hours.models import HoursEntry
from lms.training.claims.actions import (
    HasErrors,
    LookAtAlike,
    NoEvidence,
    NothingNew,
    NotSecond,
    NotTheirs,
    ReasonMissing,
    WrittenBefore,
    approve,
    approve_sheet,
    bring_again,
    bring_claims,
    drop_claims,
    refuse_sheet,
    withdraw,
    write_claims,
)
from lms.training.claims.models import Claim, ClaimBatch, ClaimStatus, Evidence
from lms.training.claims.sheets.plan import Judged, Plan, plan_claims
from lms.training.claims.sheets.reading import MOST_LINES, ClaimSheet, read_claims, unpack
from lms.training.claims.tasks import KEPT, drop_old_sheets
from tests.factories import CadreFactory
from tests.lms.training.claims.made import (
    AT,
    HEADER,
    PDF,
    Town,
    batch_of,
    claim_of,
    csv_of,
    identity,
    proof,
    row,
    town,
    written,
)
from tests.rules import examples

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def at(db: None) -> Town:
    return town()


def plan_of(*rows: Sequence[str], by: Cadre, header: Sequence[str] = HEADER) -> Plan:
    return plan_claims(read_claims(csv_of(*rows, header=header)).lines, by=by, on=TODAY)


def judged(*rows: Sequence[str], by: Cadre) -> Judged:
    """The verdict on the last row."""
    return plan_of(*rows, by=by).judged[-1]


def stored() -> list[str]:
    try:
        return default_storage.listdir("claims/2026")[1]
    except FileNotFoundError:
        return []


# --- reading -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_sheet_is_read_in_every_encoding(encoding: str) -> None:
    assert read_claims(csv_of(row(), encoding=encoding)).lines == read_claims(csv_of(row())).lines


def workbook(*rows: Sequence[object], merged: Sequence[str] = ()) -> io.BytesIO:
    book = Workbook()
    for cells in rows:
        book.active.append(list(cells))
    for cells in merged:
        book.active.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def test_a_workbook_with_titles_and_merged_cells(at: Town) -> None:
    other = CadreFactory(name="王小明", unit=at.tree.village)
    header = ["姓名", "题目", "主办单位", "台账(集中、集体、网络)", "学时", "开始日期", "结束日期"]
    file = workbook(
        ["平遥县 2026 年学时申报表"],
        header,
        [None] * 7,
        ["李秀兰", "果树修剪培训", "县农广校", "集中", 18.0, date(2026, 5, 27), date(2026, 5, 28)],
        ["王 小 明", None, None, None, None, None, None],
        merged=[
            "A1:G1",
            *[f"{each}4:{each}5" for each in "BCDEFG"],
            *[f"{each}2:{each}3" for each in "ABCDEFG"],
        ],
    )
    sheet = read_claims(file)
    plan = plan_claims(sheet.lines, by=at.clerk, on=TODAY)
    assert (sheet.encoding, sheet.has_merges) == ("XLSX", True)
    assert [(person, facts.hours) for _line, person, facts in plan.new] == [(at.cadre, 18), (other, 18)]


def test_a_file_that_is_none_is_refused() -> None:
    for content in (b"", b"%PDF-1.4", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", "姓名,学时\n李,1\n".encode()):
        with pytest.raises(SheetError):
            read_claims(io.BytesIO(content))


def test_missing_columns_are_named() -> None:
    with pytest.raises(WrongHeaders) as refused:
        read_claims(csv_of(["李秀兰", "18"], header=["姓名", "学时"]))
    assert [column.value for column in refused.value.missing] == ["title", "organiser", "ledger", "dates"]


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    with pytest.raises(TooManyRows):
        read_claims(csv_of(*[row()] * (MOST_LINES + 1)))


# --- judging -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "姓名"),
        ({"name": "没有此人"}, "没有此人"),
        ({"login": "13900000000"}, "13900000000"),
        ({"title": ""}, ""),
        ({"ledger": "自学"}, "自学"),
        ({"hours": "很多"}, "很多"),
        ({"hours": ""}, ""),
        ({"hours": "37"}, "36"),
        ({"hours": "0"}, ""),
        ({"days": "4"}, "3"),
        ({"days": "1.2"}, ""),
        ({"dates": ""}, ""),
        ({"dates": "3月2日"}, "3月2日"),
        ({"dates": "2026-07-01"}, ""),
        ({"dates": "2026-03-04至2026-03-02"}, ""),
        ({"title": "=1+1"}, ""),
        ({"organiser": "@x"}, ""),
        ({"title": "长" * 121}, "120"),
        ({"last4": "9999"}, "0624"),
        ({"name": "王五", "login": "13800000001"}, "李秀兰"),
    ],
)
def test_wrong_cell_is_named(at: Town, changes: dict[str, str], words: str) -> None:
    found = judged(row(**changes), by=at.clerk)
    assert found.verdict == "ERROR"
    assert found.reasons
    assert words in " ".join(map(str, found.reasons))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "李 秀 兰"},
        {"login": "138 0000 0001"},
        {"last4": "0624"},
        {"last4": "624"},
        {"last4": "140728197501010624"},
        {"days": "", "hours": "18"},
        {"dates": "2026.3.2-3.4"},
        {"hours": "18学时", "days": "3天"},
        {"ledger": "集体"},
    ],
)
def test_ways_of_writing_the_same(at: Town, changes: dict[str, str]) -> None:
    found = judged(row(**changes), by=at.clerk)
    assert (found.verdict, found.person, found.reasons) == ("NEW", at.cadre, ())


def test_people_are_found_by_account_number_and_only_among_the_own(at: Town) -> None:
    assert judged(row(login=at.cadre.number), by=at.clerk).person == at.cadre
    for login in ("", at.cadre.number, "13800000001"):
        assert judged(row(login=login), by=at.neighbour).verdict == "ERROR"


def test_people_of_one_name_are_told_apart_or_named(at: Town) -> None:
    twin = CadreFactory(name="李秀兰", unit=at.tree.other_village, **identity("1111"))
    assert "李秀兰" in judged(row(), by=at.clerk).reasons[0]
    assert judged(row(last4="1111"), by=at.clerk).person == twin
    assert judged(row(login=twin.phone), by=at.clerk).person == twin
    header = [*HEADER, "村"]
    for village, person in (("东城村", at.cadre), ("古陶镇西城村", twin)):
        assert plan_of([*row(), village], by=at.clerk, header=header).judged[0].person == person
    elsewhere = plan_of([*row(), "南城村"], by=at.clerk, header=header).judged[0]
    assert elsewhere.verdict == "ERROR"


def test_the_same_row_twice_and_the_same_claim_again(at: Town) -> None:
    assert judged(row(), row(), by=at.clerk).verdict == "ERROR"
    claim = claim_of(at.cadre)
    assert judged(row(), by=at.clerk).verdict == "SAME"
    withdraw(claim=claim, by=at.cadre, at=AT)
    assert judged(row(), by=at.clerk).verdict == "NEW"


def test_what_is_alike_is_a_note_and_no_error(at: Town) -> None:
    claim_of(at.cadre, title="别的培训")
    found = judged(row(), by=at.clerk)
    assert found.verdict == "NEW"
    assert "别的培训" in found.notes[0]


def test_judging_costs_the_same_whatever_the_size(
    at: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = CadreFactory.create_batch(60, unit=at.tree.village)
    lines = read_claims(csv_of(*[row(person.name, person.phone) for person in people])).lines
    with django_assert_max_num_queries(6):
        assert plan_claims(lines, by=at.clerk, on=TODAY).counts["NEW"] == 60


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["李秀兰", "", "集中", "18", "2026-03-02", "=1", "13800000001", "0624", "\u202e", "1e9"]),
)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=6))
def test_any_cells_get_a_verdict_and_right_ones_can_be_filed(at: Town, rows: list[list[str]]) -> None:
    try:
        sheet = read_claims(csv_of(row(), *rows))
    except SheetError:
        return
    plan = plan_claims(sheet.lines, by=at.clerk, on=TODAY)
    assert all(bool(each.reasons) == (each.verdict == "ERROR") for each in plan.judged)
    with transaction.atomic():
        kept = [proof("证.pdf", PDF)]
        batch = bring_claims(sheet=sheet, file_name="x.csv", proofs=kept, by=at.clerk, at=AT)
        filed = write_claims(batch=batch, leaves_out=True, by=at.clerk, at=AT)
        assert filed.written == plan.counts["NEW"] == Claim.objects.count()
        transaction.set_rollback(True)


# --- filing ------------------------------------------------------------------------------------------
def test_nothing_is_filed_before_the_yes_and_all_of_it_after(at: Town) -> None:
    other = CadreFactory(name="王小明", unit=at.tree.village)
    batch = batch_of(row(), row("王小明"), by=at.clerk)
    assert not Claim.objects.exists()
    assert "李秀兰".encode() not in bytes(batch.rows_cipher)
    done = write_claims(batch=batch, leaves_out=False, by=at.clerk, at=AT)
    assert (done.written, done.left_out, done.rows_cipher) == (2, 0, None)
    assert {claim.person for claim in batch.claims.all()} == {at.cadre, other}
    assert {claim.filed_by for claim in batch.claims.all()} == {at.clerk}
    for claim in batch.claims.all():
        assert list(Evidence.objects.for_claim(claim)) == list(batch.evidence.all())


def test_a_sheet_is_filed_once(at: Town) -> None:
    batch = written(row(), by=at.clerk)
    for work in (
        lambda: write_claims(batch=batch, leaves_out=True, by=at.clerk, at=AT),
        lambda: drop_claims(batch=batch),
        lambda: bring_again(batch=batch, sheet=ClaimSheet((), "UTF-8"), file_name="x", at=AT),
    ):
        with pytest.raises(WrittenBefore):
            work()
    assert Claim.objects.count() == 1
    again = batch_of(row(), by=at.clerk)
    with pytest.raises(NothingNew):
        write_claims(batch=again, leaves_out=False, by=at.clerk, at=AT)


def test_wrong_rows_hold_the_sheet_back_until_they_are_left_out(at: Town) -> None:
    batch = batch_of(row(), row("没有此人"), by=at.clerk)
    with pytest.raises(HasErrors):
        write_claims(batch=batch, leaves_out=False, by=at.clerk, at=AT)
    assert not Claim.objects.exists()
    done = write_claims(batch=batch, leaves_out=True, by=at.clerk, at=AT)
    assert (done.written, done.left_out) == (1, 1)


def test_rows_are_judged_again_by_the_day_of_the_yes(at: Town) -> None:
    batch = batch_of(row(), by=at.clerk)
    Cadre.objects.filter(pk=at.cadre.pk).update(unit=at.tree.far_village)
    with pytest.raises(HasErrors):
        write_claims(batch=batch, leaves_out=False, by=at.clerk, at=AT)


def test_a_sheet_is_its_bringers_alone_and_has_evidence(at: Town) -> None:
    with pytest.raises(NotTheirs):
        write_claims(batch=batch_of(row(), by=at.clerk), leaves_out=False, by=at.colleague, at=AT)
    with pytest.raises(NoEvidence):
        bring_claims(sheet=read_claims(csv_of(row())), file_name="x", proofs=[], by=at.clerk, at=AT)


def test_a_corrected_sheet_takes_the_place_and_keeps_the_evidence(at: Town) -> None:
    batch = batch_of(row("没有此人"), by=at.clerk)
    files = stored()
    bring_again(batch=batch, sheet=read_claims(csv_of(row())), file_name="改好.csv", at=AT)
    batch.refresh_from_db()
    assert [line["name"] for line in unpack(batch.rows_cipher)] == ["李秀兰"]
    assert (batch.file_name, stored()) == ("改好.csv", files)


def test_a_dropped_sheet_takes_its_evidence_along(
    at: Town, django_capture_on_commit_callbacks: object
) -> None:
    batch = batch_of(row(), by=at.clerk)
    assert len(stored()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        drop_claims(batch=batch)
    assert (ClaimBatch.objects.count(), Evidence.objects.count(), stored()) == (0, 0, [])
    with pytest.raises(WrittenBefore):
        drop_claims(batch=batch)


def test_a_sheet_without_a_yes_is_forgotten_after_a_week(at: Town) -> None:
    done, old, new = written(row(), by=at.clerk), batch_of(row(), by=at.clerk), batch_of(row(), by=at.clerk)
    ClaimBatch.objects.filter(pk=new.pk).update(at=AT + timedelta(hours=1))
    for _ in range(2):
        drop_old_sheets(AT + KEPT + timedelta(minutes=1))
    assert set(ClaimBatch.objects.all()) == {done, new}
    assert old.pk not in {batch.pk for batch in ClaimBatch.objects.all()}


def test_constraint_no_rows_stay_with_a_filed_sheet(at: Town) -> None:
    batch = written(row(), by=at.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimBatch.objects.filter(pk=batch.pk).update(rows_cipher=b"x")


# --- deciding together -------------------------------------------------------------------------------
def test_a_sheet_is_approved_by_a_second_person_each_claim_once(at: Town) -> None:
    people = CadreFactory.create_batch(3, unit=at.tree.village)
    batch = written(*[row(person.name) for person in people], by=at.clerk)
    own = approve_sheet(batch=batch, by=at.clerk, at=AT)
    assert (own.decided, {type(why) for _claim, why in own.left}) == ([], {NotSecond})
    assert not HoursEntry.objects.exists()
    assert len(approve_sheet(batch=batch, by=at.colleague, at=AT).decided) == 3
    again = approve_sheet(batch=batch, by=at.county, at=AT)
    assert (again.decided, again.left) == ([], [])
    assert {line.person for line in HoursEntry.objects.all()} == set(people)


def test_an_own_claim_and_what_is_alike_are_left_for_somebody_to_look(at: Town) -> None:
    claim_of(at.cadre, title="别的培训")
    other = CadreFactory(unit=at.tree.village)
    batch = written(row(), row(at.colleague.name), row(other.name), by=at.clerk)
    outcome = approve_sheet(batch=batch, by=at.colleague, at=AT)
    assert [claim.person for claim in outcome.decided] == [other]
    assert [(claim.person, type(why)) for claim, why in outcome.left] == [
        (at.cadre, LookAtAlike),
        (at.colleague, NotSecond),
    ]


def test_only_the_own_people_of_a_sheet_are_decided(at: Town) -> None:
    far = CadreFactory(unit=at.tree.far_village)
    batch = written(row(), row(far.name), by=at.county)
    assert [claim.person for claim in approve_sheet(batch=batch, by=at.neighbour, at=AT).decided] == [far]
    assert Claim.objects.get(person=at.cadre).is_waiting


def test_a_sheet_is_refused_with_one_reason(at: Town) -> None:
    other = CadreFactory(unit=at.tree.village)
    batch = written(row(), row(other.name), by=at.clerk)
    first = batch.claims.get(person=at.cadre)
    approve(claim=first, hours=first.hours_asked, days=first.days_asked, by=at.colleague, at=AT)
    with pytest.raises(ReasonMissing):
        refuse_sheet(batch=batch, reason="", by=at.colleague, at=AT)
    assert len(refuse_sheet(batch=batch, reason="名册不全", by=at.colleague, at=AT).decided) == 1
    assert {claim.status for claim in batch.claims.all()} == {ClaimStatus.APPROVED, ClaimStatus.REFUSED}
