"""Signed addresses: who may fetch what until when, in the path, so that pieces inherit it.

The signature is the whole authority: no session and no database is asked, and a person whose session has
ended plays on until it expires.
"""

import hashlib
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hmac import compare_digest

from django.conf import settings

_LAYOUT = struct.Struct(">I8s")
_MAC_BYTES = 18
_CHARACTERS = (_LAYOUT.size + _MAC_BYTES) * 4 // 3
# Addresses asked for within a twenty-fourth of their life are the same: what a phone has loaded stays loaded.
_STEPS = 24


class BadAddress(ValueError):
    """The signature is forged, of another thing or purpose, or expired."""


def expiry(now: float) -> int:
    """When an address written now expires, in whole seconds since 1970."""
    lifetime: int = settings.ADDRESS_SECONDS
    step = max(1, lifetime // _STEPS)
    return (int(now) + lifetime + step) // step * step


def sign(*, purpose: bytes, thing_id: int, person_id: int, expires: int) -> str:
    """The signature for a thing and a person, who is named by a keyed hash only.

    The purpose, at most 16 bytes, says what sort of thing: no other signature of the site passes for it.
    """
    payload = _LAYOUT.pack(expires, _person(settings.SECRET_KEY, person_id))
    return urlsafe_b64encode(payload + _mac(settings.SECRET_KEY, payload, purpose, thing_id)).decode()


def read_signature(signature: str, *, purpose: bytes, thing_id: int, now: float) -> int:
    """When a signature of this thing expires; raises BadAddress."""
    if len(signature) != _CHARACTERS or not signature.isascii():
        raise BadAddress
    try:
        raw = urlsafe_b64decode(signature)
    except ValueError as error:
        raise BadAddress from error
    payload, mac = raw[: _LAYOUT.size], raw[_LAYOUT.size :]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if len(mac) != _MAC_BYTES or not any(
        compare_digest(mac, _mac(key, payload, purpose, thing_id)) for key in keys
    ):
        raise BadAddress
    expires: int = _LAYOUT.unpack(payload)[0]
    if expires <= now:
        raise BadAddress
    return expires


def _person(key: str, person_id: int) -> bytes:
    return hashlib.blake2b(b"%d" % person_id, digest_size=8, key=_key(key), person=b"address.person").digest()


def _mac(key: str, payload: bytes, purpose: bytes, thing_id: int) -> bytes:
    told = payload + b"%d" % thing_id
    return hashlib.blake2b(told, digest_size=_MAC_BYTES, key=_key(key), person=purpose).digest()


@lru_cache(maxsize=8)
def _key(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
