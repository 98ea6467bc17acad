"""Stations, programmes, viewings with their rolls, and sample checks."""

from .samples import Finding, Sample, SampleDraw
from .stations import Condition, Equipment, Station
from .viewings import Closing, Platform, Programme, RollTick, Viewing, ViewingQuerySet, ViewingState, midnight

__all__ = [
    "Closing",
    "Condition",
    "Equipment",
    "Finding",
    "Platform",
    "Programme",
    "RollTick",
    "Sample",
    "SampleDraw",
    "Station",
    "Viewing",
    "ViewingQuerySet",
    "ViewingState",
    "midnight",
]
