"""What happens to classes: recording one that was held, taking the roll, closing and reopening."""

from .closing import (
    NobodyCalled,
    NotClosed,
    NotOver,
    WorthNothing,
    close_class,
    judge_closing,
    reopen_class,
)
from .marks import ClassClosed, NoPlace, NoRoom, NotAnnounced, NotYet, call_in, mark
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
from .refusals import NoReason, NoTimetable

__all__ = [
    "ClassClosed",
    "ClassFacts",
    "ElsewhereThen",
    "MoreAbsenceThanClass",
    "MoreDaysThanDates",
    "MoreHoursThanDays",
    "NoPlace",
    "NoReason",
    "NoRoom",
    "NoTimetable",
    "NobodyAttended",
    "NobodyCalled",
    "NotAnnounced",
    "NotClosed",
    "NotForTownship",
    "NotHeldYet",
    "NotOver",
    "NotYet",
    "OutOfScope",
    "WorthNothing",
    "call_in",
    "close_class",
    "judge_class",
    "judge_closing",
    "mark",
    "record_class",
    "reopen_class",
]
