"""Absolute addresses inside a content: what a learner would fetch from elsewhere, or be led to."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, TypedDict

from courses.h5p.reading import CONTENT_JSON, H5P_JSON
from courses.h5p.where import inside, place_in

ADDRESS = re.compile(r"(?:https?:|(?<![:\w]))//[^\s\"'<>\\]+", re.IGNORECASE)
MOST = 200


class Finding(TypedDict):
    """An address, and where in the package it stands."""

    where: str
    address: str


def find(params: Mapping[str, Any], metadata: Mapping[str, Any]) -> list[Finding]:  # Any: JSON
    """The addresses in parameters and h5p.json, each place once, at most MOST."""
    found: dict[tuple[str, str], Finding] = {}
    for file, value in ((CONTENT_JSON, params), (H5P_JSON, metadata)):
        for where, address in _within(value, ""):
            found.setdefault((where, address), Finding(where=f"{file}: {where}", address=address))
    return list(found.values())[:MOST]


def _within(value: Any, where: str) -> Iterator[tuple[str, str]]:  # Any: JSON
    if isinstance(value, dict):
        protocol, url = value.get("protocol"), value.get("url")
        # H5P keeps the two parts of a link apart.
        if isinstance(protocol, str) and isinstance(url, str) and protocol and url and "//" not in url:
            yield inside(where, "url"), protocol + url
        for key, one in value.items():
            yield from _within(one, inside(where, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _within(one, place_in(where, place))
    elif isinstance(value, str):
        yield from ((where, address) for address in ADDRESS.findall(unescape(value)))
