"""The process in which a document is taken apart: bounded in time and memory, without secrets or a database.

`python -m courses.documents.child KIND FILE FOLDER FONTS` writes the pictures, `pieces.json` and its progress
into the folder, or `refused.json` with the reason. What it reads was made by others, so whatever goes wrong
means "broken".
"""

import json
import signal
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from courses.documents.kinds import DOCX, PDF, PPTX, refuse_entities
from courses.documents.pieces import Draft, within_bounds
from courses.documents.refusals import Refused

MOST_MEMORY = 1 << 30
MOST_CPU_SECONDS = 120
MOST_SECONDS = 300
MOST_FILE = 64 * 1024 * 1024
PROGRESS, PIECES, REFUSED = "progress.json", "pieces.json", "refused.json"


def main(kind: str, source: Path, folder: Path, fonts: Path) -> int:
    """Convert, or say why not."""
    bound()
    try:
        pieces = _convert(kind, source, folder, fonts)
    except Refused as refused:
        return _refuse(folder, refused)
    except MemoryError:
        return _refuse(folder, Refused("hard"))
    except Exception:  # whatever a broken file raises in the readers
        return _refuse(folder, Refused("broken"))
    _write(folder / PIECES, pieces)
    return 0


def bound() -> None:
    """Set the limits of this process; past them it is killed."""
    if sys.platform == "win32":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    signal.alarm(MOST_SECONDS)  # also when the parent is no longer there to end it


def _convert(kind: str, source: Path, folder: Path, fonts: Path) -> list[dict[str, object]]:
    pages, drafts = _reader(kind, source, fonts)
    pieces: list[dict[str, object]] = []
    for number, draft in enumerate(within_bounds(drafts), start=1):
        facts: dict[str, object] = asdict(draft)
        facts["picture"] = f"{number}.webp" if draft.picture else ""
        if draft.picture:
            (folder / f"{number}.webp").write_bytes(draft.picture)
        pieces.append(facts)
        _write(folder / PROGRESS, [min(draft.page, pages), pages])
    return pieces


def _reader(kind: str, source: Path, fonts: Path) -> tuple[int, Iterator[Draft]]:
    """The number of pages, if known beforehand, and the drafts; only the reader that is needed is loaded."""
    if kind == PDF:
        from courses.documents.reading import pdf

        pdf.use_fonts(fonts)
        return pdf.count(source), pdf.read(source)
    with zipfile.ZipFile(source) as archive:
        refuse_entities(archive)
    if kind == DOCX:
        from courses.documents.reading import word

        return 0, word.read(source)
    if kind == PPTX:
        from courses.documents.reading import slides

        return 0, slides.read(source)
    from courses.documents.reading import tables

    return 0, tables.read(source)


def _refuse(folder: Path, refused: Refused) -> int:
    _write(folder / REFUSED, [refused.code, refused.values])
    return 0


def _write(path: Path, content: object) -> None:
    """Whole or not at all: the parent reads at any moment."""
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(Path, sys.argv[2:5])))
