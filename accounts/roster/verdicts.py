"""What an import says of each row, in the user's words; codes and figures are kept, words made when read."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.models import Cadre, Post, Role
from accounts.roster.columns import LABELS, Column
from accounts.roster.facts import Facts
from accounts.roster.sheets import Row


class Verdict(TextChoices):
    """What would become of a row."""

    NEW = "NEW", _("New")
    CHANGED = "CHANGED", _("Changed")
    SAME = "SAME", _("Same")
    ERROR = "ERROR", _("To correct")


WORDS = {
    "empty": _("%(column)s is missing."),
    "formula": _("%(column)s is a formula or looks like one. Paste it as plain text."),
    "name": _("This is not a name: %(value)s."),
    "phone": _("The phone number needs 11 digits: %(value)s."),
    "identity": _("The ID number is not right, its check digit does not fit. Compare it with the card."),
    "identity_rounded": _("The ID number was kept as a number and lost digits. Make the column text first."),
    "birth_year": _("Not a year of birth: %(value)s."),
    "birth_differs": _("The year of birth is not the one in the ID number (%(value)s)."),
    "date": _("Not a date: %(value)s. Write it as 2025-03-01."),
    "date_unclear": _("%(value)s may mean January or October. Write %(year)s-01 or %(year)s-10."),
    "date_range": _("This day cannot be: %(value)s."),
    "yes_no": _("%(column)s: write yes or no, not “%(value)s”."),
    "role": _("Unknown post: %(value)s."),
    "no_date": _("A new post needs the day since which it is held."),
    "place_empty": _("The unit is missing: give its code, or township and village."),
    "place_unknown": _("No such unit: %(value)s."),
    "place_many": _("More than one unit is called %(value)s. Add the township or the code."),
    "place_outside": _("%(value)s lies outside your area."),
    "place_retired": _("%(value)s was closed. Use %(successor)s."),
    "place_since": _("%(value)s exists since %(day)s. A post there begins on that day at the earliest."),
    "number_unknown": _("No account has the number %(value)s. Leave it empty for new people."),
    "person_outside": _("This person is on a list outside your area. Ask the county to transfer them."),
    "phone_taken": _("Phone number %(value)s belongs to somebody else in the system."),
    "identity_taken": _("The ID number belongs to somebody else in the system."),
    "identity_differs": _("The ID number is not the one on file (ends in %(value)s)."),
    "administrator": _("This person is an administrator, whom no roster changes. Leave the row out."),
    "staff_file": _("This person holds a staff role: name, phone and ID number change on their page only."),
    "same_name": _(
        "This unit already has a person of this name. If it is them, a roster names them by their account"
        " number; if not, first put the ID number of the other on file and add one here."
    ),
    "twice": _("Row %(line)s is the same person. Write several posts in one cell, with 、 between them."),
    "phone_twice": _("Row %(line)s has the same phone number."),
    "identity_twice": _("Row %(line)s has the same ID number."),
    "number_twice": _("Row %(line)s has the same account number."),
    "post_ended": _("The post of %(role)s ended on %(day)s. Appoint the person anew on their page."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row cannot be written."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        values = dict(self.values)
        if "column" in values:
            values["column"] = str(LABELS[Column(values["column"])])
        if "role" in values:
            values["role"] = str(Role(values["role"]).label)
        return str(WORDS[self.code]) % values


def because(code: str, **values: object) -> Reason:
    """A reason with the figures in it."""
    return Reason(code, tuple(sorted((key, str(value)) for key, value in values.items())))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be different afterwards; phones are masked, ID numbers shown by four digits.

    In the column of posts it is one that ends, because the person moves: its unit, and the last day.
    """

    column: Column
    before: str
    after: str
    role: str = ""

    def __str__(self) -> str:
        if self.column is Column.ROLES:
            words = _("%(role)s in %(unit)s ends with %(day)s")
            return str(words) % {"role": Role(self.role).label, "unit": self.before, "day": self.after}
        what = str(LABELS[self.column])
        if self.role:
            what = f"{what} ({Role(self.role).label})"
        return f"{what} {self.before or '—'} → {self.after}"


@dataclass(frozen=True, slots=True)
class Target:
    """What judging found, for whoever writes right after it in the same transaction."""

    facts: Facts
    person: Cadre | None
    running: tuple[tuple[str, Post | None], ...]
    ending: tuple[tuple[Post, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One row with its verdict."""

    row: Row
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    person_id: int | None = None
    target: Target | None = field(default=None, compare=False, repr=False)

    @property
    def phone(self) -> str:
        """The phone of the row as pages show it."""
        phone = phones.normal(self.row[Column.PHONE])
        return phones.masked(phone) if phone else ""
