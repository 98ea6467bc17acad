"""Sheets that go out: the present holders to correct into a result, and townships with wrong rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.elections.forms import roles_cell
from accounts.elections.plans import ResultPlan, Seat
from accounts.models import Post, Unit
from accounts.roster.books import WIDTH, book, book_bytes
from accounts.roster.columns import Column
from accounts.roster.workbooks import WIDTHS, header_of

PRESENT = (
    Column.TOWNSHIP,
    Column.VILLAGE,
    Column.NAME,
    Column.ROLES,
    Column.NEWLY_ELECTED,
    Column.FROM_ON,
    Column.PHONE,
    Column.IDENTITY,
    Column.PARTY,
    Column.UNIT_CODE,
    Column.NUMBER,
)


def present_sheet(posts: Iterable[Post], townships: dict[str, Unit]) -> bytes:
    """Everybody who sits in a committee, one row each, as a result in which all carry on.

    `posts` come by village and person; townships by their nine digits.
    """
    rows = (_present_row(list(mine), townships) for _key, mine in groupby(posts, _holder))
    return book_bytes(book(_("Results"), [header_of(each) for each in PRESENT], rows, _widths(PRESENT)))


def _holder(post: Post) -> tuple[str, int]:
    return post.unit.code, post.person_id


def _present_row(posts: Sequence[Post], townships: dict[str, Unit]) -> list[str]:
    post = posts[0]
    township = townships.get(post.unit.code[:9])
    cells = {
        Column.TOWNSHIP: township.name if township else "",
        Column.VILLAGE: post.unit.name,
        Column.NAME: post.person.name,
        Column.ROLES: roles_cell(dict.fromkeys(each.role for each in posts)),
        Column.UNIT_CODE: post.unit.code,
        Column.NUMBER: post.person.number,
    }
    return [cells.get(column, "") for column in PRESENT]


def held_up_rows(plan: ResultPlan, columns: Sequence[Column]) -> bytes:
    """Every row of the townships that wait, since a village's rows are its whole result; reasons in front."""
    heads = [_("Row"), _("What to correct"), *map(header_of, columns)]
    lines = (
        [str(seat.row.line), " ".join(map(str, reasons)), *(seat.row[each] for each in columns)]
        for seat, reasons in sorted(_held_up(plan), key=lambda item: item[0].row.line if item[0].row else 0)
        if seat.row
    )
    return book_bytes(book(_("To correct"), heads, lines, [8, 60, *_widths(columns)]))


def _held_up(plan: ResultPlan) -> Iterator[tuple[Seat, tuple[object, ...]]]:
    for seat in plan.stray:
        yield seat, seat.reasons
    for township in plan.held_up:
        for seat in township.stray:
            yield seat, seat.reasons
        for village in township.fresh:
            for seat in village.seats:
                yield seat, (*seat.reasons, *village.problems)


def _widths(columns: Sequence[Column]) -> list[int]:
    return [WIDTHS.get(column, WIDTH) for column in columns]
