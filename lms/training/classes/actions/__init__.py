"""What happens to classes: recording one that was held."""

from .record import (
    ClassFacts,
    ElsewhereThen,
    MoreAbsenceThanClass,
    MoreDaysThanDates,
    MoreHoursThanDays,
    NobodyAttended,
    NotForTownship,
    NotHeldYet,
    OutOfScope,
    judge_class,
    record_class,
)

__all__ = [
    "ClassFacts",
    "ElsewhereThen",
    "MoreAbsenceThanClass",
    "MoreDaysThanDates",
    "MoreHoursThanDays",
    "NobodyAttended",
    "NotForTownship",
    "NotHeldYet",
    "OutOfScope",
    "judge_class",
    "record_class",
]
