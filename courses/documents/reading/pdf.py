"""PDF: a picture of every page, and its text for those who would rather read that."""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from courses.documents.pieces import PICTURE_HEIGHT, PICTURE_WIDTH, Block, Draft, clean, cut, drawn
from courses.documents.refusals import MOST_PAGES, MOST_SIDE_CM, Refused

SYSTEM_FONTS = (b"/usr/share/fonts", b"/usr/local/share/fonts")
# The library keeps the address of the list, not the list.
KEPT: list[object] = []
POINTS_A_CM = 72 / 2.54
# Drawn a little larger than shown, so that small print stays readable.
SHARPER = 1.5
# A line that ends so, or before the others do, ends its paragraph; so does a row of a table.
ENDS = tuple("。！？：；.!?:;")
SHORT_LINE = 0.9
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
GAP = re.compile(f"{CJK.pattern} {CJK.pattern}")


def use_fonts(folder: Path) -> None:
    """Let pages that bring no letters along be drawn with the fonts of a folder, then the system's."""
    folders = [str(folder).encode(), *SYSTEM_FONTS, None]
    paths = (ctypes.c_char_p * len(folders))(*folders)
    sort = dict(raw.FPDF_LIBRARY_CONFIG._fields_)["m_pUserFontPaths"]
    raw.FPDF_DestroyLibrary()  # which begins without them when it is imported
    raw.FPDF_InitLibraryWithConfig(
        raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=ctypes.cast(paths, sort))
    )
    KEPT.append(paths)


def count(path: Path) -> int:
    """How many pages there are; raises Refused."""
    with _opened(path) as document:
        return _pages(document)


def read(path: Path) -> Iterator[Draft]:
    """A draft for every page; raises Refused."""
    with _opened(path) as document:
        for number in range(1, _pages(document) + 1):
            try:
                yield _draft(document[number - 1], number)
            except pdfium.PdfiumError as error:
                raise Refused("broken") from error


def _opened(path: Path) -> Any:  # pdfium ships no types
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise Refused("locked" if is_locked else "broken") from error


def _pages(document: Any) -> int:  # a document of pdfium
    pages = len(document)
    if pages > MOST_PAGES:
        raise Refused("pages", pages=pages, most=MOST_PAGES)
    if not pages:
        raise Refused("nothing")
    return pages


def _draft(page: Any, number: int) -> Draft:  # a page of pdfium
    width, height = page.get_size()
    if not (0 < width <= MOST_SIDE_CM * POINTS_A_CM and 0 < height <= MOST_SIDE_CM * POINTS_A_CM):
        raise Refused("side", page=number, most=MOST_SIDE_CM)
    scale = SHARPER * min(PICTURE_WIDTH / width, PICTURE_HEIGHT / height)
    image = page.render(scale=scale).to_pil().convert("RGB")
    words = page.get_textpage()
    blocks = [Block("paragraph", (text,), number) for text in paragraphs(words.get_text_range())]
    page.close()
    html = "".join(draft.html for draft in cut(blocks))
    return drawn(number, image, html, sum(block.characters for block in blocks))


def paragraphs(text: str) -> list[str]:
    """The lines of a page joined to paragraphs; between Chinese characters a line's end is no space."""
    lines = [line for line in map(clean, text.replace("\r", "\n").split("\n")) if line]
    longest = max(map(len, lines), default=0)
    found: list[str] = []
    is_open = False
    for line in lines:
        if is_open:
            is_tight = CJK.match(found[-1][-1]) or CJK.match(line[0])
            found[-1] += line if is_tight else f" {line}"
        else:
            found.append(line)
        is_open = len(line) >= SHORT_LINE * longest and not line.endswith(ENDS) and not GAP.search(line)
    return found
