"""Classes, their places and their marks, and what their people are told."""

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
from .told import TELLING, ClassChange, Material, Notice, NoticeKind, What

__all__ = [
    "TELLING",
    "ClassChange",
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
    "Material",
    "Notice",
    "NoticeKind",
    "Part",
    "Place",
    "PlaceQuerySet",
    "PlaceStatus",
    "PlaceStep",
    "Quota",
    "TrainingClass",
    "TrainingClassQuerySet",
    "What",
]
