"""The film that an interactive video is made of, as its parameters name it. Pure."""

import re
from collections.abc import Mapping
from typing import Any

INTERACTIVE_VIDEO = "H5P.InteractiveVideo"
ABSOLUTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def film_paths(machine: str, params: Mapping[str, Any]) -> list[str]:  # Any: JSON
    """The files that a player may choose from, in their order; none where it is no interactive video."""
    rows = _rows(params, "video", "files") if machine == INTERACTIVE_VIDEO else []
    paths = [row.get("path") if isinstance(row, dict) else None for row in rows]
    return [path for path in paths if isinstance(path, str)]


def has_submit_screen(params: Mapping[str, Any]) -> bool:  # Any: JSON
    """Whether an interactive video has a screen at which its answers are handed in."""
    return bool(_rows(params, "assets", "endscreens"))


def _rows(params: Mapping[str, Any], *keys: str) -> list[Any]:  # Any: JSON
    """A list inside the parameters of an interactive video; empty where none is there."""
    value: Any = params
    for key in ("interactiveVideo", *keys):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def is_film_elsewhere(machine: str, params: Mapping[str, Any]) -> bool:  # Any: JSON
    """Whether a film is named and every file of it lies on another site, which no learner's device asks."""
    paths = film_paths(machine, params)
    return bool(paths) and all(ABSOLUTE.match(path) for path in paths)
