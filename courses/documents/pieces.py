"""The small pieces that a document is cut into: clean HTML of our own making, and pictures."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from PIL import Image, ImageOps

from courses.documents.refusals import MOST_CHARACTERS, Refused
from courses.reading_time import characters_in

PICTURE_WIDTH = 720
PICTURE_HEIGHT = 2400
PICTURE_BYTES = 80 * 1024
MOST_PIXELS = 40_000_000
SMALLEST_SIDE = 24
# Tried in turn until a picture is small enough; the last stays, whatever its size.
QUALITIES = ((1.0, 72), (1.0, 55), (1.0, 40), (0.85, 40), (0.7, 35))
PIECE_CHARACTERS = 600
MOST_PIECES = 1000
TABLE_ROWS = 15
# What PostgreSQL does not take, and what shows nothing.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\u200b\ufeff]")


@dataclass(frozen=True)
class Draft:
    """A piece before it is kept: the page, slide or sheet it stands on (0 if none), and what it holds."""

    page: int
    html: str = ""
    characters: int = 0
    picture: bytes = b""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, point or table row as a reader finds it."""

    sort: str  # "heading", "paragraph", "point", "row"
    cells: tuple[str, ...]
    page: int = 0

    @property
    def characters(self) -> int:
        """How much there is to read."""
        return sum(map(characters_in, self.cells))


def clean(text: str) -> str:
    """Text in one line, without control characters."""
    return " ".join(CONTROL.sub("", text).split())


def cut(blocks: Iterable[Block]) -> Iterator[Draft]:
    """Blocks in reading order as pieces of a few hundred characters, a heading at the top of its piece."""
    held: list[Block] = []
    for block in blocks:
        if held and _begins_anew(held, block):
            yield _piece(held)
            held = []
        held.append(block)
    if held:
        yield _piece(held)


def _begins_anew(held: Sequence[Block], block: Block) -> bool:
    if block.page != held[-1].page:
        return True
    # A heading stays with what follows it.
    if all(each.sort == "heading" for each in held):
        return False
    rows = sum(each.sort == "row" for each in held)
    is_full = sum(each.characters for each in held) + block.characters > PIECE_CHARACTERS
    return block.sort == "heading" or is_full or rows >= TABLE_ROWS


def _piece(blocks: Sequence[Block]) -> Draft:
    html = "".join(_html(sort, list(group)) for sort, group in groupby(blocks, key=lambda block: block.sort))
    return Draft(blocks[0].page, html, sum(block.characters for block in blocks))


def _html(sort: str, blocks: list[Block]) -> str:
    if sort == "row":
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in each.cells)}</tr>" for each in blocks
        )
        # A wide table is moved sideways by touch, and by the arrow keys once it has the focus.
        return f'<div class="wide" tabindex="0"><table><tbody>{rows}</tbody></table></div>'
    inside = [escape(cell) for block in blocks for cell in block.cells]
    if sort == "point":
        return f"<ul>{''.join(f'<li>{each}</li>' for each in inside)}</ul>"
    tag = {"heading": "h2", "paragraph": "p"}[sort]
    return "".join(f"<{tag}>{each}</{tag}>" for each in inside)


def within_bounds(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts as they come; raises Refused when a lesson cannot hold them all, or when there are none."""
    characters = pieces = 0
    for draft in drafts:
        characters += draft.characters
        pieces += 1
        if characters > MOST_CHARACTERS or pieces > MOST_PIECES:
            raise Refused("text")
        yield draft
    if not pieces:
        raise Refused("nothing")


def picture_draft(page: int, blob: bytes, words: str = "") -> Draft | None:
    """A picture inside a document, drawn anew for a phone; None for a drawing, a line or a broken one."""
    try:
        with Image.open(io.BytesIO(blob)) as opened:
            if opened.width * opened.height > MOST_PIXELS or min(opened.size) < SMALLEST_SIDE:
                return None
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright)
    return drawn(page, paper, f"<p>{escape(words)}</p>" if words else "", characters_in(words))


def drawn(page: int, image: Image.Image, html: str, characters: int) -> Draft:
    """A draft with a picture as WebP, as wide as a phone and not heavier than it must be."""
    image.thumbnail((PICTURE_WIDTH, PICTURE_HEIGHT), Image.Resampling.LANCZOS)
    data = b""
    shown = image
    for scale, quality in QUALITIES:
        shown = (
            image if scale == 1 else image.resize((round(image.width * scale), round(image.height * scale)))
        )
        made = io.BytesIO()
        shown.save(made, "WEBP", quality=quality, method=4)
        data = made.getvalue()
        if len(data) <= PICTURE_BYTES:
            break
    return Draft(page, html, characters, data, max(1, shown.width), max(1, shown.height))
