"""What is sent to the database: SQLite takes a text with a NUL that PostgreSQL refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def parameters_sent() -> Iterator[list[object]]:
    """Every parameter of the queries that are run meanwhile."""
    sent: list[object] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.extend(params or ())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent
