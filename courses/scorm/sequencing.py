"""What a manifest asks of an item beside launching it: mastery, limits, launch data."""

from dataclasses import dataclass
from math import isfinite
from xml.etree.ElementTree import Element  # a type only: defusedxml does the reading

from courses.scorm.manifest_xml import attribute, child, children, said

MOST_LAUNCH_DATA = 4_096  # SCORM 1.2, cmi.launch_data; 2004 asks for 4,000
MOST_TIME = 40
TRUE = ("true", "1")
ACTIONS = frozenset(f"{end},{word}" for end in ("exit", "continue") for word in ("message", "no message"))


@dataclass(frozen=True)
class Limits:
    """What is asked of an item; None and "" where nothing is."""

    mastery: float | None = None
    threshold: float | None = None
    launch_data: str = ""
    time_limit: str = ""
    time_limit_action: str = ""
    tells_completion: bool = False


def limits_of_12(item: Element) -> Limits:
    """As SCORM 1.2 says it, in elements of the item: mastery from 0 to 100."""
    return Limits(
        mastery=number(said(child(item, "masteryscore")), 0, 100),
        launch_data=_launch_data(item),
        time_limit=said(child(item, "maxtimeallowed"))[:MOST_TIME],
        time_limit_action=_action(item),
    )


def rules_by_id(root: Element) -> dict[str, Element]:
    """The sequencing that several items share (2004, `sequencingCollection`)."""
    shared = child(root, "sequencingcollection")
    listed = children(shared, "sequencing") if shared is not None else ()
    return {attribute(one, "id"): one for one in listed}


def limits_of_2004(item: Element, shared: dict[str, Element]) -> Limits:
    """As SCORM 2004 says it: mastery from -1 to 1, in the item's sequencing or in what that refers to."""
    own = child(item, "sequencing")
    common = shared.get(attribute(own, "idref")) if own is not None else None
    threshold = child(item, "completionthreshold")
    return Limits(
        mastery=_measure(own) if child(own, "objectives") is not None else _measure(common),
        threshold=_threshold(threshold) if threshold is not None else None,
        launch_data=_launch_data(item),
        time_limit=_duration(own) or _duration(common),
        time_limit_action=_action(item),
        tells_completion=_delivered(own if child(own, "deliverycontrols") is not None else common),
    )


def number(text: str, least: float, most: float) -> float | None:
    """A number within bounds, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and least <= value <= most else None


def _launch_data(item: Element) -> str:
    """Kept to the letter: its spaces may mean something to the object."""
    data = child(item, "datafromlms")
    return "".join(data.itertext()).strip()[:MOST_LAUNCH_DATA] if data is not None else ""


def _action(item: Element) -> str:
    """What is to happen when the time is over; "" for what is none of the four."""
    told = said(child(item, "timelimitaction"))
    return told if told in ACTIONS else ""


def _delivered(sequencing: Element | None) -> bool:
    controls = child(sequencing, "deliverycontrols")
    return controls is not None and attribute(controls, "completionsetbycontent").casefold() in TRUE


def _measure(sequencing: Element | None) -> float | None:
    """What the primary objective needs to be satisfied, where a measure decides that."""
    objective = child(sequencing, "objectives", "primaryobjective")
    if objective is None or attribute(objective, "satisfiedbymeasure").casefold() not in TRUE:
        return None
    told = child(objective, "minnormalizedmeasure")
    return 1.0 if told is None else number(said(told), -1, 1)


def _threshold(element: Element) -> float | None:
    """Written as an element's attributes in the 4th edition, as its text in the 3rd."""
    if attribute(element, "completedbymeasure").casefold() in TRUE:
        return number(attribute(element, "minprogressmeasure") or "1", 0, 1)
    return number(said(element), 0, 1)


def _duration(sequencing: Element | None) -> str:
    limits = child(sequencing, "limitconditions")
    return attribute(limits, "attemptabsolutedurationlimit")[:MOST_TIME] if limits is not None else ""
