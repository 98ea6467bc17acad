"""Sheets that go out: the wrong rows with their reasons, and the empty sheet to fill in."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.roster.books import WIDTH, add_sheet, book, book_bytes, is_chinese
from lms.training.claims.sheets.columns import HEADERS, LABELS, Column
from lms.training.claims.sheets.plan import Judged

# Our own sheet asks for first and last day in two cells, which nobody can write in an unclear way.
ASKED = tuple(column for column in Column if column is not Column.DATES)
WIDTHS = {Column.LOGIN: 18, Column.TITLE: 30, Column.ORGANISER: 22, Column.DATES: 24}


def header_of(column: Column) -> str:
    """The header that our own sheets carry, which we read back in either language."""
    return HEADERS[column][0] if is_chinese() else str(LABELS[column])


def empty_sheet() -> bytes:
    """The headers to fill in, and on a second sheet what belongs beneath them."""
    widths = [WIDTHS.get(column, WIDTH) for column in ASKED]
    made = book(_("Claims"), [header_of(column) for column in ASKED], widths=widths)
    add_sheet(made, _("How to fill it in"), [(header_of(each), help_of(each)) for each in ASKED], [18, 90])
    return book_bytes(made)


def wrong_rows(rows: Iterable[Judged]) -> bytes:
    """The wrong rows as they came, the reasons in front: correct them and bring the sheet again."""
    rows = list(rows)
    used = {column for column in Column if any(row.line[column] for row in rows)}
    # What all of them lack stands there too, to be filled in; the days in the way that the sheet writes them.
    days = set() if Column.DATES in used else {Column.STARTS_ON, Column.ENDS_ON}
    wanted = used | days | (set(ASKED) - {Column.STARTS_ON, Column.ENDS_ON})
    columns = [column for column in Column if column in wanted]
    heads = [_("Row"), _("What to correct"), *map(header_of, columns)]
    lines = [
        [str(row.line.number), " ".join(row.reasons), *(row.line[column] for column in columns)]
        for row in rows
    ]
    return book_bytes(book(_("To correct"), heads, lines, [8, 60]))


def help_of(column: Column) -> str:
    """What belongs beneath a header."""
    return {
        Column.NAME: _("Needed."),
        Column.LOGIN: _("May stay empty where nobody else in your units has the name."),
        Column.LAST4: _("May stay empty. Compared with the number on file where there is one."),
        Column.VILLAGE: _("May stay empty. Tells people of one name apart."),
        Column.TITLE: _("Needed: the course, class or meeting."),
        Column.ORGANISER: _("Needed: who held it."),
        Column.LEDGER: _("Needed: concentrated training, online self-study or collective study."),
        Column.HOURS: _("Needed, as in 6 or 1.5."),
        Column.DAYS: _("Half a day is 0.5; empty where it counts in hours only."),
        Column.DATES: _("As in 2026-03-02, or 2026-03-02 to 2026-03-04."),
        Column.STARTS_ON: _("Needed, as in 2026-03-02."),
        Column.ENDS_ON: _("Empty where it took one day."),
    }[column]
