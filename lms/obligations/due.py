"""Who owes what on a day: a pure function of posts, terms, requirements and exemptions.

Nothing here asks the database or the clock; `lms.obligations.facts` brings the facts.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lms.obligations.models import Period


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a requirement, as a value."""

    pk: int
    slug: str
    prefix: str  # significant digits of the region's code
    period: str
    measure: str
    amount: Decimal
    ledgers: frozenset[str]
    valid_from: date
    valid_to: date | None = None
    roles: frozenset[str] = frozenset()  # empty: any post
    is_for_party_members: bool = False
    is_for_newly_elected: bool = False
    months: int = 0
    min_classes: int = 0
    is_rotation: bool = False
    lead_days: int = 0
    can_be_made_up: bool = False

    def is_valid_on(self, on: date) -> bool:
        """Whether this version holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)

    def asks(self, post: "PostFact") -> bool:
        """Whether this version speaks to the holder of a post."""
        if self.is_for_newly_elected and not post.is_newly_elected:
            return False
        return post.code.startswith(self.prefix) and (not self.roles or post.role in self.roles)

    @property
    def rank(self) -> tuple[Decimal, int, int, int, int, date, int]:
        """Order among regions: the highest amount binds; of equals the shortest time, then the nearest."""
        strictness = (self.amount, self.min_classes, -self.months, -self.lead_days)
        return (*strictness, len(self.prefix), self.valid_from, self.pk)

    def outbids(self, other: "Definition") -> bool:
        """Whether it binds everybody to whom the other version of its short name speaks instead of that."""
        is_for_all = not self.roles or (bool(other.roles) and other.roles <= self.roles)
        return self.slug == other.slug and self.rank > other.rank and is_for_all


class PostFact(NamedTuple):
    """A post, as a value."""

    pk: int
    code: str  # of the unit
    role: str
    from_on: date
    to_on: date | None = None
    is_newly_elected: bool = False

    def is_held_on(self, on: date) -> bool:
        """Whether the post is held on a day."""
        return self.from_on <= on and (self.to_on is None or self.to_on >= on)


def binding(definitions: Iterable[Definition], on: date) -> list[Definition]:
    """Of the versions that may hold at a place, those that bind somebody there on a day.

    Where a region raises for some of the posts, the version above still binds the others.
    """
    valid = [definition for definition in definitions if definition.is_valid_on(on)]
    return [mine for mine in valid if not any(other.outbids(mine) for other in valid)]


@dataclass(frozen=True, slots=True)
class TermFact:
    """A county's term, as a value."""

    pk: int
    county: str  # six digits
    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Holder:
    """What must be known of a person to say what is due."""

    pk: int
    is_party_member: bool = False
    posts: tuple[PostFact, ...] = ()
    exemptions: tuple[tuple[date, date | None], ...] = ()


class Due(NamedTuple):
    """One obligation of one person for one period."""

    slug: str
    period_key: str
    requirement: int
    post: int
    term: int | None
    starts_on: date
    due_on: date
    required: Decimal
    is_exempt: bool

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one row: the requirement's short name and the period."""
        return (self.slug, self.period_key)


class _Claim(NamedTuple):
    """A definition that speaks to a person through a post, for one period."""

    definition: Definition
    post: PostFact
    key: str
    starts_on: date
    due_on: date
    term: int | None = None


def due_of(
    holder: Holder, definitions: Sequence[Definition], terms: Iterable[TermFact], on: date
) -> dict[tuple[str, str], Due]:
    """Everything that the person owes on a day, by short name and period.

    A region may add or raise, so of several versions of one short name the highest amount binds.
    """
    held = [post for post in holder.posts if post.is_held_on(on)]
    if not held:
        return {}
    is_exempt = any(start <= on and (end is None or end >= on) for start, end in holder.exemptions)
    binding: dict[tuple[str, str], _Claim] = {}
    for claim in _claims(holder, held, definitions, list(terms), on):
        key = (claim.definition.slug, claim.key)
        if key not in binding or claim.definition.rank > binding[key].definition.rank:
            binding[key] = claim
    return {key: _due(claim, is_exempt) for key, claim in binding.items()}


def _due(claim: _Claim, is_exempt: bool) -> Due:
    definition = claim.definition
    return Due(
        slug=definition.slug,
        period_key=claim.key,
        requirement=definition.pk,
        post=claim.post.pk,
        term=claim.term,
        starts_on=claim.starts_on,
        due_on=claim.due_on,
        required=definition.amount,
        is_exempt=is_exempt,
    )


def _claims(
    holder: Holder,
    held: list[PostFact],
    definitions: Sequence[Definition],
    terms: list[TermFact],
    on: date,
) -> Iterator[_Claim]:
    for definition in definitions:
        if definition.is_for_party_members and not holder.is_party_member:
            continue
        if definition.period == Period.ONCE:
            yield from _once(holder, definition, on)
        elif definition.is_valid_on(on):
            posts = [post for post in held if definition.asks(post)]
            if posts and definition.period == Period.YEAR:
                yield _year(definition, posts, on)
            elif posts:
                yield from _term(holder, definition, posts, terms, on)


def _earliest(posts: Iterable[PostFact]) -> PostFact:
    return min(posts, key=lambda post: (post.from_on, post.pk))


def _year(definition: Definition, posts: list[PostFact], on: date) -> _Claim:
    return _Claim(definition, _earliest(posts), str(on.year), date(on.year, 1, 1), date(on.year, 12, 31))


def _term(
    holder: Holder, definition: Definition, posts: list[PostFact], terms: list[TermFact], on: date
) -> Iterator[_Claim]:
    """One claim per county whose term runs, from the first qualifying post within the term.

    Posts of the same term that have ended still set the start: who was trained as secretary in the
    spring and becomes director in the autumn has been covered for the term.
    """
    counties = {post.code[:6] for post in posts}
    for term in terms:
        if term.county not in counties or not term.starts_on <= on <= term.ends_on:
            continue
        inside = [
            post
            for post in holder.posts
            if post.code.startswith(term.county)
            and definition.asks(post)
            and post.from_on <= on
            and (post.to_on is None or post.to_on >= term.starts_on)
        ]
        first = _earliest(inside)
        yield _Claim(
            definition,
            _earliest(post for post in posts if post.code.startswith(term.county)),
            f"{term.county}-{term.number}",
            max(term.starts_on, first.from_on),
            term.ends_on,
            term.pk,
        )


def _once(holder: Holder, definition: Definition, on: date) -> Iterator[_Claim]:
    """One claim per election: posts won before an earlier one's deadline are the same occasion."""
    elected = sorted(
        (post for post in holder.posts if post.from_on <= on and definition.asks(post)),
        key=lambda post: (post.from_on, post.pk),
    )
    while elected:
        first = elected[0]
        due_on = months_later(first.from_on, definition.months)
        occasion = [post for post in elected if post.from_on <= due_on]
        elected = elected[len(occasion) :]
        if definition.is_valid_on(min(on, due_on)) and any(post.is_held_on(on) for post in occasion):
            post = _earliest(post for post in occasion if post.is_held_on(on))
            yield _Claim(definition, post, f"from-{first.from_on:%Y-%m-%d}", first.from_on, due_on)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
