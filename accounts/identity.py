"""National ID numbers: checked, kept as ciphertext, found by a keyed fingerprint, shown as last four.

Two keys are derived from `IDENTITY_KEY`: whoever can search for a number cannot read the numbers, and a
copy of the database without the key gives away neither.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from datetime import date
from functools import lru_cache
from operator import mul

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# GB 11643-1999: ISO 7064 MOD 11-2 over the first 17 digits.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
SHAPE = re.compile(r"[1-9]\d{16}[0-9X]", re.ASCII)
OLDEST_YEAR = 1900


class UnreadableIdentity(Exception):
    """The ciphertext was made with another key, or was changed."""


@lru_cache(maxsize=8)
def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"xiangxue.identity", info=purpose).derive(
        secret.encode()
    )


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(settings.IDENTITY_KEY, b"encrypt")))


def normal(number: str) -> str:
    """The number as it is compared: half-width, without spaces, X in capitals."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def is_valid(number: str) -> bool:
    """Whether the number has 18 places, a day of birth that exists and the right check digit."""
    number = normal(number)
    if not SHAPE.fullmatch(number) or birth_date(number) is None:
        return False
    return check_digit(number) == number[17]


def check_digit(number: str) -> str:
    """The 18th place that belongs to the first 17 digits."""
    return CHECK_DIGITS[sum(map(mul, map(int, number[:17]), WEIGHTS)) % 11]


def birth_date(number: str) -> date | None:
    """The day of birth inside the number, or None where no such day exists."""
    digits = normal(number)[6:14]
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born if born.year >= OLDEST_YEAR else None


def last_four(number: str) -> str:
    """What screens and papers show of the number."""
    return normal(number)[-4:]


def fingerprint(number: str) -> str:
    """64 hexadecimal digits by which the same number is found again; needs the key."""
    return hmac.new(
        _key(settings.IDENTITY_KEY, b"fingerprint"), normal(number).encode(), hashlib.sha256
    ).hexdigest()


def encrypt(number: str) -> bytes:
    """The ciphertext of a number; twice the same number gives two different ones."""
    return _box().encrypt(normal(number).encode())


def decrypt(cipher: bytes | memoryview) -> str:
    """The number again; raises UnreadableIdentity."""
    return unseal(cipher).decode()


def seal(content: bytes) -> bytes:
    """Ciphertext of something that holds ID numbers, such as a spreadsheet waiting for its yes."""
    return _box().encrypt(content)


def unseal(cipher: bytes | memoryview) -> bytes:
    """The content again; raises UnreadableIdentity."""
    try:
        return _box().decrypt(bytes(cipher))
    except InvalidToken as error:
        raise UnreadableIdentity from error
