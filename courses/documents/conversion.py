"""Taking a document apart in a child process, and what came of it."""

import json
import lzma
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from courses.documents.child import MOST_SECONDS, PIECES, PROGRESS, REFUSED
from courses.documents.pieces import Draft
from courses.documents.refusals import Refused

LOOK_EVERY = 0.5
# The child ends itself; this is for one that cannot.
PATIENCE = MOST_SECONDS + 30


def convert(path: Path, kind: str, folder: Path, report: Callable[[int, int], None]) -> list[Draft]:
    """The pieces of a file; raises Refused, also for a child that was killed or took too long.

    `report` is told the pages done and to do, every half second or so.
    """
    command = [sys.executable, "-m", "courses.documents.child", kind, str(path), str(folder), str(_fonts())]
    # Nothing of our environment: there are secrets in it, and the child reads what strangers wrote.
    env = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    child = subprocess.Popen(  # noqa: S603  # no shell
        command,
        cwd=settings.BASE_DIR,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _watch(child, folder, report)
    finally:
        child.kill()
        child.wait()
    return _outcome(folder)


def _watch(child: "subprocess.Popen[bytes]", folder: Path, report: Callable[[int, int], None]) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            child.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            report(*(_read(folder / PROGRESS) or (0, 0)))
        else:
            return


def _fonts() -> Path:
    """The folder of the font for pages that bring none, unpacked once."""
    packed: Path = settings.DOCUMENT_FONT
    folder = Path(settings.VAR_DIR) / "fonts"
    font = folder / packed.stem
    if not font.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:  # whole or not at all
            part.write(lzma.decompress(packed.read_bytes()))
        Path(part.name).replace(font)
    return folder


def _outcome(folder: Path) -> list[Draft]:
    refused = _read(folder / REFUSED)
    if refused is not None:
        raise Refused(refused[0], **refused[1])
    pieces = _read(folder / PIECES)
    if pieces is None:  # killed on its way
        raise Refused("hard")
    return [
        Draft(**{**piece, "picture": (folder / piece["picture"]).read_bytes() if piece["picture"] else b""})
        for piece in pieces
    ]


def _read(path: Path) -> list | None:  # type: ignore[type-arg]  # any JSON list that the child wrote
    try:
        found: list[object] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
