"""Serial numbers that a person can read out and a clerk can type: XX-140728-2026-000123-C."""

import re

SHAPE = re.compile(r"XX-([0-9]{6})-([0-9]{4})-([0-9]{6,})-([0-9X])")
# The check character of the national identity number (ISO 7064, MOD 11-2): it catches every single
# wrong digit and every exchange of two neighbours.
_CHECKS = "10X98765432"


def serial_of(county: str, year: int, number: int) -> str:
    """The serial of a county's certificate; `county` has six digits."""
    body = f"{county}-{year:04d}-{number:06d}"
    return f"XX-{body}-{check_character(body)}"


def check_character(body: str) -> str:
    """The check character for the digits of a serial."""
    remainder = 0
    for digit in body.replace("-", ""):
        remainder = (remainder + int(digit)) * 2 % 11
    return _CHECKS[remainder]


def is_well_formed(serial: str) -> bool:
    """Whether a serial has the right shape and check character."""
    match = SHAPE.fullmatch(serial)
    return match is not None and check_character("-".join(match.groups()[:3])) == match.group(4)


def tidy(text: str) -> str:
    """A serial as typed: wide characters, lower case and spaces are forgiven."""
    narrow = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)
    return re.sub(r"[\s　]", "", narrow).upper().replace("–", "-").replace("—", "-")
