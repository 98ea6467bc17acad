"""Certificates of classes: for everybody who finished, once, and another one after another closing."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from pypdf import PdfReader

from accounts.models import Cadre, StaffRole
from lms.certificates import actions
from lms.certificates.actions import certify_class
from lms.certificates.digest import digest_of
from lms.certificates.models import Certificate, CertificateStatus
from lms.certificates.tasks import issue_classes, sweep
from lms.hours.actions import Worth, correct
from lms.hours.models import HoursEntry, Ledger
from lms.jobs.registry import Work
from lms.training.classes.actions import ClassFacts, close_class, record_class, reopen_class
from lms.training.classes.models import ClassKind, MarkHow
from tests.factories import Held, PostFactory, StaffFactory, class_with
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def held() -> Held:
    """Five days; of three people one missed a half-day and one was out."""
    held = class_with(people=3)
    late, out, _whole = held.people
    held.tick_all(but={late: [0], out: [0, 1, 2]})
    close_class(training_class=held.training_class, by=held.organiser, at=held.ends_at + HOUR)
    return held


def certify(held: Held, *, after: timedelta = 2 * HOUR) -> list[Certificate]:
    return certify_class(training_class=held.training_class, at=held.ends_at + after)


def put_right(held: Held, person: Cadre, half_days: list[int], *, is_present: bool, after: timedelta) -> None:
    """Reopen the class, change some marks of somebody, and close it again."""
    at = held.ends_at + after
    reopen_class(training_class=held.training_class, reason="李秀兰病假补记", by=held.organiser, at=at)
    for number in half_days:
        held.tick(
            person, number, is_present=is_present, marked_at=at, at=at, how=MarkHow.CORRECTION, reason="核实"
        )
    close_class(training_class=held.training_class, by=held.organiser, at=at + HOUR)


def of(person: Cadre) -> list[Certificate]:
    return list(Certificate.objects.of(person.pk).order_by("pk"))


def test_everybody_who_finished_gets_one_and_who_is_out_none(held: Held) -> None:
    late, out, whole = held.people
    assert {certificate.person for certificate in certify(held)} == {late, whole}
    assert certify(held, after=3 * HOUR) == []
    assert of(out) == []


def test_snapshot_says_everything_that_is_printed() -> None:
    held = class_with(people=1, kind=ClassKind.ROTATION)
    (person,) = held.people
    PostFactory(person=person, unit=held.tree.village)
    held.tick_all(but={person: [0]})
    close_class(training_class=held.training_class, by=held.organiser, at=held.ends_at)
    (certificate,) = certify(held)
    shown = certificate.snapshot
    assert shown["unit_path"] == ["山西省", "晋中市", "平遥县", "古陶镇", "东城村"]
    assert (shown["class_title"], shown["organiser"], shown["issuer"]) == ("春季集中培训", "古陶镇", "古陶镇")
    assert (shown["starts_on"], shown["ends_on"]) == ("2026-05-11", "2026-05-15")
    assert (shown["days"], shown["hours"]) == ("5", "30")
    assert (shown["days_earned"], shown["hours_earned"]) == ("4.5", "27")
    assert (shown["role_names"], len(shown["rule_versions"])) == (["村党组织书记"], 1)
    assert (shown["serial"], certificate.serial[:14]) == (certificate.serial, "XX-140728-2026")
    assert certificate.digest == digest_of(shown)
    assert certificate.subject == "春季集中培训"


def test_reopening_that_changes_a_figure_replaces_and_never_re_dates(held: Held) -> None:
    late, _out, whole = held.people
    certify(held)
    before = of(late)[0]
    put_right(held, late, [0], is_present=True, after=24 * HOUR)
    certify(held, after=26 * HOUR)
    old, new = of(late)
    assert (old.snapshot, old.issued_at, old.status) == (before.snapshot, before.issued_at, "REPLACED")
    assert "李秀兰" not in old.reason
    assert (new.replaces, new.snapshot["hours_earned"], new.status) == (old, "30", "VALID")
    assert [each.status for each in of(whole)] == ["VALID"]
    assert certify(held, after=27 * HOUR) == []


def test_reopening_that_puts_somebody_out_withdraws_and_another_gives_again(held: Held) -> None:
    late, _out, _whole = held.people
    certify(held)
    put_right(held, late, [1, 2], is_present=False, after=24 * HOUR)
    assert certify(held, after=26 * HOUR) == []
    assert [each.status for each in of(late)] == ["REVOKED"]
    put_right(held, late, [1, 2], is_present=True, after=48 * HOUR)
    certify(held, after=50 * HOUR)
    old, new = of(late)
    assert (old.status, new.status, new.replaces) == ("REVOKED", "VALID", old)


def test_what_staff_revoked_stays_revoked_when_the_class_is_closed_again(held: Held) -> None:
    _late, out, whole = held.people
    certify(held)
    actions.revoke(certificate=of(whole)[0], reason="冒名", by=held.organiser, at=held.ends_at + 3 * HOUR)
    put_right(held, out, [0, 1], is_present=True, after=24 * HOUR)
    assert [each.person for each in certify(held, after=26 * HOUR)] == [out]
    assert [each.status for each in of(whole)] == ["REVOKED"]


def test_an_open_class_is_certified_to_nobody(held: Held) -> None:
    certify(held)
    late = held.people[0]
    at = held.ends_at + 4 * HOUR
    reopen_class(training_class=held.training_class, reason="补记", by=held.organiser, at=at)
    assert certify(held, after=5 * HOUR) == []
    assert [each.status for each in of(late)] == ["VALID"]


def test_a_correction_of_the_line_takes_nothing_back_and_is_listed(held: Held, client: Client) -> None:
    late = held.people[0]
    certify(held)
    assert not Certificate.objects.contradicted().exists()
    line = HoursEntry.objects.of(late.pk).grants().get()
    correct(
        entry=line, worth=Worth(Decimal(24), Decimal(4), 1), reason="误", by=held.organiser, at=held.ends_at
    )
    assert list(Certificate.objects.contradicted()) == of(late)
    assert certify(held, after=9 * HOUR) == []
    county = StaffFactory(unit=held.tree.county, role=StaffRole.COUNTY).person
    client.force_login(county)
    assert of(late)[0].serial in client.get("/certificates/contradicted/").content.decode()
    page = client.get(f"/certificates/{of(late)[0].serial}/replace/")
    assert page.context["is_contradicted"]
    assert client.post(f"/certificates/{of(late)[0].serial}/replace/", {"reason": "更正"}).status_code == 302
    assert of(late)[1].snapshot["hours_earned"] == "24"
    correct(entry=line, worth=Worth(Decimal(0)), reason="误", by=held.organiser, at=held.ends_at)
    response = client.post(f"/certificates/{of(late)[1].serial}/replace/", {"reason": "更正"})
    assert (response.status_code, len(of(late))) == (409, 2)


def test_jobs_find_what_was_closed_lately_and_the_sweep_what_was_missed(held: Held) -> None:
    issue_classes(held.ends_at + 3 * HOUR)
    assert not Certificate.objects.exists()
    issue_classes(held.ends_at + HOUR + timedelta(minutes=1))
    issue_classes(held.ends_at + HOUR + timedelta(minutes=2))
    assert Certificate.objects.count() == 2
    put_right(held, held.people[0], [0], is_present=True, after=24 * HOUR)
    assert sweep(Work(args={}, at=held.ends_at + 99 * HOUR))["issued"] == 1
    assert sweep(Work(args={}, at=held.ends_at + 99 * HOUR))["issued"] == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_certifying_at_once_certifies_once(held: Held) -> None:
    at_once([partial(certify, held)] * 5)
    assert Certificate.objects.count() == 2


def test_the_database_lets_a_class_be_certified_once_and_nothing_be_certified_by_two(held: Held) -> None:
    certify(held)
    first = of(held.people[0])[0]
    values = {"person": first.person, "snapshot": {}, "digest": "", "issued_at": first.issued_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(**values, training_class=first.training_class, serial="x", token="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(**values, serial="x", token="x")


def test_learner_sees_it_anybody_verifies_it_field_by_field_and_the_sheet_says_it(
    held: Held, client: Client
) -> None:
    late = held.people[0]
    with time_machine.travel(held.ends_at + 3 * HOUR, tick=False):
        certify(held)
        (certificate,) = of(late)
        public = client.get(f"/certificates/verify/{certificate.token}/").content.decode()
        for value in ("春季集中培训", "古陶镇", late.name, certificate.serial, "27", "4.5", "集中培训"):
            assert value in public
        client.force_login(late)
        for page in ("/", "/me/", "/certificates/"):
            assert "春季集中培训" in client.get(page).content.decode()
        file = client.get(f"/certificates/{certificate.serial}.pdf")
        client.force_login(StaffFactory(unit=held.tree.county, role=StaffRole.COUNTY).person)
        assert "春季集中培训" in client.get(f"/desk/people/{late.pk}/").content.decode()
    (sheet,) = PdfReader(BytesIO(file.content)).pages
    text = "".join(sheet.extract_text().split())
    for value in ("春季集中培训", late.name, "27", "4.5"):
        assert value in text
    assert CertificateStatus(certificate.status) == CertificateStatus.VALID


def test_jobs_certify_no_class_that_was_recorded_without_a_roll(held: Held) -> None:
    facts = ClassFacts(
        title="外出培训", organiser="县委党校", unit=held.tree.township, kind=ClassKind.ORDINARY,
        ledger=Ledger.CONCENTRATED, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 2), days=Decimal(2),
        hours=Decimal(12),
    )  # fmt: skip
    at = held.ends_at + timedelta(days=40)
    record_class(facts=facts, absent={held.people[0]: 0}, by=held.organiser, at=at)
    issue_classes(at)
    assert not Certificate.objects.exists()
