"""Who held posts in a place on a day: another question than who is on its list now."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import QueryDict

from accounts.models import Cadre, Post
from accounts.models.posts import PostQuerySet
from lms.desk.filters import Filters
from lms.desk.order import Order, first_rank

COLUMNS = {"unit": "place", "name": "name", "post": "rank"}


@dataclass(frozen=True)
class Holder:
    """A person with the posts held in the place on the day; may be opened only by whoever sees them now."""

    person: Cadre
    posts: list[Post]
    is_visible: bool


def read_day(query: QueryDict, today: date) -> date | None:
    """The day that the address asks for; none, or one to come, asks for the present list."""
    try:
        day = date.fromisoformat(query.get("on", ""))
    except ValueError:
        return None
    return day if day <= today else None


def posts_then(filters: Filters, on: date) -> PostQuerySet:
    """The posts that were held in the asked unit on a day, whoever keeps the file today."""
    posts = Post.objects.held_on(on).within(filters.unit)
    return posts.filter(role=filters.role) if filters.role else posts


def people_then(filters: Filters, on: date, order: Order) -> QuerySet[Cadre]:
    """Everybody who held such a post, each once; searched by name alone: a phone may be none of theirs."""
    posts = posts_then(filters, on)
    people = Cadre.objects.filter(pk__in=posts.values("person"))
    if filters.q:
        people = people.filter(name__contains=filters.q)
    mine = posts.filter(person=OuterRef("pk")).order_by("unit__code", "pk")
    people = people.annotate(place=Subquery(mine.values("unit__code")[:1]))
    if order.column == "post":
        people = people.annotate(rank=first_rank(posts))
    column = ("-" if order.is_down else "") + COLUMNS[order.column]
    return cast("QuerySet[Cadre]", people.order_by(column, "place", "pk"))  # the plugin loses annotations


def holders(people: list[Cadre], filters: Filters, on: date, user: Cadre) -> list[Holder]:
    """These people with their posts of the day, and whether the staff member may open them (two queries)."""
    ids = [person.pk for person in people]
    posts: dict[int, list[Post]] = {pk: [] for pk in ids}
    for post in posts_then(filters, on).filter(person__in=ids).select_related("unit").order_by("pk"):
        posts[post.person_id].append(post)
    visible = set(Cadre.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [Holder(person, posts[person.pk], person.pk in visible) for person in people]
