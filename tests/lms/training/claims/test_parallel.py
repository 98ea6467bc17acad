"""Two at the same moment: a form sent twice, two approvers, a withdrawal beside a yes, two sheets."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import Cadre
from lms.hours.models import HoursEntry
from lms.training.claims.actions import (
    AlreadyDecided,
    NothingNew,
    WrittenBefore,
    approve,
    approve_sheet,
    file_claim,
    refuse,
    withdraw,
    write_claims,
)
from lms.training.claims.models import Claim, ClaimStatus, Evidence
from tests.factories import CadreFactory
from tests.lms.training.claims.made import AT, Town, batch_of, claim_of, facts, proof, row, town, written
from tests.parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at() -> Town:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")
    return town()


def approving(claim: Claim, by: Cadre) -> Callable[[], str]:
    def work() -> str:
        try:
            approve(claim=claim, hours=Decimal(18), days=Decimal(3), by=by, at=AT)
        except AlreadyDecided:
            return "late"
        return "yes"

    return work


def test_two_approvers_grant_once(at: Town) -> None:
    for _ in range(8):
        claim = claim_of(at.cadre)
        who = [at.clerk, at.colleague, at.county, at.clerk]
        answers = at_once([approving(claim, by) for by in who])
        claim.refresh_from_db()
        assert "late" in answers
        line = HoursEntry.objects.get(source=claim.source)
        assert line.by == claim.decided_by


def test_a_yes_beside_a_no_and_a_withdrawal_leaves_one_of_them(at: Town) -> None:
    def refusing(claim: Claim) -> Callable[[], str]:
        def work() -> str:
            try:
                refuse(claim=claim, reason="看不清", by=at.county, at=AT)
            except AlreadyDecided:
                return "late"
            return "no"

        return work

    def withdrawing(claim: Claim) -> Callable[[], str]:
        def work() -> str:
            try:
                withdraw(claim=claim, by=at.cadre, at=AT)
            except AlreadyDecided:
                return "late"
            return "back"

        return work

    for _ in range(8):
        claim = claim_of(at.cadre)
        answers = at_once([approving(claim, at.clerk), refusing(claim), withdrawing(claim)])
        assert sorted(answers).count("late") == 2
        claim.refresh_from_db()
        lines = HoursEntry.objects.filter(source=claim.source).count()
        assert lines == (claim.status == ClaimStatus.APPROVED)


def test_a_form_sent_twice_at_once_is_one_claim(at: Town) -> None:
    def filing() -> int:
        return file_claim(person=at.cadre, facts=facts(), proofs=[proof()], by=at.cadre, at=AT, key="same").pk

    assert len(set(at_once([filing] * 4))) == 1
    assert (Claim.objects.count(), Evidence.objects.count()) == (1, 1)


def test_two_sheets_with_the_same_rows_file_them_once(at: Town) -> None:
    people = CadreFactory.create_batch(12, unit=at.tree.village)
    rows = [row(person.name) for person in people]
    batches = [batch_of(*rows, by=at.clerk), batch_of(*rows[::-1], by=at.clerk)]

    def writing(number: int) -> Callable[[], int]:
        def work() -> int:
            try:
                return write_claims(batch=batches[number], leaves_out=False, by=at.clerk, at=AT).written
            except (NothingNew, WrittenBefore):
                return 0

        return work

    assert sum(at_once([writing(0), writing(1), writing(0)])) == 12
    assert Claim.objects.count() == 12


def test_a_sheet_approved_by_two_at_once_is_granted_once(at: Town) -> None:
    people = CadreFactory.create_batch(10, unit=at.tree.village)
    batch = written(*[row(person.name) for person in people], by=at.clerk)
    outcomes = at_once(
        [lambda by=by: approve_sheet(batch=batch, by=by, at=AT) for by in (at.colleague, at.county)]
    )
    assert sum(len(outcome.decided) for outcome in outcomes) == 10
    assert HoursEntry.objects.count() == 10
