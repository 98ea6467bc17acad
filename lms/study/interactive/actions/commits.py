"""Keeping what SCORM objects commit, which may come twice, late, by beacon and by page, in any order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from courses.scorm.manifest import Sco
from courses.scorm.models import Courseware
from lms.study import store
from lms.study.actions import Report
from lms.study.interactive.actions.attempts import Kept, TooMany, attempt_for, settle_gate
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.models import InteractiveAttempt, ScoSession
from lms.study.interactive.objects import Commit, Standing, by_item, joined, standing_of, whole_of

# Of an attempt; each object may be opened so often in any case, for a courseware may have a thousand of them.
MOST_SESSIONS, SESSIONS_OF_EACH = 500, 20
MOST_DURATION = Decimal(99_999_999)


class NoSuchObject(ValueError):
    """The courseware has no object of that name."""


class OtherObject(ValueError):
    """The session belongs to another object of the courseware."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What became of a commit; `report` is how the lesson stands, where the commit may end it."""

    kept: Kept
    attempt: InteractiveAttempt
    report: Report | None


@transaction.atomic
def keep_commit(
    *,
    launch: PackageLaunch,
    commit: Commit,
    written_at: datetime,
    at: datetime,
    registration: UUID | None = None,
) -> Committed:
    """Keep what an object committed, the last of each session, and let the attempt follow from all of them.

    Raises NoSuchObject, OtherObject, OtherPackage, TooMany.
    """
    found = Courseware.objects.filter(pk=launch.courseware_id).values_list("scos", flat=True).first()
    scos: dict[str, Sco] = found or {}
    if commit.sco not in scos:
        raise NoSuchObject
    store.hold(launch.study.person_id)
    attempt = attempt_for(launch, begun_at=written_at, registration=registration)
    kept = _keep(attempt, commit, standing_of(commit.cmi, scos[commit.sco], written_at), written_at)
    _follow(attempt, scos, written_at)
    report = settle_gate(launch, attempt, at=at) if attempt.met else None
    return Committed(kept, attempt, report)


def _keep(attempt: InteractiveAttempt, commit: Commit, told: Standing, written_at: datetime) -> Kept:
    row = ScoSession.objects.filter(attempt=attempt, session=commit.session).first()
    if row is not None and row.sco != commit.sco:
        raise OtherObject
    if row is None:
        if _is_too_much(attempt, commit.sco):
            raise TooMany
        row = ScoSession(attempt=attempt, sco=commit.sco, session=commit.session, sequence=-1)
    is_newer = commit.sequence > row.sequence
    if is_newer:
        row.sequence, row.cmi = commit.sequence, commit.cmi
        row.session_seconds, row.written_at = commit.seconds, written_at
    elif commit.sequence == row.sequence:
        # The same one, which came by another way: the earlier moment is the nearer one.
        row.written_at = min(row.written_at, written_at)
    row.standing = joined(row.standing, told)
    row.save()
    return Kept.KEPT if is_newer else Kept.BEFORE


def _is_too_much(attempt: InteractiveAttempt, sco: str) -> bool:
    sessions = attempt.sessions.all()
    return sessions.count() >= MOST_SESSIONS and sessions.filter(sco=sco).count() >= SESSIONS_OF_EACH


def _follow(attempt: InteractiveAttempt, scos: dict[str, Sco], written_at: datetime) -> None:
    """Let an attempt follow from all its sessions."""
    rows = list(ScoSession.objects.filter(attempt=attempt).defer("cmi"))
    whole = whole_of(by_item((row.sco, row.standing) for row in rows), scos)
    attempt.begun_at = min(attempt.begun_at, written_at)
    attempt.updated_at = max(attempt.updated_at, written_at)
    attempt.ended_at, attempt.is_complete = whole.ended_at, whole.ended_at is not None
    attempt.is_success, attempt.met = whole.is_success, whole.met
    attempt.score, attempt.scored_at = whole.score, whole.scored_at
    attempt.duration_seconds = min(sum((row.session_seconds for row in rows), Decimal(0)), MOST_DURATION)
    attempt.save()
