"""Every package that is refused names the file and the reason, and nothing of it is left."""

import json
from collections.abc import Callable

import pytest

from courses.h5p.refusals import in_words
from courses.packages.refusals import Refused
from tests.courses.h5p import made
from tests.courses.h5p.bringing import brought, nothing_is_left, unpack
from tests.courses.packages import hostile

pytestmark = pytest.mark.django_db
LIBRARY, SEMANTICS = "H5P.Small-1.0/library.json", "H5P.Small-1.0/semantics.json"
CONTENT, H5P = "content/content.json", "h5p.json"
Case = tuple[Callable[[], bytes], str, str]


def with_file(path: str, content: bytes | str = b"x") -> Callable[[], bytes]:
    return lambda: made.small(files={path: content})


def with_library(**changes: object) -> Callable[[], bytes]:
    return lambda: made.small(files=made.library_files(made.SMALL, **changes))


def with_metadata(**changes: object) -> Callable[[], bytes]:
    return lambda: made.small(metadata=changes)


def with_params(params: object) -> Callable[[], bytes]:
    return lambda: made.small(params=params)


def nested(library: str) -> Callable[[], bytes]:
    questions = [{"library": library, "params": {}, "subContentId": "a"}]
    return lambda: made.small_set(params={"questions": questions})


def second_folder() -> bytes:
    files = {
        path.replace(made.SMALL, "Other"): content for path, content in made.library_files(made.SMALL).items()
    }
    return made.small(files=files)


PACKAGES: dict[str, Case] = {
    "no h5p.json": (lambda: made.small(without=[H5P]), "missing", H5P),
    "no content": (lambda: made.small(without=[CONTENT]), "missing", CONTENT),
    "h5p.json is no JSON": (with_file(H5P, "{"), "json", H5P),
    "h5p.json is a list": (with_file(H5P, "[]"), "field", H5P),
    "no title": (with_metadata(title=""), "field", H5P),
    "long title": (with_metadata(title="a" * 256), "field", H5P),
    "title is a number": (with_metadata(title=3), "field", H5P),
    "authors are text": (with_metadata(authors="me"), "field", H5P),
    "licence is a list": (with_metadata(license=[]), "field", H5P),
    "no main library": (with_metadata(mainLibrary="H5P.Other"), "no_main", H5P),
    "dependencies are no list": (with_metadata(preloadedDependencies={"a": 1}), "field", H5P),
    "dependency without version": (
        with_metadata(preloadedDependencies=[{"machineName": "H5P.Small"}]),
        "field",
        H5P,
    ),
    "dependency leads out": (
        with_metadata(preloadedDependencies=[{"machineName": "../a", "majorVersion": 1, "minorVersion": 0}]),
        "field",
        H5P,
    ),
    "endless dependencies": (
        with_metadata(preloadedDependencies=[made.needed(made.SMALL)] * 501),
        "field",
        H5P,
    ),
    "needs what is not there": (
        with_metadata(preloadedDependencies=[made.needed(made.SMALL), made.needed("H5P.Gone-2.3")]),
        "needs",
        H5P,
    ),
    "main library not there": (
        lambda: made.small(libraries=(), metadata={"preloadedDependencies": [made.needed(made.SMALL)]}),
        "needs",
        H5P,
    ),
    "params are a list": (with_params([]), "params", CONTENT),
    "params nest too deeply": (
        with_file(CONTENT, '{"a":' * 200 + "1" + "}" * 200),
        "deep",
        CONTENT,
    ),
    "params with NUL": (with_params({"question": "a\0"}), "json", CONTENT),
}
LIBRARIES: dict[str, Case] = {
    "library.json is no JSON": (with_file(LIBRARY, "library"), "json", LIBRARY),
    "library.json is a text": (with_file(LIBRARY, '"a"'), "field", LIBRARY),
    "name leads out": (with_library(machineName="../../a"), "field", LIBRARY),
    "name with a tag": (with_library(machineName="<b>"), "field", LIBRARY),
    "negative version": (with_library(patchVersion=-1), "field", LIBRARY),
    "version is true": (with_library(minorVersion=True), "field", LIBRARY),
    "version is huge": (with_library(majorVersion=10**6), "field", LIBRARY),
    "no patch": (with_library(patchVersion=None), "field", LIBRARY),
    "scripts are no list": (with_library(preloadedJs="a.js"), "field", LIBRARY),
    "script is not there": (with_library(preloadedJs=[{"path": "b.js"}]), "library_file", LIBRARY),
    "script leads out": (with_library(preloadedJs=[{"path": "../a.js"}]), "library_file", LIBRARY),
    "script from elsewhere": (
        with_library(preloadedJs=[{"path": "https://example.org/a.js"}]),
        "library_file",
        LIBRARY,
    ),
    "style is not there": (with_library(preloadedCss=[{"path": "b.css"}]), "library_file", LIBRARY),
    "newer core": (with_library(coreApi={"majorVersion": 1, "minorVersion": 99}), "core", LIBRARY),
    "core is a number": (with_library(coreApi=1.2), "field", LIBRARY),
    "not runnable": (with_library(runnable=0), "not_runnable", H5P),
    "needs a library that is not there": (
        with_library(preloadedDependencies=[made.needed("H5P.Gone-2.3")]),
        "needs",
        LIBRARY,
    ),
    "twice": (second_folder, "library_twice", "Other/library.json"),
    "semantics are an object": (with_file(SEMANTICS, "{}"), "semantics", SEMANTICS),
    "semantics of numbers": (with_file(SEMANTICS, "[1]"), "semantics", SEMANTICS),
    "field without fields": (
        with_file(SEMANTICS, '[{"name": "a", "type": "list", "field": 3}]'),
        "semantics",
        SEMANTICS,
    ),
}
REFUSED_FILES = [
    "a.html",
    "a.svg",
    "a.xml",
    "a.js",
    "a.mjs",
    "a.css",
    "a.swf",
    "a.exe",
    "a.php",
    "a.htm",
    "a.zip",
    "a",
]
CONTENTS: dict[str, Case] = {
    **{f"file {name}": (with_file(f"content/{name}"), "type", f"content/{name}") for name in REFUSED_FILES},
    "page in disguise": (with_file("content/images/a.png", "<html>"), "picture", "content/images/a.png"),
    "vector in disguise": (
        with_file("content/a.jpg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
        "picture",
        "content/a.jpg",
    ),
    "picture cut off": (with_file("content/a.png", made.picture()[:60]), "picture", "content/a.png"),
    "picture of too many pixels": (
        lambda: made.small(files={"content/a.png": made.picture(size=(8000, 7000))}),
        "pixels",
        "content/a.png",
    ),
    "JSON that is none": (with_file("content/data.json", "{"), "json", "content/data.json"),
    "picture that is not there": (
        with_params(made.question(media={"path": "images/a.png", "mime": "image/png"})),
        "no_file",
        "content/images/a.png",
    ),
    "sound that is not there": (
        with_params(made.question(sounds=[{"path": "../1/a.mp3"}])),
        "no_file",
        "content/../1/a.mp3",
    ),
    "picture that would run": (
        with_params(made.question(media={"path": "javascript:alert(1)"})),
        "no_file",
        "content/javascript:alert(1)",
    ),
    "nested library that is not offered": (nested("H5P.SmallSet 1.0"), "sub_library", CONTENT),
    "nested library that is not there": (nested("H5P.Small 2.0"), "sub_library", CONTENT),
    "nested library without a version": (nested("H5P.Small"), "sub_library", CONTENT),
}
CORPUS = {**hostile.BY_DIRECTORY, **PACKAGES, **LIBRARIES, **CONTENTS}


@pytest.mark.parametrize("what", CORPUS)
def test_what_is_refused_is_named_and_nothing_is_left(what: str) -> None:
    make, code, name = CORPUS[what]
    content = brought(make())
    with pytest.raises(Refused) as refused:
        unpack(content)
    assert (refused.value.code, refused.value.name) == (code, name)
    words = in_words(refused.value)
    assert not name.isprintable() or name in words
    assert "%(" not in words
    content.refresh_from_db()
    assert (content.upload.name, content.folder, content.params, content.files) == ("", "", {}, {})
    assert nothing_is_left()


@pytest.mark.parametrize("place", [CONTENT, H5P, LIBRARY, "content/a.txt", "H5P.Small-1.0/scripts/small.js"])
def test_a_damaged_file_anywhere_is_refused_and_nothing_is_left(place: str) -> None:
    package = bytearray(made.small(files={"content/a.txt": b"some text"}))
    row = package.rindex(b"PK\1\2", 0, package.rindex(place.encode()))
    package[row + 16] ^= 0xFF  # its checksum
    with pytest.raises(Refused) as refused:
        unpack(brought(bytes(package)))
    assert (refused.value.code, refused.value.name) == ("damaged", place)
    assert nothing_is_left()


def test_the_words_name_what_is_missing() -> None:
    with pytest.raises(Refused) as refused:
        unpack(brought(PACKAGES["needs what is not there"][0]()))
    assert "H5P.Gone 2.3" in in_words(refused.value)


def test_what_a_library_does_not_need_is_passed_over() -> None:
    files = {
        f"{made.SMALL}/{name}": b"x"
        for name in ("run.php", "README.html", "a.exe", ".htaccess", "_build/a.js", "notes.diff")
    }
    content = brought(made.small(files={**files, "Readme/a.txt": b"x", "content/_old/a.html": b"x"}))
    unpack(content)
    content.refresh_from_db()
    patch = content.libraries.get().current
    assert patch is not None
    assert sorted(patch.files) == [
        "language/de.json",
        "library.json",
        "scripts/small.js",
        "semantics.json",
        "styles/small.css",
    ]
    assert content.files == {}
    assert json.loads(json.dumps(content.params)) == made.QUESTION
