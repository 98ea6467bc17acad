"""Mobile numbers as people write them."""

import re
import unicodedata

SHAPE = re.compile(r"1[3-9][0-9]{9}")
BETWEEN = re.compile(r"[\s\-‐-―().]")


def digits_of(written: str) -> str:
    """What was typed full-width, or with something between the digits, as plain digits."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", written))


def normal(phone: str) -> str:
    """Eleven digits out of "+86 138-0012-6634" and its like; anything else comes back without the spaces."""
    digits = digits_of(phone)
    for country in ("+86", "0086"):
        digits = digits.removeprefix(country)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return digits


def is_valid(phone: str) -> bool:
    """Whether this is a mainland mobile number of eleven digits."""
    return SHAPE.fullmatch(phone) is not None


def masked(phone: str) -> str:
    """138****6634: enough to recognise, too little to call."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
