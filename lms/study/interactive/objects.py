"""What a SCORM object commits and what follows from all its commits, whatever the order they come in. Pure.

A status never goes back: what was completed once stays completed, what succeeded once succeeded, and of
several scores the best one counts.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from uuid import UUID

from courses.packages.storable import is_storable
from courses.scorm.manifest import Sco
from lms.phones.uploads import Json, Refused, whole
from lms.study.interactive.results import either, rank
from lms.study.interactive.statements import MOST_POINTS, Score, read_uuid
from lms.study.interactive.timespans import seconds_of

MOST_SEQUENCE = 2**31 - 1
MOST_ITEM = 255
MOST_NAMES = 5_000
MOST_LOCATION = 1_000
MOST_SUSPENDED = 64 * 1024
# Notes of that many Chinese characters, and what else an object tells.
MOST_BYTES = 240 * 1024
NAME = re.compile(r"cmi(?:\.[a-z0-9_]{1,40}){1,8}", re.ASCII)
LOCATIONS = ("cmi.core.lesson_location", "cmi.location")
DONE_IN_12 = ("passed", "completed")

Cmi = dict[str, str]


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as it was read: `session` is one opening of the object, `sequence` counts in it."""

    sco: str
    session: UUID
    sequence: int
    cmi: Cmi

    @property
    def seconds(self) -> Decimal:
        """How long the object says that it was open this time."""
        return seconds_of(self.cmi.get("cmi.core.session_time") or self.cmi.get("cmi.session_time") or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """How an object stands: when it was completed first, whether it ever succeeded, its best score.

    `scored_at` is when the best score was there first.
    """

    completed_at: datetime | None = None
    is_success: bool | None = None
    score: Score | None = None
    scored_at: datetime | None = None


def read_commit(body: Json) -> Commit:
    """The commit in an entry's body; Refused says what is wrong with it."""
    sco = body.get("sco")
    if type(sco) is not str or not 1 <= len(sco) <= MOST_ITEM or not is_storable(sco):
        raise Refused("sco")
    return Commit(
        sco=sco,
        session=read_uuid(body.get("session"), "session"),
        sequence=whole(body.get("sequence"), MOST_SEQUENCE, "sequence"),
        cmi=_read_cmi(body.get("cmi")),
    )


def _read_cmi(told: object) -> Cmi:
    if type(told) is not dict:
        raise Refused("cmi")
    if len(told) > MOST_NAMES:
        raise Refused("too_many", HTTPStatus.UNPROCESSABLE_ENTITY)
    cmi = {name: _text(name, value) for name, value in told.items()}
    too_long = len(cmi.get("cmi.suspend_data", "")) > MOST_SUSPENDED or any(
        len(cmi.get(name, "")) > MOST_LOCATION for name in LOCATIONS
    )
    if too_long or len(json.dumps(cmi, ensure_ascii=False).encode()) > MOST_BYTES:
        raise Refused("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return cmi


def _text(name: str, value: object) -> str:
    if not NAME.fullmatch(name):
        raise Refused("cmi")
    # Objects write numbers as numbers now and then; the standards know texts alone.
    if type(value) is bool or type(value) is int or type(value) is float:
        return str(value).lower()
    if type(value) is not str or not is_storable(value):
        raise Refused("cmi")
    return value


def standing_of(cmi: Mapping[str, str], sco: Sco, at: datetime) -> Standing:
    """What one commit says of its object; an asset is completed once it is opened."""
    if not sco["is_sco"]:
        return Standing(completed_at=at)
    if "cmi.core.lesson_status" in cmi:
        return _standing_in_12(cmi, sco["mastery"], at)
    return _standing_in_2004(cmi, sco, at)


def _standing_in_12(cmi: Mapping[str, str], mastery: float | None, at: datetime) -> Standing:
    """SCORM 1.2 has one word for both; where mastery is asked for, the points decide what was decided."""
    status = cmi["cmi.core.lesson_status"]
    score = _score(cmi, "cmi.core.score", least=Decimal(0), most=Decimal(100))
    is_success = {"passed": True, "failed": False}.get(status)
    if (
        mastery is not None
        and score
        and score.raw is not None
        and status in ("passed", "completed", "failed")
    ):
        is_success = score.raw >= Decimal(str(mastery))
    is_done = status in DONE_IN_12 or bool(is_success)
    return Standing(at if is_done else None, is_success, score, at if score else None)


def _standing_in_2004(cmi: Mapping[str, str], sco: Sco, at: datetime) -> Standing:
    """SCORM 2004 keeps completion and success apart; a threshold decides each where the manifest has one."""
    score = _score(cmi, "cmi.score", least=None, most=None)
    is_success = {"passed": True, "failed": False}.get(cmi.get("cmi.success_status", ""))
    if sco["mastery"] is not None and score and score.scaled is not None:
        is_success = score.scaled >= Decimal(str(sco["mastery"]))
    status = cmi.get("cmi.completion_status", "")
    is_done = status == "completed" or (bool(is_success) and status in ("", "unknown"))
    progress = _number(cmi.get("cmi.progress_measure", ""))
    if sco["threshold"] is not None and progress is not None:
        is_done = progress >= Decimal(str(sco["threshold"]))
    return Standing(at if is_done else None, is_success, score, at if score else None)


def _score(cmi: Mapping[str, str], name: str, *, least: Decimal | None, most: Decimal | None) -> Score | None:
    raw, low, high = (_number(cmi.get(f"{name}.{part}", "")) for part in ("raw", "min", "max"))
    low, high = (least if low is None else low), (most if high is None else high)
    scaled = _number(cmi.get(f"{name}.scaled", ""))
    if raw is not None and scaled is None and high is not None and high > (low or 0):
        scaled = (raw - (low or 0)) / (high - (low or 0))
    if raw is None and scaled is None:
        return None
    if scaled is not None:
        scaled = max(Decimal(-1), min(scaled, Decimal(1))).quantize(Decimal("0.000001"))
    return Score(scaled, raw, high if raw is not None else None, low if raw is not None else None)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    # Compared, not reckoned with: a number of a million digits would overflow.
    if not number.is_finite() or not -MOST_POINTS <= number <= MOST_POINTS:
        return None
    return number.quantize(Decimal("0.0001"))


def joined(one: Standing, other: Standing) -> Standing:
    """What follows from both; in any order, however often."""
    ones, others = rank(one.score), rank(other.score)
    best = [standing for standing, mine in ((one, ones), (other, others)) if mine == max(ones, others)]
    return Standing(
        completed_at=min((at for at in (one.completed_at, other.completed_at) if at), default=None),
        is_success=either(one.is_success, other.is_success),
        score=best[0].score,
        scored_at=min((standing.scored_at for standing in best if standing.scored_at), default=None),
    )


def by_item(told: Iterable[tuple[str, Standing]]) -> dict[str, Standing]:
    """How each object stands, out of what was told of objects by their items."""
    standings: dict[str, Standing] = {}
    for item, standing in told:
        standings[item] = joined(standings.get(item, Standing()), standing)
    return standings


@dataclass(frozen=True, slots=True)
class Whole:
    """How a courseware stands as a whole: `met` says when each object was completed first, by item.

    `scored_at` is when the last of the points came that its score is made of.
    """

    ended_at: datetime | None
    is_success: bool | None
    score: Score | None
    scored_at: datetime | None
    met: dict[str, int]


def whole_of(standings: Mapping[str, Standing], scos: Mapping[str, Sco]) -> Whole:
    """What follows from the objects, by item: complete with the last, the mean of those that have a score.

    It failed once an object failed, and succeeded when all is completed and nothing failed.
    """
    mine = {item: standings[item] for item in scos if item in standings}
    met = {item: one.completed_at for item, one in mine.items() if one.completed_at}
    ended_at = max(met.values()) if len(met) == len(scos) else None
    known = [one.is_success for one in mine.values() if one.is_success is not None]
    is_success = None if not known or (all(known) and ended_at is None) else all(known)
    score, scored_at = _mean([one for one in mine.values() if one.score])
    return Whole(
        ended_at=ended_at,
        is_success=is_success,
        score=score,
        scored_at=scored_at,
        met={item: int(at.timestamp() * 1000) for item, at in sorted(met.items())},
    )


def _mean(scored: list[Standing]) -> tuple[Score | None, datetime | None]:
    """A single score as it is; points of several objects are not added up, their shares are."""
    if len(scored) == 1:
        return scored[0].score, scored[0].scored_at
    shares = [
        (one.score.scaled, one.scored_at) for one in scored if one.score and one.score.scaled is not None
    ]
    if not shares:
        return None, None
    mean = sum((share for share, _at in shares), Decimal(0)) / len(shares)
    moments = [at for _share, at in shares if at]
    return Score(mean.quantize(Decimal("0.000001")), None, None, None), max(moments, default=None)
