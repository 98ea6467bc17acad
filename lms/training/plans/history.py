"""A plan's history in words: what was said before and after, and the text that was once approved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import Role
from lms.hours.figures import plain
from lms.hours.models import Ledger
from lms.training.plans.models import ChangeKind, ItemKind, PlanChange

LABELS = {
    "title": gettext_lazy("Name of the item"),
    "purpose": gettext_lazy("Purpose"),
    "kind": gettext_lazy("Kind of item"),
    "roles": gettext_lazy("Posts"),
    "is_for_party_members": gettext_lazy("Party members only"),
    "ledger": gettext_lazy("Ledger"),
    "days": gettext_lazy("Days"),
    "hours": gettext_lazy("Hours"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "place": gettext_lazy("Where"),
    "teacher": gettext_lazy("Teacher"),
    "expected": gettext_lazy("People expected"),
    "lessons": gettext_lazy("Online lessons"),
    "focus": gettext_lazy("Central work of the year"),
}
FIELDS = tuple(LABELS)
# Of these a line of history shows what was said before and after; the others are told by their title.
COMPARED = frozenset({ChangeKind.FOCUS.value, ChangeKind.CHANGED.value})


@dataclass(frozen=True)
class Said:
    """One field, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One line of history with its fields in words."""

    change: PlanChange
    rows: list[Said]


@dataclass(frozen=True)
class ApprovedItem:
    """An item as it was approved: its title, and every field that says something, in words."""

    title: str
    rows: list[tuple[str, str]]


def entries(changes: "list[PlanChange]") -> list[Entry]:
    """Lines of history in words."""
    return [Entry(change, _compared(change)) for change in changes]


def _compared(change: PlanChange) -> list[Said]:
    if change.kind not in COMPARED:
        return []
    names = [name for name in FIELDS if name in change.before or name in change.after]
    return [
        Said(
            str(LABELS[name]),
            in_words(name, change.before.get(name)),
            in_words(name, change.after.get(name)),
        )
        for name in names
    ]


def approved_items(change: PlanChange) -> list[ApprovedItem]:
    """The items that an approval kept, in the order of their dates."""
    items: list[dict[str, Any]] = change.after.get("items", [])  # as `ItemFacts.told` wrote them
    return [
        ApprovedItem(
            item["title"],
            [
                (str(LABELS[name]), in_words(name, item[name]))
                for name in FIELDS[1:]
                if name == "roles" or item.get(name)
            ],
        )
        for item in items
    ]


def in_words(name: str, value: Any) -> str:  # whatever a line of history holds
    """What a field said, as people read it."""
    if name == "roles":
        labels = [str(Role(role).label) for role in value or []]
        return pgettext("between posts", ", ").join(labels) or _("Everybody with a post")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None or value in ("", []):
        return "—"
    if name in ("starts_on", "ends_on"):
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if name in ("days", "hours"):
        return plain(Decimal(value))
    if name == "lessons":
        return _("; ").join(value)
    choices = {"kind": ItemKind, "ledger": Ledger}
    return str(choices[name](value).label) if name in choices else str(value)
