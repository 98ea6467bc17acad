"""One claim: filed with evidence, then approved, refused or withdrawn, once."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import MANAGERS
from accounts.actions import lock
from accounts.audit import audit
from accounts.models import Cadre
from lms.hours.actions import Worth, grant
from lms.hours.models import EntryKind, HoursEntry, Ledger
from lms.training.claims.evidence import MOST_FILES, Proof
from lms.training.claims.limits import ClaimFacts, Problem, problems_of
from lms.training.claims.models import Claim, ClaimStatus

from .shelf import note, shelved

# More than anybody earns elsewhere in a day; a form that is sent by a machine ends here.
MOST_A_DAY = 20


class NoEvidence(ValueError):
    """A claim comes with one file of evidence at least, and with a few at most."""


class TooMany(ValueError):
    """The person has filed more claims within a day than anybody has."""


class Impossible(ValueError):
    """Nobody could have earned this in these days by today; `problems` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems for the words."""
        super().__init__(" ".join(f"{problem.field}:{problem.code}" for problem in problems))
        self.problems = problems


class OutOfScope(PermissionError):
    """The person's record is not kept by whoever files or decides."""


class NotSecond(PermissionError):
    """Whoever filed a claim, or is its person, never decides about it."""


class NotTheirs(PermissionError):
    """A claim is withdrawn by its person or by whoever filed it."""


class AlreadyDecided(ValueError):
    """The claim was approved, refused or withdrawn before; `claim` is how it stands now."""

    def __init__(self, claim: Claim) -> None:
        """Keep the claim for the words."""
        super().__init__(claim.status)
        self.claim = claim


class MoreThanAsked(ValueError):
    """What is granted may be less than was asked, never more."""


class ReasonMissing(ValueError):
    """A refusal, or less than was asked, needs its reason."""


def file_claim(
    *, person: Cadre, facts: ClaimFacts, proofs: Sequence[Proof], by: Cadre, at: datetime, key: str
) -> Claim:
    """File a claim of somebody with its evidence; the same key twice is one claim.

    Raises NoEvidence, OutOfScope, TooMany, Impossible; then neither claim nor file is kept.
    """
    if before := _filed(key, by):
        return before
    _check_filing(person, facts, proofs, by, at)
    try:
        with shelved(proofs, at) as names, transaction.atomic():
            lock(person.pk)
            # Of two forms at once only one sees the last that may be filed.
            _check_number(person, by, at)
            claim = Claim.objects.create(**claim_fields(person, facts), filed_by=by, filed_at=at, key=key)
            note(proofs, names, claim=claim)
            audit("claim.file", by=by, at=at, person=person, claim=claim.pk)
            return claim
    except IntegrityError:
        # The same form was sent twice at the same moment, or the claim itself is refused.
        if before := _filed(key, by):
            return before
        raise


def _filed(key: str, by: Cadre) -> Claim | None:
    """The claim that somebody's form was filed as, if it was."""
    return Claim.objects.filter(key=key, filed_by=by).first()


def _check_filing(person: Cadre, facts: ClaimFacts, proofs: Sequence[Proof], by: Cadre, at: datetime) -> None:
    if not 0 < len(proofs) <= MOST_FILES:
        raise NoEvidence
    if person != by:
        _check_scope(person.pk, by)
    _check_number(person, by, at)
    if problems := problems_of(facts, timezone.localdate(at)):
        raise Impossible(problems)


def _check_number(person: Cadre, by: Cadre, at: datetime) -> None:
    recent = Claim.objects.filter(filed_by=by, person=by, filed_at__gt=at - timedelta(days=1))
    if person == by and recent.count() >= MOST_A_DAY:
        raise TooMany


def claim_fields(person: Cadre, facts: ClaimFacts) -> dict[str, object]:
    """What a claim of a person keeps of the facts."""
    return {
        "person": person,
        "title": facts.title,
        "organiser": facts.organiser,
        "ledger": facts.ledger,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "hours_asked": facts.hours,
        "days_asked": facts.days,
    }


def _check_scope(person_id: int, by: Cadre) -> None:
    if not Cadre.objects.visible_to(by, *MANAGERS).filter(pk=person_id).exists():
        raise OutOfScope


@transaction.atomic
def withdraw(*, claim: Claim, by: Cadre, at: datetime) -> Claim:
    """Take back a claim that nobody has decided; twice is once. Raises NotTheirs, AlreadyDecided."""
    held = _locked(claim)
    if by.pk not in {held.person_id, held.filed_by_id}:
        raise NotTheirs
    if held.status == ClaimStatus.WITHDRAWN:
        return held
    if not held.is_waiting:
        raise AlreadyDecided(held)
    held.status, held.decided_at = ClaimStatus.WITHDRAWN, at
    held.save(update_fields=["status", "decided_at"])
    audit("claim.withdraw", by=by, at=at, person=held.person, claim=held.pk)
    return held


@transaction.atomic
def refuse(*, claim: Claim, reason: str, by: Cadre, at: datetime) -> Claim:
    """Say no, with the reason; the same no twice is one.

    Raises ReasonMissing, OutOfScope, NotSecond, AlreadyDecided.
    """
    if not reason:
        raise ReasonMissing
    held = _locked(claim)
    if (held.status, held.decided_by_id, held.reason) == (ClaimStatus.REFUSED, by.pk, reason):
        return held
    _check_decider(held, by)
    held.status, held.reason, held.decided_by, held.decided_at = ClaimStatus.REFUSED, reason, by, at
    held.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    audit("claim.refuse", by=by, at=at, person=held.person, claim=held.pk, reason=reason)
    return held


@transaction.atomic
def approve(
    *, claim: Claim, hours: Decimal, days: Decimal, reason: str = "", by: Cadre, at: datetime
) -> HoursEntry:
    """Say yes, and enter the one line of the ledger; less than asked needs a reason, the same twice is one.

    Raises MoreThanAsked, ReasonMissing, Impossible, OutOfScope, NotSecond, AlreadyDecided, or NoRule.
    """
    held = _locked(claim)
    if _is_approved_so(held, hours, days, by):
        return line_of(held)
    _check_decider(held, by)
    _check_worth(held, hours, days, reason, at)
    held.status, held.reason, held.decided_by, held.decided_at = ClaimStatus.APPROVED, reason, by, at
    held.hours_granted, held.days_granted = hours, days
    held.save(update_fields=["status", "reason", "decided_by", "decided_at", "hours_granted", "days_granted"])
    _grant(held)
    audit("claim.approve", by=by, at=at, person=held.person, claim=held.pk, hours=str(hours), days=str(days))
    return line_of(held)


def line_of(claim: Claim) -> HoursEntry:
    """The line that an approved claim was entered as."""
    return HoursEntry.objects.of(claim.person_id).grants().get(source=claim.source)


def _locked(claim: Claim) -> Claim:
    """The claim as it is now, under its person's lock: decisions and withdrawals come one after the other."""
    lock(claim.person_id)
    return Claim.objects.select_for_update(of=("self",)).select_related("person").get(pk=claim.pk)


def _check_decider(held: Claim, by: Cadre) -> None:
    _check_scope(held.person_id, by)
    if by.pk in {held.person_id, held.filed_by_id}:
        raise NotSecond
    if not held.is_waiting:
        raise AlreadyDecided(held)


def _is_approved_so(held: Claim, hours: Decimal, days: Decimal, by: Cadre) -> bool:
    return held.status == ClaimStatus.APPROVED and (
        (held.decided_by_id, held.hours_granted, held.days_granted) == (by.pk, hours, days)
    )


def _check_worth(held: Claim, hours: Decimal, days: Decimal, reason: str, at: datetime) -> None:
    if hours > held.hours_asked or days > held.days_asked:
        raise MoreThanAsked
    facts = ClaimFacts(
        held.title, held.organiser, Ledger(held.ledger), held.starts_on, held.ends_on, hours, days
    )
    if problems := problems_of(facts, timezone.localdate(at)):
        raise Impossible(problems)
    if not reason and (hours < held.hours_asked or days < held.days_asked):
        raise ReasonMissing


def _grant(held: Claim) -> None:
    """Enter the line, earned at the end of the last day."""
    assert held.decided_at is not None  # a claim is granted by its decision
    midnight = timezone.make_aware(datetime.combine(held.ends_on + timedelta(days=1), time.min))
    grant(
        person=held.person,
        source=held.source,
        kind=EntryKind.CLAIM,
        title=held.title,
        ledger=Ledger(held.ledger),
        worth=Worth(held.hours_granted or Decimal(0), held.days_granted or Decimal(0)),
        earned_at=min(held.decided_at, midnight - timedelta(seconds=1)),
        at=held.decided_at,
        by=held.decided_by,
    )
