"""What a manifest asks for that is not applied here, so that whoever brings it hears of it. Pure.

The menu lets learners open every part at any time; what a part was told of a limit it has to keep by itself.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element  # a type only: defusedxml does the reading

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.scorm.manifest_xml import attribute, local, said
from courses.scorm.sequencing import TRUE

FALSE = ("false", "0")


class Unapplied(models.TextChoices):
    """Something that a manifest asks for in vain."""

    ORDER = "ORDER", _("An order: every part can be opened at any time, from the menu and in turn.")
    RULES = "RULES", _("Rules that skip, lock, end or repeat parts: nothing is skipped, locked or repeated.")
    ATTEMPTS = "ATTEMPTS", _("A limit of attempts: a part can be opened as often as a learner likes.")
    TIME = "TIME", _("A limit of time: the part is told of it and has to keep to it by itself.")
    WHOLE = (
        "WHOLE",
        _("Rules for the whole: it is completed with all of its parts, and its score is the mean of theirs."),
    )
    SHARED = "SHARED", _("Objectives that parts share: no part hears of the results of another.")
    CHANCE = "CHANCE", _("Parts drawn or ordered by chance: all are offered, in the order of the menu.")
    UNTRACKED = "UNTRACKED", _("Parts that are not to be recorded: they are, and they count for the whole.")


def unapplied_in(root: Element) -> list[Unapplied]:
    """What stands in a manifest of it, each once."""
    elements = (element for element in root.iter() if isinstance(element.tag, str))
    found = {kind for element in elements for kind in _asked_by(element)}
    return [kind for kind in Unapplied if kind in found]


def _asked_by(element: Element) -> Iterator[Unapplied]:
    match local(element.tag):
        case "prerequisites" if said(element):
            yield Unapplied.ORDER
        case "controlmode" if _says(element, FALSE, "choice", "choiceexit", "flow"):
            yield Unapplied.ORDER
        case "controlmode" if _says(element, TRUE, "forwardonly"):
            yield Unapplied.ORDER
        case "preconditionrule" | "exitconditionrule" | "postconditionrule":
            yield Unapplied.RULES
        case "limitconditions":
            yield from _limited_by(element)
        case "maxtimeallowed" if said(element):
            yield Unapplied.TIME
        case "rolluprule":
            yield Unapplied.WHOLE
        case "rolluprules" if _says(element, FALSE, "rollupobjectivesatisfied", "rollupprogresscompletion"):
            yield Unapplied.WHOLE
        case "mapinfo":
            yield Unapplied.SHARED
        case "randomizationcontrols" if _is_by_chance(element):
            yield Unapplied.CHANCE
        case "deliverycontrols" if _says(element, FALSE, "tracked"):
            yield Unapplied.UNTRACKED


def _says(element: Element, words: tuple[str, ...], *names: str) -> bool:
    return any(attribute(element, name).casefold() in words for name in names)


def _limited_by(limits: Element) -> Iterator[Unapplied]:
    if attribute(limits, "attemptlimit"):
        yield Unapplied.ATTEMPTS
    if attribute(limits, "attemptabsolutedurationlimit"):
        yield Unapplied.TIME


def _is_by_chance(controls: Element) -> bool:
    timings = (attribute(controls, name).casefold() for name in ("randomizationtiming", "selectiontiming"))
    return any(timing not in ("", "never") for timing in timings)
