"""The ledger lines behind an obligation's number: one definition for home, desk and certificate."""

from collections.abc import Hashable, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, Value

from accounts.models.posts import PostQuerySet
from lms.hours.models import EntryKind, HoursEntry, HoursEntryQuerySet
from lms.obligations.definitions import place_of
from lms.obligations.facts import posts_asked
from lms.obligations.models import Obligation, Period

LATEST_FIRST = ("-earned_at", "-pk")


def lines_of(obligation: Obligation) -> HoursEntryQuerySet:
    """Exactly the lines that were added up; what was carried over is on the row itself.

    A line that came after its year was frozen is not among them until the year is reopened (ADR 0017).
    Runs no query besides its own if the obligation's requirement is loaded with its region.
    """
    return lines_like(obligation).of(obligation.person_id)


def lines_like(obligation: Obligation) -> HoursEntryQuerySet:
    """The lines that would be added up for anybody with such an obligation; see `alike`."""
    requirement = obligation.requirement
    lines = HoursEntry.objects.counted().filter(ledger__in=requirement.ledgers)
    if requirement.is_rotation:
        in_post = Q(earned_on__lt=obligation.starts_on) | Exists(_posts_then(obligation))
        lines = lines.filter(in_post, kind=EntryKind.ROTATION)
    if requirement.period == Period.YEAR:
        return lines.in_year(obligation.starts_on.year)
    start = obligation.starts_on - timedelta(days=requirement.lead_days)
    lines = lines.filter(earned_on__gte=start)
    last = _last_day(obligation)
    return lines if last is None else lines.filter(earned_on__lte=last)


def alike(obligation: Obligation) -> Hashable:
    """The same for obligations whose lines differ by the person alone, so that one query reads them all."""
    requirement = obligation.requirement
    if requirement.is_rotation:
        return obligation.pk  # its lines depend on the posts of its place
    if requirement.period == Period.YEAR:
        return requirement.pk, obligation.starts_on.year
    return requirement.pk, obligation.starts_on, _last_day(obligation)


def _posts_then(obligation: Obligation) -> PostQuerySet:
    """The posts under which a rotation class counts, if held on the line's day."""
    requirement = obligation.requirement
    place = place_of(requirement.period, obligation.period_key)
    posts = posts_asked(requirement).filter(person=OuterRef("person"), unit__code__startswith=place)
    return posts.held_on(OuterRef("earned_on"))


def newest_lines(obligations: Sequence[Obligation], most: int) -> dict[int, list[HoursEntry]]:
    """The newest lines behind each obligation by its key, latest first (one query for all of them)."""
    found: dict[int, list[HoursEntry]] = {obligation.pk: [] for obligation in obligations}
    pieces = [
        HoursEntry.objects.filter(pk__in=lines_of(obligation).order_by(*LATEST_FIRST)[:most].values("pk"))
        .order_by()
        .annotate(obligation_id=Value(obligation.pk))
        for obligation in obligations
    ]
    if pieces:
        for line in pieces[0].union(*pieces[1:], all=True).order_by(*LATEST_FIRST):
            found[line.obligation_id].append(line)  # type: ignore[attr-defined]  # annotated above
    return found


def _last_day(obligation: Obligation) -> date | None:
    """The last day that counts: the deadline, or the day on which a late one was made up, if it was."""
    if obligation.met_on is not None:
        return max(obligation.met_on, obligation.due_on)
    return None if obligation.requirement.can_be_made_up else obligation.due_on
