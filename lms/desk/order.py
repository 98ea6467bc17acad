"""The order of a list, kept in the address: by place, name or post, never by what is missing (domain §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict

from accounts.models import Cadre, Post, Role
from accounts.models.posts import PostQuerySet
from lms.desk.figures import UnitFigures

# The first column of a list is its order when none is asked for.
OF_PEOPLE = {"unit": "unit__code", "name": "name", "post": "rank"}
OF_UNITS = ("code", "name")


@dataclass(frozen=True)
class Head:
    """The head of a column: what its link asks for, and `aria-sort` where the list is in its order."""

    asks: str
    aria: str = ""


@dataclass(frozen=True)
class Order:
    """A column of a list, and the direction."""

    columns: tuple[str, ...]
    column: str
    is_down: bool = False

    @property
    def heads(self) -> dict[str, Head]:
        """The heads of all columns; the link of the present one turns it round."""
        heads = {column: Head(column) for column in self.columns}
        if self.is_down:
            heads[self.column] = Head(self.column, "descending")
        else:
            heads[self.column] = Head(f"-{self.column}", "ascending")
        return heads


def read_order(query: QueryDict, columns: Iterable[str]) -> Order:
    """The order that an address asks for; anything unknown asks for the first column."""
    known = tuple(columns)
    asked = query.get("sort", "")
    column = asked.removeprefix("-")
    return Order(known, column, asked.startswith("-")) if column in known else Order(known, known[0])


def people_in(order: Order, people: QuerySet[Cadre], today: date) -> QuerySet[Cadre]:
    """People in an order, those alike by the codes of their units."""
    if order.column == "post":
        people = people.annotate(rank=first_rank(Post.objects.held_on(today)))
    column = F(OF_PEOPLE[order.column])
    return people.order_by(column.desc() if order.is_down else column.asc(), "unit__code", "pk")


def first_rank(posts: PostQuerySet) -> Coalesce:
    """The place of a person's first of these posts in the list of posts; who holds none comes after all."""
    places = [When(role=role, then=Value(place)) for place, role in enumerate(Role.values)]
    held = posts.filter(person=OuterRef("pk")).annotate(place=Case(*places))
    return Coalesce(Subquery(held.order_by("place").values("place")[:1]), Value(len(places)))


def units_in(order: Order, lines: list[UnitFigures]) -> list[UnitFigures]:
    """Units by code or by name."""
    return sorted(lines, key=lambda line: getattr(line.unit, order.column), reverse=order.is_down)
