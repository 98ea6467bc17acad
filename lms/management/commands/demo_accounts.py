"""`manage.py demo_accounts`: who can sign in to the demo, as a table."""

from collections.abc import Sequence
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lms.demo.accounts import accounts
from lms.demo.load import is_loaded


class Command(BaseCommand):
    """Print the accounts of each role with the password."""

    help = "Print the demo's accounts: name, role, phone, account number, password."

    def handle(self, *args: object, **options: object) -> None:
        """One line per account; says so when the demo is not loaded."""
        if not is_loaded():
            self.stdout.write(_("The demo is not loaded; `manage.py load_demo` loads it."))
            return
        head = (_("Name"), _("Role"), _("Phone"), _("Account number"), _("Password"))
        rows = [(item.name, str(item.role), item.phone, item.number, item.password) for item in accounts()]
        for line in table([head, *rows]):
            self.stdout.write(line)
        self.stdout.write(
            _("Everybody else signs in with a phone and a code, which the demo prints instead of sending.")
        )


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows in columns; a Chinese character takes two places."""
    widths = [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def width_of(text: str) -> int:
    """How many places a terminal gives a text."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
