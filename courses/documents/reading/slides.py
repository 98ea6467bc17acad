"""PowerPoint: slide by slide what stands on it, text first, then pictures; the notes are left out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pptx

from courses.documents.pieces import Block, Draft, clean, cut, picture_draft
from courses.documents.refusals import MOST_PAGES, Refused

MOST_CELLS = 12
# What the program writes by itself is no description.
FILE_NAME = re.compile(r"\S+\.\w{3,4}")


def read(path: Path) -> Iterator[Draft]:
    """A piece or more for every slide."""
    slides = pptx.Presentation(str(path)).slides
    if len(slides) > MOST_PAGES:
        raise Refused("pages", pages=len(slides), most=MOST_PAGES)
    for number, slide in enumerate(slides, start=1):
        shapes = list(_flat(slide.shapes))
        yield from cut(_blocks(slide, shapes, number))
        for shape in shapes:
            draft = _picture(shape, number)
            if draft is not None:
                yield draft


def _flat(shapes: Any) -> Iterator[Any]:  # shapes of python-pptx, which ships no types
    """The shapes of a slide with those inside groups, as deep as a slide goes."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _blocks(slide: Any, shapes: list[Any], number: int) -> Iterator[Block]:  # shapes of python-pptx
    title = slide.shapes.title
    if title is not None and (text := clean(title.text_frame.text)):
        yield Block("heading", (text,), number)
    for shape in shapes:
        if shape.has_text_frame and (title is None or shape.shape_id != title.shape_id):
            texts = [clean(paragraph.text) for paragraph in shape.text_frame.paragraphs]
            told = [text for text in texts if text]
            sort = "point" if len(told) > 1 else "paragraph"
            yield from (Block(sort, (text,), number) for text in told)
        elif shape.has_table:
            for row in shape.table.rows:
                cells = tuple(clean(cell.text) for cell in row.cells if not cell.is_spanned)[:MOST_CELLS]
                if any(cells):
                    yield Block("row", cells, number)


def _picture(shape: Any, number: int) -> Draft | None:  # a shape of python-pptx
    try:
        blob: bytes = shape.image.blob
    except (AttributeError, KeyError, ValueError):  # no picture, or one that lies elsewhere
        return None
    described = shape._element.xpath(".//p:cNvPr/@descr")
    words = clean(described[0]) if described else ""
    return picture_draft(number, blob, "" if FILE_NAME.fullmatch(words) else words)
