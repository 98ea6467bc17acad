"""Libraries' styles in one file: addresses made absolute, one format of each font, no imports left."""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import NamedTuple

MOST_IMPORTS = 5
# The right part of a token that may stand in quotes, as CSS writes addresses. Nothing here and below is tried
# in a second way: a sheet of nothing but spaces would take minutes.
ADDRESS = r"""\s*+(?:"(?P<double>[^"\n]*+)"|'(?P<single>[^'\n]*+)'|(?P<bare>[^"'()\s]*+))\s*+"""
URL = re.compile(rf"url\({ADDRESS}\)", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
CHARSET = re.compile(r"@charset\s++[^;@]*+;", re.IGNORECASE)
IMPORT = re.compile(
    rf"@import\s*+(?:url\({ADDRESS}\)|(?P<text>\"[^\"\n]*+\"|'[^'\n]*+'))\s*+(?P<media>[^;@]*+);", re.I
)
FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}", re.IGNORECASE)
SOURCE = re.compile(
    r"(?P<url>url\((?:[^()\"']|\"[^\"]*\"|'[^']*')*\))(?:\s*format\(\s*[\"']?(?P<format>[\w-]+)[\"']?\s*\))?",
    re.I,
)
SOURCES = re.compile(
    r"src\s*:(?:[^;{}\"'(]|\"[^\"]*\"|'[^']*'|\((?:[^()\"']|\"[^\"]*\"|'[^']*')*\))*;?", re.I
)
# An address that leads nowhere, and asks nobody.
NOWHERE = "url(data:,)"
# What every browser of ours reads, the smallest first.
FORMATS = ("woff2", "woff")

Address = Callable[[str], str]


class Sheets(NamedTuple):
    """A library's stylesheets by their paths, and where its other files are served."""

    texts: Mapping[str, str]
    address: Address
    """The address of a path that may lead out of the library; empty for one that leads nowhere."""


def made_plain(path: str, sheets: Sheets) -> str:
    """A stylesheet as it stands in a bundle, each sheet that it imports once for each kind of screen."""
    return _made(path, sheets, 0, set())


def _made(path: str, sheets: Sheets, depth: int, known: set[tuple[str, str]]) -> str:
    text = CHARSET.sub("", COMMENT.sub("", sheets.texts.get(path, "")))
    folder = str(PurePosixPath(path).parent)

    def imported(found: re.Match[str]) -> str:
        target = (found["text"] or "")[1:-1] or _said(found)
        inner, media = normpath(f"{folder}/{target.partition('?')[0]}"), found["media"].strip()
        if depth == MOST_IMPORTS or _is_absolute(target) or inner not in sheets.texts:
            return ""
        if (inner, media) in known:
            return ""
        known.add((inner, media))
        made = _made(inner, sheets, depth + 1, known)
        return f"@media {media} {{{made}}}" if media else made

    own, placed = IMPORT.sub("", text), "".join(map(imported, IMPORT.finditer(text)))
    own = FONT_FACE.sub(_one_source, own)
    return placed + URL.sub(lambda found: _placed(found, folder, sheets.address), own)


def _said(found: re.Match[str]) -> str:
    return found["double"] or found["single"] or found["bare"] or ""


def _is_absolute(address: str) -> bool:
    return (
        address.startswith(("/", "#")) or re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE) is not None
    )


def _placed(found: re.Match[str], folder: str, address: Address) -> str:
    target = _said(found)
    if target.startswith(("data:", "#")):
        return found[0]
    if _is_absolute(target):
        return NOWHERE
    path, mark, fragment = target.partition("#")
    place = address(normpath(f"{folder}/{path.partition('?')[0]}"))
    return f'url("{place}{mark}{fragment}")' if place else NOWHERE


def _one_source(rule: re.Match[str]) -> str:
    """A font's rule with its smallest format, so that a phone fetches one file."""
    sources = list(SOURCE.finditer(rule[0]))
    for wanted in FORMATS:
        fit = [source[0] for source in sources if _format(source) == wanted]
        if fit:
            bare = SOURCES.sub("", rule[0]).rstrip().removesuffix("}").rstrip()
            end = "" if bare.endswith((";", "{")) else ";"
            return f"{bare}{end}src:{','.join(fit)}}}"
    return rule[0]


def _format(source: re.Match[str]) -> str:
    said = (source["format"] or "").lower()
    if said:
        return said
    inner = source["url"][4:-1].strip("\"' ")
    return PurePosixPath(inner.partition("?")[0].partition("#")[0]).suffix.lstrip(".").lower()
