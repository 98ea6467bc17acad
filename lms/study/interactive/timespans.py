"""How long something took, as the two standards of SCORM write it. Pure."""

import re
from decimal import Decimal

# A page that was left open over night has not been studied all night; more is not believed of one session.
MOST_SECONDS = 24 * 3600
HUNDREDTH = Decimal("0.01")

# SCORM 1.2, CMITimespan; and ISO 8601 as SCORM 2004 uses it.
CLOCK = re.compile(r"(\d{2,4}):(\d{1,2}):(\d{1,2})(\.\d{1,2})?", re.ASCII)
NUMBER = r"\d{1,9}"
PERIOD = re.compile(
    rf"P(?:({NUMBER})Y)?(?:({NUMBER})M)?(?:({NUMBER})D)?"
    rf"(?:T(?:({NUMBER})H)?(?:({NUMBER})M)?(?:({NUMBER}(?:\.\d{{1,6}})?)S)?)?",
    re.ASCII,
)
# Years and months have no length; SCORM 2004 takes these (RTE, timeinterval).
LENGTHS = (365 * 24 * 3600, 30 * 24 * 3600, 24 * 3600, 3600, 60, 1)


def seconds_of(text: str) -> Decimal:
    """The seconds of a timespan in either writing, to the hundredth; 0 for what is none."""
    return min(_seconds(text), Decimal(MOST_SECONDS)).quantize(HUNDREDTH)


def as_clock(seconds: Decimal) -> str:
    """A timespan as SCORM 1.2 writes it."""
    whole, hundredths = divmod(int(seconds * 100), 100)
    return f"{min(whole // 3600, 9999):04}:{whole // 60 % 60:02}:{whole % 60:02}.{hundredths:02}"


def as_period(seconds: Decimal) -> str:
    """A timespan as SCORM 2004 writes it."""
    whole, hundredths = divmod(int(seconds * 100), 100)
    rest = f"{whole % 60}.{hundredths:02}" if hundredths else f"{whole % 60}"
    return f"PT{whole // 3600}H{whole // 60 % 60}M{rest}S"


def _seconds(text: str) -> Decimal:
    clock = CLOCK.fullmatch(text)
    if clock:
        hours, minutes, seconds, fraction = clock.groups()
        return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + Decimal(fraction or 0)
    period = PERIOD.fullmatch(text)
    if period is None:
        return Decimal(0)
    return sum(
        (Decimal(told) * length for told, length in zip(period.groups(), LENGTHS, strict=True) if told),
        Decimal(0),
    )
