"""Classes, their places and their marks."""

from .held import (
    ClassKind,
    ClassState,
    Closing,
    HalfDay,
    Part,
    PlaceStatus,
    Quota,
    TrainingClass,
    TrainingClassQuerySet,
)
from .places import Edge, Leave, LeaveStatus, Mark, MarkChange, MarkHow, Place, PlaceQuerySet, PlaceStep

__all__ = [
    "ClassKind",
    "ClassState",
    "Closing",
    "Edge",
    "HalfDay",
    "Leave",
    "LeaveStatus",
    "Mark",
    "MarkChange",
    "MarkHow",
    "Part",
    "Place",
    "PlaceQuerySet",
    "PlaceStatus",
    "PlaceStep",
    "Quota",
    "TrainingClass",
    "TrainingClassQuerySet",
]
