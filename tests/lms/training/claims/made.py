"""Claims for the tests: people of two townships, files of evidence and hostile ones, sheets."""

import csv
import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Cadre, StaffRole
from lms.hours.models import Ledger
from lms.training.claims.actions import bring_claims, file_claim, write_claims
from lms.training.claims.evidence import Proof, read_proof
from lms.training.claims.limits import ClaimFacts
from lms.training.claims.models import Claim, ClaimBatch
from lms.training.claims.sheets.reading import read_claims
from tests.factories import CadreFactory, RuleFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
FACTS = ClaimFacts(
    title="果树修剪培训",
    organiser="县农广校",
    ledger=Ledger.CONCENTRATED,
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 3, 4),
    hours=Decimal(18),
    days=Decimal(3),
)
HEADER = ["姓名", "电话或账号", "身份证后四位", "题目", "主办", "台账", "学时", "天数", "起止日期"]


@dataclass(frozen=True)
class Town:
    """A township with its cadre, two who may decide there, the county above and the neighbour beside."""

    tree: CountyTree
    cadre: Cadre
    clerk: Cadre
    colleague: Cadre
    county: Cadre
    neighbour: Cadre


def town() -> Town:
    """Everybody who files, decides, or must not."""
    tree = county_tree()
    RuleFactory(unit=tree.province)
    return Town(
        tree,
        CadreFactory(name="李秀兰", unit=tree.village, phone="13800000001", **identity("0624")),
        StaffFactory(unit=tree.township, person__name="周办事").person,
        StaffFactory(unit=tree.township, person__name="钱同事").person,
        StaffFactory(unit=tree.county, role=StaffRole.COUNTY, person__name="孙县里").person,
        StaffFactory(unit=tree.other_township, person__name="吴邻镇").person,
    )


def identity(last4: str) -> dict[str, object]:
    """What is on file of an ID number that ends so."""
    return {"identity_last4": last4, "identity_hash": f"hash {last4}", "identity_cipher": b"c"}


def facts(**changes: object) -> ClaimFacts:
    return replace(FACTS, **changes)


def claim_of(person: Cadre, *, by: Cadre | None = None, at: datetime = AT, **changes: object) -> Claim:
    """A filed claim."""
    return file_claim(
        person=person, facts=facts(**changes), proofs=[proof()], by=by or person, at=at, key=str(uuid4())
    )


def proof(name: str = "结业证.jpg", content: bytes | None = None) -> Proof:
    return read_proof(io.BytesIO(picture() if content is None else content), name)


def picture(
    form: str = "JPEG", size: tuple[int, int] = (200, 120), mode: str = "RGB", **options: object
) -> bytes:
    """A picture with a gradient, so that it does not compress to nothing."""
    drawn = Image.linear_gradient("L").resize(size).convert(mode)
    file = io.BytesIO()
    drawn.save(file, form, **options)
    return file.getvalue()


def with_place(orientation: int = 1, size: tuple[int, int] = (200, 120)) -> bytes:
    """A photo that knows where and with what it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "PHONEMAKER"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 11.0, 22.0), 3: "E", 4: (112.0, 10.0, 33.0)})
    return picture(size=size, exif=exif.tobytes(), comment=b"SECRET COMMENT")


def png_bomb(side: int = 60_000) -> bytes:
    """A small PNG that says it is 3.6 billion dots."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def png_with_endless_text() -> bytes:
    """A whole PNG with a compressed text that unpacks to 200 MB."""
    whole = picture("PNG")
    body = b"note\0\0" + zlib.compress(b"A" * 200_000_000, 9)
    text = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return whole[:33] + text + whole[33:]


def upload(name: str = "结业证.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, picture() if content is None else content)


def form_of(**changes: object) -> dict[str, object]:
    """A claim as a browser sends it."""
    return {
        "key": str(uuid4()),
        "title": "果树修剪培训",
        "organiser": "县农广校",
        "ledger": "CONCENTRATED",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-04",
        "hours_asked": "18",
        "days_asked": "3",
        "evidence": upload(),
        **changes,
    }


def row(
    name: str = "李秀兰",
    login: str = "",
    last4: str = "",
    title: str = "果树修剪培训",
    organiser: str = "县农广校",
    ledger: str = "集中培训",
    hours: str = "18",
    days: str = "3",
    dates: str = "2026-03-02至2026-03-04",
) -> list[str]:
    """One row under HEADER."""
    return [name, login, last4, title, organiser, ledger, hours, days, dates]


def csv_of(
    *rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8", name: str = "申报.csv"
) -> io.BytesIO:
    """A CSV file in some encoding."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    file = io.BytesIO(text.getvalue().encode(encoding))
    file.name = name
    return file


def batch_of(*rows: Sequence[str], by: Cadre, at: datetime = AT) -> ClaimBatch:
    """A sheet that waits for its yes."""
    sheet = read_claims(csv_of(*rows))
    return bring_claims(sheet=sheet, file_name="申报.csv", proofs=[proof()], by=by, at=at)


def written(*rows: Sequence[str], by: Cadre, at: datetime = AT) -> ClaimBatch:
    """A sheet whose claims are filed."""
    return write_claims(batch=batch_of(*rows, by=by, at=at), leaves_out=False, by=by, at=at)
