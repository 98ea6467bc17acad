"""Writing on a page: one typeface, lines that fit their room, Chinese line breaking."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from lms.certificates.fonts import FONT_NAME, GETA, CertificateFont, composed

INK = HexColor(0x1F1F1F)
GREY = HexColor(0x5A5A5A)
RED = HexColor(0x9E1B1E)
GOLD = HexColor(0xB08D57)

Align = Literal["left", "centre", "right"]

# Marks as wide as a character, half of it white: on the left of the first, the right of the second.
WIDE_OPENING = "“‘（《〈【〔「『"
WIDE_CLOSING = "”’）》〉】〕」』，。、；："
OPENING = re.escape(WIDE_OPENING + "([{")
CLOSING = re.escape(WIDE_CLOSING + "！？)]},.;:!?·…—%")
# What stays on one line: a number with its measure, a run of ASCII or a character, and its marks.
PIECE = re.compile(rf"[{OPENING}]*(?:[0-9.]+(?:学时|[年月日天次])|[!-~]{{1,24}}|.)[{CLOSING}]*", re.DOTALL)
# Where two wide marks meet, one white half goes.
MEETING = re.compile(
    rf"(?<=[{WIDE_CLOSING}])(?=[{WIDE_OPENING}{WIDE_CLOSING}])"
    rf"|(?<=[{WIDE_OPENING}])(?=[{WIDE_OPENING}])"
)


class Box(NamedTuple):
    """A room on the page in points, measured from its top left corner downwards."""

    left: float
    top: float
    width: float
    height: float


class Pen:
    """Draws text in the certificate's typeface and remembers the characters it lacks."""

    def __init__(self, canvas: Canvas, font: CertificateFont) -> None:
        self.canvas = canvas
        self.font = font
        self.missing: list[str] = []

    def typed(self, text: str) -> str:
        """Return the text as it can be printed: what the typeface lacks becomes the sign 〓."""
        return "".join(self._type(character) for character in composed(text))

    def _type(self, character: str) -> str:
        if self.font.has(character):
            return character
        if character not in self.missing:
            self.missing.append(character)
        return GETA

    def width(self, text: str, size: float) -> float:
        """Return the width in points of text that went through `typed`."""
        full = float(self.font.stringWidth(text, size))
        return full - size / 2 * sum(1 for _ in MEETING.finditer(text))

    def line(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        align: Align = "left",
        room: float | None = None,
        color: Color = INK,
        spacing: float = 0.0,
        weight: float = 0.0,
    ) -> float:
        """Draw one line on the baseline y, smaller if it is wider than its room; return its width.

        `spacing` is the gap after each character but the last, `weight` a stroke around it, in
        points.
        """
        text = self.typed(text)
        width = self.width(text, size) + spacing * (len(text) - 1)
        shrink = min(1.0, room / width) if room and width else 1.0
        width *= shrink
        start = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        self._draw(text, start, y, size * shrink, color, spacing * shrink, weight * shrink)
        return width

    def _draw(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        color: Color,
        spacing: float,
        weight: float = 0.0,
    ) -> None:
        # Spacing and stroke outlive a text object, so they are fenced off.
        self.canvas.saveState()
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeColor(color)
        writing = self.canvas.beginText(x, y)
        writing.setFont(FONT_NAME, size)
        writing.setFillColor(color)
        writing.setCharSpace(spacing)
        writing.setTextRenderMode(2 if weight else 0)
        for part in MEETING.split(text):
            writing.setTextOrigin(x, y)
            writing.textOut(part)
            x += self.width(part, size) + spacing * len(part) - size / 2
        self.canvas.drawText(writing)
        self.canvas.restoreState()

    def paragraph(
        self,
        text: str,
        box: Box,
        size: float,
        *,
        leading: float = 1.35,
        color: Color = GREY,
        justified: bool = False,
    ) -> None:
        """Fill the box from its top, in smaller type if need be."""
        text = self.typed(text)
        lines = self.lines(text, size, box.width)
        while len(lines) * size * leading > box.height:
            size *= 0.96
            lines = self.lines(text, size, box.width)
        y = box.top
        for number, line in enumerate(lines, start=1):
            y -= size * leading if number > 1 else size
            full = justified and number < len(lines)
            spread = self._spread(line, size, box.width) if full else 0.0
            self._draw(line, box.left, y, size, color, spread)

    def _spread(self, line: str, size: float, width: float) -> float:
        """Return the gap that carries the line to the right edge, or 0 where it would show."""
        gap = (width - self.width(line, size)) / max(1, len(line) - 1)
        return gap if gap < size * 0.15 else 0.0

    def lines(self, text: str, size: float, width: float) -> list[str]:
        """Break text where Chinese may break: no mark at a line's start, no bracket at its end."""
        lines = [""]
        room = width
        for piece in PIECE.findall(text):
            needed = self.width(piece, size)
            if needed > room and lines[-1]:
                lines[-1] = lines[-1].rstrip(" ")
                lines.append("")
                room = width
            lines[-1] += piece
            room -= needed
        return lines
