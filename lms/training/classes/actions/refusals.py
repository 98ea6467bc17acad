"""Why a class, its timetable, its names or a leave stay as they are."""

from collections.abc import Sequence
from datetime import date

from accounts.models import Cadre, Unit
from lms.training.classes.models import ClassChange, HalfDay


class Refused(Exception):
    """Something about a class that cannot be done; nothing was changed."""


class NotOrganiser(Refused):
    """Only staff over the class's unit run it (of counties and above, for a rotation class)."""


class NotInReach(Refused):
    """The unit does not lie where one may hold classes."""


class RotationByTownship(Refused):
    """Rotation classes are held by counties and above."""


class NotOfPlan(Refused):
    """The item is struck out or gone, is no class, or stands in the plan of some other place."""


class NotOpen(Refused):
    """The class is closed or cancelled."""


class NotCalling(Refused):
    """Names are proposed once the class is announced, and while it is open."""


class NoTimetable(Refused):
    """The class has no half-days yet: nobody can be called to it, and no marks of it be counted."""


class OverAlready(Refused):
    """The last day of the class has passed; what was held is recorded instead."""


class OutsideDates(Refused):
    """A half-day that does not lie between the first and the last day of the class."""

    def __init__(self, on: date) -> None:
        super().__init__(str(on))
        self.on = on


class EndsBeforeStart(Refused):
    """A half-day that ends before it begins."""


class SlotTaken(Refused):
    """The class has a line for this part of the day, or one at the same time."""

    def __init__(self, half_day: HalfDay) -> None:
        super().__init__(str(half_day))
        self.half_day = half_day


class TooManyHours(Refused):
    """More hours than the days of the class can hold."""


class Marked(Refused):
    """Somebody was marked present already: the mark is taken back first."""


class Granted(Refused):
    """Hours of the class are in the ledger already."""


class NoReason(Refused):
    """What is taken from somebody needs a reason."""


class QuotaTaken(Refused):
    """More names fill the places of a unit than it would have left."""

    def __init__(self, unit: Unit, taken: int) -> None:
        super().__init__(f"{unit.name} {taken}")
        self.unit = unit
        self.taken = taken


class QuotaFull(Refused):
    """There are fewer places left than names."""

    def __init__(self, left: int) -> None:
        super().__init__(str(left))
        self.left = left


class NamesClosed(Refused):
    """The last day for names has passed; the organiser may still call people."""


class NotYours(Refused):
    """People who are not in one's own units, or not in the unit that has the places."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class Elsewhere(Refused):
    """Somebody is called to another class at the same time."""

    def __init__(self, person: Cadre, half_day: HalfDay) -> None:
        super().__init__(f"{person.name} {half_day}")
        self.person = person
        self.half_day = half_day


class ChangedSince(Refused):
    """Time or place of the class changed after the names were being chosen."""

    def __init__(self, changes: Sequence[ClassChange]) -> None:
        super().__init__(str(len(changes)))
        self.changes = changes


class NotCounting(Refused):
    """The name was rejected or withdrawn before."""


class BegunAlready(Refused):
    """The half-day has begun: what happens now stands on the roll."""


class AskedAlready(Refused):
    """A request for leave is waiting for its answer."""


class DecidedAlready(Refused):
    """The request has its answer."""


class NotDecider(Refused):
    """Leave is granted by the organiser or the person's township, never by the person."""


class TooMuch(Refused):
    """A class takes only so many documents or lessons."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most
