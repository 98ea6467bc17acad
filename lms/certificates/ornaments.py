"""What is drawn and not written: the frame, the rosette, the seal, the QR code."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import segno
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from lms.certificates.fonts import FONT_NAME
from lms.certificates.pen import GOLD, INK, RED, Pen

SEAL_RADIUS = 57.0  # points; a county office's seal is 42 mm wide, this one 40


def frame(canvas: Canvas, width: float, height: float) -> None:
    """Draw the double border line with a fret in each corner."""
    canvas.setStrokeColor(RED)
    for inset, thickness in ((22.0, 2.6), (29.0, 0.7)):
        canvas.setLineWidth(thickness)
        canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
    for across, up in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        canvas.saveState()
        canvas.translate(width / 2 - across * width / 2, height / 2 - up * height / 2)
        canvas.scale(across, up)
        _fret(canvas)
        canvas.restoreState()


def _fret(canvas: Canvas) -> None:
    """Draw the meander of the lower left corner, seen from that corner."""
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(1.5)
    canvas.setLineJoin(0)
    meander = ((35, 75), (35, 35), (75, 35), (75, 43), (51, 43), (51, 51), (43, 51), (43, 43))
    tail = ((43, 59), (43, 75), (35, 75))
    path = canvas.beginPath()
    for points in (meander, tail):
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
    canvas.drawPath(path)


def rosette(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Draw the pale guilloche behind the text."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setStrokeColor(GOLD, alpha=0.13)
    canvas.setLineWidth(0.5)
    for _ in range(30):
        canvas.rotate(6)
        canvas.ellipse(-radius, -radius * 0.42, radius, radius * 0.42)
    canvas.restoreState()


def rule(canvas: Canvas, x: float, y: float, half: float) -> None:
    """Draw the thin line with a diamond that parts the title from the text."""
    canvas.setStrokeColor(GOLD)
    canvas.setFillColor(RED)
    canvas.setLineWidth(0.8)
    canvas.line(x - half, y, x - 9, y)
    canvas.line(x + 9, y, x + half, y)
    path = canvas.beginPath()
    path.moveTo(x - 5, y)
    for point in ((x, y + 5), (x + 5, y), (x, y - 5)):
        path.lineTo(*point)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def seal(pen: Pen, issuer: str, x: float, y: float) -> None:
    """Draw the round red seal around a centre: circle, star, the issuer's name along the arc."""
    canvas = pen.canvas
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setStrokeColor(RED, alpha=0.86)
    canvas.setFillColor(RED, alpha=0.86)
    canvas.setLineWidth(2.6)
    canvas.circle(0, 0, SEAL_RADIUS)
    _star(canvas, SEAL_RADIUS * 0.31)
    _along_arc(pen, pen.typed(issuer))
    canvas.restoreState()


def _star(canvas: Canvas, radius: float) -> None:
    inner = radius * 0.381966  # where the five long lines of a pentagram cross
    path = canvas.beginPath()
    for corner in range(10):
        angle = pi / 2 + corner * pi / 5
        reach = inner if corner % 2 else radius
        place = (reach * cos(angle), reach * sin(angle))
        if corner:
            path.lineTo(*place)
        else:
            path.moveTo(*place)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _along_arc(pen: Pen, text: str) -> None:
    """Write the text clockwise inside the circle, narrower and then smaller the longer it is."""
    widest, size = 260.0, 14.0  # degrees, points
    middle = SEAL_RADIUS - 5.5 - size / 2
    step = min(widest / max(1, len(text) - 1), 25.0)
    narrow = min(0.86, 0.9 * (step * pi / 180 * middle) / size)
    if narrow < 0.6:
        size, narrow = size * narrow / 0.6, 0.6
    baseline = SEAL_RADIUS - 5.5 - size * 0.88
    pen.canvas.setFont(FONT_NAME, size)
    pen.canvas.setLineWidth(0.4)
    for number, character in enumerate(text):
        pen.canvas.saveState()
        pen.canvas.rotate(step * ((len(text) - 1) / 2 - number))
        pen.canvas.translate(0, baseline)
        pen.canvas.scale(narrow, 1)
        pen.canvas.drawCentredString(0, 0, character, mode=2)
        pen.canvas.restoreState()


def qr_code(canvas: Canvas, content: str, x: float, y: float, side: float) -> None:
    """Draw the code as vectors in a square whose lower left corner is x, y; sizes in points."""
    rows = segno.make(content, error="m", micro=False).matrix
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(side / len(rows), side / len(rows))
    canvas.setFillColor(INK)
    canvas.drawPath(PDFPathObject(_runs(rows)), stroke=0, fill=1)
    canvas.restoreState()


def _runs(rows: Sequence[bytearray]) -> list[str]:
    """Return one PDF rectangle for each run of dark modules; the lowest row is at 0."""
    runs = []
    for height, row in enumerate(reversed(rows)):
        start = row.find(1)
        while start >= 0:
            end = row.find(0, start)
            end = end if end >= 0 else len(row)
            runs.append(f"{start} {height} {end - start} 1 re")
            start = row.find(1, end)
    return runs
