"""What came of an attempt, as it follows from everything told of it. Pure.

`joined` is commutative, associative and idempotent: whatever comes late, twice or from another phone, in any
order, makes the same attempt. So an attempt need not be read whole to take one thing more.
"""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lms.study.interactive.statements import Score, Told

# Below every number of points.
UNKNOWN = Decimal(-10_000_000)


@dataclass(frozen=True, slots=True)
class Result:
    """The best score, whether and when first it was completed, whether it ever succeeded, the longest time.

    `met` gives each part with the milliseconds since 1970 when it was met first.
    """

    begun_at: datetime
    updated_at: datetime
    score: Score | None = None
    is_complete: bool = False
    is_success: bool | None = None
    duration_seconds: Decimal | None = None
    ended_at: datetime | None = None
    met: dict[str, int] = field(default_factory=dict)


def told_by(told: Told, *, occurred_at: datetime, parts: Set[str] = frozenset()) -> Result:
    """What one statement says of its attempt; of what it met only the parts that are asked for."""
    at = int(occurred_at.timestamp() * 1000)
    met = dict.fromkeys(sorted(told.parts & parts), at)
    if not told.decides:
        return Result(occurred_at, occurred_at, met=met)
    is_complete = bool(told.is_complete)
    return Result(
        begun_at=occurred_at,
        updated_at=occurred_at,
        score=told.score,
        is_complete=is_complete,
        is_success=told.is_success,
        duration_seconds=told.duration_seconds,
        ended_at=occurred_at if is_complete else None,
        met=met,
    )


def joined(one: Result, other: Result) -> Result:
    """What follows from both."""
    return Result(
        begun_at=min(one.begun_at, other.begun_at),
        updated_at=max(one.updated_at, other.updated_at),
        score=max(one.score, other.score, key=rank),
        is_complete=one.is_complete or other.is_complete,
        is_success=either(one.is_success, other.is_success),
        duration_seconds=max(
            (seconds for seconds in (one.duration_seconds, other.duration_seconds) if seconds is not None),
            default=None,
        ),
        ended_at=min((at for at in (one.ended_at, other.ended_at) if at is not None), default=None),
        met={
            part: min(met[part] for met in (one.met, other.met) if part in met)
            for part in sorted(one.met.keys() | other.met.keys())
        },
    )


def rank(score: Score | None) -> tuple[Decimal, ...]:
    """Better scores come later; scores of one rank are the same score."""
    if score is None:
        return (UNKNOWN,)
    return tuple(UNKNOWN if points is None else points for points in score)


def either(one: bool | None, other: bool | None) -> bool | None:
    """A success stays one, whatever failed beside it."""
    known = [each for each in (one, other) if each is not None]
    return any(known) if known else None
