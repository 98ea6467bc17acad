"""Running one job, or everything that is ready, in this process; the clock is the caller's."""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from lms.jobs import actions
from lms.jobs.models import Job
from lms.jobs.registry import GiveUp, Recurring, Work, load

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
# Handlers may report after every row; the table hears of it this often.
BEAT = timedelta(seconds=1)
ERROR_CHARACTERS = 4000


def run(pk: int, *, now: Clock) -> bool:
    """Claim one job and run it to its end, good or bad; false when it was not to be had."""
    job = actions.claim(pk=pk, at=now())
    if job is None:
        return False
    try:
        _attempt(job, now)
    except actions.LeaseLost:
        logger.warning("Job %s was given to another worker.", pk)
    return True


def _attempt(job: Job, now: Clock) -> None:
    handler = load().handlers.get(job.kind)
    if handler is None:
        error = f"No work of the kind {job.kind!r} is known; the newest version may not be running here."
        actions.fail(job=job, error=error, at=now())
        return
    try:
        result = handler(Work(job.args, now(), reporter(job, now)))
        with transaction.atomic():
            actions.finish(job=job, result=result, at=now())
    except actions.LeaseLost:
        raise
    except GiveUp as why:
        actions.fail(job=job, error=str(why), words=str(why), at=now())
    except Exception:  # whatever a handler does, the row keeps it and the runner goes on
        logger.exception("Job %s (%s) failed.", job.pk, job.kind)
        actions.retry(job=job, error=traceback.format_exc()[-ERROR_CHARACTERS:], at=now())


def reporter(job: Job, now: Clock) -> Callable[[int, int], None]:
    """What a handler calls with its progress: the first call, the last, and one a second are written."""
    heard: datetime | None = None

    def report(done: int, total: int) -> None:
        nonlocal heard
        at = now()
        if heard is None or done >= total or at - heard >= BEAT:
            actions.heartbeat(job=job, done=done, total=total, at=at)
            heard = at

    return report


def tick(entry: Recurring, *, now: Clock) -> bool:
    """Run a recurring tick; one that fails is logged and comes round again."""
    try:
        entry.tick(now())
    except Exception:  # the other ticks must still run
        logger.exception("The recurring work %s failed.", entry.name)
        return False
    return True


class Rounds:
    """Remembers when each tick is due, for a runner without a beat beside it."""

    def __init__(self, entries: "dict[str, Recurring]") -> None:
        self._entries = entries
        self._due: dict[str, datetime] = {}

    def run(self, *, now: Clock) -> list[str]:
        """Run every tick that is due (all of them, the first time); gives their names."""
        due = [name for name in self._entries if name not in self._due or self._due[name] <= now()]
        for name in due:
            entry = self._entries[name]
            tick(entry, now=now)
            self._due[name] = now() + timedelta(seconds=entry.seconds)
        return due
