"""What happened when: the demo's year is written down in any order and lived through in time's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from lms.certificates.actions import issue_all, uncertified
from lms.demo.dates import Calendar
from lms.obligations.actions import MARKS_AT_ONCE, refresh_changed
from lms.obligations.models import Obligation


@dataclass(frozen=True)
class Event:
    """Something that was done at a moment."""

    at: datetime
    do: Callable[[], None]


def live_through(events: Iterable[Event], calendar: Calendar) -> None:
    """Do everything in the order of its time; each evening brings figures and certificates after it."""
    in_time = sorted(events, key=lambda event: event.at)
    for day, today in groupby(in_time, key=lambda event: timezone.localdate(event.at)):
        for event in today:
            event.do()
        settle(at=calendar.moment(day, 23))


def settle(*, at: datetime) -> None:
    """Read every change so far, then issue the certificates that became due."""
    while refresh_changed(at=at) == MARKS_AT_ONCE:
        pass
    due = list(uncertified(Obligation.objects.all()).values_list("pk", flat=True))
    if due:
        issue_all(due, at=at)
