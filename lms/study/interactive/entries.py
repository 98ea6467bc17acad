"""What a page brings of a package: outbox entries of the kinds "statement", "state" and "commit".

A statement's body has `statement`, as the content made it and with an `id`; a state's has `key` and `data`
(text, null takes it away); a commit's, of a SCORM object, has `sco` (the item), `session` (one opening of
it), `sequence` and `cmi` (flat). The latter two have `registration` where it is not the token's.
"""

import re
from datetime import datetime, timedelta
from http import HTTPStatus

from courses.packages.storable import is_storable
from lms.phones.uploads import Entry, Json, Refused
from lms.study.actions import milliseconds
from lms.study.interactive.actions import (
    NoSuchObject,
    OtherObject,
    OtherPackage,
    StatementTaken,
    TooLarge,
    TooMany,
    keep_commit,
    keep_state,
    record_statement,
)
from lms.study.interactive.launch import PackageLaunch, read_token
from lms.study.interactive.objects import read_commit
from lms.study.interactive.statements import read_registration
from lms.study.interactive.words import shown_result
from lms.study.launch import BadToken, ExpiredToken
from lms.study.reports import shown

# Sub-content or 0, and the kind of data, as H5P names them.
_KEY = re.compile(r"[0-9A-Za-z-]{1,64}/[\w.-]{1,50}", re.ASCII)


def take_statement(entry: Entry, device: str, at: datetime) -> Json:
    """Keep one statement; the answer says what its attempt and the lesson have come to."""
    launch = content_launch(entry, at)
    try:
        recorded = record_statement(
            launch=launch,
            statement=entry.body.get("statement"),
            occurred_at=moment_of(entry, launch, at),
            at=at,
            device=device,
        )
    except TooMany as error:
        raise Refused("rate", HTTPStatus.TOO_MANY_REQUESTS) from error
    except StatementTaken as error:
        raise Refused("id") from error
    except OtherPackage as error:
        raise Refused("registration") from error
    report = recorded.report
    return {
        "kept": recorded.kept,
        "registration": str(recorded.attempt.registration),
        "result": shown_result(recorded.attempt),
        "lesson": shown(report, launch.study) if report else None,
        # There is an attempt now, which another one may follow.
        "may_again": True,
    }


def take_state(entry: Entry, device: str, at: datetime) -> Json:
    """Keep where a content stands."""
    launch = content_launch(entry, at)
    key, data = entry.body.get("key"), entry.body.get("data")
    if type(key) is not str or not _KEY.fullmatch(key):
        raise Refused("key")
    if data is not None and (type(data) is not str or not is_storable(data)):
        raise Refused("data")
    try:
        kept = keep_state(
            launch=launch,
            key=key,
            data=data,
            written_at=moment_of(entry, launch, at),
            at=at,
            device=device,
            number=entry.number,
            registration=read_registration(entry.body),
        )
    except TooLarge as error:
        raise Refused("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from error
    except TooMany as error:
        raise Refused("too_many", HTTPStatus.UNPROCESSABLE_ENTITY) from error
    except OtherPackage as error:
        raise Refused("registration") from error
    return {"key": key, "kept": kept}


def take_commit(entry: Entry, device: str, at: datetime) -> Json:
    """Keep one commit; the answer says what its attempt and the lesson have come to."""
    launch = launch_of(entry, at)
    if not launch.courseware_id:
        raise Refused("token", HTTPStatus.FORBIDDEN)
    try:
        committed = keep_commit(
            launch=launch,
            commit=read_commit(entry.body),
            written_at=moment_of(entry, launch, at),
            at=at,
            registration=read_registration(entry.body),
        )
    except NoSuchObject as error:
        raise Refused("sco") from error
    except OtherObject as error:
        raise Refused("session") from error
    except OtherPackage as error:
        raise Refused("registration") from error
    except TooMany as error:
        raise Refused("too_many", HTTPStatus.UNPROCESSABLE_ENTITY) from error
    report = committed.report
    return {
        "kept": committed.kept,
        "registration": str(committed.attempt.registration),
        "result": shown_result(committed.attempt),
        "lesson": shown(report, launch.study) if report else None,
        "may_again": True,
    }


def content_launch(entry: Entry, at: datetime) -> PackageLaunch:
    """The launch of an interactive content in an entry's token; Refused for any other."""
    launch = launch_of(entry, at)
    if not launch.content_id:
        raise Refused("token", HTTPStatus.FORBIDDEN)
    return launch


def launch_of(entry: Entry, at: datetime) -> PackageLaunch:
    """The launch in an entry's token; Refused where it is not ours or too old."""
    try:
        return read_token(entry.token, now=milliseconds(at))
    except BadToken as error:
        raise Refused("token", HTTPStatus.FORBIDDEN) from error
    except ExpiredToken as error:
        raise Refused("expired", HTTPStatus.FORBIDDEN) from error


def moment_of(entry: Entry, launch: PackageLaunch, at: datetime) -> datetime:
    """When it happened, by the age that the phone tells; not before the package was opened."""
    return at - timedelta(milliseconds=min(entry.age_ms, milliseconds(at) - launch.study.opened))
