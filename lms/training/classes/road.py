"""The one road of a class, and the step that comes next."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.training.classes.models import ClassState, TrainingClass


class Step(StrEnum):
    """What an organiser does for a class, in order."""

    TIMETABLE = "TIMETABLE"
    PLACES = "PLACES"
    ANNOUNCE = "ANNOUNCE"
    REVIEW = "REVIEW"
    NAMES = "NAMES"
    ROLL = "ROLL"
    CLOSE = "CLOSE"
    DONE = "DONE"


@dataclass(frozen=True)
class Standing:
    """How far a class has come, in figures."""

    half_days: int
    room: int
    proposed: int
    accepted: int
    asked_leave: int


def next_step(held: TrainingClass, standing: Standing, *, today: date) -> Step:
    """The step that an organiser is offered on a day; nothing more of a class that is closed or cancelled."""
    if not held.is_open:
        return Step.DONE
    if not standing.half_days:
        return Step.TIMETABLE
    if held.state == ClassState.DRAFT:
        return Step.ANNOUNCE if standing.room else Step.PLACES
    if standing.proposed or standing.asked_leave:
        return Step.REVIEW
    if today > held.ends_on:
        return Step.CLOSE
    if today >= held.starts_on:
        return Step.ROLL
    return Step.NAMES
