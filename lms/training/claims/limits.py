"""What a claim may ask for and what may be granted for it; pure, without the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from lms.hours.figures import plain
from lms.hours.models import Ledger
from lms.hours.rules import LONGEST_DAY

LONGEST_DAYS = 366
OLDEST = date(2000, 1, 1)
MOST_WORDS = 120
HALF = Decimal("0.5")
CENT = Decimal("0.01")

WORDS = {
    "empty": _("This is needed."),
    "long": _("Please say it in %(most)s characters."),
    "order": _("The last day lies before the first."),
    "span": _("One claim covers a year at most."),
    "future": _("The last day lies in the future. File it when it is over."),
    "old": _("This day lies too far back: %(day)s."),
    "nothing": _("This is more than zero."),
    "negative": _("Not below zero, please."),
    "cents": _("Two digits behind the point at most."),
    "half": _("Whole and half days only, such as 1.5."),
    "days": _("There are only %(most)s days between the first and the last."),
    "hours": _("At most %(most)s hours: a day counts no more than %(day)s."),
}


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What somebody claims: `hours`, and `days` where it counts in days too, in one ledger."""

    title: str
    organiser: str
    ledger: Ledger
    starts_on: date
    ends_on: date
    hours: Decimal
    days: Decimal = Decimal(0)

    @property
    def span(self) -> int:
        """How many days lie between the first and the last, both included."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def most_hours(self) -> Decimal:
        """The most that such days can give; evenings may fill hours and count as no day."""
        return LONGEST_DAY * (self.days if self.days > 0 else self.span)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a claim."""

    field: str
    code: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return str(WORDS[self.code] % dict(self.values))


def problems_of(facts: ClaimFacts, today: date) -> list[Problem]:
    """Why nobody could have earned this by today; empty where somebody could."""
    return [*_wording(facts), *(_dates(facts, today) or _amounts(facts))]


def _wording(facts: ClaimFacts) -> Iterable[Problem]:
    for field, words in (("title", facts.title), ("organiser", facts.organiser)):
        if not words:
            yield Problem(field, "empty")
        elif len(words) > MOST_WORDS:
            yield Problem(field, "long", (("most", str(MOST_WORDS)),))


def _dates(facts: ClaimFacts, today: date) -> list[Problem]:
    found = []
    if facts.ends_on < facts.starts_on:
        found.append(Problem("ends_on", "order"))
    elif facts.span > LONGEST_DAYS:
        found.append(Problem("ends_on", "span"))
    if facts.ends_on > today:
        found.append(Problem("ends_on", "future"))
    if facts.starts_on < OLDEST:
        found.append(Problem("starts_on", "old", (("day", facts.starts_on.isoformat()),)))
    return found


def _amounts(facts: ClaimFacts) -> list[Problem]:
    found = []
    if facts.days < 0:
        found.append(Problem("days", "negative"))
    elif facts.days % HALF:
        found.append(Problem("days", "half"))
    elif facts.days > facts.span:
        found.append(Problem("days", "days", (("most", str(facts.span)),)))
    if facts.hours <= 0:
        found.append(Problem("hours", "nothing"))
    elif facts.hours % CENT:
        found.append(Problem("hours", "cents"))
    elif not found and facts.hours > facts.most_hours:
        most = (("most", plain(facts.most_hours)), ("day", plain(LONGEST_DAY)))
        found.append(Problem("hours", "hours", most))
    return found
