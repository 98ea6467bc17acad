"""How far an obligation is fulfilled: a pure function of its dates and the ledger's lines."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.hours.models import CLASS_KINDS, EntryKind
from lms.obligations.definitions import Definition, PostFact
from lms.obligations.models import Measure, Period

ZERO = Decimal(0)


class Status(models.TextChoices):
    """What an obligation looks like to a person on a day."""

    MET = "MET", _("Met")
    SHORT = "SHORT", _("Still to do")
    OVERDUE = "OVERDUE", _("Overdue")
    EXEMPT = "EXEMPT", _("Exempt")
    UPCOMING = "UPCOMING", _("Not started yet")
    RELEASED = "RELEASED", _("No longer due")


class Dated(Protocol):
    """The facts of an obligation from which its status follows."""

    @property
    def starts_on(self) -> date: ...  # noqa: D102
    @property
    def due_on(self) -> date: ...  # noqa: D102
    @property
    def is_met(self) -> bool: ...  # noqa: D102
    @property
    def is_exempt(self) -> bool: ...  # noqa: D102
    @property
    def released_on(self) -> date | None: ...  # noqa: D102


def status_of(obligation: Dated, today: date) -> Status:
    """The one status of an obligation on a day; an exempt person is exempt whatever was learned."""
    if obligation.released_on is not None:
        return Status.RELEASED
    if obligation.is_exempt:
        return Status.EXEMPT
    if obligation.is_met:
        return Status.MET
    if obligation.starts_on > today:
        return Status.UPCOMING
    return Status.OVERDUE if obligation.due_on < today else Status.SHORT


class Line(NamedTuple):
    """What counts of one ledger line."""

    earned_on: date
    kind: str
    hours: Decimal
    days: Decimal
    times: int

    @property
    def classes(self) -> int:
        """How many classes it counts as."""
        return self.times if self.kind in CLASS_KINDS else 0


class Account(NamedTuple):
    """One ledger of one person and year: the sums, and the lines for whoever must look at the days."""

    year: int
    ledger: str
    hours: Decimal
    days: Decimal
    times: int
    classes: int
    lines: Callable[[], Sequence[Line]]


class Standing(NamedTuple):
    """The figures of one obligation: `earned` holds `carried`, both in the requirement's measure."""

    earned: Decimal
    carried: Decimal
    classes: int
    is_met: bool
    met_on: date | None

    @property
    def own(self) -> Decimal:
        """What the period's own lines are worth."""
        return self.earned - self.carried


_AMOUNT: dict[str, Callable[[Account | Line], Decimal]] = {
    Measure.HOURS.value: attrgetter("hours"),
    Measure.DAYS.value: attrgetter("days"),
    Measure.TIMES.value: attrgetter("times"),
}


def standing_of(
    definition: Definition,
    *,
    starts_on: date,
    due_on: date,
    required: Decimal,
    accounts: Iterable[Account],
    carried: Decimal = ZERO,
    held: Sequence[PostFact] = (),
) -> Standing:
    """The standing that the ledger gives, whatever the order of its lines.

    A rotation class counts while one of the posts `held` was (domain §1), or in the days before the start
    that count.
    Lines after the deadline count only where the requirement can be made up, and only until it is met:
    what is learned later belongs to later obligations. `met_on` is the first day from which the
    requirement stays met.
    """
    mine = [account for account in accounts if account.ledger in definition.ledgers]
    if definition.period != Period.YEAR or definition.is_rotation:
        lines = _lines_inside(definition, starts_on, due_on, mine)
        if definition.is_rotation:
            lines = [line for line in lines if _is_rotation_in_post(line, starts_on, held)]
        return _by_day(definition, starts_on, due_on, required, carried, lines)
    # The year was stored on every line when it was written.
    year = starts_on.year
    mine = [account for account in mine if account.year == year]
    amount_of = _AMOUNT[definition.measure]
    total, classes = carried, 0
    for account in mine:
        total += amount_of(account)
        classes += account.classes
    if total < required or classes < definition.min_classes:
        return Standing(total, carried, classes, False, None)
    lines = [line for account in mine for line in account.lines()]
    return _by_day(definition, starts_on, due_on, required, carried, lines)


def _lines_inside(
    definition: Definition, starts_on: date, due_on: date, accounts: Iterable[Account]
) -> list[Line]:
    """The lines inside the obligation's window, those of a possible make-up time included."""
    if definition.period == Period.YEAR:
        accounts = [account for account in accounts if account.year == starts_on.year]
        lines = [line for account in accounts for line in account.lines()]
    else:
        start = starts_on - timedelta(days=definition.lead_days)
        end = date.max if definition.can_be_made_up else due_on
        lines = [
            line
            for account in accounts
            if start.year <= account.year <= end.year
            for line in account.lines()
            if start <= line.earned_on <= end
        ]
    return lines


def _is_rotation_in_post(line: Line, starts_on: date, held: Iterable[PostFact]) -> bool:
    if line.kind != EntryKind.ROTATION:
        return False
    return line.earned_on < starts_on or any(post.is_held_on(line.earned_on) for post in held)


def _by_day(
    definition: Definition,
    starts_on: date,
    due_on: date,
    required: Decimal,
    carried: Decimal,
    lines: Iterable[Line],
) -> Standing:
    """The sums day by day, to learn since when the requirement is met."""
    amount_of = _AMOUNT[definition.measure]
    days: dict[date, Decimal] = {}
    attended: dict[date, int] = {}
    for line in lines:
        days[line.earned_on] = days.get(line.earned_on, ZERO) + amount_of(line)
        if line.kind in CLASS_KINDS:
            attended[line.earned_on] = attended.get(line.earned_on, 0) + line.times
    total, classes = carried, 0
    met_on = starts_on if total >= required and not definition.min_classes else None
    for day in sorted(days):
        if day > due_on and met_on is not None and definition.period != Period.YEAR:
            break
        total += days[day]
        classes += attended.get(day, 0)
        is_met = total >= required and classes >= definition.min_classes
        met_on = (met_on or day) if is_met else None
    return Standing(total, carried, classes, met_on is not None, met_on)
