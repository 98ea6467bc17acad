"""Issued once, frozen, replaced or revoked with a reason; numbers follow without gaps."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditLine, Cadre, Post, Unit
from lms.certificates import actions
from lms.certificates.digest import digest_of
from lms.certificates.models import Certificate, CertificateStatus
from lms.certificates.serials import check_character, is_well_formed, serial_of, tidy
from lms.certificates.tasks import issue_met, sweep, sweep_daily
from lms.hours.actions import Worth, correct
from lms.hours.models import EntryKind, HoursEntry, HoursRule, Ledger
from lms.jobs.models import Job
from lms.jobs.registry import Work
from lms.obligations.actions import refresh, refresh_changed
from lms.obligations.models import Obligation, Requirement
from tests.factories import PostFactory, StaffFactory, UnitFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, earn, secretary, standing, under_the_defaults

LATER = AT + timedelta(days=3)


@pytest.fixture
def tree(db: None) -> CountyTree:
    return under_the_defaults()


def met(tree: CountyTree, **fields: object) -> Obligation:
    person = secretary(tree, **fields)
    earn(person, 52)
    return standing(person, "online")


def issued(tree: CountyTree, **fields: object) -> Certificate:
    return actions.issue(obligation=met(tree, **fields), at=AT)


def county_officer(tree: CountyTree) -> Cadre:
    return StaffFactory(unit=tree.county, role="COUNTY").person


def taken_back(by: Cadre, *, hours: int = 40) -> None:
    """The one line corrected; no refresh has followed yet."""
    (entry,) = HoursEntry.objects.grants()
    correct(entry=entry, worth=Worth(Decimal(hours)), reason="误", by=by, at=AT)


def test_snapshot_says_everything_that_is_printed(tree: CountyTree) -> None:
    Requirement.objects.filter(slug="online").update(document="晋组发〔2026〕3号")
    person = secretary(tree, name="李䶮", identity_last4="0624", identity_hash="h", identity_cipher=b"c")
    PostFactory(person=person, unit=tree.village, role="DIRECTOR", from_on=date(2026, 1, 1))
    earn(person, "52.5")
    certificate = actions.issue(obligation=standing(person, "online"), at=AT)
    shown = certificate.snapshot
    assert (shown["name"], shown["id_last_four"]) == ("李䶮", "0624")
    assert shown["unit_path"] == ["山西省", "晋中市", "平遥县", "古陶镇", "东城村"]
    assert len(shown["role_names"]) == 2
    assert (shown["obligation_name"], shown["document"]) == ("网络自学", "晋组发〔2026〕3号")
    assert (shown["starts_on"], shown["due_on"]) == ("2026-01-01", "2026-12-31")
    assert (shown["met_on"], shown["issued_on"]) == ("2026-03-20", "2026-06-01")
    assert (shown["required"], shown["earned"]) == ("50", "52.5")
    assert [line["earned"] for line in shown["ledgers"]] == ["52.5"]
    assert shown["rule_versions"] == [f"山西省 {HoursRule.objects.get().version}"]
    assert shown["issuer"] == "平遥县"
    assert shown["serial"] == certificate.serial
    assert certificate.digest == digest_of(shown)
    assert certificate.is_intact
    assert re.fullmatch(r"[0-9a-f]{32}", certificate.token)


def test_worked_case_12_certificate_names_both_rule_versions(tree: CountyTree) -> None:
    old = HoursRule.objects.get()
    new = HoursRule.objects.get(pk=old.pk)
    new.pk, new.version, new.valid_from = None, "2026-七月", date(2026, 7, 1)
    new.save(force_insert=True)
    person = secretary(tree)
    earn(person, 30, on=date(2026, 6, 30))
    earn(person, 25, on=date(2026, 7, 1))
    assert sorted(HoursEntry.objects.values_list("rule__version", flat=True)) == sorted(
        [old.version, "2026-七月"]
    )
    certificate = actions.issue(obligation=standing(person, "online"), at=LATER)
    assert certificate.snapshot["rule_versions"] == [f"山西省 {old.version}", "山西省 2026-七月"]


def test_each_ledger_stands_beside_the_other(tree: CountyTree) -> None:
    person = secretary(tree, is_party_member=True)
    earn(person, 30, ledger=Ledger.CONCENTRATED, kind=EntryKind.CLASS, days=5)
    earn(person, 12, ledger=Ledger.COLLECTIVE)
    shown = actions.issue(obligation=standing(person, "party"), at=AT).snapshot
    assert [line["earned"] for line in shown["ledgers"]] == ["30", "12"]
    assert shown["earned"] == "42"


def test_issuing_again_changes_nothing(tree: CountyTree) -> None:
    row = met(tree)
    first = actions.issue(obligation=row, at=AT)
    again = actions.issue(obligation=row, at=LATER)
    assert (again.pk, again.issued_at, again.snapshot) == (first.pk, AT, first.snapshot)
    assert Certificate.objects.count() == 1


def test_what_is_not_met_or_not_certified_is_not_issued(tree: CountyTree) -> None:
    person = secretary(tree)
    with pytest.raises(actions.NotMet):
        actions.issue(obligation=standing(person, "online"), at=AT)
    Requirement.objects.filter(slug="online").update(has_certificate=False)
    with pytest.raises(actions.NotCertified):
        actions.issue(obligation=met(tree), at=AT)
    assert not Certificate.objects.exists()


def test_correction_that_no_refresh_has_followed_yet_is_not_certified(tree: CountyTree) -> None:
    row = met(tree)
    taken_back(county_officer(tree))
    with pytest.raises(actions.NotMet):
        actions.issue(obligation=row, at=AT)
    issue_met(AT)
    assert not Certificate.objects.exists()


def test_figure_and_grounds_agree_however_old_the_row_was(tree: CountyTree) -> None:
    row = met(tree)
    officer = county_officer(tree)
    taken_back(officer, hours=51)
    old = actions.issue(obligation=row, at=AT)
    (entry,) = HoursEntry.objects.grants()
    correct(entry=entry, worth=Worth(Decimal("50.5")), reason="误", by=officer, at=AT)
    new = actions.replace(certificate=old, reason="更正", by=officer, at=LATER)
    for certificate, earned in ((old, "51"), (new, "50.5")):
        shown = certificate.snapshot
        assert (shown["earned"], [line["earned"] for line in shown["ledgers"]]) == (earned, [earned])


def test_replacement_keeps_the_posts_of_the_day_of_issue(tree: CountyTree) -> None:
    old = issued(tree)
    PostFactory(person=old.person, unit=tree.village, role="DIRECTOR", from_on=AT.date())
    both = actions.replace(certificate=old, reason="漏了职务", by=county_officer(tree), at=AT)
    Post.objects.update(to_on=AT.date())
    new = actions.replace(certificate=both, reason="姓名更正", by=county_officer(tree), at=LATER)
    assert old.snapshot["role_names"] == ["村党组织书记"]
    assert new.snapshot["role_names"] == both.snapshot["role_names"] == ["村党组织书记", "村（居）委会主任"]


def test_later_correction_leaves_the_certificate_and_lists_it_for_staff(tree: CountyTree) -> None:
    certificate = issued(tree)
    before = certificate.snapshot
    (entry,) = HoursEntry.objects.all()
    correct(entry=entry, worth=Worth(Decimal(10)), reason="误", by=county_officer(tree), at=AT)
    assert not Certificate.objects.contradicted().exists()
    standing(certificate.person, "online", at=LATER)
    certificate.refresh_from_db()
    assert (certificate.snapshot, certificate.status) == (before, "VALID")
    assert list(Certificate.objects.contradicted()) == [certificate]


def test_renamed_unit_and_new_name_do_not_reach_an_issued_certificate(tree: CountyTree) -> None:
    certificate = issued(tree, name="王小二")
    Unit.objects.filter(pk=tree.village.pk).update(name="新城社区")
    Cadre.objects.filter(pk=certificate.person_id).update(name="王晓贰")
    certificate.refresh_from_db()
    assert (certificate.snapshot["name"], certificate.snapshot["unit_path"][-1]) == ("王小二", "东城村")
    assert certificate.is_intact


def test_replacement_says_the_new_name_and_the_old_one_points_to_it(tree: CountyTree) -> None:
    old = issued(tree, name="王小二")
    officer = county_officer(tree)
    Cadre.objects.filter(pk=old.person_id).update(name="王晓贰")
    new = actions.replace(certificate=old, reason="姓名用字更正", by=officer, at=LATER)
    again = actions.replace(certificate=old, reason="再来一次", by=officer, at=LATER)
    old.refresh_from_db()
    assert again == new
    assert (new.snapshot["name"], new.status, new.replaces) == ("王晓贰", "VALID", old)
    assert (old.status, old.ended_at, old.ended_by, old.reason) == (
        "REPLACED",
        LATER,
        officer,
        "姓名用字更正",
    )
    assert old.serial != new.serial
    assert actions.issue(obligation=new.obligation, at=LATER) == new
    assert AuditLine.objects.filter(action="certificates.replace").count() == 1


def test_revoked_once_and_a_successor_may_follow(tree: CountyTree) -> None:
    certificate = issued(tree)
    officer = county_officer(tree)
    for _ in range(2):
        actions.revoke(certificate=certificate, reason="名单有误", by=officer, at=LATER)
    assert AuditLine.objects.filter(action="certificates.revoke").count() == 1
    successor = actions.replace(certificate=certificate, reason="查实无误,补发", by=officer, at=LATER)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.reason) == ("REVOKED", "名单有误")
    assert successor.status == CertificateStatus.VALID


def test_replaced_is_not_revoked_unmet_is_not_replaced_and_a_reason_is_needed(tree: CountyTree) -> None:
    certificate = issued(tree)
    officer = county_officer(tree)
    for action in (actions.replace, actions.revoke):
        with pytest.raises(actions.NoReason):
            action(certificate=certificate, reason=" ", by=officer, at=LATER)
    successor = actions.replace(certificate=certificate, reason="更正", by=officer, at=LATER)
    with pytest.raises(actions.WasReplaced):
        actions.revoke(certificate=certificate, reason="误", by=officer, at=LATER)
    taken_back(officer)
    with pytest.raises(actions.NotMet):
        actions.replace(certificate=successor, reason="更正", by=officer, at=LATER)
    successor.refresh_from_db()
    assert successor.status == "VALID"


def test_numbers_follow_each_other_within_county_and_year(tree: CountyTree) -> None:
    serials = [issued(tree).serial for _ in range(3)]
    assert [serial[:-2] for serial in serials] == [f"XX-140728-2026-00000{n}" for n in (1, 2, 3)]
    new_year = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert actions.issue(obligation=met(tree), at=new_year).serial.startswith("XX-140728-2027-000001-")
    other = UnitFactory(code="140729100201", name="外县村", level="VILLAGE")
    UnitFactory(code="140729000000", name="灵石县")
    person = secretary(tree)
    person.posts.update(unit=other)
    earn(person, 60)
    elsewhere = actions.issue(obligation=standing(person, "online"), at=AT)
    assert (elsewhere.serial[:14], elsewhere.snapshot["issuer"]) == ("XX-140729-2026", "灵石县")


def test_number_that_was_not_used_is_used_next(tree: CountyTree) -> None:
    row = met(tree)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        [actions.issue(obligation=row, at=AT), 1 // 0]
    assert actions.issue(obligation=row, at=AT).serial.startswith("XX-140728-2026-000001-")


def test_batch_is_written_in_few_queries(tree: CountyTree) -> None:
    rows = [met(tree).pk for _ in range(8)]
    with CaptureQueriesContext(connection) as queries:
        actions.issue_all(rows, at=AT)
    assert Certificate.objects.count() == 8
    assert len(queries) <= 8 + 25


def test_ticks_issue_what_was_met_lately_and_the_sweep_the_rest(tree: CountyTree) -> None:
    met(tree)
    forgotten = met(tree)
    Obligation.objects.filter(pk=forgotten.pk).update(refreshed_at=AT - timedelta(days=1))
    issue_met(AT + timedelta(minutes=1))
    issue_met(AT + timedelta(minutes=2))
    assert Certificate.objects.count() == 1
    sweep_daily(AT)
    sweep_daily(AT)
    assert Job.objects.count() == 1
    assert sweep(Work({}, AT)) == {"issued": 1}
    assert sweep(Work({}, AT)) == {"issued": 0}


def test_what_was_met_before_midnight_and_read_after_it_is_issued_at_once(tree: CountyTree) -> None:
    person = secretary(tree)
    refresh([person.pk], at=AT)
    earn(person, 52, on=date(2026, 12, 31))
    morning = datetime(2027, 1, 1, 1, tzinfo=UTC)
    refresh_changed(at=morning)
    issue_met(morning)
    assert Certificate.objects.get().snapshot["due_on"] == "2026-12-31"


def test_database_refuses_a_second_first_certificate_and_an_end_without_a_reason(tree: CountyTree) -> None:
    certificate = issued(tree)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(status="REVOKED")
    certificate.pk, certificate.serial, certificate.token = None, "other", "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)


@given(st.integers(1, 10**7), st.integers(0, 30), st.integers(0, 9))
def test_one_wrong_digit_or_two_exchanged_never_look_right(number: int, place: int, digit: int) -> None:
    serial = serial_of("140728", 2026, number)
    assert is_well_formed(serial)
    places = [index for index, sign in enumerate(serial[:-1]) if sign.isdigit()]
    index = places[place % len(places)]
    wrong = serial[:index] + str(digit) + serial[index + 1 :]
    assert is_well_formed(wrong) is (wrong == serial)
    if index + 1 in places:
        swapped = serial[:index] + serial[index + 1] + serial[index] + serial[index + 2 :]
        assert is_well_formed(swapped) is (swapped == serial)


def test_check_character_is_that_of_the_identity_number() -> None:
    assert check_character("11010519491231002") == "X"
    assert tidy(" ｘｘ—140728-2026- 000123-x ") == "XX-140728-2026-000123-X"


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_digest_does_not_depend_on_the_order_of_keys(values: dict[str, str]) -> None:
    assert digest_of(values) == digest_of(dict(reversed(values.items())))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_issuing_gives_one_certificate_each_and_numbers_without_gaps() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")
    tree = under_the_defaults()
    rows = [met(tree) for _ in range(6)]

    def work(order: list[Obligation]) -> None:
        try:
            for row in order:
                actions.issue(obligation=row, at=AT)
            actions.issue_all([row.pk for row in rows], at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, order) for order in (rows, rows[::-1], rows[3:], rows[::2])]:
            done.result(timeout=60)
    numbers = sorted(
        int(serial.split("-")[3]) for serial in Certificate.objects.values_list("serial", flat=True)
    )
    assert numbers == [1, 2, 3, 4, 5, 6]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_replacing_and_revoking_gives_one_end() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")
    tree = under_the_defaults()
    certificate = issued(tree)
    officer = county_officer(tree)

    def work(action: object) -> None:
        try:
            action(certificate=certificate, reason="更正", by=officer, at=LATER)
        except actions.WasReplaced:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, action) for action in (actions.replace, actions.revoke) * 2]:
            done.result(timeout=60)
    assert Certificate.objects.filter(status="VALID").count() == 1
    assert Certificate.objects.count() == 2
