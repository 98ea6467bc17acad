"""The one typeface of the certificates: unpacked once, checked, parsed once per process."""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import re
import tempfile
import unicodedata
from functools import cache
from pathlib import Path
from threading import RLock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFStream
from reportlab.pdfbase.ttfonts import TTFont

FONT_NAME = "NotoSerifSC"
FOLDER = Path(__file__).parent / "fonts"
PACKED = FOLDER / f"{FONT_NAME}.ttf.xz"
# Printers' sign for a piece of type that the case does not hold; never an empty box.
GETA = "〓"
# A ReportLab font serves one document at a time.
FONT_LOCK = RLock()


class CertificateFont(TTFont):
    """Noto Serif SC, with a text layer that is right beyond the basic plane too."""

    def has(self, character: str) -> bool:
        """Say whether the font draws this one character."""
        return bool(self.face.charToGlyph.get(ord(character)))

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802  # ReportLab's name
        """Embed the subsets; write characters above U+FFFF as UTF-16, which ReportLab forgets."""
        super().addObjects(doc)
        for name, entry in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:") and isinstance(entry, PDFStream):
                entry.content = re.sub("<([0-9A-F]{5,6})>", _as_utf16, entry.content)


def _as_utf16(found: re.Match[str]) -> str:
    return f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>"


def unpacked_font(cache_folder: Path) -> bytes:
    """Return the font's bytes, kept in the folder for other processes.

    A cached file that is cut short, old or foreign is replaced; a folder that cannot be
    written only costs time.
    """
    digest = (FOLDER / f"{FONT_NAME}.ttf.sha256").read_text().strip()
    path = cache_folder / f"xiangxue-{FONT_NAME}-{digest[:16]}.ttf"
    try:
        if path.is_file() and hashlib.sha256(data := path.read_bytes()).hexdigest() == digest:
            return data
    except OSError:
        pass  # somebody else's file: unpack our own copy
    data = lzma.decompress(PACKED.read_bytes())
    _keep(data, path)
    return data


def _keep(data: bytes, path: Path) -> None:
    """Write the file whole or not at all, whoever else is writing it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
        os.replace(file.name, path)
    except OSError:
        return


@cache
def _parsed_font(cache_folder: Path) -> CertificateFont:
    data = io.BytesIO(unpacked_font(cache_folder))
    font = CertificateFont(FONT_NAME, data, asciiReadable=False)
    pdfmetrics.registerFont(font)
    return font


def certificate_font(cache_folder: Path | None = None) -> CertificateFont:
    """Return the font, registered with ReportLab; `cache_folder` defaults to the system's."""
    with FONT_LOCK:
        return _parsed_font(cache_folder or Path(tempfile.gettempdir()))


def composed(text: str) -> str:
    """Return the text in one line of composed characters, without the invisible ones."""
    return "".join(
        " " if character in "\t\r\n" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\t\r\n" or not _is_invisible(character)
    )


def _is_invisible(character: str) -> bool:
    """Say whether it is a control, a joiner or a variant's selector: nothing to print."""
    name = unicodedata.name(character, "")
    return unicodedata.category(character) in {"Cc", "Cf"} or name.startswith("VARIATION SELECTOR")
