"""Requirements, posts and terms as values, and which version of a requirement binds at a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lms.obligations.models import Period, Requirement

Rank = tuple[Decimal, int, int, int, int, date, int]


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
    is_pro_rata: bool = False
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
    def rank(self) -> Rank:
        """Order among regions: the highest amount binds; of equals the shortest time, then the nearest."""
        return self.rank_at(self.amount)

    def rank_at(self, required: Decimal) -> Rank:
        """The same for somebody who owes a share of the amount."""
        strictness = (required, self.min_classes, -self.months, -self.lead_days)
        return (*strictness, len(self.prefix), self.valid_from, self.pk)

    @property
    def counting(self) -> tuple[object, ...]:
        """What is counted, of whom and in which time: amounts compare among versions that agree in it."""
        return tuple(getattr(self, name) for name in Requirement.SHARED)

    def reaches(self, other: "Definition") -> bool:
        """Whether it speaks to everybody to whom the other version of its short name speaks there."""
        is_for_all = not self.roles or (bool(other.roles) and other.roles <= self.roles)
        return self.slug == other.slug and is_for_all

    def replaces(self, other: "Definition") -> bool:
        """Whether it binds everybody whom the other binds: a share may be less than the other's whole."""
        is_full = other.is_pro_rata or not self.is_pro_rata
        return is_full and self.rank > other.rank and self.reaches(other)

    def stands(self, versions: Iterable["Definition"]) -> bool:
        """Whether it counts like the highest region's among these versions of its short name.

        A region may add or raise. Once the region above counts something else, its raise of the old has
        nothing to raise any more.
        """
        above = [item for item in versions if item.slug == self.slug and self._lies_in_region_of(item)]
        return not above or self.counting == min(above, key=lambda item: len(item.prefix)).counting

    def _lies_in_region_of(self, other: "Definition") -> bool:
        return len(other.prefix) < len(self.prefix) and self.prefix.startswith(other.prefix)


class PostFact(NamedTuple):
    """A post, as a value."""

    pk: int
    code: str  # of the unit
    role: str
    from_on: date
    to_on: date | None = None
    is_newly_elected: bool = False
    continues: int | None = None  # the post in a unit that was merged away, of which it is the rest

    def is_held_on(self, on: date) -> bool:
        """Whether the post is held on a day."""
        return self.from_on <= on and (self.to_on is None or self.to_on >= on)


@dataclass(frozen=True, slots=True)
class TermFact:
    """A county's term, as a value."""

    pk: int
    county: str  # six digits
    number: int
    starts_on: date
    ends_on: date

    @property
    def key(self) -> str:
        """How a row names it."""
        return f"{self.county}-{self.number}"


def place_of(period: str, period_key: str) -> str:
    """The digits of the county to which a row's period belongs; none where it is no term's."""
    return period_key.partition("-")[0] if period == Period.TERM else ""


@dataclass(frozen=True, slots=True)
class Holder:
    """What must be known of a person to say what is due."""

    pk: int
    is_party_member: bool = False
    posts: tuple[PostFact, ...] = ()
    exemptions: tuple[tuple[date, date | None], ...] = ()


def binding(definitions: Iterable[Definition], on: date) -> list[Definition]:
    """Of the versions that may hold at a place, those that bind somebody there on a day.

    Where a region raises for some of the posts, the version above still binds the others.
    """
    valid = [definition for definition in definitions if definition.is_valid_on(on)]
    standing = [mine for mine in valid if mine.stands(other for other in valid if other.reaches(mine))]
    return [mine for mine in standing if not any(other.replaces(mine) for other in standing)]
