"""Sheets that go out: the wrong rows with their reasons, and the empty sheet to fill in."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.roster.books import WIDTH, add_sheet, book, book_bytes, is_chinese
from accounts.roster.columns import HEADERS, LABELS, Column
from accounts.roster.verdicts import Judged

WIDTHS = {Column.IDENTITY: 22, Column.UNIT_CODE: 16, Column.VILLAGE: 18, Column.ROLES: 20}


def header_of(column: Column) -> str:
    """The header that our own sheets carry, which we read back in either language."""
    return HEADERS[column][0] if is_chinese() else str(LABELS[column])


def wrong_rows(rows: Iterable[Judged], columns: Sequence[Column]) -> bytes:
    """The wrong rows as they came, the reasons in front: correct them and bring the sheet again."""
    heads = [_("Row"), _("What to correct"), *map(header_of, columns)]
    lines = (
        [str(judged.row.line), " ".join(map(str, judged.reasons)), *(judged.row[each] for each in columns)]
        for judged in rows
    )
    return book_bytes(book(_("To correct"), heads, lines, [8, 60, *_widths(columns)]))


def empty_sheet() -> bytes:
    """The headers to fill in, and on a second sheet what belongs beneath them."""
    # The account number comes last: few rows need one.
    columns = sorted(Column, key=lambda column: column is Column.NUMBER)
    made = book(_("Roster"), [header_of(column) for column in columns], widths=_widths(columns))
    add_sheet(made, _("How to fill it in"), [(header_of(each), _help(each)) for each in columns], [18, 90])
    return book_bytes(made)


def _widths(columns: Sequence[Column]) -> list[int]:
    return [WIDTHS.get(column, WIDTH) for column in columns]


def _help(column: Column) -> str:
    roles = "、".join(str(role.label) for role in Role)
    return {
        Column.NAME: _("Needed."),
        Column.PHONE: _("11 digits. The person signs in with it."),
        Column.IDENTITY: _("18 places, may stay empty. Kept encrypted; pages show the last four."),
        Column.UNIT_CODE: _("12 digits. Not needed where township and village are given."),
        Column.TOWNSHIP: _("As in “Gutao town”; needed where two villages have the same name."),
        Column.VILLAGE: _("As in “Dongcheng village”."),
        Column.ROLES: _("Needed. Several with 、 between them: %(roles)s") % {"roles": roles},
        Column.FROM_ON: _("As in 2025-03-01. Needed for new people and new posts."),
        Column.BIRTH_YEAR: _("As in 1975. Not needed where the ID number is given."),
        Column.PARTY: _("Yes or no."),
        Column.NEWLY_ELECTED: _("Yes or no."),
        Column.NUMBER: _("Stays empty, but for somebody who shares the name with another in the unit."),
    }[column]
