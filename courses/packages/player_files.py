"""A player as browsers get it: few files of ours, in memory, at addresses that name what they hold."""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from courses.packages.unchanging import takes_gzip, unchanging

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".woff2": "font/woff2",
}
# Licences, which have no ending.
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class PlayerFile:
    """A file of a player, plain and packed; pictures and fonts are packed already."""

    content_type: str
    plain: bytes
    packed: bytes | None


class PlayerFiles:
    """The files of one player, below its folder; what is not named here is served to nobody."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._folder, self._names = folder, tuple(names)

    @cached_property
    def files(self) -> dict[str, PlayerFile]:
        """Every file by its path below the folder."""
        return {name: _read(self._folder / name) for name in self._names}

    @cached_property
    def digest(self) -> str:
        """One name for the state of all of them together, so that they find each other beside themselves."""
        whole = hashlib.sha256()
        for name, file in self.files.items():
            whole.update(name.encode() + b"\0" + hashlib.sha256(file.plain).digest())
        return whole.hexdigest()[:20]

    def answer(self, request: HttpRequest, digest: str, name: str) -> HttpResponse:
        """A file; one at an address of an older state may not be kept; raises Http404."""
        file = self.files.get(name)
        if file is None:
            raise Http404
        body = file.packed if file.packed is not None and takes_gzip(request) else file.plain
        answer = unchanging(
            request, body, file.content_type, tag=self.digest, is_packed=body is not file.plain
        )
        if digest != self.digest:
            answer["Cache-Control"] = "no-store"
        return answer


def _read(path: Path) -> PlayerFile:
    plain = path.read_bytes()
    kind = TYPES.get(path.suffix, PLAIN)
    packed = gzip.compress(plain, 9, mtime=0) if kind.startswith("text/") else None
    return PlayerFile(kind, plain, packed)
