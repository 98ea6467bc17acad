"""Whether a content tells a result at all; some types only show something, and nobody hears of it. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from courses.h5p.films import INTERACTIVE_VIDEO, has_submit_screen

# What H5P's core has for it. These are names of properties, which stay where scripts are made small.
TELLING = re.compile(r"\b(?:triggerXAPI\w*|createXAPIEventTemplate|XAPIEvent)\b")


def tells_result(machine: str, scripts: str, params: Mapping[str, Any]) -> bool:  # Any: JSON
    """Whether a type, by its own scripts, can tell a result with these parameters.

    An interactive video hands in what was answered on its submit screen, and nowhere else.
    """
    return bool(TELLING.search(scripts)) and (machine != INTERACTIVE_VIDEO or has_submit_screen(params))
