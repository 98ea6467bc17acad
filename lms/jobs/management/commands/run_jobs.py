"""`manage.py run_jobs`: the background worker of an installation without a broker."""

import logging
import signal
from argparse import ArgumentParser
from threading import Event
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

        def leave(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, leave)
        while not stop.is_set():
            stop.wait(self._step(rounds))

    def _step(self, rounds: runner.Rounds) -> float:
        """One round; gives the seconds to wait before the next."""
        try:
            rounds.run(now=timezone.now)
            return 0 if self._next() else POLL_SECONDS
        except DatabaseError:
            logger.exception("The database does not answer; trying again.")
            connection.close()
            return PAUSE_SECONDS

    def _next(self) -> bool:
        """Run the job that has waited longest through the very task that a broker would start."""
        pk = Job.objects.ready(timezone.now()).values_list("pk", flat=True).first()
        if pk is not None:
            run_job(pk)
        return pk is not None
