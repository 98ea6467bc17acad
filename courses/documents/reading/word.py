"""Word: headings, paragraphs, lists, tables and pictures in their order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as Word
from docx.table import Table
from docx.text.paragraph import Paragraph

from courses.documents.pieces import Block, Draft, clean, cut, picture_draft

# Programs in every language write the names of their own styles in English.
HEADINGS = ("heading", "title", "subtitle")
MOST_CELLS = 12


def read(path: Path) -> Iterator[Draft]:
    """The text in pieces, and each picture as a piece of its own where it stands."""
    word = docx.Document(str(path))
    held: list[Block] = []
    for found in _items(word):
        if isinstance(found, Block):
            held.append(found)
            continue
        yield from cut(held)
        held = []
        yield found
    yield from cut(held)


def _items(word: Word) -> Iterator[Block | Draft]:
    for item in word.iter_inner_content():
        if isinstance(item, Table):
            yield from _rows(item)
            continue
        text = clean(item.text)
        if text:
            yield Block(_sort(item), (text,))
        yield from _pictures(word, item)


def _sort(paragraph: Paragraph) -> str:
    style = str(paragraph.style.name if paragraph.style else "").lower()
    if style.startswith(HEADINGS):
        return "heading"
    properties = paragraph._p.pPr
    is_numbered = properties is not None and properties.numPr is not None
    return "point" if is_numbered or style.startswith("list") else "paragraph"


def _rows(table: Table) -> Iterator[Block]:
    for row in table.rows:
        # A merged cell stands in the row once for every column that it covers.
        cells = {id(cell._tc): clean(cell.text) for cell in row.cells}
        if any(cells.values()):
            yield Block("row", tuple(cells.values())[:MOST_CELLS])


def _pictures(word: Word, paragraph: Paragraph) -> Iterator[Draft]:
    for drawing in paragraph._p.xpath(".//w:drawing"):
        described = drawing.xpath(".//wp:docPr/@descr")
        for key in drawing.xpath(".//a:blip/@r:embed"):
            part: Any = word.part.related_parts.get(key)  # whatever part the file names
            draft = picture_draft(0, part.blob, clean(described[0]) if described else "") if part else None
            if draft is not None:
                yield draft
