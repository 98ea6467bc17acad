"""What a content needs of its libraries, in one script and one stylesheet, named by what they hold."""

import base64
import gzip
import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from courses.disk import on_this_disk
from courses.h5p.declarations import paths_of
from courses.h5p.models import Content, Dependency, DependencyKind, LibraryPatch
from courses.h5p.stylesheets import Sheets, made_plain
from courses.packages.shelf import StoredFile

FOLDER = "h5p/bundles"
LIBRARIES = "/h5p/libraries"
# Counted up when bundles are made in another way: then all have new names.
MAKING = b"4"
# A library of signs has few fonts, and shows them; one of many has them for text, of which few are shown.
SIGN_FONTS, SIGN_FONT_BYTES = 4, 100_000
# A picture of a button costs less than asking for it.
SMALL_PICTURE_BYTES = 3_000
PLAIN_IN_DATA = " =:/;,()'"
ENDINGS = ("js", "css")


class MissingLibrary(Exception):
    """A library that the content needs is not installed."""


def needed_patches(content: Content) -> list[LibraryPatch]:
    """The patches that play a content, each behind its needs (three queries); raises MissingLibrary."""
    wanted = list(content.libraries.order_by("machine_name", "major", "minor").values_list("pk", flat=True))
    links = Dependency.objects.filter(kind=DependencyKind.PRELOADED, patch__current_of__isnull=False)
    needs: dict[int, list[int]] = {}
    for library, other in links.order_by("pk").values_list("patch__library", "library"):
        needs.setdefault(library, []).append(other)
    # The main library comes last, as H5P itself has it.
    order = _in_order([pk for pk in wanted if pk != content.main_id] + [content.main_id or 0], needs)
    patches = LibraryPatch.objects.filter(current_of__in=order).select_related("library")
    by_library = {patch.library_id: patch for patch in patches.defer("semantics")}
    if missing := [pk for pk in order if pk not in by_library]:
        raise MissingLibrary(missing)
    return [by_library[pk] for pk in order]


def _in_order(wanted: Sequence[int], needs: dict[int, list[int]]) -> list[int]:
    """Depth first, each once; a circle is cut where it closes."""
    order: list[int] = []
    seen: set[int] = set()
    stack = [(pk, False) for pk in reversed(wanted)]
    while stack:
        library, is_ready = stack.pop()
        if is_ready:
            order.append(library)
        elif library not in seen:
            seen.add(library)
            stack.append((library, True))
            stack += [(other, False) for other in reversed(needs.get(library, [])) if other not in seen]
    return order


def bundle_name(patches: Iterable[LibraryPatch]) -> str:
    """The SHA-256 that names a bundle, by what was installed and in which order."""
    told = b"\n".join([MAKING, *(f"{patch.folder} {patch.digest}".encode() for patch in patches)])
    return hashlib.sha256(told).hexdigest()


def ensure_bundle(patches: Sequence[LibraryPatch]) -> str:
    """The name of the bundle of these patches, which is made unless it is there; safe in parallel."""
    name = bundle_name(patches)
    if not default_storage.exists(stored(name, "css", zipped=True)):  # written last
        made = {"js": joined_scripts(patches), "css": joined_styles(patches)}
        for ending in ENDINGS:
            data = made[ending].encode()
            _keep(stored(name, ending), data)
            _keep(stored(name, ending, zipped=True), gzip.compress(data, 9, mtime=0))
    return name


def stored(name: str, ending: str, *, zipped: bool = False) -> str:
    """Where a bundle lies in the storage."""
    return f"{FOLDER}/{name}.{ending}{'.gz' if zipped else ''}"


def joined_scripts(patches: Iterable[LibraryPatch]) -> str:
    """All preloaded scripts; the leading semicolon keeps one's "use strict" from governing the rest."""
    parts = [_text(patch, path) for patch in patches for path in _preloaded(patch, "preloadedJs")]
    return "".join(f";{part}\n;\n" for part in parts)


def joined_styles(patches: Sequence[LibraryPatch]) -> str:
    """All preloaded stylesheets, with the addresses of what they show."""
    homes = {patch.library.directory: patch for patch in patches}
    parts = []
    for patch in patches:
        texts = {path: _text(patch, path) for path in patch.files if path.endswith(".css")}
        sheets = Sheets(texts, partial(_address, patch, homes))
        parts += [made_plain(path, sheets) for path in _preloaded(patch, "preloadedCss")]
    return "\n".join(parts)


def library_id(patch: LibraryPatch) -> str:
    """The part of an address that names an installed patch: its folder, which never changes what it holds."""
    return patch.folder.rpartition("/")[2]


def _address(patch: LibraryPatch, homes: dict[str, LibraryPatch], path: str) -> str:
    """Where a file of this library, or of another one beside it, is served."""
    if path.startswith("../"):
        directory, _slash, path = path[3:].partition("/")
        if directory not in homes:
            return ""
        patch = homes[directory]
    if path not in patch.files:
        return ""
    return _as_data(patch, path) or f"{LIBRARIES}/{library_id(patch)}/{quote(path)}"


def _as_data(patch: LibraryPatch, path: str) -> str:
    """What is small, as a part of the styles that phones keep: no browser keeps a file of the frame's."""
    if not (_is_sign_font(patch, path) or _is_small_picture(patch, path)):
        return ""
    kind = patch.files[path]["type"]
    if kind == "image/svg+xml":  # as text it is packed with its like
        return f"data:{kind},{quote(_text(patch, path), safe=PLAIN_IN_DATA)}"
    with default_storage.open(f"{patch.folder}/{path}") as file:
        return f"data:{kind};base64,{base64.b64encode(file.read()).decode()}"


def _is_sign_font(patch: LibraryPatch, path: str) -> bool:
    fonts = [name for name in patch.files if name.endswith((".woff", ".woff2"))]
    return path in fonts and len(fonts) <= SIGN_FONTS and patch.files[path]["bytes"] <= SIGN_FONT_BYTES


def _is_small_picture(patch: LibraryPatch, path: str) -> bool:
    facts: StoredFile = patch.files[path]
    return facts["type"].startswith("image/") and facts["bytes"] <= SMALL_PICTURE_BYTES


def _preloaded(patch: LibraryPatch, kind: str) -> list[str]:
    """The files of a kind in their order, each once however often it is named."""
    return [path for path in dict.fromkeys(paths_of(patch.metadata, kind, "")) if path in patch.files]


def _text(patch: LibraryPatch, path: str) -> str:
    with default_storage.open(f"{patch.folder}/{path}") as file:
        return file.read().decode("utf-8-sig", "replace")  # type: ignore[no-any-return]  # untyped storage


def _keep(name: str, data: bytes) -> None:
    """Nobody ever reads half a file: on a disk it gets its name once it is whole."""
    path = on_this_disk(name)
    if path is None:
        kept = default_storage.save(name, ContentFile(data))
        if kept != name:  # somebody else made the same
            default_storage.delete(kept)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, making = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(making).chmod(0o644)
    Path(making).replace(path)
