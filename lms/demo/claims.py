"""What the demo's people learned elsewhere and claimed: one waits, one was granted for less, one refused."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw

from accounts.models import Cadre
from lms.demo.county import County
from lms.demo.diary import Event
from lms.hours.models import Ledger
from lms.training.claims.actions.claims import approve, file_claim, refuse
from lms.training.claims.evidence import read_proof
from lms.training.claims.limits import ClaimFacts
from lms.training.claims.models import Claim

Decide = Callable[[Claim, Cadre, datetime], object]
# A claim tells of two days, some days before it was filed.
BEFORE = 10


def claims(county: County) -> Iterator[Event]:
    """Each at its time, with its evidence."""
    calendar = county.calendar
    told: tuple[tuple[int, str, Decide | None], ...] = (
        (3, "learner", None),
        (20, "certified", _approve),
        (12, "capped", _refuse),
    )
    for days_ago, key, decide in told:
        on = calendar.ago(days_ago)
        if on - timedelta(days=BEFORE) > calendar.opening:
            yield Event(calendar.moment(on, 20), partial(_claim, county, key, on, decide))


def _claim(county: County, key: str, on: date, decide: Decide | None) -> None:
    person, at = county.cast[key], county.calendar.moment(on, 20)
    first = on - timedelta(days=BEFORE)
    facts = ClaimFacts(
        title="市农广校高素质农民培训",
        organiser="市农业广播电视学校",
        ledger=Ledger.CONCENTRATED,
        starts_on=first,
        ends_on=first + timedelta(days=1),
        hours=Decimal(12),
        days=Decimal(2),
    )
    proof = read_proof(_photo(), "结业证.png")
    claim = file_claim(person=person, facts=facts, proofs=[proof], by=person, at=at, key=f"demo-{key}")
    if decide is not None:
        decide(claim, county.staff["county"], at + timedelta(days=1))


def _approve(claim: Claim, by: Cadre, at: datetime) -> None:
    reason = "第二天下午为参观，按半天折算"
    approve(claim=claim, hours=Decimal(9), days=Decimal("1.5"), reason=reason, by=by, at=at)


def _refuse(claim: Claim, by: Cadre, at: datetime) -> None:
    refuse(claim=claim, reason="照片上看不清姓名和日期，请重拍后再申报", by=by, at=at)


def _photo() -> BytesIO:
    """A sheet with a frame and some lines, as a photo of a paper would be."""
    paper = Image.new("RGB", (640, 460), "#f6efe0")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((18, 18, 622, 442), outline="#9e1b1e", width=6)
    for number in range(5):
        pen.line((90, 150 + number * 48, 550 - number * 30, 150 + number * 48), fill="#544d44", width=5)
    file = BytesIO()
    paper.save(file, "PNG")
    file.seek(0)
    return file
