"""A person's whole figures a second time, slow and obvious, straight from the domain's words.

Nothing of the room's own reckoning is used: every question is asked of the database, one thing at a time.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol

from accounts.models import Cadre, Post, Term
from lms.hours.models import HoursEntry, HoursRule, YearFreeze
from lms.obligations.models import Exemption, Obligation, Requirement

COUNTED = (
    "period", "ledgers", "measure", "is_rotation", "is_for_party_members", "is_for_newly_elected",
    "can_be_made_up",
)  # fmt: skip


# What was read in the look that is being taken: nothing changes meanwhile. Without a look all is read anew.
_looks: list[dict[str, list[Any]]] = []


@contextmanager
def one_look() -> Iterator[None]:
    """Read nothing twice until the end."""
    _looks.append({})
    try:
        yield
    finally:
        _looks.pop()


def read(name: str, rows: Iterable[Any]) -> list[Any]:
    """The rows of a name, from the database unless they were read in this look."""
    if not _looks:
        return list(rows)
    if name not in _looks[-1]:
        _looks[-1][name] = list(rows)
    return _looks[-1][name]


class Owed(Protocol):
    """What figures are asked of: a row, or a duty of this reference."""

    person: Cadre
    requirement: Requirement
    starts_on: date
    due_on: date
    required: Decimal
    carried: Decimal
    period_key: str


@dataclass
class Duty:
    """What somebody owes for one period, as it stood when it was last looked at."""

    person: Cadre
    requirement: Requirement
    period_key: str
    post: Post
    term: Term | None
    starts_on: date
    due_on: date
    required: Decimal
    share_months: int | None
    is_exempt: bool
    released_on: date | None = None
    carried: Decimal = Decimal(0)

    @property
    def key(self) -> tuple[str, str]:
        return (self.requirement.slug, self.period_key)


class Reference:
    """One person's duties, looked at on one day after the other."""

    def __init__(self, person: Cadre) -> None:
        self.person = person
        self.duties: dict[tuple[str, str], Duty] = {}

    @one_look()
    def look(self, on: date) -> None:
        """An open duty is what the day says; of a closed one only the days follow the facts."""
        today = owed(self.person, on)
        for key, duty in today.items():
            if duty.due_on >= on or key not in self.duties:
                self.duties[key] = duty
        for key, known in self.duties.items():
            if key not in today or today[key].due_on < on:
                self._follow(known, today.get(key), on)

    def _follow(self, known: Duty, duty: Duty | None, on: date) -> None:
        span = days_of(known, on)
        if span is not None:
            known.starts_on, known.due_on = span
        is_over = known.due_on < on and not known.requirement.can_be_made_up
        if known.starts_on > on or is_over:
            return
        if duty is not None:
            known.is_exempt, known.released_on = duty.is_exempt, None
        elif known.released_on is None:
            known.released_on = on

    @one_look()
    def rows(self, on: date) -> dict[tuple[str, str], tuple[object, ...]]:
        """Every duty with its figures, as a row should say it."""
        found = {}
        for duty in sorted(self.duties.values(), key=lambda duty: duty.starts_on):
            duty.carried = self._carried(duty)
            earned, classes, is_met, met_on = figures(duty)
            if duty.requirement.can_be_made_up and is_met and duty.due_on < on:
                duty.released_on = None
            found[duty.key] = (
                duty.requirement.pk, duty.post.pk, duty.term and duty.term.pk, duty.starts_on, duty.due_on,
                duty.required, duty.share_months, duty.carried, earned, classes, is_met, met_on,
                duty.is_exempt, duty.released_on,
            )  # fmt: skip
        return found

    def _carried(self, duty: Duty) -> Decimal:
        """Last year's excess, where the rule of the year's first day lets it count."""
        if duty.requirement.period != "YEAR" or duty.requirement.measure != "HOURS":
            return Decimal(0)
        year = duty.starts_on.year
        before = self.duties.get((duty.requirement.slug, str(year - 1)))
        rules = [
            rule
            for rule in read("rules", HoursRule.objects.select_related("unit"))
            if rule.valid_from <= date(year, 1, 1) and rule.unit.contains(duty.post.unit.code)
        ]
        nearest = max(rules, key=lambda rule: (len(rule.unit.prefix), rule.valid_from), default=None)
        if before is None or before.released_on or nearest is None or not nearest.has_carry_over:
            return Decimal(0)
        return max(Decimal(0), figures(before)[0] - before.carried - before.required)


def shown(person: Cadre) -> dict[tuple[str, str], tuple[object, ...]]:
    """The same of the rows in the database."""
    fields = (
        "requirement_id", "post_id", "term_id", "starts_on", "due_on", "required", "share_months", "carried",
        "earned", "classes", "is_met", "met_on", "is_exempt", "released_on",
    )  # fmt: skip
    rows = Obligation.objects.filter(person=person)
    return {(row[0], row[1]): row[2:] for row in rows.values_list("slug", "period_key", *fields)}


def owed(person: Cadre, on: date) -> dict[tuple[str, str], Duty]:
    """What the posts of a day, the terms, the requirements and the exemptions ask."""
    exempt_days = Exemption.objects.filter(person=person, from_on__lte=on).exclude(to_on__lt=on)
    asked: dict[tuple[str, str], list[Duty]] = {}
    everything: dict[str, list[Duty]] = {}
    is_exempt, person = exempt_days.exists(), Cadre.objects.get(pk=person.pk)
    for requirement in Requirement.objects.select_related("unit"):
        for duty in asked_by(requirement, person, on, is_exempt):
            asked.setdefault(duty.key, []).append(duty)
            everything.setdefault(requirement.slug, []).append(duty)
    found = {}
    for key, duties in asked.items():
        others = [
            other
            for other in everything[key[0]]
            if other in duties or other.requirement.period != duties[0].requirement.period
        ]
        standing = [duty for duty in duties if counts_as_the_region_above_counts(duty, others)]
        if standing:
            found[key] = max(standing, key=strictness)
    return found


def strictness(duty: Duty) -> tuple[object, ...]:
    """The highest amount binds; of equals most classes, the shortest time, then the nearest region."""
    asked = duty.requirement
    near = (len(asked.unit.prefix), asked.valid_from, asked.pk)
    return (duty.required, asked.min_classes, -(asked.months or 0), -asked.lead_days, *near)


def counts_as_the_region_above_counts(duty: Duty, others: list[Duty]) -> bool:
    """A region adds or raises; once the highest one counts something else, its raise of the old is none."""
    mine = duty.requirement
    above = [
        other.requirement
        for other in others
        if other.requirement.unit_id != mine.unit_id and other.requirement.unit.contains(mine.unit.code)
    ]
    if not above:
        return True
    highest = min(above, key=lambda requirement: len(requirement.unit.prefix))
    return all(_plain(getattr(highest, name)) == _plain(getattr(mine, name)) for name in COUNTED)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, list) else value


def asked_by(requirement: Requirement, person: Cadre, on: date, is_exempt: bool) -> list[Duty]:
    """What one version asks of a person on a day."""
    if requirement.is_for_party_members and not person.is_party_member:
        return []
    posts = asked_posts(requirement, person)
    held = [post for post in posts if is_held(post, on)]
    is_valid = requirement.valid_from <= on and (requirement.valid_to is None or on <= requirement.valid_to)
    if requirement.period == "ONCE":
        return elections(requirement, person, posts, on, is_exempt)
    if not held or not is_valid:
        return []
    if requirement.period == "TERM":
        return terms(requirement, person, posts, on, is_exempt)
    months = months_in_post(posts, on.year) if requirement.is_pro_rata else None
    span = (date(on.year, 1, 1), date(on.year, 12, 31))
    required = share(requirement, months)
    return [Duty(person, requirement, str(on.year), first(held), None, *span, required, months, is_exempt)]


def asked_posts(requirement: Requirement, person: Cadre) -> list[Post]:
    """Posts of the region and roles; no roles means every post."""
    return [
        post
        for post in read("posts", Post.objects.filter(person=person).select_related("unit").order_by("pk"))
        if requirement.unit.contains(post.unit.code)
        and (not requirement.roles or post.role in requirement.roles)
        and (post.is_newly_elected or not requirement.is_for_newly_elected)
    ]


def is_held(post: Post, on: date) -> bool:
    return post.from_on <= on and (post.to_on is None or on <= post.to_on)


def goes_on(post: Post, on: date) -> bool:
    """Held, or its rest is, in the unit into which its own was merged."""
    rests = [rest for rest in read("posts of all", Post.objects.all()) if rest.continues_id == post.pk]
    return is_held(post, on) or any(goes_on(rest, on) for rest in rests)


def first(posts: list[Post]) -> Post:
    return min(posts, key=lambda post: (post.from_on, post.pk))


def months_in_post(posts: list[Post], year: int) -> int:
    """Months at whose end a post was held; one at least."""
    ends = [date(year, month, monthrange(year, month)[1]) for month in range(1, 13)]
    return max(1, len([end for end in ends if any(is_held(post, end) for post in posts)]))


def share(requirement: Requirement, months: int | None) -> Decimal:
    """So many twelfths of the amount, rounded up to a half, a class to a whole one."""
    if months is None or months == 12:
        return requirement.amount
    halves = 1 if requirement.measure == "TIMES" else 2
    rounded = (requirement.amount * months * halves / 12).quantize(Decimal(1), ROUND_CEILING) / halves
    return min(requirement.amount, rounded)


def terms(
    requirement: Requirement, person: Cadre, posts: list[Post], on: date, is_exempt: bool
) -> list[Duty]:
    """One duty for each county whose term runs and where an asked post is held."""
    found = []
    for term in read("terms", Term.objects.select_related("county")):
        if not term.starts_on <= on <= term.ends_on:
            continue
        held = [post for post in posts if term.county.contains(post.unit.code) and is_held(post, on)]
        span = term_days(requirement, person, term)
        if held and span:
            key = f"{term.county.code[:6]}-{term.number}"
            amount = requirement.amount
            found.append(Duty(person, requirement, key, first(held), term, *span, amount, None, is_exempt))
    return found


def term_days(requirement: Requirement, person: Cadre, term: Term) -> tuple[date, date] | None:
    """From the first asked post of the term, or the term's beginning, to its end."""
    starts = [
        post.from_on
        for post in asked_posts(requirement, person)
        if term.county.contains(post.unit.code)
        and post.from_on <= term.ends_on
        and (post.to_on is None or post.to_on >= term.starts_on)
    ]
    return (max(term.starts_on, min(starts)), term.ends_on) if starts else None


def elections(
    requirement: Requirement, person: Cadre, posts: list[Post], on: date, is_exempt: bool
) -> list[Duty]:
    """One duty for each election of which a post is held and before whose deadline the version held."""
    found = []
    for won in occasions(requirement, posts):
        held = [post for post in won if goes_on(post, on)]
        key, span = occasion(requirement, won)
        asked_on = min(on, span[1])
        is_valid = requirement.valid_from <= asked_on
        is_valid = is_valid and (requirement.valid_to is None or asked_on <= requirement.valid_to)
        if held and is_valid:
            amount = requirement.amount
            found.append(Duty(person, requirement, key, first(held), None, *span, amount, None, is_exempt))
    return found


def occasions(requirement: Requirement, posts: list[Post]) -> list[list[Post]]:
    """Posts won before an earlier one's deadline are of one election."""
    found: list[list[Post]] = []
    for post in sorted(posts, key=lambda post: (post.from_on, post.pk)):
        if found and post.from_on <= months_after(found[-1][0].from_on, requirement.months or 0):
            found[-1].append(post)
        else:
            found.append([post])
    return found


def occasion(requirement: Requirement, won: list[Post]) -> tuple[str, tuple[date, date]]:
    starts_on = won[0].from_on
    key = f"post-{min(post.pk for post in won)}"
    return key, (starts_on, months_after(starts_on, requirement.months or 0))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last that this month has."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def days_of(duty: Duty, on: date) -> tuple[date, date] | None:
    """The days of a known duty by the posts and terms of now; none where they name it no more."""
    if duty.requirement.period == "TERM":
        assert duty.term is not None
        return term_days(duty.requirement, duty.person, Term.objects.get(pk=duty.term.pk))
    if duty.requirement.period == "ONCE":
        won = occasions(duty.requirement, asked_posts(duty.requirement, duty.person))
        spans = dict(occasion(duty.requirement, posts) for posts in won)
        return spans.get(duty.period_key)
    return None


def figures(obligation: Owed) -> tuple[Decimal, int, bool, date | None]:
    """Earned, classes, met and met on: each day of the window is asked in turn, from one line at a time."""
    counted = [
        entry
        for entry in read("lines", HoursEntry.objects.filter(person=obligation.person).select_related("unit"))
        if counts(entry, obligation)
    ]
    days = sorted({entry.earned_on for entry in counted} | {obligation.starts_on})
    met_on = None
    last = None
    for day in days:
        is_late = day > obligation.due_on and obligation.requirement.period != "YEAR"
        if is_late and met_on is not None:
            break
        last = day
        so_far = [entry for entry in counted if entry.earned_on <= day]
        if not is_enough(so_far, obligation):
            met_on = None
        elif met_on is None:
            met_on = day
    considered = [entry for entry in counted if last is not None and entry.earned_on <= last]
    earned, classes = add_up(considered, obligation)
    return earned, classes, met_on is not None, met_on


def counts(entry: HoursEntry, obligation: Owed) -> bool:
    """Whether one line belongs to the obligation's window and kind."""
    requirement = obligation.requirement
    if entry.ledger not in requirement.ledgers or not is_of_period(entry, obligation) or waits(entry):
        return False
    return not requirement.is_rotation or is_rotation_in_post(entry, obligation)


def is_of_period(entry: HoursEntry, obligation: Owed) -> bool:
    """Whether one line's day lies in the obligation's window."""
    requirement = obligation.requirement
    if requirement.period == "YEAR":
        return entry.year == obligation.starts_on.year
    if entry.earned_on < obligation.starts_on - timedelta(days=requirement.lead_days):
        return False
    return requirement.can_be_made_up or entry.earned_on <= obligation.due_on


def waits(entry: HoursEntry) -> bool:
    """Whether the line came after a freeze of its year that still holds at its place."""
    return any(
        freeze.reopened_at is None
        and freeze.year == entry.earned_on.year
        and freeze.frozen_at < entry.recorded_at
        and entry.unit.code.startswith(freeze.unit.code.rstrip("0"))
        for freeze in read("freezes", YearFreeze.objects.select_related("unit"))
    )


def is_rotation_in_post(entry: HoursEntry, obligation: Owed) -> bool:
    """Whether it is a rotation class that ended while an asked post was held, or before the period."""
    if entry.kind != "ROTATION":
        return False
    county = obligation.period_key.split("-")[0] if obligation.requirement.period == "TERM" else ""
    is_in_post = any(
        is_held(post, entry.earned_on)
        for post in asked_posts(obligation.requirement, obligation.person)
        if post.unit.code.startswith(county)
    )
    return is_in_post or entry.earned_on < obligation.starts_on


def is_enough(entries: list[HoursEntry], obligation: Owed) -> bool:
    """Whether these lines meet the amount and the number of classes."""
    earned, classes = add_up(entries, obligation)
    return earned >= obligation.required and classes >= obligation.requirement.min_classes


def add_up(entries: list[HoursEntry], obligation: Owed) -> tuple[Decimal, int]:
    """The sum in the requirement's measure (with what was carried over), and the classes."""
    measure = {"HOURS": "hours", "DAYS": "days", "TIMES": "times"}[obligation.requirement.measure]
    earned = obligation.carried
    classes = 0
    for entry in entries:
        earned += Decimal(getattr(entry, measure))
        if entry.kind in ("CLASS", "ROTATION"):
            classes += entry.times
    return earned, classes
