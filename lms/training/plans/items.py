"""What an item of a plan says, as a value: what is wrong with it, and what of it the county approves."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from courses.models import LessonPage
from lms.hours.models import Ledger
from lms.hours.rules import LONGEST_DAY
from lms.training.plans.models import CLASSES, LEDGERS, ItemKind, PlanItem

# What is approved: who is trained, when, how long, and what it counts as. All else is words.
WEIGHTY = frozenset(
    {"kind", "roles", "is_for_party_members", "ledger", "days", "hours", "starts_on", "ends_on"}
)

# One field of a line of history.
Told = dict[str, object]


class Fault(StrEnum):
    """What no item can say."""

    ENDS_FIRST = "ends before it starts"
    OUTSIDE_YEAR = "lies outside the year of its plan"
    NEGATIVE_DAYS = "has less than no days"
    NO_HOURS = "has no hours"
    MORE_DAYS = "has more days than lie between its first and its last"
    MORE_HOURS = "has more hours than its days can hold"
    DAYS_OF_NO_CLASS = "counts days and is no class"
    OTHER_LEDGER = "counts where its kind does not"


@dataclass(frozen=True)
class ItemFacts:
    """An item as its author tells of it; no `roles` means everybody who holds a post."""

    title: str
    purpose: str
    kind: ItemKind
    roles: tuple[str, ...]
    is_for_party_members: bool
    ledger: Ledger
    days: Decimal
    hours: Decimal
    starts_on: date
    ends_on: date
    place: str
    teacher: str
    expected: int | None
    lessons: tuple[LessonPage, ...]

    def told(self) -> Told:
        """The item as a line of history keeps it: JSON, lessons by their titles."""
        return {
            **vars(self),
            "kind": str(self.kind),
            "roles": list(self.roles),
            "ledger": str(self.ledger),
            "days": f"{self.days:.1f}",
            "hours": f"{self.hours:.2f}",
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "lessons": sorted(lesson.title for lesson in self.lessons),
        }


def facts_of(item: PlanItem) -> ItemFacts:
    """What an item says now; its lessons are read unless they have been."""
    return ItemFacts(
        title=item.title,
        purpose=item.purpose,
        kind=ItemKind(item.kind),
        roles=tuple(item.roles),
        is_for_party_members=item.is_for_party_members,
        ledger=Ledger(item.ledger),
        days=item.days,
        hours=item.hours,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        place=item.place,
        teacher=item.teacher,
        expected=item.expected,
        lessons=tuple(item.lessons.all()),
    )


def faults_of(facts: ItemFacts, year: int) -> list[Fault]:
    """Everything that is wrong with an item of a year's plan."""
    span = (facts.ends_on - facts.starts_on).days + 1
    is_class = facts.kind in CLASSES
    wrong = {
        Fault.ENDS_FIRST: span < 1,
        Fault.OUTSIDE_YEAR: (facts.starts_on.year, facts.ends_on.year) != (year, year),
        Fault.NEGATIVE_DAYS: facts.days < 0,
        Fault.NO_HOURS: facts.hours <= 0,
        Fault.MORE_DAYS: is_class and span >= 1 and facts.days > span,
        # Evenings may fill many hours and count as no day.
        Fault.MORE_HOURS: span >= 1
        and facts.hours > LONGEST_DAY * (facts.days if is_class and facts.days > 0 else span),
        Fault.DAYS_OF_NO_CLASS: not is_class and facts.days > 0,
        Fault.OTHER_LEDGER: facts.ledger != LEDGERS.get(facts.kind, facts.ledger),
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def differences(before: Told, after: Told) -> set[str]:
    """The names of the fields that two lines say differently."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
