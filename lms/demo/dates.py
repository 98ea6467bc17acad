"""The demo's calendar: every date follows from the moment of loading, so that it is never out of date."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

# The elections of village committees in the province: every five years, this one in 2026.
ELECTION_YEAR, TERM_YEARS = 2026, 5
# Before this day of the year too little has happened to show, so the year before is lived through too.
FULL_ENOUGH = (4, 1)
# A term younger than this is shown with the end of the one before it.
TERM_SETTLED_DAYS = 60


@dataclass(frozen=True)
class Span:
    """Some days in a row, both ends included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Calendar:
    """What lies before the moment `at`, in Shanghai's days."""

    at: datetime

    @cached_property
    def today(self) -> date:
        """The day of loading."""
        return timezone.localdate(self.at)

    @cached_property
    def year(self) -> int:
        """The running year."""
        return self.today.year

    @cached_property
    def first_on(self) -> date:
        """The first day of the activity: New Year's day of this year, in its first months of the last."""
        is_early = (self.today.month, self.today.day) < FULL_ENOUGH
        return date(self.year - is_early, 1, 1)

    @cached_property
    def term(self) -> Span:
        """The running term of the county."""
        year = ELECTION_YEAR + (self.year - ELECTION_YEAR) // TERM_YEARS * TERM_YEARS
        if self.today < date(year, 2, 10):
            year -= TERM_YEARS
        return _term_from(year)

    @cached_property
    def previous_term(self) -> Span:
        """The term before the running one."""
        return _term_from(self.term.starts_on.year - TERM_YEARS)

    @cached_property
    def opening(self) -> date:
        """The day on which the county's books begin: with the year, or with a new term that began since."""
        begins = self.term.starts_on
        return begins if self.first_on < begins <= self.ago(TERM_SETTLED_DAYS) else self.first_on

    @cached_property
    def served(self) -> Span:
        """The term that ran when the books began: present posts date from its first day."""
        return self.term if self.term.starts_on <= self.opening else self.previous_term

    @cached_property
    def served_before(self) -> Span:
        """The term before that one: where former posts lie."""
        return _term_from(self.served.starts_on.year - TERM_YEARS)

    def ago(self, days: int) -> date:
        """A day so many days before today."""
        return self.today - timedelta(days=days)

    def coming(self, days: int, hour: int) -> datetime:
        """A time of a day that lies so many days ahead."""
        on = self.today + timedelta(days=days)
        return datetime.combine(on, time(hour), timezone.get_default_timezone())

    def past(self, month: int, day: int, days: int = 1) -> list[Span]:
        """Some days from the Monday of that week on, in each year kept so far; only those that are over."""
        spans = []
        for year in range(self.opening.year, self.year + 1):
            wanted = date(year, month, day)
            start = wanted - timedelta(days=wanted.weekday())
            span = Span(start, start + timedelta(days=days - 1))
            if self.opening <= span.starts_on and span.ends_on < self.today:
                spans.append(span)
        return spans

    def moment(self, on: date, hour: int = 9, minute: int = 0) -> datetime:
        """A time of a day, never later than the moment of loading."""
        wanted = datetime.combine(on, time(hour, minute), timezone.get_default_timezone())
        return min(wanted, self.at)


def _term_from(year: int) -> Span:
    return Span(date(year, 2, 10), date(year + TERM_YEARS, 2, 9))
