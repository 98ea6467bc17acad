"""Filing, withdrawing and deciding: each promise, each refusal, twice in a row, and random sequences."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import transfer
from accounts.models import AuditLine, Cadre, StaffRole
from lms.hours.actions import Worth, correct, freeze_year
from lms.hours.models import EntryKind, HoursEntry, HoursRule
from lms.hours.rules import NoRule
from lms.training.claims.actions import (
    AlreadyDecided,
    Impossible,
    MoreThanAsked,
    NoEvidence,
    NotSecond,
    NotTheirs,
    OutOfScope,
    ReasonMissing,
    TooMany,
    approve,
    file_claim,
    refuse,
    withdraw,
)
from lms.training.claims.models import Claim, ClaimStatus, Evidence
from tests.factories import CadreFactory, StaffFactory
from tests.lms.training.claims.made import AT, PDF, Town, claim_of, facts, proof, town
from tests.rules import examples

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
DECIDED = {"decided_at": AT, "decided_by": "clerk"}


@pytest.fixture
def at(db: None) -> Town:
    return town()


def yes(claim: Claim, by: Cadre, hours: str = "18", days: str = "3", reason: str = "") -> HoursEntry:
    return approve(claim=claim, hours=Decimal(hours), days=Decimal(days), reason=reason, by=by, at=LATER)


def stored() -> list[str]:
    try:
        return default_storage.listdir("claims/2026")[1]
    except FileNotFoundError:
        return []


# --- filing ------------------------------------------------------------------------------------------
def test_a_claim_is_filed_with_its_evidence(at: Town) -> None:
    claim = claim_of(at.cadre)
    (file,) = Evidence.objects.for_claim(claim)
    kept = proof()
    assert (file.name, file.size_bytes, file.sha256) == ("结业证.jpg", len(kept.content), kept.digest)
    assert default_storage.open(file.file).read() == kept.content
    assert file.file.startswith("claims/2026/")
    assert "结业" not in file.file
    assert claim.status == ClaimStatus.FILED
    assert AuditLine.objects.filter(action="claim.file", person=at.cadre, by=at.cadre).exists()


def test_a_form_sent_twice_is_one_claim(at: Town) -> None:
    key = str(uuid4())
    same = [
        file_claim(person=at.cadre, facts=facts(), proofs=[proof()], by=at.cadre, at=AT, key=key)
        for _ in range(2)
    ]
    assert same[0] == same[1]
    assert (Claim.objects.count(), Evidence.objects.count(), len(stored())) == (1, 1, 1)


def test_without_evidence_nothing_is_filed(at: Town) -> None:
    for proofs in ([], [proof()] * 6):
        with pytest.raises(NoEvidence):
            file_claim(person=at.cadre, facts=facts(), proofs=proofs, by=at.cadre, at=AT, key="k")
    assert not Claim.objects.exists()
    assert not stored()


def test_what_nobody_could_have_earned_is_not_filed(at: Town) -> None:
    with pytest.raises(Impossible) as refused:
        claim_of(at.cadre, ends_on=date(2026, 6, 2))
    assert [problem.code for problem in refused.value.problems] == ["future"]
    assert not stored()


def test_today_is_shanghais_day(at: Town) -> None:
    evening = datetime.fromisoformat("2026-06-01T16:30:00+00:00")  # the second of June there
    assert claim_of(
        at.cadre,
        at=evening,
        starts_on=date(2026, 6, 2),
        ends_on=date(2026, 6, 2),
        days=Decimal(1),
        hours=Decimal(6),
    )


def test_staff_file_for_their_own_people_only(at: Town) -> None:
    assert claim_of(at.cadre, by=at.clerk).filed_by == at.clerk
    for stranger in (
        at.neighbour,
        at.cadre,
        StaffFactory(unit=at.tree.township, role=StaffRole.AUDITOR).person,
    ):
        with pytest.raises(OutOfScope):
            claim_of(CadreFactory(unit=at.tree.other_village), by=stranger)


def test_nobody_files_claims_without_end(at: Town) -> None:
    for day in range(20):
        claim_of(at.cadre, starts_on=date(2026, 1, 1 + day), ends_on=date(2026, 1, 3 + day))
    with pytest.raises(TooMany):
        claim_of(at.cadre)
    assert claim_of(at.cadre, at=AT + timedelta(days=1, seconds=1))
    assert claim_of(at.cadre, by=at.clerk)


def test_of_two_forms_at_once_only_one_is_the_last_of_the_day(
    at: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(19):
        claim_of(at.cadre, starts_on=date(2026, 1, 1 + day), ends_on=date(2026, 1, 3 + day))

    def wait(pk: int) -> None:
        """The other form was written while this one waited for the person's lock."""
        monkeypatch.undo()
        claim_of(at.cadre)

    monkeypatch.setattr("lms.training.claims.actions.claims.lock", wait)
    with pytest.raises(TooMany):
        claim_of(at.cadre)


def test_files_go_when_the_claim_cannot_be_written(at: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        assert stored()
        raise OSError

    monkeypatch.setattr("lms.training.claims.actions.claims.note", fail)
    with pytest.raises(OSError):  # noqa: PT011  # whatever goes wrong
        claim_of(at.cadre)
    assert not stored()
    assert not Claim.objects.exists()


# --- deciding ----------------------------------------------------------------------------------------
def test_a_second_person_grants_one_line(at: Town) -> None:
    entry = yes(claim := claim_of(at.cadre), at.clerk)
    claim.refresh_from_db()
    assert (claim.status, claim.decided_by, claim.decided_at) == ("APPROVED", at.clerk, LATER)
    assert (entry.source, entry.kind, entry.ledger) == (claim.source, EntryKind.CLAIM, claim.ledger)
    assert (entry.hours, entry.days, entry.times, entry.by) == (18, 3, 0, at.clerk)
    assert (str(entry.earned_on), entry.year, entry.unit) == ("2026-03-04", 2026, at.tree.village)
    assert entry.earned_at == datetime.fromisoformat("2026-03-04T23:59:59+08:00")


def test_the_same_yes_twice_is_one_and_another_is_refused(at: Town) -> None:
    claim = claim_of(at.cadre)
    assert yes(claim, at.clerk) == yes(claim, at.clerk)
    for by, hours in ((at.colleague, "18"), (at.clerk, "12")):
        with pytest.raises(AlreadyDecided):
            yes(claim, by, hours, reason="少记")
    assert HoursEntry.objects.count() == 1


@pytest.mark.parametrize("filer", ["cadre", "clerk"])
def test_neither_filer_nor_claimant_decides(at: Town, filer: str) -> None:
    claim = claim_of(at.clerk if filer == "clerk" else at.cadre, by=at.clerk)
    for by in (at.clerk, claim.person):
        with pytest.raises((NotSecond, OutOfScope)):
            yes(claim, by)
        with pytest.raises((NotSecond, OutOfScope)):
            refuse(claim=claim, reason="x", by=by, at=LATER)
    assert yes(claim, at.colleague)


def test_a_claimant_who_is_staff_does_not_decide_what_a_colleague_filed(at: Town) -> None:
    claim = claim_of(at.clerk, by=at.colleague)
    with pytest.raises(NotSecond):
        yes(claim, at.clerk)
    assert yes(claim, at.county)


@pytest.mark.parametrize("by", ["neighbour", "auditor", "keeper"])
def test_only_those_who_keep_the_record_decide(at: Town, by: str) -> None:
    roles = {"auditor": StaffRole.AUDITOR, "keeper": StaffRole.STATION}
    decider = (
        at.neighbour if by == "neighbour" else StaffFactory(unit=at.tree.township, role=roles[by]).person
    )
    claim = claim_of(at.cadre)
    with pytest.raises(OutOfScope):
        yes(claim, decider)
    with pytest.raises(OutOfScope):
        refuse(claim=claim, reason="x", by=decider, at=LATER)


def test_the_present_township_decides_after_a_move(at: Town) -> None:
    claim = claim_of(at.cadre)
    transfer(person=at.cadre, unit=at.tree.far_village, by=at.county, on=AT.date(), at=AT)
    with pytest.raises(OutOfScope):
        yes(claim, at.clerk)
    assert yes(claim, at.neighbour)


def test_a_closed_account_is_still_decided(at: Town) -> None:
    claim = claim_of(at.cadre)
    Cadre.objects.filter(pk=at.cadre.pk).update(is_active=False)
    assert yes(claim, at.clerk)


def test_less_is_granted_with_a_reason_and_never_more(at: Town) -> None:
    claim = claim_of(at.cadre)
    for hours, days in (("18.5", "3"), ("18", "3.5")):
        with pytest.raises(MoreThanAsked):
            yes(claim, at.clerk, hours, days, "多记")
    with pytest.raises(ReasonMissing):
        yes(claim, at.clerk, "12", "2")
    for hours, days in (("0", "0"), ("18", "1"), ("-1", "0"), ("1", "0.3")):
        with pytest.raises(Impossible):
            yes(claim, at.clerk, hours, days, "少记")
    assert not HoursEntry.objects.exists()
    entry = yes(claim, at.clerk, "12", "2", "缺一天")
    assert (entry.hours, entry.days) == (12, 2)
    claim.refresh_from_db()
    assert (claim.hours_granted, claim.days_granted, claim.reason) == (12, 2, "缺一天")


def test_without_a_rule_nothing_is_decided(at: Town) -> None:
    claim = claim_of(at.cadre)
    HoursRule.objects.update(valid_from=date(2026, 5, 1))
    with pytest.raises(NoRule):
        yes(claim, at.clerk)
    claim.refresh_from_db()
    assert claim.is_waiting


def test_a_frozen_year_keeps_the_line_waiting(at: Town) -> None:
    claim = claim_of(at.cadre, starts_on=date(2025, 12, 1), ends_on=date(2025, 12, 3))
    freeze_year(unit=at.tree.county, year=2025, by=at.county, at=AT)
    entry = yes(claim, at.clerk)
    assert list(HoursEntry.objects.waiting()) == [entry]


def test_a_claim_that_was_wrong_is_corrected_in_the_ledger(at: Town) -> None:
    entry = yes(claim_of(at.cadre), at.clerk)
    correct(entry=entry, worth=Worth(Decimal(6), entry.days), reason="证书有误", by=at.county, at=LATER)
    assert HoursEntry.objects.about(entry).total().hours == 6


def test_a_refusal_has_a_reason_and_stands(at: Town) -> None:
    claim = claim_of(at.cadre)
    with pytest.raises(ReasonMissing):
        refuse(claim=claim, reason="", by=at.clerk, at=LATER)
    for _ in range(2):
        assert refuse(claim=claim, reason="看不清", by=at.clerk, at=LATER).status == ClaimStatus.REFUSED
    assert AuditLine.objects.filter(action="claim.refuse").count() == 1
    with pytest.raises(AlreadyDecided):
        yes(claim, at.colleague)
    with pytest.raises(AlreadyDecided):
        refuse(claim=claim, reason="别的", by=at.clerk, at=LATER)


def test_a_claim_is_withdrawn_by_its_person_or_filer_until_it_is_decided(at: Town) -> None:
    claim = claim_of(at.cadre, by=at.clerk)
    for stranger in (at.colleague, at.county):
        with pytest.raises(NotTheirs):
            withdraw(claim=claim, by=stranger, at=LATER)
    for _ in range(2):
        assert withdraw(claim=claim, by=at.cadre, at=LATER).status == ClaimStatus.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        yes(claim, at.colleague)
    decided = claim_of(at.cadre)
    refuse(claim=decided, reason="看不清", by=at.clerk, at=LATER)
    with pytest.raises(AlreadyDecided):
        withdraw(claim=decided, by=at.cadre, at=LATER)
    assert withdraw(claim=claim_of(at.cadre, by=at.clerk), by=at.clerk, at=LATER)


def test_what_is_alike_is_found(at: Town) -> None:
    claim = claim_of(at.cadre)
    days = {"starts_on": date(2026, 3, 4), "ends_on": date(2026, 3, 6)}
    touching = claim_of(at.cadre, title="别的", **days)
    named = claim_of(at.cadre, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 3))
    gone = claim_of(at.cadre)
    withdraw(claim=gone, by=at.cadre, at=LATER)
    claim_of(at.cadre, title="又一个", starts_on=date(2026, 4, 5), ends_on=date(2026, 4, 7))
    claim_of(CadreFactory(unit=at.tree.village))
    assert set(Claim.objects.like(claim)) == {touching, named}


# --- what the database itself refuses ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("claim_ends_after_start", {"ends_on": date(2026, 1, 1)}),
        ("claim_asks_for_something", {"hours_asked": 0}),
        ("claim_decision_names_person_and_moment", {"status": "WITHDRAWN"}),
        ("claim_decision_names_person_and_moment", {"status": "REFUSED", "reason": "x"}),
        ("claim_refused_with_reason", {**DECIDED, "status": "REFUSED"}),
        ("claim_grants_no_more_than_asked", {"hours_granted": 1, "days_granted": 0}),
        (
            "claim_grants_no_more_than_asked",
            {**DECIDED, "status": "APPROVED", "hours_granted": 19, "days_granted": 3},
        ),
        (
            "claim_lowered_with_reason",
            {**DECIDED, "status": "APPROVED", "hours_granted": 17, "days_granted": 3},
        ),
        (
            "claim_decided_by_second_person",
            {"status": "REFUSED", "reason": "x", "decided_at": AT, "decided_by": "cadre"},
        ),
        (
            "claim_decided_by_second_person",
            {"status": "REFUSED", "reason": "x", "decided_at": AT, "decided_by": "colleague"},
        ),
    ],
)  # fmt: skip
def test_constraint_holds_whatever_the_code_does(at: Town, name: str, changes: dict[str, object]) -> None:
    claim = claim_of(at.cadre, by=at.colleague)
    values = {key: getattr(at, value) if key == "decided_by" else value for key, value in changes.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**values)


def test_one_form_and_one_owner_of_evidence(at: Town) -> None:
    claim = claim_of(at.cadre)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim_of(at.cadre).pk).update(key=claim.key)
    for changes in ({"claim": None}, {"size_bytes": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(claim=claim).update(**changes)


# --- random sequences --------------------------------------------------------------------------------
WHO = ("cadre", "clerk", "colleague", "county", "neighbour")
STEPS = st.tuples(
    st.sampled_from(("file", "approve", "approve", "refuse", "withdraw")),
    st.sampled_from(WHO),
    st.sampled_from(("cadre", "clerk")),
    st.integers(0, 5),
    st.sampled_from(("18", "12")),
)
REFUSALS = (AlreadyDecided, NotSecond, NotTheirs, OutOfScope, TooMany)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, max_size=25))
def test_no_sequence_grants_without_a_second_person_or_twice(at: Town, steps: list[tuple]) -> None:
    with transaction.atomic():
        claims: list[Claim] = []
        for number, (verb, who, whose, which, hours) in enumerate(steps):
            by, now = getattr(at, who), AT + timedelta(minutes=number)
            try:
                if verb == "file":
                    claims.append(
                        file_claim(
                            person=getattr(at, whose),
                            facts=facts(),
                            proofs=[proof("证.pdf", PDF)],
                            by=by,
                            at=now,
                            key=f"{which} {len(claims) % 3}",
                        )
                    )
                elif claims:
                    _step(verb, claims[which % len(claims)], Decimal(hours), by, now)
            except REFUSALS:
                continue
        _holds()
        transaction.set_rollback(True)


def _step(verb: str, claim: Claim, hours: Decimal, by: Cadre, at: datetime) -> None:
    if verb == "approve":
        approve(claim=claim, hours=hours, days=Decimal(2), reason="缺一天", by=by, at=at)
    elif verb == "refuse":
        refuse(claim=claim, reason="看不清", by=by, at=at)
    else:
        withdraw(claim=claim, by=by, at=at)


def _holds() -> None:
    """One line for each approved claim and for nothing else, never by filer or claimant."""
    lines = {line.source: line for line in HoursEntry.objects.all()}
    approved = Claim.objects.filter(status=ClaimStatus.APPROVED)
    assert set(lines) == {claim.source for claim in approved}
    assert len(lines) == HoursEntry.objects.count()
    for claim in approved:
        line = lines[claim.source]
        assert (line.person_id, line.hours, line.by_id) == (
            claim.person_id,
            claim.hours_granted,
            claim.decided_by_id,
        )
        assert claim.decided_by_id not in {claim.filed_by_id, claim.person_id}
        assert claim.hours_granted <= claim.hours_asked
    assert not Claim.objects.exclude(evidence__isnull=False).exists()
