"""What the demo's activity works with: the county as it was just loaded."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from accounts.models import COMMITTEE_ROLES, Cadre, Level, Post, Role, Unit
from lms.demo.dates import Calendar
from lms.demo.people import SEED


@dataclass(frozen=True)
class County:
    """The units by code, the people with a part to play and the staff by key."""

    calendar: Calendar
    units: dict[str, Unit]
    cast: dict[str, Cadre]
    staff: dict[str, Cadre]

    @cached_property
    def random(self) -> Random:
        """The one source of chance, with a fixed seed."""
        return Random(SEED + 1)  # noqa: S311 - an invented year, nothing secret

    @cached_property
    def townships(self) -> list[Unit]:
        """The townships and sub-districts in the order of their codes."""
        return [unit for unit in self.units.values() if unit.level == Level.TOWNSHIP]

    @cached_property
    def posts(self) -> dict[str, list[Post]]:
        """Every post with its person, by the code of its township (one query)."""
        found: dict[str, list[Post]] = defaultdict(list)
        for post in Post.objects.select_related("person", "unit").order_by("pk"):
            found[f"{post.unit.code[:9]}000"].append(post)
        return found

    def holders(self, township: Unit, *roles: Role, on: date) -> list[Cadre]:
        """The people of a township who held one of the posts on a day (any post when none is named)."""
        held = {
            post.person_id: post.person
            for post in self.posts[township.code]
            if post.is_held_on(on) and (not roles or post.role in roles)
        }
        return list(held.values())

    def committee(self, township: Unit, on: date) -> list[Cadre]:
        """The members of the two committees of a township's villages on a day."""
        return self.holders(township, *COMMITTEE_ROLES, on=on)

    def newly_elected(self, township: Unit, on: date) -> list[Cadre]:
        """The people of a township's villages whose running post was won for the first time."""
        held = {
            post.person_id: post.person
            for post in self.posts[township.code]
            if post.is_newly_elected and post.is_held_on(on)
        }
        return list(held.values())

    def keeper(self, township: Unit) -> Cadre:
        """Who records a township's classes: its own staff where the demo has some, else the county's."""
        own = {self.staff[key].unit_id: self.staff[key] for key in ("township", "other-township")}
        return own.get(township.pk, self.staff["county"])

    def read_posts_again(self) -> None:
        """Forget the posts that were read: somebody came or went."""
        self.__dict__.pop("posts", None)
