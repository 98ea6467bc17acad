"""The file, the public check and the staff's pages: who may, and what each of them shows."""

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import Cadre
from lms.certificates import actions
from lms.certificates.models import Certificate
from lms.certificates.pace import SEARCHES_A_MINUTE, VIEWS_A_MINUTE
from lms.certificates.snapshot import Snapshot
from lms.certificates.views import verify_url
from lms.hours.actions import Worth, correct
from lms.hours.models import HoursEntry
from lms.obligations.models import Obligation, Requirement
from tests.factories import CadreFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, earn, secretary, standing, under_the_defaults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_minute() -> None:
    cache.clear()


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


@pytest.fixture
def certificate(tree: CountyTree) -> Certificate:
    person = secretary(
        tree,
        name="李秀兰",
        phone="13900001234",
        identity_last4="0624",
        identity_hash="h",
        identity_cipher=b"c",
    )
    Requirement.objects.filter(slug="online").update(document="晋组发〔2026〕3号")
    earn(person, 52)
    return actions.issue(obligation=standing(person, "online"), at=AT)


def staff(client: Client, unit: object, role: str) -> Cadre:
    person: Cadre = StaffFactory(unit=unit, role=role).person
    client.force_login(person)
    return person


def pdf_of(client: Client, certificate: Certificate) -> object:
    return client.get(reverse("certificates:pdf", args=[certificate.serial]))


def test_owner_gets_the_same_bytes_every_time(client: Client, certificate: Certificate) -> None:
    client.force_login(certificate.person)
    answer = pdf_of(client, certificate)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert "%E6%9D%8E%E7%A7%80%E5%85%B0" in answer["Content-Disposition"]
    assert certificate.serial in answer["Content-Disposition"]
    assert pdf_of(client, certificate).content == answer.content
    text = re.sub(r"\s", "", PdfReader(io.BytesIO(answer.content)).pages[0].extract_text())
    for printed in (certificate.serial, "李秀兰", "0624", "东城村", "平遥县", certificate.token):
        assert printed in text


def test_pdf_is_for_the_owner_and_staff_in_scope(
    client: Client, certificate: Certificate, tree: CountyTree
) -> None:
    assert pdf_of(client, certificate).status_code == 302
    client.force_login(CadreFactory(unit=tree.village))
    assert pdf_of(client, certificate).status_code == 404
    staff(client, tree.other_township, "TOWNSHIP")
    assert pdf_of(client, certificate).status_code == 404
    staff(client, tree.township, "TOWNSHIP")
    assert pdf_of(client, certificate).status_code == 200
    assert client.get(reverse("certificates:pdf", args=["XX-1"])).status_code == 404


def test_stranger_sees_the_certificate_and_nothing_else(
    client: Client,
    certificate: Certificate,
    settings: Settings,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.SITE_URL = "https://study.example"
    assert verify_url(certificate) == f"https://study.example/certificates/verify/{certificate.token}/"
    with django_assert_max_num_queries(3):
        answer = client.get(reverse("certificates:verify", args=[certificate.token]))
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert 'data-is="valid"' in page
    assert certificate.person.phone not in page
    assert certificate.person.number not in page
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def written(snapshot: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every field of a snapshot with each of its texts, days as people write them."""
    for name, value in snapshot.items():
        for part in value if isinstance(value, list) else [value]:
            for text in part.values() if isinstance(part, dict) else [part]:
                day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
                yield name, "{}年{}月{}日".format(*map(int, day.groups())) if day else text


def test_every_field_of_the_snapshot_is_on_the_paper_and_on_the_verify_page(
    client: Client, certificate: Certificate
) -> None:
    page = client.get(reverse("certificates:verify", args=[certificate.token])).content.decode()
    client.force_login(certificate.person)
    paper = PdfReader(io.BytesIO(pdf_of(client, certificate).content)).pages[0].extract_text()
    shown, printed = re.sub(r"\s", "", unescape(page)), re.sub(r"\s", "", paper)
    fields = list(written(certificate.snapshot))
    assert {name for name, _text in fields} == Snapshot.__annotations__.keys()
    for name, text in fields:
        text = re.sub(r"\s", "", text)
        assert text, name
        assert text in shown, name
        assert text in printed, name


def test_replaced_and_revoked_say_so_with_day_reason_and_successor(
    client: Client, certificate: Certificate, tree: CountyTree
) -> None:
    officer = StaffFactory(unit=tree.county, role="COUNTY").person
    successor = actions.replace(certificate=certificate, reason="姓名用字更正", by=officer, at=AT)
    page = client.get(reverse("certificates:verify", args=[certificate.token])).content.decode()
    assert 'data-is="replaced"' in page
    assert "姓名用字更正" in page
    assert reverse("certificates:verify", args=[successor.token]) in page
    actions.revoke(certificate=successor, reason="名单有误", by=officer, at=AT)
    page = client.get(reverse("certificates:verify", args=[successor.token])).content.decode()
    assert 'data-is="revoked"' in page
    assert "名单有误" in page
    assert officer.name not in page


def paper_of(client: Client, certificate: Certificate) -> str:
    text = PdfReader(io.BytesIO(pdf_of(client, certificate).content)).pages[0].extract_text()
    return re.sub(r"\s", "", text)


def test_file_of_a_replaced_or_revoked_one_cannot_be_taken_for_a_valid_one(
    client: Client, certificate: Certificate, tree: CountyTree
) -> None:
    officer = StaffFactory(unit=tree.county, role="COUNTY").person
    client.force_login(certificate.person)
    assert not re.search("已换发|已撤销", paper_of(client, certificate))
    successor = actions.replace(certificate=certificate, reason="姓名用字更正", by=officer, at=AT)
    old = paper_of(client, certificate)
    day = "{0.year}年{0.month}月{0.day}日".format(timezone.localdate(AT))
    assert "已换发" in old
    assert old.count(day) == paper_of(client, successor).count(day) + 1
    assert successor.serial in old
    actions.revoke(certificate=successor, reason="名单有误", by=officer, at=AT)
    assert "已撤销" in paper_of(client, successor)


def test_record_that_was_tampered_with_is_not_confirmed(client: Client, certificate: Certificate) -> None:
    Certificate.objects.update(snapshot={**certificate.snapshot, "earned": "99"})
    page = client.get(reverse("certificates:verify", args=[certificate.token])).content.decode()
    assert 'data-is="unknown"' in page
    assert 'data-is="valid"' not in page


@pytest.mark.parametrize("token", ["0" * 32, "x", "' OR 1=1", "a" * 3000, "0" * 31 + "\n"])
def test_unknown_token_gets_a_kind_404(client: Client, token: str) -> None:
    answer = client.get(reverse("certificates:verify", args=[token]))
    assert answer.status_code == 404
    assert 'data-is="unknown"' in answer.content.decode()


def test_number_and_name_find_it_and_neither_alone_does(client: Client, certificate: Certificate) -> None:
    url = reverse("certificates:search")
    assert client.get(url).status_code == 200
    answer = client.post(url, {"serial": f" {certificate.serial.lower()} ", "name": "李 秀兰"})
    assert answer["Location"] == reverse("certificates:verify", args=[certificate.token])
    assert client.post(url, {"serial": certificate.serial, "name": "李秀"}).status_code == 404
    assert client.post(url, {"serial": certificate.serial, "name": ""}).status_code == 422
    assert client.post(url, {"serial": "XX-140728-2026-000001-Z", "name": "李秀兰"}).status_code == 422


def test_asking_too_often_is_asked_to_wait(client: Client, certificate: Certificate) -> None:
    url = reverse("certificates:search")
    form = {"serial": certificate.serial, "name": "张三"}
    answers = [client.post(url, form).status_code for _ in range(SEARCHES_A_MINUTE + 1)]
    assert answers == [404] * SEARCHES_A_MINUTE + [429]
    verify = reverse("certificates:verify", args=[certificate.token])
    for _ in range(VIEWS_A_MINUTE):
        client.get(verify)
    assert client.get(verify).status_code == 429


def test_own_list_shows_own_certificates_only(
    client: Client,
    certificate: Certificate,
    tree: CountyTree,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = reverse("certificates:mine")
    assert client.get(url).status_code == 302
    client.force_login(CadreFactory(unit=tree.village))
    assert certificate.serial not in client.get(url).content.decode()
    client.force_login(certificate.person)
    with django_assert_max_num_queries(12):
        page = client.get(url).content.decode()
    assert reverse("certificates:pdf", args=[certificate.serial]) in page


@pytest.mark.parametrize("name", ["certificates:replace", "certificates:revoke"])
def test_only_the_county_and_above_in_scope_may_end(
    client: Client, certificate: Certificate, tree: CountyTree, name: str
) -> None:
    url = reverse(name, args=[certificate.serial])
    assert client.get(url).status_code == 302
    client.force_login(certificate.person)
    assert client.post(url, {"reason": "误"}).status_code == 403
    staff(client, tree.township, "TOWNSHIP")
    assert client.post(url, {"reason": "误"}).status_code == 403
    # County staff of another place: the scope's unit decides.
    staff(client, tree.other_township, "COUNTY")
    assert client.post(url, {"reason": "误"}).status_code == 404
    staff(client, tree.county, "COUNTY")
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "x" * 301}).status_code == 422
    certificate.refresh_from_db()
    assert certificate.status == "VALID"
    assert client.post(url, {"reason": "名单有误"}).status_code == 302
    certificate.refresh_from_db()
    assert certificate.status != "VALID"


@pytest.mark.parametrize("action", ["replace", "revoke"])
def test_ending_leads_to_a_page_that_says_what_happened_with_the_files_and_the_person(
    client: Client, certificate: Certificate, tree: CountyTree, action: str
) -> None:
    staff(client, tree.county, "COUNTY")
    url = reverse(f"certificates:{action}", args=[certificate.serial])
    before = client.get(url).content.decode()
    assert before.count("原因") == 1
    page = client.post(url, {"reason": "名单有误"}, follow=True).content.decode()
    assert {"replace": "这张证书已换发", "revoke": "这张证书已撤销"}[action] in page
    assert 'name="reason"' not in page
    for shown in (before, page):
        assert reverse("desk:person", args=[certificate.person_id]) in shown
        assert reverse("certificates:pdf", args=[certificate.serial]) in shown
    for successor in Certificate.objects.filter(replaces=certificate):
        assert reverse("certificates:pdf", args=[successor.serial]) in page


def test_ending_what_cannot_be_ended_is_a_conflict(
    client: Client, certificate: Certificate, tree: CountyTree
) -> None:
    officer = staff(client, tree.county, "COUNTY")
    (entry,) = HoursEntry.objects.all()
    correct(entry=entry, worth=Worth(Decimal(10)), reason="误", by=officer, at=AT)
    url = reverse("certificates:replace", args=[certificate.serial])
    assert client.post(url, {"reason": "更正"}).status_code == 409
    correct(entry=entry, worth=Worth(Decimal(52)), reason="无误", by=officer, at=AT)
    actions.replace(certificate=certificate, reason="更正", by=officer, at=AT)
    url = reverse("certificates:revoke", args=[certificate.serial])
    assert client.post(url, {"reason": "误"}).status_code == 409


def test_contradicted_certificates_are_listed_in_scope(
    client: Client,
    certificate: Certificate,
    tree: CountyTree,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = reverse("certificates:contradicted")
    client.force_login(certificate.person)
    assert client.get(url).status_code == 403
    Obligation.objects.update(is_met=False, met_on=None)
    staff(client, tree.other_township, "TOWNSHIP")
    assert certificate.serial not in client.get(url).content.decode()
    staff(client, tree.township, "TOWNSHIP")
    with django_assert_max_num_queries(12):
        page = client.get(url).content.decode()
    assert certificate.serial in page
    assert f'<a href="{reverse("desk:person", args=[certificate.person_id])}">李秀兰</a>' in page
    assert re.findall(r'<td class="n[^>]*>([^< ]+)', page) == ["52", "52", "50"]
