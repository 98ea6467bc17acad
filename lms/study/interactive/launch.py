"""The token of a go at a package: who plays what of which version since when, signed.

Like a study token it is the authority of an outbox entry and of nothing else. It carries the study launch,
so that what is reported can finish the lesson without asking what was opened.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.core import signing

from lms.study.launch import BadToken, ExpiredToken, Launch, horizon

SALT = "study.interactive"


class PackageLaunch(NamedTuple):
    """A package opened by a person: either a content or a courseware, 0 for the other.

    `is_main`: it is what the lesson is made of, and not a block in its text.
    """

    study: Launch
    content_id: int
    courseware_id: int
    registration: UUID
    is_main: bool


def write_token(launch: PackageLaunch) -> str:
    """Sign a launch."""
    told = [*launch.study, launch.content_id, launch.courseware_id, launch.registration.hex, launch.is_main]
    return signing.dumps(told, salt=SALT)


def read_token(token: str, *, now: int) -> PackageLaunch:
    """The launch in a token at a moment in milliseconds; raises BadToken or ExpiredToken."""
    try:
        told: list[Any] = signing.loads(token, salt=SALT)  # numbers and one text, as they were signed
    except (signing.BadSignature, UnicodeError) as error:
        raise BadToken from error
    *study, content_id, courseware_id, registration, is_main = told
    launch = PackageLaunch(Launch(*study), content_id, courseware_id, UUID(registration), is_main)
    if launch.study.opened < horizon(now):
        raise ExpiredToken
    return launch
