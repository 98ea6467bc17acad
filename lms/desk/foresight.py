"""What a plan would change: who still needs what, now and after everybody came to all that lies ahead.

`foresee` is pure; `owed_in` brings what it needs. Caps are left out of it, and so is who will not come.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from accounts.codes import subtree
from accounts.models import Cadre, Level, Post, Unit
from lms.hours.models import Ledger
from lms.obligations.definitions import Definition, Holder, PostFact, place_of
from lms.obligations.facts import batch_facts, definition_of
from lms.obligations.models import Measure, Obligation, Period, Requirement
from lms.obligations.rows import Row, rows_of
from lms.training.plans.models import CLASSES, ItemKind, PlanItem

# What is learned together: the ledgers that a plan fills.
GATHERED = frozenset({Ledger.CONCENTRATED.value, Ledger.COLLECTIVE.value})


class Planned(NamedTuple):
    """An item of a plan, as a value; `prefix` are the digits of the unit whose people it is for."""

    prefix: str
    kind: str
    roles: frozenset[str]
    is_for_party_members: bool
    ledger: str
    days: Decimal
    hours: Decimal
    ends_on: date

    @property
    def classes(self) -> int:
        """How many classes it counts as."""
        return int(self.kind in CLASSES)

    def amount(self, measure: str) -> Decimal:
        """What it adds for somebody who came to all of it."""
        amounts = {Measure.HOURS.value: self.hours, Measure.DAYS.value: self.days}
        return amounts.get(measure, Decimal(self.classes))

    def invites(self, holder: Holder) -> bool:
        """Whether somebody belongs to its audience, by the posts held on its last day."""
        if self.is_for_party_members and not holder.is_party_member:
            return False
        return any(
            post.is_held_on(self.ends_on)
            and post.code.startswith(self.prefix)
            and (not self.roles or post.role in self.roles)
            for post in holder.posts
        )


class Owed(NamedTuple):
    """An obligation of somebody who is not exempt, and what must be known to say what would meet it."""

    row: Row
    name: str
    definition: Definition
    holder: Holder
    code: str  # of the person's present unit

    @property
    def role(self) -> str:
        """The post that it follows; none where that post is not known any more."""
        return next((post.role for post in self.holder.posts if post.pk == self.row.post_id), "")

    @property
    def measure_label(self) -> str:
        """What is counted, as a word."""
        return str(Measure(self.definition.measure).label)

    def gains_by(self, item: Planned) -> bool:
        """Whether an item counts for it if the person comes."""
        if item.ledger not in self.definition.ledgers or not self._holds(item.ends_on):
            return False
        return (not self.definition.is_rotation or self._is_rotation(item)) and item.invites(self.holder)

    def _holds(self, day: date) -> bool:
        """Whether what ends on a day lies in its time, that for making up included."""
        if self.definition.period == Period.YEAR:
            return day.year == self.row.starts_on.year
        is_in_time = self.definition.can_be_made_up or day <= self.row.due_on
        return is_in_time and day >= self.row.starts_on - timedelta(days=self.definition.lead_days)

    def _is_rotation(self, item: Planned) -> bool:
        """A rotation class counts while a post was held that it asks, or in the days before that count."""
        if item.kind != ItemKind.ROTATION:
            return False
        place = place_of(self.definition.period, self.row.period_key)
        return item.ends_on < self.row.starts_on or any(
            post.is_held_on(item.ends_on) and post.code.startswith(place) and self.definition.asks(post)
            for post in self.holder.posts
        )

    def missing_after(self, items: Iterable[Planned]) -> "Missing":
        """What would still be missing after the person came to all of these items."""
        gains = [item for item in items if self.gains_by(item)]
        earned = self.row.earned + sum((item.amount(self.definition.measure) for item in gains), Decimal(0))
        classes = self.row.classes + sum(item.classes for item in gains)
        return Missing(
            max(Decimal(0), self.row.required - earned), max(0, self.definition.min_classes - classes)
        )


class Missing(NamedTuple):
    """What is missing of an obligation: an amount in its measure, and classes."""

    amount: Decimal
    classes: int


@dataclass(frozen=True)
class Lack:
    """Somebody who would still lack something after the plan."""

    owed: Owed
    missing: Missing
    # Met all the same, by what other approved plans hold for the person.
    is_met_elsewhere: bool


@dataclass
class Outlook:
    """How one requirement stands in a unit, and how it would after the plan."""

    slug: str
    name: str
    definition: Definition
    met: int = 0
    short: int = 0
    lacks: list[Lack] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """Who is asked; the exempt are not (domain case 11)."""
        return self.met + self.short

    @property
    def helped(self) -> int:
        """Who is short now, and would have met it after the plan."""
        return self.short - len(self.lacks)

    @cached_property
    def left(self) -> list[Lack]:
        """Those whom no other approved plan takes care of either."""
        return [lack for lack in self.lacks if not lack.is_met_elsewhere]

    @property
    def elsewhere(self) -> int:
        """How many other approved plans take care of."""
        return len(self.lacks) - len(self.left)

    def by_role(self) -> dict[str, int]:
        """How many would still lack it, by the post that it follows."""
        return dict(Counter(lack.owed.role for lack in self.lacks))

    def by_place(self, level: Level) -> dict[str, int]:
        """The same by the codes of the units of a level, in their order."""
        places = Counter(lack.owed.code[: level.digits].ljust(12, "0") for lack in self.lacks)
        return dict(sorted(places.items()))


def foresee(owed: Iterable[Owed], items: Sequence[Planned], others: Sequence[Planned] = ()) -> list[Outlook]:
    """One outlook for each requirement that learning together can meet, in the order in which they come."""
    found: dict[str, Outlook] = {}
    for mine in owed:
        if not mine.definition.ledgers & GATHERED:
            continue
        slug = mine.row.slug
        outlook = found.setdefault(slug, Outlook(slug, mine.name, mine.definition))
        if mine.row.is_met:
            outlook.met += 1
            continue
        outlook.short += 1
        missing = mine.missing_after(items)
        if any(missing):
            is_met_elsewhere = bool(others) and not any(mine.missing_after([*items, *others]))
            outlook.lacks.append(Lack(mine, missing, is_met_elsewhere))
    return list(found.values())


def planned(items: Iterable[PlanItem]) -> list[Planned]:
    """Items as values; their plans must be loaded with the units."""
    return [
        Planned(
            item.plan.unit.prefix, item.kind, frozenset(item.roles), item.is_for_party_members,
            item.ledger, item.days, item.hours, item.ends_on,
        )
        for item in items
    ]  # fmt: skip


def owed_in(unit: Unit, year: int, user: Cadre, today: date) -> list[Owed]:
    """What is owed in a unit by the people whom the user may see, those exempt left out.

    Of this year as it stands; of the next as it will on its first day, by what is known today. A fixed
    number of queries either way.
    """
    if year > today.year:
        return _owed_on(unit, user, date(year, 1, 1))
    running = Obligation.objects.visible_to(user).running(today)
    running = running.filter(person__unit__code__range=subtree(unit.code), is_exempt=False)
    rows = running.order_by("requirement__position", "slug", "person__unit__code", "person")
    people = Cadre.objects.within(unit).visible_to(user).values_list("pk", "is_party_member", "unit__code")
    known = {pk: (is_party_member, code) for pk, is_party_member, code in people}
    posts = _posts(unit)
    holders = {pk: Holder(pk, member, tuple(posts[pk])) for pk, (member, _code) in known.items()}
    asked = Requirement.objects.filter(pk__in=running.order_by().values("requirement"))
    book = {item.pk: item for item in asked.select_related("unit")}
    definitions = {pk: definition_of(item) for pk, item in book.items()}
    return [
        Owed(
            row, book[row.requirement_id].name, definitions[row.requirement_id], holders[row.person_id],
            known[row.person_id][1],
        )
        for row in map(Row._make, rows.values_list(*Row._fields))
        # Between two reads somebody may have moved.
        if row.person_id in known and row.requirement_id in book
    ]  # fmt: skip


def _posts(unit: Unit) -> dict[int, list[PostFact]]:
    """The posts of the people of a unit, wherever they are held."""
    found: dict[int, list[PostFact]] = defaultdict(list)
    fields = ("person_id", "pk", "unit__code", "role", "from_on", "to_on", "is_newly_elected", "continues")
    posts = Post.objects.filter(person__unit__code__range=subtree(unit.code)).order_by("pk")
    for person_id, *values in posts.values_list(*fields):
        found[person_id].append(PostFact(*values))
    return found


def _owed_on(unit: Unit, user: Cadre, on: date) -> list[Owed]:
    """What will be owed on a day to come, reckoned from the facts and written nowhere."""
    people = Cadre.objects.within(unit).visible_to(user).in_post(on).order_by("pk")
    codes = dict(people.values_list("pk", "unit__code"))
    if not codes:
        return []
    book, facts = batch_facts(list(codes), is_locking=False)
    asked = Requirement.objects.filter(pk__in=book.definitions)
    places = {pk: (position, name) for pk, position, name in asked.values_list("pk", "position", "name")}
    found = [
        Owed(row, places[row.requirement_id][1], book.definitions[row.requirement_id], mine.holder,
             codes[mine.holder.pk])
        for mine in facts
        for row in rows_of(mine, book, on)
        if _runs(row, book.definitions[row.requirement_id], on)
    ]  # fmt: skip
    found.sort(key=lambda mine: (places[mine.row.requirement_id][0], mine.row.slug, mine.code))
    return found


def _runs(row: Row, definition: Definition, on: date) -> bool:
    """The same as `ObligationQuerySet.running`, of a row that is not written."""
    if row.released_on is not None or row.is_exempt or row.starts_on > on:
        return False
    return row.due_on >= on or (definition.can_be_made_up and not row.is_met)
