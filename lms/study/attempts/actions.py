"""Beginning an attempt, keeping answers as they are given, handing in, and granting what was passed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from fractions import Fraction
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actions import lock
from accounts.models import Cadre
from courses.models import LessonPage
from courses.quizzes.draw import draw
from courses.quizzes.marking import is_answer, mark
from lms.hours.actions import Worth, grant
from lms.hours.models import EntryKind, HoursEntry, HoursEntryQuerySet, Ledger
from lms.study.actions import LessonNotOpen, Outcome, cycle_of, milliseconds, outcome_of, rule_of_study
from lms.study.attempts.answers import merged
from lms.study.models import Attempt

HUNDRED = 100


class NothingToAsk(LessonNotOpen):
    """Every question that the paper could draw has been retired; nothing was begun."""


class NotDrawn(ValueError):
    """The answer is to a question that this attempt does not have."""


class NotAnAnswer(ValueError):
    """The answer has not the shape that its question asks for."""


class Kept(StrEnum):
    """What became of an answer."""

    KEPT = "kept"
    # A later answer to the same question was there before.
    OLDER = "older"
    # The time had run out when it was given, or longer than the grace ago when it came.
    LATE = "late"
    # The attempt was handed in before.
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt that is over, and what it led to in hours."""

    attempt: Attempt
    outcome: Outcome
    entry: HoursEntry | None


@transaction.atomic
def begin_attempt(*, person: Cadre, lesson: LessonPage, at: datetime, random: Random) -> Attempt:
    """Go on with the open attempt, on whatever phone it was begun, or draw a new one.

    Questions of the last attempt come again only where the bank has too few others. Raises LessonNotOpen,
    NothingToAsk.
    """
    lock(person.pk)
    earlier = Attempt.objects.of(person.pk, lesson.pk).first()
    if earlier is not None and earlier.submitted_at is None:
        if not _is_over(earlier, at):
            return earlier
        earlier = _close(earlier, at)
    version = lesson.current_version() if lesson.is_open else None
    if version is None or lesson.paper is None:
        raise LessonNotOpen
    avoid = {question["question"] for question in earlier.drawn} if earlier else set()
    drawn = draw(lesson.paper, random=random, avoid=avoid)
    if not drawn:
        raise NothingToAsk
    minutes = lesson.paper.minutes
    return Attempt.objects.create(
        person=person,
        lesson=lesson,
        version=version,
        cycle=cycle_of(rule_of_study(person, timezone.localdate(at)), timezone.localdate(at)),
        number=earlier.number + 1 if earlier else 1,
        pass_percent=lesson.paper.pass_percent,
        drawn=drawn,
        begun_at=at,
        deadline=at + timedelta(minutes=minutes) if minutes else None,
    )


@transaction.atomic
def save_answer(
    *,
    attempt_id: int,
    place: int,
    value: object,
    answered_at: datetime,
    at: datetime,
    device: str = "",
    number: int = 0,
) -> Kept:
    """Keep the answer to the question at a place; of several the one that was given last stays.

    `answered_at` is when it was given, never taken to be after `at` or before the beginning; `number` is the
    phone's own counter, 0 where it has none. None takes an answer away. Raises NotDrawn or NotAnAnswer.
    """
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    if not 0 <= place < attempt.of:
        raise NotDrawn
    if value is not None and not is_answer(attempt.drawn[place], value):
        raise NotAnAnswer
    if attempt.submitted_at is not None:
        return Kept.CLOSED
    given_at = max(attempt.begun_at, min(answered_at, at))
    if attempt.deadline and (given_at > attempt.deadline or _is_over(attempt, at)):
        return Kept.LATE
    moment = milliseconds(given_at)
    # A phone without a counter is another to it than the same phone with one.
    name, number = (device, number) if number else (f"{device}?", moment)
    kept = merged(attempt.answers.get(str(place)), device=name, number=number, at=moment, value=value)
    attempt.answers[str(place)] = kept
    attempt.save(update_fields=["answers"])
    return Kept.KEPT if kept["value"] == value else Kept.OLDER


@transaction.atomic
def hand_in(*, attempt_id: int, handed_in_at: datetime, at: datetime) -> Result:
    """Close an attempt and mark it; whoever comes second finds what the first one made of it."""
    attempt = Attempt.objects.select_related("person").get(pk=attempt_id)
    lock(attempt.person_id)
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    if attempt.submitted_at is None:
        attempt = _close(attempt, at, handed_in_at)
    return result_of(attempt)


def close_overdue(*, at: datetime) -> int:
    """Close every attempt whose time ran out without being handed in; gives how many."""
    overdue = list(Attempt.objects.overdue(at).values_list("pk", flat=True))
    for attempt_id in overdue:
        hand_in(attempt_id=attempt_id, handed_in_at=at, at=at)
    return len(overdue)


def result_of(attempt: Attempt) -> Result:
    """What a marked attempt led to (one query)."""
    entries = entries_of_quiz(attempt).with_waiting().select_related("rule")
    entry = entries.order_by("-earned_at").first()
    if not attempt.is_passed:
        return Result(attempt, Outcome.STUDYING, entry)
    outcome = outcome_of(entry, attempt.submitted_at) if entry else Outcome.NO_RULE
    return Result(attempt, outcome, entry)


def entries_of_quiz(attempt: Attempt) -> HoursEntryQuerySet:
    """The line that passing this quiz was granted with, for good or for the attempt's year."""
    return HoursEntry.objects.of(attempt.person_id).grants().filter(source=_source(attempt))


def _is_over(attempt: Attempt, at: datetime) -> bool:
    """Whether nothing can come any more: the limit and the grace for a lost connection have passed."""
    grace = timedelta(seconds=settings.QUIZ_GRACE_SECONDS)
    return attempt.deadline is not None and at > attempt.deadline + grace


def _close(attempt: Attempt, at: datetime, handed_in_at: datetime | None = None) -> Attempt:
    """Mark what was answered, and grant a pass. The caller holds the person's lock."""
    ended_at = max(attempt.begun_at, min(handed_in_at or at, at))
    attempt.submitted_at = min(ended_at, attempt.deadline) if attempt.deadline else ended_at
    shares = [mark(drawn, attempt.value(place)) for place, drawn in enumerate(attempt.drawn)]
    attempt.marks = [int(share * HUNDRED) for share in shares]
    total = sum(shares, Fraction(0))
    attempt.points = (Decimal(total.numerator) / total.denominator).quantize(Decimal("0.01"), ROUND_DOWN)
    attempt.is_passed = bool(shares) and total * HUNDRED >= attempt.pass_percent * len(shares)
    attempt.save(update_fields=["submitted_at", "marks", "points", "is_passed"])
    if attempt.is_passed:
        _grant(attempt, at)
    return attempt


def _grant(attempt: Attempt, at: datetime) -> None:
    """One line for the quiz, for good or for the year of the attempt; without a rule there is none yet.

    Nor is there one while the account is closed: an attempt's token outlives the session it was begun in.
    """
    assert attempt.submitted_at is not None
    if not attempt.person.is_active:
        return
    rule = rule_of_study(attempt.person, timezone.localdate(attempt.submitted_at))
    if rule is None:
        return
    attempt.cycle = cycle_of(rule, timezone.localdate(attempt.submitted_at))
    attempt.save(update_fields=["cycle"])
    grant(
        person=attempt.person,
        source=_source(attempt),
        kind=EntryKind.QUIZ,
        title=attempt.version.title,
        ledger=Ledger.ONLINE,
        worth=Worth(rule.quiz_hours),
        earned_at=attempt.submitted_at,
        at=at,
        rule=rule,
    )


def _source(attempt: Attempt) -> str:
    return f"quiz:{attempt.lesson_id}" + (f":{attempt.cycle}" if attempt.cycle else "")
