"""kill -9 in the middle of a job, with real workers in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings as configured
from django.db import connection
from django.utils import timezone

from accounts.models import Unit
from lms.jobs.actions import enqueue
from lms.jobs.models import Job, JobStatus
from tests.lms.jobs.steps.tasks import STEPS, STOP_AT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PATIENCE_SECONDS = 60.0


def database_url() -> str:
    """The test's own database, as the processes must name it."""
    now = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{now['NAME']}"
    login = f"{now['USER']}:{now['PASSWORD']}" if now["PASSWORD"] else now["USER"]
    return f"postgres://{login}@{now['HOST']}:{now['PORT'] or 5432}/{now['NAME']}"


class Workers:
    """Starts workers, each the leader of its own process group."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.queue = f"test-{uuid4().hex}"
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.lms.jobs.steps.settings",
            "DATABASE_URL": database_url(),
            "CELERY_BROKER_URL": "",
            "CELERY_QUEUE": self.queue,
            **more,
        }
        log = (self.folder / f"worker-{len(self.started)}.log").open("wb")
        worker = subprocess.Popen(
            [sys.executable, *command], env=environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        self.started.append(worker)
        return worker

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Look again and again; a worker that ended by itself is told with its own last words."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            ended = self.started and self.started[-1].poll() is not None
            if ended or time.monotonic() > deadline:
                log = (self.folder / f"worker-{len(self.started) - 1}.log").read_text()
                pytest.fail(f"waited in vain for {what}:\n{log[-2000:]}")
            time.sleep(0.05)

    def run_jobs(self) -> subprocess.Popen[bytes]:
        return self.start("manage.py", "run_jobs")

    def celery(self) -> subprocess.Popen[bytes]:
        beat = str(self.folder / "beat")
        return self.start(
            *("-m", "celery", "-A", "lms", "worker", "-B", "-s", beat, "-c", "1", "-Q", self.queue),
            CELERY_BROKER_URL=configured.BROKER_URL,
        )

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(30)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    made = Workers(tmp_path)
    yield made
    for worker in made.started:
        made.kill(worker)


@pytest.fixture
def queue(workers: Workers, settings: Any) -> Iterator[None]:
    """This test's own queue on the real broker, and the messages of this process sent there."""
    settings.CELERY_BROKER_URL = configured.BROKER_URL
    before = current_app.conf.task_default_queue
    _use_queue(workers.queue)
    yield
    _use_queue(before)
    with current_app.connection_for_write() as broker, suppress(Exception):
        broker.default_channel.queue_delete(workers.queue)


def _use_queue(name: str) -> None:
    """The router keeps what it once read, so it is made anew."""
    current_app.conf.task_default_queue = name
    current_app.amqp.__dict__.pop("queues", None)
    current_app.amqp.__dict__.pop("router", None)


def lines(journal: Path) -> int:
    return len(journal.read_text().split()) if journal.exists() else 0


def is_done(job: Job) -> Callable[[], bool]:
    return lambda: Job.objects.filter(pk=job.pk, status=JobStatus.DONE).exists()


def assert_done_once_in_effect(job: Job, journal: Path) -> None:
    job.refresh_from_db()
    assert (job.attempts, job.result, job.done) == (2, {"steps": STEPS}, STEPS)
    assert lines(journal) == STOP_AT + STEPS
    assert Unit.objects.filter(name__startswith="镇").count() == STEPS


def kill_and_replace(start: Callable[[], subprocess.Popen[bytes]], workers: Workers, journal: Path) -> Job:
    job = enqueue("steps", {"journal": str(journal)}, at=timezone.now())
    first = start()
    workers.wait_until(lambda: lines(journal) == STOP_AT, "the middle of the job")
    workers.kill(first)
    assert Job.objects.get(pk=job.pk).status == JobStatus.RUNNING
    start()
    workers.wait_until(is_done(job), "the second worker")
    return job


def test_run_jobs_killed_in_the_middle_loses_nothing(workers: Workers, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    assert_done_once_in_effect(kill_and_replace(workers.run_jobs, workers, journal), journal)


@pytest.mark.broker
@pytest.mark.usefixtures("queue")
def test_celery_worker_killed_in_the_middle_loses_nothing(workers: Workers, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    assert_done_once_in_effect(kill_and_replace(workers.celery, workers, journal), journal)


@pytest.mark.broker
@pytest.mark.usefixtures("queue")
def test_celery_pool_process_killed_in_the_middle_loses_nothing(workers: Workers, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    job = enqueue("steps", {"journal": str(journal)}, at=timezone.now())
    worker = workers.celery()
    workers.wait_until(lambda: lines(journal) == STOP_AT, "the middle of the job")
    at_work = int(journal.with_suffix(".pid").read_text())
    assert at_work != worker.pid
    os.kill(at_work, signal.SIGKILL)
    workers.wait_until(is_done(job), "a new process of the pool")
    assert_done_once_in_effect(job, journal)


def test_run_jobs_finishes_what_it_began_when_asked_to_stop(workers: Workers, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    gate.touch()
    now = timezone.now()
    begun = enqueue("steps.wait", {"gate": str(gate)}, at=now)
    waiting = enqueue("steps.wait", {"gate": str(tmp_path / "open")}, at=now)
    worker = workers.run_jobs()
    workers.wait_until(gate.with_suffix(".began").exists, "the job's beginning")
    worker.send_signal(signal.SIGTERM)
    gate.unlink()
    assert worker.wait(30) == 0
    begun.refresh_from_db()
    waiting.refresh_from_db()
    assert (begun.status, waiting.status) == (JobStatus.DONE, JobStatus.QUEUED)


def test_run_jobs_wakes_within_half_a_second(workers: Workers, tmp_path: Path) -> None:
    def ended_after() -> float:
        job = enqueue("steps.wait", {"gate": str(tmp_path / "open")}, at=timezone.now())
        workers.wait_until(is_done(job), "the job")
        job.refresh_from_db()
        assert job.finished_at is not None
        return (job.finished_at - job.created_at).total_seconds()

    workers.run_jobs()
    ended_after()  # the first also waits for the process to start
    assert min(ended_after() for _turn in range(3)) < 0.5
