"""Writes the rows of many people in one statement, which both databases understand.

SQL of its own, because a rebuild may write every row of a province: made into models and compiled by
Django, a row costs several times as much as all that was reckoned for it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from lms.obligations.models import Obligation
from lms.obligations.rows import Row

AT_ONCE = 1_000  # rows in a statement: SQLite takes 32,766 values
KEY = ("person_id", "slug", "period_key")
COLUMNS = (*Row._fields, "refreshed_at")
CHANGES = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS if column not in KEY)

INSERT = f"INSERT INTO {Obligation._meta.db_table} ({', '.join(COLUMNS)}) VALUES "  # noqa: S608  # names, no values
VALUES = f"({', '.join(['%s'] * len(COLUMNS))})"
UPDATE = f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {CHANGES}"


def write(rows: Sequence[Row], *, at: datetime) -> None:
    """Write new and changed rows, made at a moment; nothing is ever deleted."""
    refreshed_at = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            values = [value for row in some for value in (*row, refreshed_at)]
            cursor.execute(INSERT + ", ".join([VALUES] * len(some)) + UPDATE, values)
