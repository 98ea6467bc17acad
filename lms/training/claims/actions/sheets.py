"""A sheet of claims: brought with its evidence, filed whole or not at all, decided together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access import MANAGERS
from accounts.actions import lock_all
from accounts.audit import audit
from accounts.models import Cadre
from lms.hours.rules import NoRule
from lms.training.claims.evidence import MOST_FILES, Proof
from lms.training.claims.models import Claim, ClaimBatch
from lms.training.claims.sheets.plan import Plan, Verdict, plan_claims
from lms.training.claims.sheets.reading import ClaimSheet, pack, unpack

from .claims import (
    AlreadyDecided,
    Impossible,
    NoEvidence,
    NotSecond,
    NotTheirs,
    OutOfScope,
    approve,
    claim_fields,
    refuse,
)
from .shelf import clear, note, shelved

BATCH = 250


class HasErrors(Exception):
    """Some rows cannot be filed, and nobody chose to leave them out; nothing was written."""


class LookAtAlike(ValueError):
    """The person has another claim of the same days or title: somebody has to look at both."""


class NothingNew(Exception):
    """Every row is filed already or wrong; nothing was written."""


class WrittenBefore(Exception):
    """The sheet was filed before; nothing happens twice."""


def bring_claims(
    *, sheet: ClaimSheet, file_name: str, proofs: Sequence[Proof], by: Cadre, at: datetime
) -> ClaimBatch:
    """Keep a sheet and its evidence until its yes; raises NoEvidence."""
    if not 0 < len(proofs) <= MOST_FILES:
        raise NoEvidence
    with shelved(proofs, at) as names, transaction.atomic():
        batch = ClaimBatch(by=by)
        _keep(batch, sheet, file_name, at)
        note(proofs, names, batch=batch)
    return batch


@transaction.atomic
def bring_again(*, batch: ClaimBatch, sheet: ClaimSheet, file_name: str, at: datetime) -> ClaimBatch:
    """Put a corrected sheet in the place of one that waits; its evidence stays. Raises WrittenBefore."""
    held = _locked(batch)
    _keep(held, sheet, file_name, at)
    return held


def _keep(batch: ClaimBatch, sheet: ClaimSheet, file_name: str, at: datetime) -> None:
    batch.file_name, batch.encoding, batch.at = file_name[-200:], sheet.encoding, at
    batch.has_merges, batch.rows_cipher = sheet.has_merges, pack(sheet.lines)
    batch.save()
    audit("claims.sheet_brought", by=batch.by, at=at, sheet=batch.pk, rows=len(sheet.lines))


@transaction.atomic
def write_claims(*, batch: ClaimBatch, leaves_out: bool, by: Cadre, at: datetime) -> ClaimBatch:
    """File the new rows of a sheet, judged again under the locks of their people.

    Raises NotTheirs for a sheet of somebody else, HasErrors, NothingNew, WrittenBefore; then nothing is
    written.
    """
    held = _locked(batch)
    if held.by != by:
        raise NotTheirs
    plan = _judged_under_locks(held, by, at)
    if plan.counts[Verdict.ERROR] and not leaves_out:
        raise HasErrors
    if not plan.new:
        raise NothingNew
    claims = [
        Claim(
            **claim_fields(person, facts),
            filed_by=by,
            filed_at=at,
            batch=held,
            key=f"{held.pk}:{line.number}",
        )
        for line, person, facts in plan.new
    ]
    Claim.objects.bulk_create(claims, batch_size=BATCH)
    held.rows_cipher, held.written_at, held.written = None, at, len(claims)
    held.left_out = plan.counts[Verdict.ERROR]
    held.save(update_fields=["rows_cipher", "written_at", "written", "left_out"])
    audit("claims.sheet_filed", by=by, at=at, sheet=held.pk, rows=held.written)
    return held


def _judged_under_locks(held: ClaimBatch, by: Cadre, at: datetime) -> Plan:
    lines, today = unpack(held.rows_cipher), timezone.localdate(at)
    lock_all(person.pk for _line, person, _facts in plan_claims(lines, by=by, on=today).new)
    return plan_claims(lines, by=by, on=today)


@transaction.atomic
def drop_claims(*, batch: ClaimBatch) -> None:
    """Forget a sheet that waits, with its evidence; raises WrittenBefore."""
    held = _locked(batch)
    clear(held)
    held.delete()


def _locked(batch: ClaimBatch) -> ClaimBatch:
    """The sheet as it is now; one that was filed, or is gone, was dealt with before."""
    held = ClaimBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).select_related("by").first()
    if held is None or held.written_at is not None:
        raise WrittenBefore
    return held


@dataclass
class Outcome:
    """What became of the claims of a sheet that were decided together."""

    decided: list[Claim] = field(default_factory=list)
    left: list[tuple[Claim, Exception]] = field(default_factory=list)


def approve_sheet(*, batch: ClaimBatch, by: Cadre, at: datetime) -> Outcome:
    """Approve every claim of a sheet that still waits and is the user's to decide, each as it was asked.

    What is alike to another claim of its person is left, as everything is that `approve` refuses.
    """

    def decide(claim: Claim) -> None:
        if Claim.objects.like(claim).exists():
            raise LookAtAlike
        approve(claim=claim, hours=claim.hours_asked, days=claim.days_asked, by=by, at=at)

    return _each(batch, by, decide)


def refuse_sheet(*, batch: ClaimBatch, reason: str, by: Cadre, at: datetime) -> Outcome:
    """Refuse every claim of a sheet that still waits and is the user's to decide; raises ReasonMissing."""

    def decide(claim: Claim) -> None:
        refuse(claim=claim, reason=reason, by=by, at=at)

    return _each(batch, by, decide)


def _each(batch: ClaimBatch, by: Cadre, decide: Callable[[Claim], None]) -> Outcome:
    """Decide one claim after the other, each for itself, so that one that cannot be keeps no other back."""
    outcome = Outcome()
    waiting = Claim.objects.visible_to(by, *MANAGERS).filter(batch=batch).waiting()
    for claim in waiting.select_related("person").order_by("pk"):
        try:
            decide(claim)
        except (AlreadyDecided, Impossible, LookAtAlike, NoRule, NotSecond, OutOfScope) as reason:
            outcome.left.append((claim, reason))
        else:
            outcome.decided.append(claim)
    return outcome
