"""Keeping what a content told, with the server's idea of who, when and about what."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from courses.h5p.addresses import activity_id
from courses.models import LessonVersion
from courses.packages.completion import Gate
from lms.phones.uploads import Json
from lms.study import store
from lms.study.actions import Report
from lms.study.interactive.actions.attempts import Kept, TooMany, attempt_for, settle_gate, within
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.models import InteractiveAttempt, Statement
from lms.study.interactive.results import Result, joined, told_by
from lms.study.interactive.statements import Told, read_statement

MOST_AN_HOUR = 1_000


class StatementTaken(ValueError):
    """The identifier belongs to another person's statement."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A kept statement with its attempt; `report` is how the lesson stands, where it may end."""

    kept: Kept
    attempt: InteractiveAttempt
    report: Report | None


@transaction.atomic
def record_statement(
    *, launch: PackageLaunch, statement: object, occurred_at: datetime, at: datetime, device: str
) -> Recorded:
    """Keep what a content told, once, with the server's idea of who, when and about what.

    `occurred_at` is never taken to be after `at` or before the opening. Raises Refused for what is no
    statement about this content, TooMany, StatementTaken, OtherPackage.
    """
    told = read_statement(statement, activity=activity_id(launch.content_id))
    occurred_at = within(launch, occurred_at, at)
    store.hold(launch.study.person_id)
    earlier = Statement.objects.select_related("attempt").filter(statement_id=told.statement_id).first()
    if earlier is not None:
        return _told_before(launch, earlier, at)
    if _is_too_much(launch.study.person_id, at):
        raise TooMany
    attempt = attempt_for(launch, registration=told.registration, begun_at=occurred_at)
    row = _row(attempt, told, occurred_at, at, device)
    # Two people at once with one identifier: the second one's is left out.
    Statement.objects.bulk_create([row], ignore_conflicts=True)
    kept = Statement.objects.select_related("attempt").get(statement_id=told.statement_id)
    if kept.attempt_id != attempt.pk:
        raise StatementTaken
    result = told_by(told, occurred_at=occurred_at, parts=_parts_of(launch))
    _add(attempt, result)
    may_end = result.is_complete or bool(result.met)
    return Recorded(Kept.KEPT, attempt, settle_gate(launch, attempt, at=at) if may_end else None)


def _told_before(launch: PackageLaunch, earlier: Statement, at: datetime) -> Recorded:
    attempt = earlier.attempt
    if attempt.person_id != launch.study.person_id:
        raise StatementTaken
    report = settle_gate(launch, attempt, at=at) if attempt.is_complete else None
    return Recorded(Kept.BEFORE, attempt, report)


def _is_too_much(person_id: int, at: datetime) -> bool:
    """By the server's clock, which no phone can turn."""
    lately = Statement.objects.of_person(person_id).filter(stored_at__gt=at - timedelta(hours=1))
    return lately.count() >= MOST_AN_HOUR


def _parts_of(launch: PackageLaunch) -> frozenset[str]:
    """The parts that the version asks to have been met."""
    if not launch.is_main:
        return frozenset()
    rule = LessonVersion.objects.values_list("rule", flat=True).get(pk=launch.study.version_id)
    return frozenset(rule["parts"]) if rule.get("gate") == Gate.PARTS else frozenset()


def _row(
    attempt: InteractiveAttempt, told: Told, occurred_at: datetime, at: datetime, device: str
) -> Statement:
    return Statement(
        attempt=attempt,
        statement_id=told.statement_id,
        statement=_whole(attempt, told, occurred_at, at),
        verb=told.verb_name,
        activity=told.activity,
        is_child=told.is_child,
        response=told.response,
        scaled=told.score.scaled if told.score else None,
        is_success=told.is_success,
        is_complete=told.is_complete,
        occurred_at=occurred_at,
        stored_at=at,
        device=device,
    )


def _whole(attempt: InteractiveAttempt, told: Told, occurred_at: datetime, at: datetime) -> Json:
    """The statement as a store of statements keeps it: nobody else is believed about these."""
    context, about = told.body.get("context"), told.body["object"]
    assert isinstance(about, dict)
    kept = {name: value for name, value in told.body.items() if name not in ("authority", "attachments")}
    return {
        **kept,
        "id": str(told.statement_id),
        "actor": {"objectType": "Agent", "account": _account(attempt.person_id)},
        "object": {**about, "id": told.activity, "objectType": "Activity"},
        "context": {
            **(context if isinstance(context, dict) else {}),
            "registration": str(attempt.registration),
        },
        "timestamp": occurred_at.astimezone(UTC).isoformat(),
        "stored": at.astimezone(UTC).isoformat(),
    }


def _account(person_id: int) -> Json:
    return {"homePage": settings.SITE_URL, "name": str(person_id)}


def _add(attempt: InteractiveAttempt, result: Result) -> None:
    """Let an attempt follow from one thing more."""
    whole = joined(_as_kept(attempt), result)
    attempt.begun_at, attempt.updated_at, attempt.ended_at = whole.begun_at, whole.updated_at, whole.ended_at
    attempt.is_complete, attempt.is_success, attempt.score = whole.is_complete, whole.is_success, whole.score
    attempt.duration_seconds, attempt.met = whole.duration_seconds, whole.met
    attempt.save()


def _as_kept(attempt: InteractiveAttempt) -> Result:
    return Result(
        begun_at=attempt.begun_at,
        updated_at=attempt.updated_at,
        score=attempt.score,
        is_complete=attempt.is_complete,
        is_success=attempt.is_success,
        duration_seconds=attempt.duration_seconds,
        ended_at=attempt.ended_at,
        met=attempt.met,
    )
