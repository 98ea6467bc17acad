"""Writing what a form may send twice: of two at the same moment one is written, and both get that one."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, models, transaction

Row = TypeVar("Row", bound=models.Model)


def insert_once(row: Row, earlier: Callable[[], Row | None]) -> tuple[Row, bool]:
    """Insert a row, or give the `earlier` one of its key that got in first; and whether it is new.

    Raises IntegrityError where there is no earlier one: then the row itself is refused.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if (before := earlier()) is None:
            raise
        return before, False
    return row, True
