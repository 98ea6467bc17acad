"""Files of the desk, streamed row by row so that memory stays flat."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from accounts.models import Cadre, Post, Role
from accounts.phones import masked
from accounts.roster.books import text_cell
from lms.certificates.models import Certificate
from lms.desk.models import ExportKind
from lms.hours.figures import plain
from lms.obligations.models import Obligation, ObligationQuerySet
from lms.obligations.standing import status_of

Row = list[str | Decimal]
CHUNK = 2000
# A spreadsheet runs a cell that begins like this; as text it is harmless (formula injection).
RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{value}" if value.startswith(RISKY) else value


def header(kind: str) -> list[str]:
    """The column names of a list."""
    common = [_("Unit code"), _("Unit"), _("Account"), _("Name"), _("Phone"), _("Post"), _("Obligation")]
    figures = [
        _("From and to"),
        _("Required"),
        _("Earned"),
        _("Still needed"),
        _("Unit of measure"),
        _("Status"),
    ]
    proof = [_("Certificate"), _("Issued on"), _("Certificate status")]
    return [*common, *figures, *proof] if kind == ExportKind.CERTIFICATES else [*common, *figures]


def rows(kind: str, obligations: ObligationQuerySet, *, today: date, is_masked: bool) -> Iterator[Row]:
    """One row an obligation as it stands today, with its newest certificate where those are asked for."""
    found = obligations.order_by("person__unit__code", "person", "requirement__position", "starts_on", "pk")
    held = Post.objects.held_on(today)
    found = found.select_related("person__unit", "requirement", "post")
    found = found.prefetch_related(Prefetch("person__posts", held, to_attr="held_posts"))
    has_proof = kind == ExportKind.CERTIFICATES
    if has_proof:
        found = found.prefetch_related(Prefetch("certificates", Certificate.objects.defer("snapshot")))
    for obligation in found.iterator(chunk_size=CHUNK):
        yield [
            *_person(obligation.person, is_masked=is_masked),
            *_standing(obligation, today),
            *(_proof(obligation) if has_proof else []),
        ]


def _person(person: Cadre, *, is_masked: bool) -> Row:
    phone = person.phone or ""
    shown = masked(phone) if phone and is_masked else phone
    return [person.unit.code, person.unit.name, person.number, person.name, shown]


def _standing(obligation: Obligation, today: date) -> Row:
    requirement = obligation.requirement
    return [
        _posts(obligation),
        requirement.name,
        f"{obligation.starts_on} – {obligation.due_on}",
        obligation.required,
        obligation.earned,
        obligation.short,
        str(requirement.get_measure_display()),
        str(status_of(obligation, today).label),
    ]


def _posts(obligation: Obligation) -> str:
    """All posts that the person holds; of who holds none, the one of the obligation."""
    held: list[Post] = obligation.person.held_posts  # type: ignore[attr-defined]  # `rows` reads them along
    if not held and obligation.post:
        held = [obligation.post]
    roles = sorted({Role(post.role) for post in held}, key=list(Role).index)
    return pgettext("between posts", ", ").join(str(role.label) for role in roles)


def _proof(obligation: Obligation) -> Row:
    newest = next(iter(obligation.certificates.all()), None)
    if newest is None:
        return ["", "", ""]
    return [newest.serial, str(timezone.localdate(newest.issued_at)), str(newest.get_status_display())]


def write_csv(path: Path, head: list[str], lines: Iterable[Row], tick: Callable[[int], None]) -> int:
    """Write UTF-8 with a BOM, which spreadsheet programs need to read Chinese; returns the rows."""
    number = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for number, line in enumerate(lines, start=1):
            writer.writerow([harmless(value) if isinstance(value, str) else plain(value) for value in line])
            if number % CHUNK == 0:
                tick(number)
    return number


def write_xlsx(path: Path, head: list[str], lines: Iterable[Row], tick: Callable[[int], None]) -> int:
    """Write a workbook without holding it in memory; only amounts are numbers; returns the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("List"))
    number = 0
    sheet.append(head)
    for number, line in enumerate(lines, start=1):
        sheet.append([text_cell(sheet, value) if isinstance(value, str) else value for value in line])
        if number % CHUNK == 0:
            tick(number)
    book.save(path)
    return number


WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
