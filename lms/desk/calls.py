"""Whom to call about what, and the words of a reminder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Cadre
from lms.hours.figures import plain
from lms.obligations.models import Obligation, ObligationQuerySet


@dataclass(frozen=True)
class Call:
    """A person who still needs something, what it is, and the words of a reminder."""

    person: Cadre
    owed: Sequence[Obligation]
    words: str


def calls(people: Sequence[Cadre], short: ObligationQuerySet, *, sender: str, today: date) -> list[Call]:
    """A call for each of the people about the open ones of these obligations (one query)."""
    owed: dict[int, list[Obligation]] = {person.pk: [] for person in people}
    found = short.filter(person__in=owed).select_related("requirement", "post")
    for obligation in found.order_by("due_on", "pk"):
        owed[obligation.person_id].append(obligation)
    return [
        Call(person, mine, reminder(person.name, mine, sender=sender, today=today))
        for person in people
        if (mine := owed[person.pk])
    ]


def reminder(name: str, owed: Iterable[Obligation], *, sender: str, today: date) -> str:
    """One message to a person, signed by the unit that sends it; it can be read out as it is."""
    things = pgettext("between things still needed", "; ").join(_still_needed(each, today) for each in owed)
    words = _(
        "%(name)s, you still need: %(things)s. Please call us if anything stands in the way. — %(sender)s"
    )
    return words % {"name": name, "things": things, "sender": sender}


def _still_needed(obligation: Obligation, today: date) -> str:
    due = obligation.due_on
    words = {
        "requirement": obligation.requirement.name,
        "amount": _amount(obligation),
        "due": date_format(due, "MONTH_DAY_FORMAT" if due.year == today.year else "DATE_FORMAT"),
    }
    if due < today:
        return _("%(requirement)s %(amount)s (was due %(due)s, can be made up)") % words
    return _("%(requirement)s %(amount)s by %(due)s") % words


def _amount(obligation: Obligation) -> str:
    """What is missing, with its unit; where the hours are there, a class."""
    if not obligation.short:
        return _("one class")
    measure = obligation.requirement.get_measure_display()
    return f"{plain(obligation.short)} {measure}"
