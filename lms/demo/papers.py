"""Writes the demo's documents from its courses, and the pieces they are cut into.

Run as `python -m lms.demo.papers OUT`; the pieces lie beside the files, so that loading converts nothing.
"""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import django
import docx
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from courses.documents.conversion import convert
from courses.documents.pieces import Draft
from lms.certificates.fonts import FONT_NAME, certificate_font
from lms.demo.courses import COURSES
from lms.demo.courses.shapes import Document

RED, LINE = HexColor("#a61b1b"), HexColor("#b9ae9d")
TEXT = ParagraphStyle("text", fontName=FONT_NAME, fontSize=12.5, leading=21, wordWrap="CJK", spaceAfter=6)
POINT = ParagraphStyle("point", TEXT, leftIndent=14, bulletIndent=2)
HEADING = ParagraphStyle(
    "heading", TEXT, fontSize=15, leading=24, spaceBefore=10, textColor=RED, keepWithNext=1
)
TITLE = ParagraphStyle("title", TEXT, fontSize=21, leading=34, alignment=1, spaceAfter=10)
CELL = ParagraphStyle("cell", TEXT, fontSize=11, leading=16, spaceAfter=0)
WIDTH = A5[0] - 32 * mm


def write_pdf(paper: Document, path: Path) -> None:
    """A booklet whose pages are read on a phone without zooming: A5 with large letters."""
    certificate_font()
    edge = 16 * mm
    made = SimpleDocTemplate(
        str(path),
        pagesize=A5,
        leftMargin=edge,
        rightMargin=edge,
        topMargin=edge,
        bottomMargin=edge,
        title=paper.title,
        author="乡学",
        invariant=1,
    )
    story: list[Flowable] = [Paragraph(paper.title, TITLE)]
    for block in paper.body:
        if block[0] == "heading":
            story.append(Paragraph(block[1], HEADING))
        elif block[0] == "paragraph":
            story.append(Paragraph(block[1], TEXT))
        elif block[0] == "list":
            story.extend(Paragraph(point, POINT, bulletText="·") for point in block[1])
        else:
            story.extend([KeepTogether([_table(block[1])]), Spacer(1, 8)])
    made.build(story)


def _table(rows: tuple[tuple[str, ...], ...]) -> Table:
    widths = [0.26, 0.22, 0.52] if len(rows[0]) == 3 else [0.26, 0.18, 0.18, 0.38]
    table = Table(
        [[Paragraph(cell, CELL) for cell in row] for row in rows], [WIDTH * each for each in widths]
    )
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def write_word(paper: Document, path: Path) -> None:
    """The same blocks as a text of Word."""
    made = docx.Document()
    made.add_heading(paper.title, level=0)
    for block in paper.body:
        if block[0] == "heading":
            made.add_heading(block[1], level=1)
        elif block[0] == "paragraph":
            made.add_paragraph(block[1])
        elif block[0] == "list":
            for point in block[1]:
                made.add_paragraph(point, style="List Bullet")
        else:
            table = made.add_table(rows=0, cols=len(block[1][0]))
            for row in block[1]:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
    made.save(str(path))


def write_pieces(paper: Document, path: Path, folder: Path) -> None:
    """What the job would make of the file, as files."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        drafts = convert(path, paper.ending.upper(), Path(work), lambda done, total: None)
    pieces = []
    for number, draft in enumerate(drafts, start=1):
        if draft.picture:
            (folder / f"{number}.webp").write_bytes(draft.picture)
        pieces.append({**asdict(draft), "picture": len(draft.picture)})
    text = json.dumps(pieces, ensure_ascii=False, indent=1)
    (folder / "pieces.json").write_text(text + "\n", encoding="utf-8")


def read_pieces(folder: Path) -> list[Draft]:
    """The pieces of a shipped file."""
    pieces = json.loads((folder / "pieces.json").read_text(encoding="utf-8"))
    return [
        Draft(**{**piece, "picture": (folder / f"{number}.webp").read_bytes() if piece["picture"] else b""})
        for number, piece in enumerate(pieces, start=1)
    ]


def main(out: Path) -> None:
    """Write documents/ below OUT."""
    for course in COURSES:
        for lesson in course.lessons:
            if isinstance(lesson, Document):
                path = out / lesson.filename
                path.parent.mkdir(parents=True, exist_ok=True)
                (write_pdf if lesson.ending == "pdf" else write_word)(lesson, path)
                write_pieces(lesson, path, out / lesson.pieces)


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]))
