"""What a phone brings of a quiz: outbox entries of the kinds "answer" and "hand_in", and their token.

An answer's body has `place` (the question's place in the attempt) and `value` (null takes it away).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing

from lms.phones.uploads import Entry, Json, Refused, whole
from lms.study.attempts.actions import NotAnAnswer, NotDrawn, hand_in, save_answer
from lms.study.attempts.words import words_for_result
from lms.study.models import Attempt

SALT = "study.attempt"
MOST_QUESTIONS = 1000


def write_token(attempt: Attempt) -> str:
    """Sign an attempt: whoever holds it may answer and hand in, and nothing else."""
    return signing.dumps(attempt.pk, salt=SALT)


def take_answer(entry: Entry, device: str, at: datetime) -> Json:
    """Keep one answer; Refused where it is no answer to a question that was drawn."""
    place = whole(entry.body.get("place"), MOST_QUESTIONS, "place")
    try:
        kept = save_answer(
            attempt_id=_attempt(entry.token),
            place=place,
            value=entry.body.get("value"),
            answered_at=_moment(entry, at),
            at=at,
            device=device,
            number=entry.number,
        )
    except NotDrawn as error:
        raise Refused("place") from error
    except NotAnAnswer as error:
        raise Refused("value") from error
    return {"place": place, "kept": kept}


def take_hand_in(entry: Entry, device: str, at: datetime) -> Json:
    """Hand in; the answer says what came of it."""
    result = hand_in(attempt_id=_attempt(entry.token), handed_in_at=_moment(entry, at), at=at)
    attempt = result.attempt
    return {
        "attempt": attempt.pk,
        "points": str(attempt.points),
        "of": attempt.of,
        "passed": attempt.is_passed,
        "outcome": result.outcome,
        "words": words_for_result(result),
    }


def _attempt(token: str) -> int:
    try:
        attempt_id: int = signing.loads(token, salt=SALT, max_age=settings.STUDY_TOKEN_SECONDS)
    except signing.SignatureExpired as error:
        raise Refused("expired") from error
    except signing.BadSignature as error:
        raise Refused("token") from error
    return attempt_id


def _moment(entry: Entry, at: datetime) -> datetime:
    """When it was given, by the age that the phone tells; older than a token is no age."""
    return at - timedelta(milliseconds=min(entry.age_ms, settings.STUDY_TOKEN_SECONDS * 1000))
