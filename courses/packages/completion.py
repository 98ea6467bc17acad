"""What finishes a lesson that is a package: its time really open, and what it has to report beside."""

from typing import Any, TypedDict

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.finishing import FINISHED_PERCENT, LEAST_OPEN_PERCENT


class Gate(models.TextChoices):
    """What has to be reported before the lesson is finished."""

    RESULT = "RESULT", _("A result: completed, and with the points below where there are any")
    OPENED = "OPENED", _("Nothing: having been open for its time is enough")
    PARTS = "PARTS", _("Having met every slide or question")


class CompletionRule(TypedDict):
    """The rule as a published version keeps it: `percent` of the points, `parts` by name for PARTS."""

    gate: str
    percent: int
    parts: list[str]


def open_percent(gate: str, *, has_film: bool) -> int:
    """How much of its seconds a package must have been open, or played where its seconds are a film's."""
    if has_film:
        return FINISHED_PERCENT
    return 100 if gate == Gate.OPENED else LEAST_OPEN_PERCENT


def rule_of(package: Any) -> CompletionRule:  # Any: an H5P content or a SCORM package
    """The rule of a package as it stands now."""
    return CompletionRule(gate=package.gate, percent=package.pass_percent, parts=package.parts)
