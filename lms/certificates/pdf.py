"""A certificate on one landscape sheet of A4: the same input gives the same bytes, always.

Nothing here reads the database, the clock or the reader's language.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from lms.certificates import ornaments
from lms.certificates.fonts import FONT_LOCK, FONT_NAME, GETA, certificate_font
from lms.certificates.pen import GOLD, GREY, INK, RED, Box, Pen
from lms.hours.figures import plain

WIDTH, HEIGHT = landscape(A4)
LEFT, RIGHT = 84.0, WIDTH - 84.0
MIDDLE = WIDTH / 2
SEAL_X, SEAL_Y = WIDTH - 210.0, 122.0
QR_SIDE = 82.0
TABLE_TOP = 274.0
OWN_COLUMNS = 2  # of the table, before those of the ledgers
ROWS = (19.0, 21.0, 28.0)  # points: heading, label, figure
STAMP = Color(0.75, 0.05, 0.05, alpha=0.5)


@dataclass(frozen=True)
class LedgerLine:
    """What one ledger holds for the period; ledgers stand side by side and are never added."""

    ledger: str
    earned: Decimal
    measure: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What every certificate shows: whose it is, who issued it, and how to check it."""

    serial: str
    verify_url: str
    kind_title: str
    name: str
    id_last_four: str  # may be empty
    unit_path: tuple[str, ...]  # from province to village
    role_names: tuple[str, ...]
    period_label: str  # the period, or the days of a class, in words
    rule_versions: tuple[str, ...]
    issued_on: date
    issuer: str
    digest: str  # SHA-256 of the snapshot, hexadecimal


@dataclass(frozen=True, kw_only=True)
class Printed(Sheet):
    """Every word and figure that the certificate of an obligation shows, frozen when it was issued."""

    obligation_name: str
    starts_on: date
    due_on: date
    required: Decimal
    earned: Decimal
    measure: str  # 学时, 天 or 次, as printed
    met_on: date
    ledgers: tuple[LedgerLine, ...]


@dataclass(frozen=True, kw_only=True)
class PrintedClass(Sheet):
    """The same for the certificate of a class."""

    class_title: str
    organiser: str
    days: Decimal  # of the whole class; none where it counts hours only
    hours: Decimal
    days_earned: Decimal
    hours_earned: Decimal
    ledger: str


Paper = Printed | PrintedClass


@dataclass(frozen=True)
class Ended:
    """What is printed across a certificate that is out of force."""

    is_revoked: bool  # else replaced
    on: date
    successor: str  # serial; may be empty


def certificate_pdf(
    certificate: Paper, *, ended: Ended | None = None, font_cache: Path | None = None
) -> bytes:
    """Draw the certificate in Chinese and return the PDF file; one out of force says so across the sheet.

    A character that the typeface lacks is printed as 〓 and named by its code at the foot.
    `font_cache` is the folder for the unpacked font, by default the system's temporary one.
    """
    file = io.BytesIO()
    with FONT_LOCK, override("zh-hans"):
        font = certificate_font(font_cache)
        canvas = Canvas(
            file,
            pagesize=(WIDTH, HEIGHT),
            pageCompression=1,
            invariant=1,
            initialFontName=FONT_NAME,  # type: ignore[arg-type]  # the stub says float by mistake
            lang="zh-CN",
        )
        _describe(canvas, certificate)
        pen = Pen(canvas, font)
        _draw(pen, certificate)
        if ended is not None:
            _overprint(pen, ended)
        canvas.showPage()
        canvas.save()
    return file.getvalue()


def _describe(canvas: Canvas, certificate: Paper) -> None:
    canvas.setTitle(f"{certificate.kind_title} {certificate.name}")
    subject = _("Certificate %(serial)s, %(period)s")
    canvas.setSubject(subject % {"serial": certificate.serial, "period": certificate.period_label})
    canvas.setAuthor(certificate.issuer)
    canvas.setCreator(_("Xiangxue"))
    canvas.setProducer(_("Xiangxue"))
    # The file is as old as the certificate, whenever it is drawn.
    canvas.setDateFormatter(lambda *_now: f"D:{certificate.issued_on:%Y%m%d}000000+08'00'")
    canvas.setKeywords(f"{certificate.serial}, {certificate.digest}")


def _draw(pen: Pen, certificate: Paper) -> None:
    ornaments.rosette(pen.canvas, MIDDLE, HEIGHT / 2 - 8, 210)
    ornaments.frame(pen.canvas, WIDTH, HEIGHT)
    _head(pen, certificate)
    _person(pen, certificate)
    body = Box(LEFT, 393, RIGHT - LEFT, 110)
    pen.paragraph(_body(certificate), body, 18, leading=1.68, color=INK, justified=True)
    _table(pen, certificate)
    _sources(pen, certificate)
    _verification(pen, certificate)
    _signature(pen, certificate)
    _absent_characters(pen)


def _head(pen: Pen, certificate: Paper) -> None:
    pen.line(
        certificate.kind_title,
        MIDDLE,
        498,
        44,
        align="centre",
        room=RIGHT - LEFT - 60,
        color=RED,
        spacing=14,
        weight=0.9,
    )
    ornaments.rule(pen.canvas, MIDDLE, 472, 190)
    serial = _("No. %(serial)s") % {"serial": certificate.serial}
    pen.line(serial, RIGHT, 449, 11, align="right", room=300, color=GREY)


def _person(pen: Pen, certificate: Paper) -> None:
    """Write the name large, the form of address and the identity number's last four after it."""
    room = RIGHT - LEFT - 300
    x = LEFT + pen.line(certificate.name, LEFT, 412, 31, room=room, weight=0.4, spacing=1.5) + 14
    x += pen.line(_("Comrade"), x, 412, 18) + 6
    if certificate.id_last_four:
        identity = _("(identity number ending in %(digits)s)")
        pen.line(identity % {"digits": certificate.id_last_four}, x, 412, 12, room=RIGHT - x, color=GREY)


def _body(certificate: Paper) -> str:
    """Return the certificate's sentences: who, what, and since when the requirement is met."""
    return "\u3000\u3000" + _who(certificate) + _what(certificate) + _("This is hereby certified.")


def _who(certificate: Paper) -> str:
    unit = "".join(certificate.unit_path)
    if not certificate.role_names:
        return _("A learner of %(unit)s ") % {"unit": unit}
    roles = _(", ").join(certificate.role_names)
    return _("Serving in %(unit)s as %(roles)s, ") % {"unit": unit, "roles": roles}


def _what(certificate: Paper) -> str:
    if isinstance(certificate, PrintedClass):
        return _what_class(certificate)
    sentence = _(
        "took part in “%(obligation)s” (%(period)s, %(starts)s to %(due)s): "
        "%(required)s %(measure)s required, %(earned)s %(measure)s earned; "
        "the requirement was met on %(met)s. "
    )
    return sentence % {
        "obligation": certificate.obligation_name,
        "period": certificate.period_label,
        "starts": day_words(certificate.starts_on),
        "due": day_words(certificate.due_on),
        "met": day_words(certificate.met_on),
        "required": plain(certificate.required),
        "earned": plain(certificate.earned),
        "measure": certificate.measure,
    }


def _what_class(certificate: PrintedClass) -> str:
    sentence = _(
        "took part in the class “%(title)s” (%(period)s, %(whole)s in all), held by %(organiser)s, "
        "and completed %(part)s of it. "
    )
    return sentence % {
        "title": certificate.class_title,
        "period": certificate.period_label,
        "organiser": certificate.organiser,
        "whole": _amount(certificate.days, certificate.hours),
        "part": _amount(certificate.days_earned, certificate.hours_earned),
    }


def _amount(days: Decimal, hours: Decimal) -> str:
    if not days:
        return _("%(hours)s hours") % {"hours": plain(hours)}
    return _("%(days)s days, %(hours)s hours") % {"days": plain(days), "hours": plain(hours)}


def day_words(day: date) -> str:
    """A day as it is printed."""
    return _("%(year)d-%(month)d-%(day)d") % {"year": day.year, "month": day.month, "day": day.day}


def _cells(certificate: Paper) -> list[tuple[str, str]]:
    """Return label and figure of each column: the two own figures, then the ledgers."""
    if isinstance(certificate, PrintedClass):
        return [
            (_("The whole class"), _amount(certificate.days, certificate.hours)),
            (_("Completed"), _amount(certificate.days_earned, certificate.hours_earned)),
            (certificate.ledger, _amount(Decimal(0), certificate.hours_earned)),
        ]
    return [
        (_("Required"), f"{plain(certificate.required)} {certificate.measure}"),
        (_("Earned"), f"{plain(certificate.earned)} {certificate.measure}"),
        *((line.ledger, f"{plain(line.earned)} {line.measure}") for line in certificate.ledgers),
    ]


def _table(pen: Pen, certificate: Paper) -> None:
    cells = _cells(certificate)
    column = (RIGHT - LEFT) / len(cells)
    _grid(pen, len(cells), column)
    y = TABLE_TOP - ROWS[0] + 6
    own = _("This class") if isinstance(certificate, PrintedClass) else _("This requirement")
    headings = [(own, 0, OWN_COLUMNS)]
    if len(cells) > OWN_COLUMNS:
        headings.append((_("Ledgers, kept apart and never added"), OWN_COLUMNS, len(cells)))
    for heading, first, last in headings:
        middle = LEFT + column * (first + last) / 2
        room = column * (last - first) - 8
        pen.line(heading, middle, y, 10, align="centre", room=room, color=RED)
    for number, (label, amount) in enumerate(cells):
        middle = LEFT + column * (number + 0.5)
        pen.line(label, middle, y - 20, 11, align="centre", room=column - 8, color=GREY)
        pen.line(amount, middle, y - 45.5, 16, align="centre", room=column - 8)


def _grid(pen: Pen, columns: int, column: float) -> None:
    """Draw the table's lines: strong outside and between the two groups, fine within."""
    canvas = pen.canvas
    bottom = TABLE_TOP - sum(ROWS)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.5)
    for y in (TABLE_TOP - ROWS[0], TABLE_TOP - ROWS[0] - ROWS[1]):
        canvas.line(LEFT, y, RIGHT, y)
    for number in range(1, columns):
        top = TABLE_TOP if number == OWN_COLUMNS else TABLE_TOP - ROWS[0]
        canvas.line(LEFT + number * column, top, LEFT + number * column, bottom)
    canvas.setLineWidth(1.1)
    canvas.rect(LEFT, bottom, RIGHT - LEFT, sum(ROWS))


def _sources(pen: Pen, certificate: Paper) -> None:
    if certificate.rule_versions:
        rules = _("; ").join(certificate.rule_versions)
        text = _("Hours recognised under: %(rules)s") % {"rules": rules}
        box = Box(LEFT, TABLE_TOP - sum(ROWS) - 5, RIGHT - LEFT, 24)
        pen.paragraph(text, box, 8.5)


def _verification(pen: Pen, certificate: Paper) -> None:
    """Draw the QR code and, beside it, what it leads to and the snapshot's digest."""
    low = 68.0
    ornaments.qr_code(pen.canvas, certificate.verify_url, LEFT, low, QR_SIDE)
    x, room = LEFT + QR_SIDE + 14, 236.0
    pen.line(_("Scan to verify"), x, low + QR_SIDE - 12, 12, room=room)
    note = _("Compare every printed item with the register; the register prevails.")
    pen.line(note, x, low + QR_SIDE - 27, 8.5, room=room, color=GREY)
    box = Box(x, low + QR_SIDE - 33, room, 23)
    pen.paragraph(certificate.verify_url, box, 8, leading=1.3)
    digest = _("Record digest (SHA-256): %(digest)s") % {"digest": certificate.digest}
    box = Box(x, low + 24, room, 24)
    pen.paragraph(digest, box, 7)


def _signature(pen: Pen, certificate: Paper) -> None:
    """Write issuer and date, and set the seal over them as on paper."""
    pen.line(certificate.issuer, SEAL_X, SEAL_Y + 15, 15, align="centre", room=250)
    day = day_words(certificate.issued_on)
    pen.line(day, SEAL_X, SEAL_Y - 31, 14, align="centre", room=250)
    ornaments.seal(pen, certificate.issuer, SEAL_X, SEAL_Y)


def _absent_characters(pen: Pen) -> None:
    if pen.missing:
        codes = ", ".join(f"U+{ord(character):04X}" for character in pen.missing)
        note = _("%(sign)s stands for characters that the typeface lacks: %(codes)s.")
        text = note % {"sign": GETA, "codes": codes}
        pen.line(text, MIDDLE, 48, 8, align="centre", room=RIGHT - LEFT, color=GREY)


def _overprint(pen: Pen, ended: Ended) -> None:
    """Write over the finished sheet that it is out of force, since when, and what holds in its place."""
    words = _("Revoked") if ended.is_revoked else _("Replaced")
    notes = [day_words(ended.on)]
    if ended.successor:
        notes.append(_("In its place holds") + " " + ended.successor)
    pen.canvas.saveState()
    pen.canvas.translate(MIDDLE, HEIGHT / 2)
    pen.canvas.rotate(24)
    # What lies beneath stays readable, so that the sheet can still be compared with the register.
    pen.line(words, 0, -18, 170, align="centre", color=STAMP, spacing=40, weight=4)
    for number, note in enumerate(notes):
        pen.line(note, 0, -66 - 36 * number, 26, align="centre", color=RED, weight=0.8)
    pen.canvas.restoreState()
