"""Pages of claims: strangers, wrong people, right people; bad input; the road from a photo to the ledger."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Cadre, StaffRole
from lms.hours.actions import freeze_year
from lms.hours.models import HoursEntry, HoursRule
from lms.training.claims.actions import approve, refuse
from lms.training.claims.models import Claim, ClaimBatch, ClaimStatus, Evidence
from tests.factories import CadreFactory, StaffFactory
from tests.lms.training.claims.made import (
    AT,
    PDF,
    Town,
    batch_of,
    claim_of,
    csv_of,
    form_of,
    picture,
    png_bomb,
    proof,
    row,
    town,
    upload,
    with_place,
    written,
)

pytestmark = pytest.mark.django_db
NEW, MINE, LIST, FILE, SHEETS = (
    "/me/claims/new/",
    "/me/claims/",
    "/desk/claims/",
    "/desk/claims/new/",
    "/desk/claims/sheets/",
)


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def at(db: None) -> Town:
    return town()


def as_(person: Cadre) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(claim: Claim, verb: str = "") -> str:
    return f"{LIST}{claim.pk}/{verb}"


# --- the learner -------------------------------------------------------------------------------------
def test_a_photo_becomes_a_claim_and_the_claim_hours(at: Town) -> None:
    me = as_(at.cadre)
    assert me.post(NEW, form_of()).status_code == 302
    claim = Claim.objects.get()
    assert (claim.person, claim.filed_by, claim.status) == (at.cadre, at.cadre, ClaimStatus.FILED)
    assert claim.title in me.get(MINE).text
    answer = as_(at.clerk).post(page(claim, "approve/"), {"hours": "18", "days": "3"}, follow=True)
    assert answer.status_code == 200
    line = HoursEntry.objects.get(person=at.cadre)
    assert reverse("hours:correct", args=[line.pk]) in answer.text
    assert [entry for _claim, _files, entry in me.get(MINE).context["rows"]] == [line]


def test_several_files_and_the_same_one_twice(at: Town) -> None:
    files = [upload("一.jpg"), upload("又一.jpg"), upload("二.pdf", PDF), upload("三.png", picture("PNG"))]
    as_(at.cadre).post(NEW, form_of(evidence=files))
    assert [file.name for file in Evidence.objects.all()] == ["一.jpg", "二.pdf", "三.png"]


def test_a_form_sent_twice_is_one_claim(at: Town) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert as_(at.cadre).post(NEW, form_of(key=key)).status_code == 302
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "长" * 121},
        {"title": "题\0目"},
        {"organiser": ""},
        {"ledger": "GOLD"},
        {"ledger": ""},
        {"starts_on": "gestern"},
        {"ends_on": "2026-06-02"},
        {"ends_on": "2026-03-01"},
        {"starts_on": "2024-01-01"},
        {"starts_on": "1900-01-01", "ends_on": "1900-01-01"},
        {"hours_asked": "0"},
        {"hours_asked": "-1"},
        {"hours_asked": "36.5"},
        {"hours_asked": "1e9"},
        {"hours_asked": "NaN"},
        {"hours_asked": ""},
        {"days_asked": "4"},
        {"days_asked": "-1"},
        {"days_asked": "0.3"},
        {"key": "x"},
        {"evidence": []},
        {"evidence": "not a file"},
        {"evidence": [upload(f"{n}.pdf", PDF + bytes([n])) for n in range(6)]},
        {"evidence": upload("空.jpg", b"")},
        {"evidence": upload("页.pdf", b"<html>")},
        {"evidence": upload("弹.png", png_bomb())},
        {"evidence": [upload(), upload("坏.jpg", b"\xff\xd8\xff\xe0")]},
    ],
)
def test_wrong_value_is_refused_and_nothing_is_kept(at: Town, wrong: dict[str, object]) -> None:
    answer = as_(at.cadre).post(NEW, form_of(**wrong))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Claim.objects.exists()
    assert not default_storage.exists("claims")


def test_refused_files_are_named_and_what_was_written_is_kept(at: Town) -> None:
    files = [upload("空.jpg", b""), upload("页.svg", b"<svg/>")]
    answer = as_(at.cadre).post(NEW, form_of(evidence=files))
    for word in ("空.jpg", "页.svg", 'value="县农广校"'):
        assert word in answer.text


def test_empty_form_is_not_accepted(at: Town) -> None:
    assert as_(at.cadre).post(NEW, {}).status_code == 422


def test_days_may_stay_empty(at: Town) -> None:
    assert as_(at.cadre).post(NEW, form_of(days_asked="")).status_code == 302
    assert Claim.objects.get().days_asked == 0


def test_too_many_claims_in_a_day_wait_until_tomorrow(at: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.training.claims.actions.claims.MOST_A_DAY", 1)
    for address, who, extra in ((NEW, at.cadre, {}), (FILE, at.clerk, {"who": at.clerk.number})):
        assert as_(who).post(address, form_of(**extra)).status_code == 302
        answer = as_(who).post(address, form_of(**extra))
        assert answer.status_code in {422, 429}
    assert Claim.objects.count() == 2


def test_the_reason_of_a_refusal_is_read_and_a_decided_claim_stays(at: Town) -> None:
    claim, me = claim_of(at.cadre), as_(at.cadre)
    refuse(claim=claim, reason="照片看不清", by=at.clerk, at=AT)
    text = me.get(MINE).text
    assert "照片看不清" in text
    assert "/withdraw/" not in text
    me.post(f"{MINE}{claim.pk}/withdraw/")
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REFUSED


def test_withdrawing_is_for_the_person_and_whoever_filed(at: Town) -> None:
    claim = claim_of(at.cadre, by=at.clerk)
    for stranger in (at.colleague, at.county, CadreFactory(unit=at.tree.village)):
        assert as_(stranger).post(f"{MINE}{claim.pk}/withdraw/").status_code == 404
    assert as_(at.cadre).get(f"{MINE}{claim.pk}/withdraw/").status_code == 405
    assert as_(at.clerk).post(f"{MINE}{claim.pk}/withdraw/").url == page(claim)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.WITHDRAWN


def test_nobody_reads_the_claims_of_others(at: Town) -> None:
    claim = claim_of(at.cadre)
    other = CadreFactory(unit=at.tree.village)
    assert claim.title not in as_(other).get(MINE).text
    assert as_(other).get(page(claim)).status_code == 403
    assert Client().get(MINE).status_code == 302


# --- evidence ----------------------------------------------------------------------------------------
def test_evidence_reaches_its_person_and_their_staff_and_nobody_else(at: Town) -> None:
    claim = claim_of(at.cadre)
    address = reverse("claims:evidence", args=[Evidence.objects.for_claim(claim).get().pk])
    keeper = StaffFactory(unit=at.tree.village, role=StaffRole.STATION).person
    for who in (at.cadre, at.clerk, at.county, keeper):
        assert as_(who).get(address).status_code == 200
    trainer = StaffFactory(unit=at.tree.county, role=StaffRole.TRAINER).person
    for who in (at.neighbour, trainer, CadreFactory(unit=at.tree.village)):
        assert as_(who).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    Cadre.objects.filter(pk=at.cadre.pk).update(unit=at.tree.far_village)
    assert as_(at.clerk).get(address).status_code == 404
    assert as_(at.neighbour).get(address).status_code == 200


def test_evidence_of_a_sheet_reaches_everybody_in_it(at: Town) -> None:
    far = CadreFactory(unit=at.tree.far_village)
    batch = written(row(), row(far.name), by=at.county)
    address = reverse("claims:evidence", args=[batch.evidence.get().pk])
    for who in (at.cadre, far, at.clerk, at.neighbour):
        assert as_(who).get(address).status_code == 200
    assert as_(CadreFactory(unit=at.tree.village)).get(address).status_code == 404


def test_evidence_of_a_sheet_that_waits_is_its_bringers_alone(at: Town) -> None:
    address = reverse("claims:evidence", args=[batch_of(row(), by=at.clerk).evidence.get().pk])
    assert as_(at.clerk).get(address).status_code == 200
    for who in (at.colleague, at.county, at.cadre):
        assert as_(who).get(address).status_code == 404


def test_evidence_is_sent_as_what_it_is_and_kept_by_no_browser(at: Town) -> None:
    me = as_(at.cadre)
    me.post(NEW, form_of(evidence=[upload("照片.jpg", with_place()), upload("证明.pdf", PDF)]))
    photo, document = Evidence.objects.all()
    answers = [me.get(reverse("claims:evidence", args=[file.pk])) for file in (photo, document)]
    for answer in answers:
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
    assert [answer["Content-Type"] for answer in answers] == ["image/jpeg", "application/pdf"]
    assert answers[0]["Content-Disposition"].startswith("inline")
    assert answers[1]["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert b"PHONEMAKER" not in answers[0].getvalue()
    assert answers[1].getvalue() == PDF


def test_evidence_is_sent_by_nginx_where_there_is_one(at: Town, settings: Settings) -> None:
    settings.ACCEL_PREFIX = "/protected/"
    file = Evidence.objects.for_claim(claim_of(at.cadre)).get()
    answer = as_(at.cadre).get(reverse("claims:evidence", args=[file.pk]))
    assert answer["X-Accel-Redirect"] == f"/protected/{file.file}"
    assert answer.content == b""
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_public_address_leads_to_evidence(at: Town) -> None:
    file = Evidence.objects.for_claim(claim_of(at.cadre)).get()
    for client in (Client(), as_(at.cadre), as_(at.clerk)):
        assert client.get(f"/media/{file.file}").status_code in {302, 404}


# --- the desk ----------------------------------------------------------------------------------------
def test_what_waits_comes_first_and_filters_stay_in_the_address(at: Town) -> None:
    waits, done = claim_of(at.cadre), claim_of(CadreFactory(unit=at.tree.other_village))
    refuse(claim=done, reason="x", by=at.clerk, at=AT)
    desk = as_(at.clerk)

    def found(query: str = "") -> set[Claim]:
        return set(desk.get(LIST + query).context["page"])

    assert found() == {waits}
    assert found("?status=REFUSED") == {done}
    assert found("?status=ALL") == {waits, done}
    assert found(f"?status=ALL&unit={at.tree.village.code}") == {waits}
    assert found("?status=ALL&year=2026") == {waits, done}
    assert found("?status=ALL&year=2025") == set()
    assert found("?status=x&unit=140728101000&year=99999") == {waits}
    text = desk.get(f"{LIST}?year=2026&unit={at.tree.village.code}").text
    assert f"year=2026&amp;unit={at.tree.village.code}&amp;status=ALL" in text


def test_claims_of_another_township_do_not_exist(at: Town) -> None:
    claim = claim_of(at.cadre)
    desk = as_(at.neighbour)
    assert claim not in desk.get(f"{LIST}?status=ALL").context["page"].object_list
    assert desk.get(page(claim)).status_code == 404
    for verb in ("approve/", "refuse/"):
        assert desk.post(page(claim, verb), {"hours": "1", "days": "0", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("role", [StaffRole.AUDITOR, StaffRole.STATION])
def test_readers_look_and_do_not_decide(at: Town, role: str) -> None:
    claim = claim_of(at.cadre)
    desk = as_(StaffFactory(unit=at.tree.township, role=role).person)
    assert "/approve/" not in desk.get(page(claim)).text
    assert desk.post(page(claim, "approve/"), {"hours": "18", "days": "3"}).status_code == 403
    assert desk.get(FILE).status_code == 403
    assert desk.get(SHEETS).status_code == 403


def test_whoever_filed_is_told_that_somebody_else_decides(at: Town) -> None:
    claim = claim_of(at.cadre, by=at.clerk)
    text = as_(at.clerk).get(page(claim)).text
    assert "/approve/" not in text
    assert f"{MINE}{claim.pk}/withdraw/" in text
    for verb in ("approve/", "refuse/"):
        answer = as_(at.clerk).post(page(claim, verb), {"hours": "18", "days": "3", "reason": "x"})
        assert answer.status_code == 422
    claim.refresh_from_db()
    assert claim.is_waiting
    assert "/approve/" in as_(at.colleague).get(page(claim)).text


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"hours": "19", "days": "3"},
        {"hours": "12", "days": "2"},
        {"hours": "18", "days": "1", "reason": "少记"},
        {"hours": "0", "days": "0", "reason": "少记"},
        {"hours": "-1", "days": "0", "reason": "少记"},
        {"hours": "NaN", "days": "x", "reason": "少记"},
        {"hours": "18", "days": "3", "reason": "长" * 301},
    ],
)
def test_wrong_approval_is_refused_in_words(at: Town, wrong: dict[str, str]) -> None:
    claim = claim_of(at.cadre)
    answer = as_(at.clerk).post(page(claim, "approve/"), wrong)
    assert answer.status_code == 422
    assert answer.context["approval"].errors
    assert not HoursEntry.objects.exists()


def test_less_is_granted_with_a_reason(at: Town) -> None:
    claim = claim_of(at.cadre)
    as_(at.clerk).post(page(claim, "approve/"), {"hours": "12", "days": "2", "reason": "缺一天"})
    assert HoursEntry.objects.get().hours == 12
    assert "缺一天" in as_(at.cadre).get(MINE).text


def test_no_rule_and_a_frozen_year_are_said_in_words(at: Town) -> None:
    claim = claim_of(at.cadre)
    HoursRule.objects.update(valid_from="2026-05-01")
    answer = as_(at.clerk).post(page(claim, "approve/"), {"hours": "18", "days": "3"})
    assert answer.status_code == 422
    assert answer.context["approval"].non_field_errors()
    HoursRule.objects.update(valid_from="2020-01-01")
    last_year = claim_of(at.cadre, starts_on=date(2025, 12, 1), ends_on=date(2025, 12, 3), title="冬训")
    freeze_year(unit=at.tree.county, year=2025, by=at.county, at=AT - timedelta(days=1))
    answer = as_(at.clerk).post(page(last_year, "approve/"), {"hours": "18", "days": "3"}, follow=True)
    assert answer.context["entry"].is_waiting


def test_what_is_alike_is_compared_before_the_yes(at: Town) -> None:
    approve(
        claim=(first := claim_of(at.cadre)),
        hours=first.hours_asked,
        days=first.days_asked,
        by=at.clerk,
        at=AT,
    )
    claim, desk = claim_of(at.cadre, title="别的"), as_(at.clerk)
    told = {"hours": "18", "days": "3"}
    assert page(first) in desk.get(page(claim)).text
    assert list(desk.post(page(claim, "approve/"), told).context["approval"].errors) == ["is_compared"]
    assert desk.post(page(claim, "approve/"), {**told, "is_compared": "on"}).status_code == 302
    assert HoursEntry.objects.count() == 2


def test_a_refusal_needs_its_reason(at: Town) -> None:
    claim, desk = claim_of(at.cadre), as_(at.clerk)
    for reason in ("", " ", "长" * 301):
        assert desk.post(page(claim, "refuse/"), {"reason": reason}).status_code == 422
    assert desk.post(page(claim, "refuse/"), {"reason": "看不清"}).status_code == 302
    answer = as_(at.colleague).post(page(claim, "refuse/"), {"reason": "别的"})
    assert (answer.status_code, bool(answer.context["refusal"].errors)) == (422, True)
    assert str(answer.context["refusal"].non_field_errors()[0]) in answer.text


def test_staff_file_for_somebody_by_phone_number_or_name(at: Town) -> None:
    for who in (at.cadre.phone, "138 0000 0001", at.cadre.number, "李 秀 兰"):
        assert as_(at.clerk).post(FILE, form_of(who=who)).status_code == 302
    assert {claim.person for claim in Claim.objects.all()} == {at.cadre}
    assert {claim.filed_by for claim in Claim.objects.all()} == {at.clerk}
    assert f'value="{at.cadre.number}"' in as_(at.clerk).get(f"{FILE}?person={at.cadre.pk}").text
    assert at.cadre.number not in as_(at.neighbour).get(f"{FILE}?person={at.cadre.pk}").text


@pytest.mark.parametrize("who", ["", "没有此人", "13800000002", "双胞胎", "x" * 61, "李\0秀兰"])
def test_unclear_person_is_said_and_nothing_is_filed(at: Town, who: str) -> None:
    CadreFactory.create_batch(2, name="双胞胎", unit=at.tree.village)
    CadreFactory(unit=at.tree.far_village, phone="13800000002")
    answer = as_(at.clerk).post(FILE, form_of(who=who))
    assert answer.status_code == 422
    assert "who" in answer.context["form"].errors
    assert not Claim.objects.exists()


# --- a sheet -----------------------------------------------------------------------------------------
def brought(client: Client, *rows: list[str], **more: object) -> ClaimBatch:
    answer = client.post(SHEETS, {"file": csv_of(*rows), "evidence": upload(), **more})
    assert answer.status_code == 302, answer.context["form"].errors
    return ClaimBatch.objects.latest("pk")


def test_the_road_from_a_sheet_to_hours(at: Town) -> None:
    other = CadreFactory(name="王小明", unit=at.tree.village)
    desk = as_(at.clerk)
    batch = brought(desk, row(login="13800000001"), row("王小明"), row("没有此人"))
    text = desk.get(f"{SHEETS}{batch.pk}/").text
    assert "没有此人" in text
    assert "13800000001" not in text
    assert desk.post(f"{SHEETS}{batch.pk}/write/").status_code == 409
    assert not Claim.objects.exists()
    answer = desk.post(f"{SHEETS}{batch.pk}/write/", {"leave_out": "on"}, follow=True)
    assert "/approve/" not in answer.text
    assert desk.post(f"{SHEETS}{batch.pk}/write/", {"leave_out": "on"}, follow=True).status_code == 200
    assert Claim.objects.count() == 2
    together = f"/desk/claims/batches/{batch.pk}/"
    assert as_(at.clerk).post(f"{together}approve/").status_code == 409
    assert not HoursEntry.objects.exists()
    for _ in range(2):
        assert as_(at.colleague).post(f"{together}approve/").status_code == 302
    assert {line.person for line in HoursEntry.objects.all()} == {at.cadre, other}


def test_error_sheet_is_corrected_and_brought_again(at: Town) -> None:
    desk = as_(at.clerk)
    batch = brought(desk, row(), row("王小名"))
    CadreFactory(name="王小明", unit=at.tree.village)
    book = load_workbook(io.BytesIO(desk.get(f"{SHEETS}{batch.pk}/errors.xlsx").content))
    (heads, wrong) = list(book.active.iter_rows(values_only=True))
    assert wrong[0] == "3"
    book.active.cell(2, heads.index("姓名") + 1).value = "王小明"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "改好.xlsx"
    assert desk.post(f"{SHEETS}{batch.pk}/again/", {"file": file}).status_code == 302
    assert desk.get(f"{SHEETS}{batch.pk}/").context["new"] == 1
    assert desk.post(f"{SHEETS}{batch.pk}/again/", {"file": upload("x.pdf", PDF)}).status_code == 422
    assert desk.get(f"{SHEETS}{batch.pk}/").context["new"] == 1


def test_an_error_sheet_without_days_asks_for_them(at: Town) -> None:
    desk = as_(at.clerk)
    batch = brought(desk, row("没有此人", dates=""))
    book = load_workbook(io.BytesIO(desk.get(f"{SHEETS}{batch.pk}/errors.xlsx").content))
    heads = [cell.value for cell in book.active[1]]
    assert {"开始日期", "结束日期"} <= set(heads)


def test_our_own_empty_sheet_can_be_read_by_ourselves(at: Town) -> None:
    desk = as_(at.clerk)
    for language in ("zh-hans", "en"):
        answer = desk.get(f"{SHEETS}sheet.xlsx", headers={"accept-language": language})
        book = load_workbook(io.BytesIO(answer.content))
        values = ["李秀兰", "", "", "", "夜校", "县农广校", "集体学习", "2", "", "2026-03-02", ""]
        book.worksheets[0].append(values)
        file = io.BytesIO()
        book.save(file)
        file.seek(0)
        file.name = "x.xlsx"
        answer = desk.post(SHEETS, {"file": file, "evidence": upload()}, follow=True)
        assert answer.context["new"] == 1


def test_formula_stays_text_on_its_way_back(at: Town) -> None:
    desk = as_(at.clerk)
    batch = brought(desk, row('=HYPERLINK("http://example.com","x")'))
    book = load_workbook(io.BytesIO(desk.get(f"{SHEETS}{batch.pk}/errors.xlsx").content))
    assert {cell.data_type for cells in book.active.iter_rows() for cell in cells} <= {"s", "n", "inlineStr"}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"file": upload("x.pdf", PDF), "evidence": upload()},
        {"file": csv_of(row())},
        {"file": csv_of(["李秀兰"], header=["姓名"]), "evidence": upload()},
        {"file": csv_of(row()), "evidence": upload("x.exe", b"MZ")},
    ],
)
def test_wrong_sheet_is_refused_and_nothing_is_kept(at: Town, sent: dict[str, io.BytesIO]) -> None:
    for file in sent.values():
        file.seek(0)
    assert as_(at.clerk).post(SHEETS, sent).status_code == 422
    assert not ClaimBatch.objects.exists()
    assert not default_storage.exists("claims")


def test_a_sheet_on_its_way_in_is_nobody_elses_business(at: Town) -> None:
    batch = batch_of(row(), by=at.clerk)
    for who in (at.colleague, at.county):
        for verb in ("", "errors.xlsx"):
            assert as_(who).get(f"{SHEETS}{batch.pk}/{verb}").status_code == 404
        for verb in ("write/", "drop/", "again/"):
            assert as_(who).post(f"{SHEETS}{batch.pk}/{verb}").status_code == 404
        assert as_(who).get(f"/desk/claims/batches/{batch.pk}/").status_code == 404
    assert as_(at.clerk).post(f"{SHEETS}{batch.pk}/drop/").status_code == 302
    assert not ClaimBatch.objects.exists()


def test_a_sheet_shows_each_township_its_own_people(at: Town) -> None:
    far = CadreFactory(name="赵远", unit=at.tree.far_village)
    batch = written(row(), row(far.name), by=at.county)
    answer = as_(at.clerk).get(f"/desk/claims/batches/{batch.pk}/")
    assert [claim.person for claim in answer.context["claims"]] == [at.cadre]
    assert answer.context["elsewhere"] == 1
    assert "赵远" not in answer.text


def test_a_sheet_is_refused_with_a_reason(at: Town) -> None:
    batch = written(row(), by=at.clerk)
    together = f"/desk/claims/batches/{batch.pk}/refuse/"
    assert as_(at.colleague).post(together, {"reason": ""}).status_code == 422
    assert as_(at.colleague).post(together, {"reason": "名册不全"}).status_code == 302
    assert Claim.objects.get().reason == "名册不全"


# --- queries -----------------------------------------------------------------------------------------
def test_pages_cost_the_same_number_of_queries_whatever_the_size(
    at: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = CadreFactory.create_batch(25, unit=at.tree.village)
    batch = written(*[row(person.name) for person in people], by=at.colleague)
    waiting = batch_of(*[row(person.name, title="夜校") for person in people], by=at.clerk)
    for number in range(8):
        claim = claim_of(at.cadre, title=f"第{number}期")
        if number % 2:
            approve(claim=claim, hours=claim.hours_asked, days=claim.days_asked, by=at.clerk, at=AT)
    claim = claim_of(at.cadre)
    for who, address, most in (
        (at.cadre, MINE, 8),
        (at.cadre, NEW, 4),
        (at.clerk, LIST, 12),
        (at.clerk, f"{LIST}?status=ALL&year=2026&unit={at.tree.village.code}", 14),
        (at.clerk, page(claim), 12),
        (at.clerk, f"/desk/claims/batches/{batch.pk}/", 10),
        (at.clerk, f"{SHEETS}{waiting.pk}/", 12),
        (at.clerk, SHEETS, 8),
        (at.clerk, FILE, 6),
    ):
        client = as_(who)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_evidence_costs_few_queries(at: Town, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    file = Evidence.objects.for_claim(claim_of(at.cadre)).get()
    assert file.sha256 == proof().digest
    client = as_(at.clerk)
    with django_assert_max_num_queries(5):
        assert client.get(reverse("claims:evidence", args=[file.pk])).status_code == 200


def test_the_page_of_a_person_offers_to_file_for_them(at: Town) -> None:
    person = f"/desk/people/{at.cadre.pk}/"
    address = f"{FILE}?person={at.cadre.pk}"
    assert address in as_(at.clerk).get(person).text
    auditor = StaffFactory(unit=at.cadre.unit.parent, role="AUDITOR").person
    page = as_(auditor).get(person)
    assert page.status_code == 200
    assert address not in page.text
