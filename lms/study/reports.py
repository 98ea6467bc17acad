"""What was played of a lesson: an outbox entry of the kind "segments", and how its page is answered.

The body has `segments` (half-open pairs of whole seconds) and `position` (whole seconds).
"""

from datetime import datetime, timedelta
from http import HTTPStatus

from lms.hours import coverage
from lms.phones.segments import read_segments
from lms.phones.uploads import Entry, Json, Refused, whole
from lms.study.actions import (
    Outcome,
    Report,
    milliseconds,
    record_segments,
)
from lms.study.launch import BadToken, ExpiredToken, Launch, read_token
from lms.study.words import words_for


def take_segments(entry: Entry, device: str, at: datetime) -> Json:
    """Record what was played; Refused when the token or a value cannot be right."""
    launch = _launch(entry.token, milliseconds(at))
    kept = record_segments(
        launch=launch,
        segments=read_segments(entry.body.get("segments"), launch.seconds),
        position=whole(entry.body.get("position"), launch.seconds, "position"),
        at=at,
        played_at=at - timedelta(milliseconds=min(entry.age_ms, milliseconds(at) - launch.opened)),
    )
    return shown(kept, launch)


def shown(kept: Report, launch: Launch) -> Json:
    """What a page is told: what is kept, what is still wanted, and what became of it."""
    entry = kept.entry
    return {
        "version": launch.version_id,
        "cycle": launch.cycle,
        "ranges": coverage.ranges(kept.bits),
        "covered": kept.covered,
        "need": coverage.seconds_to_finish(launch.seconds, launch.percent),
        "position": kept.position,
        "unpaid": kept.unpaid,
        "finished": kept.finished_at is not None,
        "outcome": kept.outcome,
        "hours": str(entry.hours) if entry else None,
        "withheld": str(entry.withheld) if entry else None,
        "words": "" if kept.outcome == Outcome.STUDYING else words_for(kept.outcome, entry, kept.unpaid),
    }


def _launch(token: str, now: int) -> Launch:
    try:
        return read_token(token, now=now)
    except BadToken as error:
        raise Refused("token", HTTPStatus.FORBIDDEN) from error
    except ExpiredToken as error:
        raise Refused("expired", HTTPStatus.FORBIDDEN) from error
