"""The study token: who studies which version since when, signed, so that a report needs no session.

The token is the authority of a report and of nothing else: it says whose progress may grow, and the wall
clock says how fast.
"""

import hashlib
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hmac import compare_digest
from typing import NamedTuple

from django.conf import settings

from courses.finishing import FINISHED_PERCENT

_LAYOUT = struct.Struct(">QQQIQHHB2x")
_MAC_BYTES = 20
_TOKEN_CHARACTERS = (_LAYOUT.size + _MAC_BYTES) * 4 // 3
# No other signature of the site passes as a token, whatever it signs.
_PURPOSE = b"study.launch"


class BadToken(ValueError):
    """The token was not written by this site."""


class ExpiredToken(ValueError):
    """The token is older than a study token may be."""


class Launch(NamedTuple):
    """A lesson opened by a person: moments in milliseconds since 1970, `speed` in hundredths.

    `percent` of the `seconds` finish it. `cycle` is 0, or the year in which the lesson is studied again where
    the rule grants it each year.
    """

    person_id: int
    lesson_id: int
    version_id: int
    seconds: int
    opened: int
    speed: int
    cycle: int
    percent: int = FINISHED_PERCENT


def write_token(launch: Launch) -> str:
    """Sign a launch."""
    payload = _LAYOUT.pack(*launch)
    return urlsafe_b64encode(payload + _mac(settings.SECRET_KEY, payload)).decode()


def read_token(token: str, *, now: int) -> Launch:
    """The launch in a token; BadToken if it is not ours, ExpiredToken if it is too old."""
    payload, mac = _split(token)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(compare_digest(mac, _mac(key, payload)) for key in keys):
        raise BadToken
    launch = Launch(*_LAYOUT.unpack(payload))
    if launch.opened < horizon(now):
        raise ExpiredToken
    return launch


def horizon(now: int) -> int:
    """The moment before which no valid token was written."""
    lifetime: int = settings.STUDY_TOKEN_SECONDS
    return now - lifetime * 1000


def _split(token: str) -> tuple[bytes, bytes]:
    if len(token) != _TOKEN_CHARACTERS or not token.isascii():
        raise BadToken
    try:
        raw = urlsafe_b64decode(token)
    except ValueError as error:
        raise BadToken from error
    if len(raw) != _LAYOUT.size + _MAC_BYTES:
        raise BadToken
    return raw[: _LAYOUT.size], raw[_LAYOUT.size :]


def _mac(key: str, payload: bytes) -> bytes:
    # Keyed BLAKE2 is a MAC by itself, and several times as fast as an HMAC on this path.
    return hashlib.blake2b(payload, digest_size=_MAC_BYTES, key=_signing_key(key), person=_PURPOSE).digest()


@lru_cache(maxsize=8)
def _signing_key(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
