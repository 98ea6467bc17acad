"""The code on the organiser's screen: made of class, half-day and time, good for half a minute and the next.

Nobody keeps it anywhere; who can read it in the room can sign, and nothing else is asked of them.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO

import segno
from django.conf import settings

from lms.training.classes.models import Edge, HalfDay

STEP_SECONDS = 30
DIGITS = 6
# So long before a half-day and after it people sign.
AROUND = timedelta(minutes=30)


def code_of(half_day: HalfDay, edge: Edge, step: int) -> str:
    """The six digits of one half-minute."""
    text = f"{half_day.training_class_id}:{half_day.pk}:{edge.value}:{step}"
    key = sha256(b"training.classes.codes:" + settings.SECRET_KEY.encode()).digest()
    number = int.from_bytes(hmac.new(key, text.encode(), sha256).digest()[:8])
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_at(at: datetime) -> int:
    """Which half-minute it is."""
    return int(at.timestamp()) // STEP_SECONDS


def seconds_left(at: datetime) -> int:
    """How long the code on the screen stays."""
    return STEP_SECONDS - int(at.timestamp()) % STEP_SECONDS


def is_right(typed: str, half_day: HalfDay, edge: Edge, at: datetime) -> bool:
    """Whether this is the code on the screen, or the one before it."""
    # Digits of other scripts are digits to `isdecimal` and none to `compare_digest`.
    if not typed.isascii() or not typed.isdecimal():
        return False
    step = step_at(at)
    return any(hmac.compare_digest(typed, code_of(half_day, edge, each)) for each in (step, step - 1))


@dataclass(frozen=True, slots=True)
class Signing:
    """A half-day at which people sign now, and at which end of it."""

    half_day: HalfDay
    edge: Edge


def signings_at(half_days: Iterable[HalfDay], at: datetime, *, has_sign_out: bool) -> list[Signing]:
    """What can be signed now; the end of a half-day only where leaving is taken too."""
    near = [each for each in half_days if each.starts_at - AROUND <= at <= each.ends_at + AROUND]
    edges = list(Edge) if has_sign_out else [Edge.IN]
    return [Signing(half_day, edge) for half_day in near for edge in edges]


def shown_at(signings: Iterable[Signing], at: datetime, *, edge: str = "") -> Signing | None:
    """What the screen shows: the end that is asked for, else the one that is nearer in time."""
    wanted = [each for each in signings if each.edge == edge] or list(signings)
    return min(wanted, key=lambda each: abs(_moment(each) - at), default=None)


def _moment(signing: Signing) -> datetime:
    half_day = signing.half_day
    return half_day.starts_at if signing.edge == Edge.IN else half_day.ends_at


def drawing(content: str) -> bytes:
    """A QR code as an SVG file."""
    file = BytesIO()
    code = segno.make(content, error="m", micro=False)
    code.save(file, kind="svg", border=2, xmldecl=False, svgns=True, dark="#000", light="#fff", omitsize=True)
    return file.getvalue()
