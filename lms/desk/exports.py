"""Files of the desk, streamed row by row so that memory stays flat."""

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from lms.certificates.models import Certificate, CertificateStatus
from lms.desk.models import ExportKind
from lms.hours.figures import plain
from lms.obligations.models import ObligationQuerySet
from lms.obligations.standing import status_of

Row = list[str]
CHUNK = 2000
# A spreadsheet runs a cell that begins like this; as text it is harmless (formula injection).
RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{value}" if value.startswith(RISKY) else value


def masked(phone: str | None) -> str:
    """A phone number with its middle hidden."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""


def header(kind: str) -> Row:
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


def rows(kind: str, obligations: ObligationQuerySet, *, is_masked: bool) -> Iterator[Row]:
    """One row an obligation, or one a certificate of the same people."""
    today = timezone.localdate()
    found = obligations.order_by("person__unit__code", "person", "requirement__position", "pk")
    found = found.select_related("person__unit", "requirement", "post")
    if kind == ExportKind.CERTIFICATES:
        latest = Certificate.objects.filter(obligation=OuterRef("pk")).order_by("-issued_at", "-pk")
        found = found.annotate(
            serial=Subquery(latest.values("serial")[:1]),
            issued_at=Subquery(latest.values("issued_at")[:1]),
            proof=Subquery(latest.values("status")[:1]),
        )
    for obligation in found.iterator(chunk_size=CHUNK):
        person = obligation.person
        line = [
            person.unit.code,
            person.unit.name,
            person.number,
            person.name,
            masked(person.phone) if is_masked else person.phone or "",
            str(obligation.post.get_role_display()) if obligation.post else "",
            obligation.requirement.name,
            f"{obligation.starts_on} – {obligation.due_on}",
            plain(obligation.required),
            plain(obligation.earned),
            plain(obligation.short),
            str(obligation.requirement.get_measure_display()),
            str(status_of(obligation, today).label),
        ]
        if kind == ExportKind.CERTIFICATES:
            line += _proof(obligation)
        yield line


def _proof(obligation: object) -> Row:
    serial = getattr(obligation, "serial", None)
    if not serial:
        return ["", "", ""]
    issued_on = timezone.localdate(getattr(obligation, "issued_at"))  # noqa: B009
    return [serial, str(issued_on), str(CertificateStatus(getattr(obligation, "proof")).label)]  # noqa: B009


def write_csv(path: Path, head: Row, lines: Iterable[Row], tick: Callable[[int], None]) -> int:
    """Write UTF-8 with a BOM, which spreadsheet programs need to read Chinese; returns the rows."""
    number = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for number, line in enumerate(lines, start=1):
            writer.writerow([harmless(value) for value in line])
            if number % CHUNK == 0:
                tick(number)
    return number


def write_xlsx(path: Path, head: Row, lines: Iterable[Row], tick: Callable[[int], None]) -> int:
    """Write a workbook without holding it in memory; every cell is text; returns the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("List"))
    number = 0
    sheet.append(head)
    for number, line in enumerate(lines, start=1):
        sheet.append([_text(sheet, value) for value in line])
        if number % CHUNK == 0:
            tick(number)
    book.save(path)
    return number


def _text(sheet: WriteOnlyWorksheet, value: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
