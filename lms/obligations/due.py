"""Who owes what on a day: a pure function of posts, terms, requirements and exemptions.

Nothing here asks the database or the clock; `lms.obligations.facts` brings the facts.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from lms.obligations.definitions import Definition, Holder, PostFact, Rank, TermFact
from lms.obligations.models import Period
from lms.obligations.pro_rata import months_held, share_of

YEAR_KEY = re.compile(r"[12][0-9]{3}")


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
    share_months: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one row: the requirement's short name and the period."""
        return (self.slug, self.period_key)


class Span(NamedTuple):
    """The days of a period."""

    starts_on: date
    due_on: date


class _Claim(NamedTuple):
    """A definition that speaks to a person through a post, for one period."""

    definition: Definition
    post: PostFact
    key: str
    starts_on: date
    due_on: date
    term: int | None = None
    share_months: int | None = None

    @property
    def required(self) -> Decimal:
        """What is asked: the whole amount, or the share of the months in post."""
        amount, months = self.definition.amount, self.share_months
        return amount if months is None else share_of(amount, self.definition.measure, months)

    @property
    def rank(self) -> Rank:
        """Order among the versions of a short name."""
        return self.definition.rank_at(self.required)


def due_of(
    holder: Holder, definitions: Sequence[Definition], terms: Sequence[TermFact], on: date
) -> dict[tuple[str, str], Due]:
    """Everything that the person owes on a day, by short name and period.

    A region may add or raise, so of several versions of one short name the highest amount binds, as long
    as it counts what the highest region's counts.
    """
    held = [post for post in holder.posts if post.is_held_on(on)]
    if not held:
        return {}
    is_exempt = any(start <= on and (end is None or end >= on) for start, end in holder.exemptions)
    claims: dict[str, list[_Claim]] = {}
    for claim in _claims(holder, held, definitions, terms, on):
        claims.setdefault(claim.definition.slug, []).append(claim)
    return {due.key: due for same in claims.values() for due in _bound(same, is_exempt)}


def _bound(claims: list[_Claim], is_exempt: bool) -> Iterator[Due]:
    """What binds of one short name: for each period the highest of the versions that stand."""
    highest: dict[str, _Claim] = {}
    for claim in claims:
        if len(claims) > 1 and not claim.definition.stands(_versions_beside(claim, claims)):
            continue
        if claim.key not in highest or claim.rank > highest[claim.key].rank:
            highest[claim.key] = claim
    return (_due(claim, is_exempt) for claim in highest.values())


def _versions_beside(claim: _Claim, claims: list[_Claim]) -> list[Definition]:
    """The versions of the same period, and those that count by another kind of period altogether."""
    period = claim.definition.period
    return [item.definition for item in claims if item.key == claim.key or item.definition.period != period]


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
        required=claim.required,
        is_exempt=is_exempt,
        share_months=claim.share_months,
    )


def _claims(
    holder: Holder,
    held: list[PostFact],
    definitions: Sequence[Definition],
    terms: Sequence[TermFact],
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
                yield _year(holder, definition, posts, on)
            elif posts:
                yield from _term(holder, definition, posts, terms, on)


def _earliest(posts: Iterable[PostFact]) -> PostFact:
    return min(posts, key=lambda post: (post.from_on, post.pk))


def _year(holder: Holder, definition: Definition, posts: list[PostFact], on: date) -> _Claim:
    claim = _Claim(definition, _earliest(posts), str(on.year), *_year_span(on.year))
    if definition.is_pro_rata:
        asked = list(filter(definition.asks, holder.posts))
        claim = claim._replace(share_months=months_held(asked, on.year))
    return claim


@lru_cache(maxsize=100)
def _year_span(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


def _term(
    holder: Holder, definition: Definition, posts: list[PostFact], terms: Sequence[TermFact], on: date
) -> Iterator[_Claim]:
    """One claim per county whose term runs."""
    for term in terms:
        if term.starts_on <= on <= term.ends_on:
            here = [post for post in posts if post.code.startswith(term.county)]
            span = _term_span(definition, holder.posts, term) if here else None
            if span:
                yield _Claim(definition, _earliest(here), term.key, *span, term.pk)


def _term_span(definition: Definition, posts: Iterable[PostFact], term: TermFact) -> Span | None:
    """From the first qualifying post within the term to the term's end.

    Posts of the same term that have ended still set the start: who was trained as secretary in the
    spring and becomes director in the autumn has been covered for the term.
    """
    first = [
        post.from_on
        for post in posts
        if post.code.startswith(term.county)
        and definition.asks(post)
        and post.from_on <= term.ends_on
        and (post.to_on is None or post.to_on >= term.starts_on)
    ]
    return Span(max(term.starts_on, min(first)), term.ends_on) if first else None


def _once(holder: Holder, definition: Definition, on: date) -> Iterator[_Claim]:
    """One claim per election; posts still to come belong to it already, so that its key never changes."""
    for occasion in _occasions(definition, holder.posts):
        held = [post for post in occasion.posts if _goes_on(post, holder.posts, on)]
        if held and definition.is_valid_on(min(on, occasion.span.due_on)):
            yield _Claim(definition, _earliest(held), occasion.key, *occasion.span)


def _goes_on(post: PostFact, posts: Iterable[PostFact], on: date) -> bool:
    """Whether a post is held on a day, or the rest of it in another unit: a merger elects nobody."""
    rest: PostFact | None = post
    while rest is not None and not rest.is_held_on(on):
        before = rest.pk
        rest = next((other for other in posts if other.continues == before), None)
    return rest is not None


class _Occasion(NamedTuple):
    """An election: the posts won in it, and the days that they give."""

    posts: list[PostFact]
    span: Span

    @property
    def key(self) -> str:
        """Named by the post that was written down first: a corrected date never makes another occasion."""
        return f"post-{min(post.pk for post in self.posts)}"


def _occasions(definition: Definition, posts: Iterable[PostFact]) -> Iterator[_Occasion]:
    """Posts won before an earlier one's deadline are of the same election."""
    elected = sorted(filter(definition.asks, posts), key=lambda post: (post.from_on, post.pk))
    while elected:
        first_on = elected[0].from_on
        due_on = months_later(first_on, definition.months)
        occasion = [post for post in elected if post.from_on <= due_on]
        elected = elected[len(occasion) :]
        yield _Occasion(occasion, Span(first_on, due_on))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def span_of(
    period_key: str, definition: Definition, posts: Sequence[PostFact], terms: Sequence[TermFact]
) -> Span | None:
    """The days of a period by its key, whatever a row says of them; None where the facts name it no more."""
    if definition.period == Period.YEAR:
        return _year_span(int(period_key)) if YEAR_KEY.fullmatch(period_key) else None
    if definition.period == Period.TERM:
        term = next((term for term in terms if term.key == period_key), None)
        return _term_span(definition, posts, term) if term else None
    spans = (occasion.span for occasion in _occasions(definition, posts) if occasion.key == period_key)
    return next(spans, None)
