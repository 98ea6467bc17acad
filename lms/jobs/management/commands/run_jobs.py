"""`manage.py run_jobs`: the background worker of an installation without a broker."""

import logging
import signal
from argparse import ArgumentParser
from collections.abc import Callable
from threading import Event, Thread
from types import FrameType

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from lms.jobs import runner
from lms.jobs.models import Job
from lms.jobs.registry import load
from lms.jobs.tasks import run_job

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.3
# After the database went away.
PAUSE_SECONDS = 2.0
# How long long work may still take once asked to leave.
LEAVE_SECONDS = 2.0


class Command(BaseCommand):
    """Runs jobs and recurring ticks until told to stop; a job that has begun is finished first."""

    help = "Run background jobs from the database, one at a time, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two ways to leave early, for tests and for a box that wakes by cron."""
        parser.add_argument("--once", action="store_true", help="run one ready job, if any, and leave")
        parser.add_argument(
            "--drain", action="store_true", help="run the ticks and every ready job, then leave"
        )

    def handle(self, *, once: bool, drain: bool, **options: object) -> None:
        """Choose the way to run."""
        rounds = runner.Rounds(load().recurring)
        if once:
            self._next()
        elif drain:
            rounds.run(now=timezone.now)
            while self._next():
                pass
        else:
            self._loop(rounds)

    def _loop(self, rounds: runner.Rounds) -> None:
        stop = Event()
        films = Thread(target=self._long_lane, args=[stop], name="long-lane", daemon=True)

        def leave(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, leave)
        films.start()
        while not stop.is_set():
            stop.wait(self._step(rounds))
        films.join(LEAVE_SECONDS)  # what takes longer is taken up again when its lease has run out

    def _step(self, rounds: runner.Rounds) -> float:
        """One round; gives the seconds to wait before the next."""

        def work() -> bool:
            rounds.run(now=timezone.now)
            return self._next(is_long=False)

        return self._patiently(work)

    def _long_lane(self, stop: Event) -> None:
        """Long work beside everything else, one at a time."""
        while not stop.is_set():
            stop.wait(self._patiently(lambda: self._next(is_long=True)))

    def _patiently(self, work: Callable[[], bool]) -> float:
        """Do one piece of work, if there is one; gives the seconds to wait before the next."""
        try:
            return 0 if work() else POLL_SECONDS
        except DatabaseError:
            logger.exception("The database does not answer; trying again.")
            connection.close()
            return PAUSE_SECONDS

    def _next(self, *, is_long: bool | None = None) -> bool:
        """Run the job that has waited longest, of one lane or all, by the task that a broker would start."""
        ready, long = Job.objects.ready(timezone.now()), load().long
        if is_long is not None:
            ready = ready.filter(kind__in=long) if is_long else ready.exclude(kind__in=long)
        pk = ready.values_list("pk", flat=True).first()
        if pk is not None:
            run_job(pk)
        return pk is not None
