"""The two statements of a report: read clock and progress at one moment, write both if nobody else did.

Only here and in `lms.obligations.store` is SQL of our own. A report is read without a lock and written
only if the clock still has the revision that was read (every writer raises it), so an ordinary report
costs two round trips on PostgreSQL and no idle lock; whoever finds the revision changed takes the clock's
row lock and weighs again. The write always touches the clock first, so that reports of one person cannot
deadlock.

PostgreSQL would take longer to plan these statements than to run them, so they go over a cursor that
prepares them once per connection (Django's own cursors never do), if the connection's `prepare_threshold`
allows it.
"""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lms.hours import coverage
from lms.hours.budget import Clock, Gap
from lms.study.launch import Launch
from lms.study.models import StudyClock

try:
    import psycopg
except ImportError:  # an installation on SQLite alone
    psycopg = None  # type: ignore[assignment]  # never reached without PostgreSQL

READ = """
SELECT c.revision, c.spent_until, c.gaps, p.id, p.bits, p.position, p.updated_at, p.covered_at,
p.finished_at
FROM study_studyclock c
LEFT JOIN study_progress p ON p.person_id = c.person_id AND p.version_id = %s AND p.cycle = %s
WHERE c.person_id = %s
"""

UPDATE_CLOCK = """
UPDATE study_studyclock SET revision = revision + 1, spent_until = %s, gaps = %s
WHERE person_id = %s AND revision = %s
"""

UPDATE_PROGRESS = """
UPDATE study_progress
SET bits = %s, covered = %s, position = %s, updated_at = %s, covered_at = %s, finished_at = %s
"""

# Both in one statement: the progress is written only if the clock let it pass.
UPDATE_BOTH = f"WITH clock AS ({UPDATE_CLOCK} RETURNING person_id) {UPDATE_PROGRESS} FROM clock WHERE id = %s"

# The first report of a lesson, and of a person: a clock that is there already must have the revision read.
INSERT_CLOCK = """
INSERT INTO study_studyclock (spent_until, gaps, person_id, revision) VALUES (%s, %s, %s, %s + 1)
ON CONFLICT (person_id) DO UPDATE
SET revision = excluded.revision, spent_until = excluded.spent_until, gaps = excluded.gaps
WHERE study_studyclock.revision = excluded.revision - 1
"""

# Takes the row, makes it where there was none, and lets every report weighed before it weigh again.
HOLD_CLOCK = """
INSERT INTO study_studyclock (spent_until, gaps, person_id, revision) VALUES (0, '[]', %s, 1)
ON CONFLICT (person_id) DO UPDATE SET revision = study_studyclock.revision + 1
"""

INSERT_PROGRESS = """
INSERT INTO study_progress
(bits, covered, position, updated_at, covered_at, finished_at, person_id, version_id, cycle, started_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class State(NamedTuple):
    """A person's clock and progress of one version as they stood at one moment; no row, no progress id."""

    revision: int
    clock: Clock
    progress_id: int | None
    bits: int
    position: int
    updated_at: datetime | None
    covered_at: datetime | None
    finished_at: datetime | None


# What a statement is given.
Value = int | str | bytes | datetime | None

UNTOUCHED = State(0, Clock(), None, coverage.EMPTY, 0, None, None, None)


def read(launch: Launch) -> State:
    """The present state of a launch's person and version (one query)."""
    with _cursor() as cursor:
        cursor.execute(READ, [launch.version_id, launch.cycle, launch.person_id])
        row = cursor.fetchone()
    if row is None:
        return UNTOUCHED
    revision, spent_until, gaps, progress_id, bits, position, updated_at, covered_at, finished_at = row
    return State(
        revision,
        Clock(spent_until, _gaps(gaps)),
        progress_id,
        coverage.from_bytes(bits or b""),
        position or 0,
        _aware(updated_at),
        _aware(covered_at),
        _aware(finished_at),
    )


def lock(person_id: int) -> None:
    """Hold a person's clock until the transaction ends."""
    StudyClock.objects.select_for_update(no_key=True).filter(pk=person_id).first()


def hold(person_id: int) -> None:
    """Hold a person's clock until the transaction ends, for what a lesson needs beside seconds.

    Whatever was weighed before and is not written yet is weighed again.
    """
    with _cursor() as cursor:
        cursor.execute(HOLD_CLOCK, [person_id])


def write(launch: Launch, state: State, *, started_at: datetime) -> bool:
    """Keep a state weighed against the revision that it carries; False if another report was faster."""
    clock: list[Value] = [
        state.clock.spent_until,
        json.dumps(state.clock.gaps),
        launch.person_id,
        state.revision,
    ]
    progress: list[Value] = [
        coverage.to_bytes(state.bits),
        coverage.count(state.bits),
        state.position,
        _stored(state.updated_at),
        _stored(state.covered_at),
        _stored(state.finished_at),
    ]
    if state.progress_id is None:
        begun: list[Value] = [launch.person_id, launch.version_id, launch.cycle, _stored(started_at)]
        return _in_turn((INSERT_CLOCK, clock), (INSERT_PROGRESS, [*progress, *begun]))
    progress.append(state.progress_id)
    if connection.vendor != "postgresql":
        return _in_turn((UPDATE_CLOCK, clock), (f"{UPDATE_PROGRESS} WHERE id = %s", progress))
    with _cursor() as cursor:
        cursor.execute(UPDATE_BOTH, [*clock, *progress])
        return bool(cursor.rowcount == 1)


def _in_turn(*statements: tuple[str, list[Value]]) -> bool:
    """Run the statements in one transaction as long as each changes its row."""
    with transaction.atomic(), _cursor() as cursor:
        for statement, values in statements:
            cursor.execute(statement, values)
            if cursor.rowcount != 1:
                return False
        return True


def _cursor() -> CursorWrapper:
    """A cursor that prepares what it executes; Django's own where statements are looked at."""
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    prepared = psycopg.Cursor(connection.connection)
    return connection.make_cursor(prepared)  # type: ignore[arg-type]  # the stub names the wrapper itself


def _gaps(stored: str) -> tuple[Gap, ...]:
    return tuple((begin, end) for begin, end in json.loads(stored))


def _stored(moment: datetime | None) -> str | datetime | None:
    """A moment as this database keeps it."""
    return connection.ops.adapt_datetimefield_value(moment)


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite gives a moment back without its zone, which is always UTC."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
