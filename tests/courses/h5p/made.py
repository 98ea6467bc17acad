"""H5P packages made by the tests: small libraries of our own, which really play, and their contents.

`small()` asks one question, `small_set()` several and a text between them, `small_page()` asks nothing. Each
gives bytes; `files` puts more into the archive, `without` leaves out, by paths.
"""

import copy
import io
import json
import zipfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

LIBRARIES = Path(__file__).parent / "libraries"
SMALL, SET, PAGE = "H5P.Small-1.0", "H5P.SmallSet-1.0", "H5P.SmallPage-1.0"
QUESTION = {
    "question": "<p>A flood warning is passed on <strong>at once</strong>.</p>\n",
    "correct": True,
    "mood": "calm",
    "behaviour": {"retry": True, "points": 1},
    "tip": "<em>Think of the old people.</em>",
    "l10n": {"yes": "Right", "no": "Wrong"},
}
SET_OF_THREE = {
    "introduction": "<p>Before the flood.</p>",
    "questions": [
        {
            "library": "H5P.Small 1.0",
            "params": QUESTION,
            "subContentId": "11111111-1111-4111-8111-111111111111",
            "metadata": {"title": "Warning", "license": "U", "contentType": "Small question"},
        },
        {
            "library": "H5P.SmallPage 1.0",
            "params": {"text": "<p>Low houses go first.</p>"},
            "subContentId": "22222222-2222-4222-8222-222222222222",
        },
        {
            "library": "H5P.Small 1.0",
            "params": {**QUESTION, "question": "<p>The road stays open.</p>", "correct": False},
            "subContentId": "33333333-3333-4333-8333-333333333333",
        },
    ],
}


def package(
    *,
    main: str = SMALL,
    libraries: Iterable[str] = (SMALL,),
    params: object = QUESTION,
    metadata: Mapping[str, Any] | None = None,
    files: Mapping[str, bytes | str] | None = None,
    without: Collection[str] = (),
) -> bytes:
    """A package; `metadata` replaces fields of h5p.json, `files` are put in by their paths."""
    libraries = list(libraries)
    inside: dict[str, bytes | str] = {
        "h5p.json": json.dumps({**h5p_json(main, libraries), **(metadata or {})}),
        "content/content.json": json.dumps(params),
    }
    for library in libraries:
        inside |= library_files(library)
    inside |= files or {}
    return zipped({path: content for path, content in inside.items() if path not in without})


def small(**changes: Any) -> bytes:
    """One question; emits `answered` and `completed`, keeps its answer as state."""
    return package(**changes)


def small_set(**changes: Any) -> bytes:
    """Two questions and a text; the questions emit `answered` as children, the set `completed`."""
    return package(**{"main": SET, "libraries": (SET, SMALL, PAGE), "params": SET_OF_THREE, **changes})


def small_page(**changes: Any) -> bytes:
    """A text that emits nothing."""
    params = {"text": "<p>Low houses go first.</p>"}
    return package(**{"main": PAGE, "libraries": (PAGE,), "params": params, **changes})


def h5p_json(main: str, libraries: Iterable[str]) -> dict[str, Any]:
    """What the package says of itself."""
    return {
        "title": "Before the flood",
        "language": "en",
        "mainLibrary": main.partition("-")[0],
        "embedTypes": ["div"],
        "license": "CC BY",
        "licenseVersion": "4.0",
        "authors": [{"name": "Water office", "role": "Author"}],
        "preloadedDependencies": [needed(library) for library in libraries],
    }


def needed(library: str) -> dict[str, Any]:
    """A dependency on `H5P.Small-1.0`."""
    name, _dash, version = library.rpartition("-")
    major, minor = version.split(".")
    return {"machineName": name, "majorVersion": major, "minorVersion": minor}


def library_files(library: str, **changes: Any) -> dict[str, bytes | str]:
    """The files of one of our libraries by their paths in a package; `changes` are fields of library.json."""
    folder = LIBRARIES / library
    files: dict[str, bytes | str] = {
        f"{library}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    said = {**json.loads(files[f"{library}/library.json"]), **changes}
    if changes:
        files[f"{library}/library.json"] = json.dumps(said)
    return files


def question(**changes: Any) -> dict[str, Any]:
    """Parameters of the question, with changes."""
    return {**copy.deepcopy(QUESTION), **changes}


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """An archive of these files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in files.items():
            made.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)  # the same in each call
    return archive.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), *, noise: int = 0, **saving: Any) -> bytes:
    """A picture, of one colour or of noise that packs badly."""
    made = Image.effect_noise(size, noise).convert("RGB") if noise else Image.new("RGB", size, (200, 80, 40))
    file = io.BytesIO()
    made.save(file, form, **saving)
    return file.getvalue()
