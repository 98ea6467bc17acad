"""A county's new term: opened with its election, and the election closed when the results are in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions import mark_changed
from accounts.audit import audit
from accounts.elections.models import Election
from accounts.models import Cadre, Post, Term, Unit, can_begin

DAY = timedelta(days=1)
LONGEST = 10  # years; the law says five, and a county may have moved an election


class UnlikelyTerm(ValueError):
    """The term ends before it starts, lasts over ten years, or starts too far back or ahead to be meant."""


class NumberTaken(ValueError):
    """Another term of the county has this number."""


class StartsTooEarly(ValueError):
    """The term before would end before it began."""


class TermsOverlap(ValueError):
    """Another term of the county has some of these days; `other` is that term."""

    def __init__(self, other: Term) -> None:
        super().__init__(str(other))
        self.other = other


class ElectionOpen(Exception):
    """The county has an election that is still open: close that one first."""


class ElectionClosed(Exception):
    """The election is closed: what is left to enter belongs on the persons' pages."""


@dataclass(frozen=True, slots=True)
class TermFacts:
    """The new term as it was asked for."""

    county: Unit
    number: int
    starts_on: date
    ends_on: date
    # The days between the old term's planned end and the new start belong to no term.
    leaves_gap: bool = False


@dataclass(frozen=True, slots=True)
class TermPlan:
    """What opening would change: the last day of the term before, and the days that have no term."""

    before: Term | None
    before_ends_on: date | None
    gap_days: int = 0

    @property
    def is_moved(self) -> bool:
        """Whether the term before gets another last day."""
        return self.before is not None and self.before.ends_on != self.before_ends_on


def plan_term(*, facts: TermFacts, on: date) -> TermPlan:
    """What opening would do, on a day; raises UnlikelyTerm, NumberTaken, StartsTooEarly, TermsOverlap."""
    if not can_begin(facts.starts_on, on=on):
        raise UnlikelyTerm
    last = facts.starts_on.replace(year=facts.starts_on.year + LONGEST, day=1)
    if not facts.starts_on < facts.ends_on <= last:
        raise UnlikelyTerm
    terms = list(Term.objects.filter(county=facts.county).order_by("starts_on"))
    if any(term.number == facts.number for term in terms):
        raise NumberTaken
    earlier = [term for term in terms if term.starts_on < facts.starts_on]
    before = earlier.pop() if earlier else None
    later = [term for term in terms if facts.starts_on <= term.starts_on <= facts.ends_on]
    for other in [*later, *(term for term in earlier if term.ends_on >= facts.starts_on)]:
        raise TermsOverlap(other)
    return _after(before, facts)


def _after(before: Term | None, facts: TermFacts) -> TermPlan:
    """The term before ends the day before, whether it was planned later or earlier."""
    if before is None:
        return TermPlan(None, None)
    eve = facts.starts_on - DAY
    if before.starts_on >= eve:
        raise StartsTooEarly
    if before.ends_on < eve and facts.leaves_gap:
        return TermPlan(before, before.ends_on, (eve - before.ends_on).days)
    return TermPlan(before, eve)


@transaction.atomic
def open_election(*, facts: TermFacts, by: Cadre, at: datetime) -> Election:
    """Begin a county's new term and open its election; the same again is the same election.

    Raises ElectionOpen and what `plan_term` raises. The county's row serialises its terms: two never overlap.
    """
    county = Unit.objects.select_for_update(no_key=True).get(pk=facts.county.pk)
    running = Election.objects.still_open().filter(county=county).select_related("term").first()
    if running is not None:
        if _is_same(running.term, facts):
            return running
        raise ElectionOpen
    plan = plan_term(facts=facts, on=timezone.localdate(at))
    if plan.before is not None and plan.is_moved and plan.before_ends_on is not None:
        plan.before.ends_on = plan.before_ends_on
        plan.before.save(update_fields=["ends_on"])
    term = Term.objects.create(
        county=county, number=facts.number, starts_on=facts.starts_on, ends_on=facts.ends_on
    )
    election = Election.objects.create(county=county, term=term, opened_at=at, opened_by=by)
    since = plan.before.starts_on if plan.before else facts.starts_on
    reaching = Post.objects.within(county).filter(Q(to_on=None) | Q(to_on__gte=since))
    mark_changed(reaching.order_by().values_list("person_id", flat=True).distinct(), at=at)
    audit(
        "election.opened",
        by=by,
        at=at,
        unit=county,
        election=election.pk,
        number=term.number,
        starts_on=term.starts_on.isoformat(),
        ends_on=term.ends_on.isoformat(),
        before_ends_on=plan.before_ends_on and plan.before_ends_on.isoformat(),
    )
    return election


def _is_same(term: Term, facts: TermFacts) -> bool:
    asked = (facts.number, facts.starts_on, facts.ends_on)
    return (term.number, term.starts_on, term.ends_on) == asked


@transaction.atomic
def close_election(*, election: Election, by: Cadre, at: datetime) -> Election:
    """Close an election; in villages without a result the posts run on. Closed twice is closed once."""
    kept = lock_election(election)
    if not kept.is_open:
        return kept
    kept.closed_at, kept.closed_by = at, by
    kept.save(update_fields=["closed_at", "closed_by"])
    villages = kept.villages([kept.county], timezone.localdate(at))
    without = villages.exclude(election_results__election=kept).count()
    audit("election.closed", by=by, at=at, unit=kept.county, election=kept.pk, without_result=without)
    return kept


def lock_election(election: Election) -> Election:
    """The election's row as it is now, locked: one result is written at a time, and none after its close."""
    rows = Election.objects.select_for_update(no_key=True, of=("self",)).select_related("term", "county")
    return rows.get(pk=election.pk)
