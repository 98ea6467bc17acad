"""xAPI statements of interactive contents: how one is read, and what is told by it. Pure.

A statement comes out of a browser, from scripts of strangers: all of it is judged, and of who, when and what
only the content's own part is believed. What H5P leaves undefined arrives as null, and says nothing; nor do
points beyond their bounds or times that are none, which programs of many makers tell now and then. What is
refused is lost for good: nobody loses a result by what stands beside it. So of a statement that is too long
the question and the answer are cut.
"""

import json
import re
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID

from courses.packages.storable import TooDeep, Unstorable, must_be_storable
from lms.phones.uploads import Json, Refused

MOST_BYTES = 32 * 1024
MOST_LEVELS = 20
MOST_RESPONSE_CHARACTERS = 4_000
MOST_IRI_CHARACTERS = 200
MOST_VERB_CHARACTERS = 60
MOST_POINTS = Decimal(999_999)
MOST_DURATION_SECONDS = Decimal(90 * 24 * 3600)
MOST_SLIDE = 10_000

VERBS = "http://adlnet.gov/expapi/verbs/"
COMPLETED, PASSED, FAILED, ANSWERED = (VERBS + name for name in ("completed", "passed", "failed", "answered"))
# As H5P's own core has it, a result is what a whole content says with one of these.
DECIDING = frozenset({COMPLETED, PASSED, FAILED, ANSWERED})
ENDING_POINT = "http://id.tincanapi.com/extension/ending-point"

# What a response strings together.
_PARTED = re.compile(r"\[[,.]\]")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_SUB_CONTENT = re.compile(r"\?subContentId=([0-9A-Za-z-]{1,64})")
_NUMBER = r"(-?\d{1,12}(?:\.\d{1,12})?)"
_POINTS = re.compile(_NUMBER, re.ASCII)
_DURATION = re.compile(
    rf"P(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=[-\d])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII,
)
# Years and months as the calendar has them on the whole; no activity lasts so long.
_UNIT_SECONDS = (31_536_000, 2_592_000, 604_800, 86_400, 3600, 60, 1)


class Score(NamedTuple):
    """Points, in the order in which one score is better than another; `scaled` is from -1 to 1."""

    scaled: Decimal | None
    raw: Decimal | None
    max: Decimal | None
    min: Decimal | None


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as it was read: `body` is whole, the rest is what we have columns for.

    `is_complete` of a whole content is what the statement means for it; of a part what it says.
    """

    statement_id: UUID
    body: Json
    verb: str
    activity: str
    sub_content: str
    is_child: bool
    registration: UUID | None
    score: Score | None
    is_success: bool | None
    is_complete: bool | None
    response: str
    duration_seconds: Decimal | None

    @property
    def verb_name(self) -> str:
        """The end of the verb's address."""
        return re.split("[/#]", self.verb.rstrip("/#"))[-1][-MOST_VERB_CHARACTERS:]

    @property
    def decides(self) -> bool:
        """Whether it says something about the result of the whole."""
        return not self.is_child and self.verb in DECIDING

    @property
    def parts(self) -> set[str]:
        """What it shows to have been met, by the names of `courses.h5p.parts`."""
        if self.is_child:
            return {f"sub:{self.sub_content}"} if self.sub_content else set()
        # Whoever tells of a whole has its first slide before them.
        return {"slide:1", *_slides(self.body)}


def read_statement(value: object, *, activity: str) -> Told:
    """A statement about the activity of a content, or of a part of it; Refused says what is wrong with it."""
    try:
        must_be_storable(value, most_levels=MOST_LEVELS)
    except TooDeep as error:
        raise Refused("depth", HTTPStatus.UNPROCESSABLE_ENTITY) from error
    except Unstorable as error:
        raise Refused("statement") from error
    body = _object(value, "statement")
    if not _fits(body):
        body = _shorter(body)
    if not _fits(body):
        raise Refused("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    context = _object(body.get("context"), "context", may_lack=True)
    result = _object(body.get("result"), "result", may_lack=True)
    verb = _iri(_object(body.get("verb"), "verb").get("id"), "verb")
    about, sub_content = _activity(body.get("object"), activity)
    is_child = bool(sub_content) or _has_parent(context)
    score, success, completion = (
        _score(result.get("score")),
        _truth(result.get("success"), "success"),
        _truth(result.get("completion"), "completion"),
    )
    return Told(
        statement_id=read_uuid(body.get("id"), "id"),
        body=body,
        verb=verb,
        activity=about,
        sub_content=sub_content,
        is_child=is_child,
        registration=read_registration(context),
        score=score,
        is_success=success if is_child else _succeeded(verb, success),
        is_complete=completion if is_child else _completed(verb, completion, score),
        response=_response(result.get("response")),
        duration_seconds=_duration(result.get("duration")),
    )


def read_uuid(value: object, code: str) -> UUID:
    """An identifier in its plain form; Refused with the code otherwise."""
    if type(value) is not str or not _UUID.fullmatch(value):
        raise Refused(code)
    return UUID(value)


def read_registration(told: Json) -> UUID | None:
    """The go that a statement's context or an entry's body names, if it does; Refused for no identifier."""
    value = told.get("registration")
    return None if value is None else read_uuid(value, "registration")


def _fits(body: Json) -> bool:
    return len(json.dumps(body, ensure_ascii=False).encode()) <= MOST_BYTES


def _shorter(body: Json) -> Json:
    """Of a long text to be marked word by word, or an essay: the result, and as much as people are shown."""
    made = dict(body)
    result, about = body.get("result"), body.get("object")
    response = result.get("response") if type(result) is dict else None
    chosen = frozenset(_PARTED.split(response)) if type(response) is str else frozenset()
    if type(result) is dict and type(response) is str:
        made["result"] = {**result, "response": response[:MOST_RESPONSE_CHARACTERS]}
    if type(about) is dict and type(about.get("definition")) is dict:
        made["object"] = {**about, "definition": _cut(about["definition"], chosen)}
    return made


def _cut(value: object, chosen: Set[str]) -> object:
    """Part of a question: no text longer than an answer's, and of its choices those that were chosen."""
    if type(value) is str:
        return value[:MOST_RESPONSE_CHARACTERS]
    if type(value) is list:
        return [_cut(one, chosen) for one in value if type(one) is dict and str(one.get("id")) in chosen]
    if type(value) is dict:
        return {name: _cut(inner, chosen) for name, inner in value.items()}
    return value


def _object(value: object, code: str, *, may_lack: bool = False) -> Json:
    if value is None and may_lack:
        return {}
    if type(value) is not dict:
        raise Refused(code)
    return value


def _iri(value: object, code: str) -> str:
    if type(value) is not str or len(value) > MOST_IRI_CHARACTERS or not _IRI.fullmatch(value):
        raise Refused(code)
    return value


def _activity(value: object, activity: str) -> tuple[str, str]:
    """The activity's address and the part of the content that it names, if any; of this content only."""
    about = _object(value, "object").get("id")
    if type(about) is not str or not about.startswith(activity):
        raise Refused("object", HTTPStatus.FORBIDDEN)
    if about == activity:
        return about, ""
    part = _SUB_CONTENT.fullmatch(about[len(activity) :])
    if part is None:
        raise Refused("object", HTTPStatus.FORBIDDEN)
    return about, part[1]


def _has_parent(context: Json) -> bool:
    return bool(_object(context.get("contextActivities"), "context", may_lack=True).get("parent"))


def _score(value: object) -> Score | None:
    """The points; where only points are told, their share is reckoned from them."""
    told = _object(value, "score", may_lack=True)
    least, raw, most, share = (_points(told.get(name)) for name in ("min", "raw", "max", "scaled"))
    if share is None and raw is not None and most is not None and most > (low := least or Decimal(0)):
        share = (raw - low) / (most - low)
    if share is None and raw is None:
        return None
    if share is not None:
        share = max(Decimal(-1), min(share, Decimal(1)))
    return Score(_kept(share, "0.000001"), _kept(raw), _kept(most), _kept(least))


def _points(value: object) -> Decimal | None:
    """A number of points, also one that was kept as text; more than anything has says nothing."""
    if value is None:
        return None
    is_number = type(value) in (int, float) or (type(value) is str and _POINTS.fullmatch(value))
    if not is_number:
        raise Refused("score")
    points = Decimal(str(value))
    return points if abs(points) <= MOST_POINTS else None


def _kept(points: Decimal | None, places: str = "0.0001") -> Decimal | None:
    """As the column keeps it; never minus nothing, which is another text to one database."""
    return None if points is None else points.quantize(Decimal(places)) + 0


def _truth(value: object, code: str) -> bool | None:
    if value is not None and type(value) is not bool:
        raise Refused(code)
    return value


def _response(value: object) -> str:
    """An essay is longer than our column, and what is no text is not for it; the statement keeps it whole."""
    return value[:MOST_RESPONSE_CHARACTERS] if type(value) is str else ""


def _duration(value: object) -> Decimal | None:
    """Seconds; None for what is no time, and where the phone's clock was set back meanwhile, or ran away."""
    found = _DURATION.fullmatch(value) if type(value) is str else None
    if found is None or not any(found.groups()):
        return None
    amounts = [Decimal(amount or 0) for amount in found.groups()]
    seconds = sum((n * unit for n, unit in zip(amounts, _UNIT_SECONDS, strict=True)), Decimal(0))
    return seconds.quantize(Decimal("0.01")) if 0 <= seconds <= MOST_DURATION_SECONDS else None


def _succeeded(verb: str, success: bool | None) -> bool | None:
    if verb not in DECIDING:
        return None
    return success if success is not None else {PASSED: True, FAILED: False}.get(verb)


def _completed(verb: str, completion: bool | None, score: Score | None) -> bool | None:
    """Whether a whole is completed by it: one question is by an answer with points; failing never does."""
    if verb in (COMPLETED, PASSED):
        return completion is not False
    if verb == ANSWERED:
        return completion if completion is not None else score is not None
    return False if verb == FAILED else None


def _slides(body: Json) -> set[str]:
    """The slide that a presentation says to have come to."""
    value: Any = body["object"]  # an object, as was read before
    for name in ("definition", "extensions"):
        value = value.get(name)
        if type(value) is not dict:
            return set()
    number = value.get(ENDING_POINT)
    return {f"slide:{number}"} if type(number) is int and 1 <= number <= MOST_SLIDE else set()
