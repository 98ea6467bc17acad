"""Asking for work, taking it, and ending it; every step is one conditional UPDATE of the job's row."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from kombu.exceptions import OperationalError

from lms.jobs.models import WORDS_LENGTH, Job, JobStatus
from lms.jobs.registry import load

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=10)
WAIT_FACTOR = 4
TASK_NAME = "jobs.run_job"
KEPT = timedelta(days=30)


class LeaseLost(Exception):
    """The job was given to another worker meanwhile: this run must stop and may write nothing more."""


def enqueue(
    kind: str,
    args: dict[str, Any],  # any JSON
    *,
    at: datetime,
    key: str | None = None,
    not_before: datetime | None = None,
) -> Job:
    """Write a job in the caller's transaction; a key that is already waiting or running gives that job."""
    job = _unfinished(key)
    while job is None:
        try:
            with transaction.atomic():
                job = _create(kind, args, at, key, max(at, not_before or at))
        except IntegrityError:
            # Somebody in parallel wrote the same key; if it has ended since, ours is written after all.
            job = _unfinished(key)
    return job


def _unfinished(key: str | None) -> Job | None:
    return Job.objects.unfinished().filter(key=key).first() if key is not None else None


def _create(
    kind: str,
    args: dict[str, Any],  # any JSON
    at: datetime,
    key: str | None,
    next_at: datetime,
) -> Job:
    # What waits for its time is sent then, as is what the broker lost.
    sent_at = at if settings.CELERY_BROKER_URL and next_at <= at else None
    job = Job.objects.create(kind=kind, args=args, key=key, created_at=at, next_at=next_at, sent_at=sent_at)
    if sent_at is not None:
        transaction.on_commit(partial(_send, job.pk, kind), robust=True)
    return job


def _send(pk: int, kind: str) -> bool:
    """Hand a job's id to the broker; one that does not answer loses nothing, the row is sent again."""
    lane = {"queue": settings.CELERY_LONG_QUEUE} if kind in load().long else {}
    try:
        current_app.send_task(TASK_NAME, [pk], retry=False, **lane)
    except (OperationalError, OSError):
        logger.warning("The broker did not take job %s; it will be sent again.", pk)
        return False
    return True


def resend(*, at: datetime) -> int:
    """Send every ready job of which the broker holds no fresh message; gives how many it took."""
    if not settings.CELERY_BROKER_URL:
        return 0
    sent = 0
    for pk, kind in list(Job.objects.unsent(at).values_list("pk", "kind")[:1000]):
        if not _send(pk, kind):
            break
        sent += Job.objects.filter(pk=pk).update(sent_at=at)
    return sent


def claim(*, pk: int, at: datetime) -> Job | None:
    """Take a ready job for one lease, or nothing when it ended, waits, or is in other hands."""
    taken = Job.objects.ready(at).filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
    lease = at + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    started = {"status": JobStatus.RUNNING, "lease_until": lease, "sent_at": None, "done": 0, "total": 0}
    if taken.order_by().update(**started, attempts=F("attempts") + 1):
        return Job.objects.get(pk=pk)
    _bury(pk, at)
    return None


def _bury(pk: int, at: datetime) -> None:
    """Fail a job whose every attempt ended with the death of its worker."""
    Job.objects.ready(at).filter(pk=pk, attempts__gte=MAX_ATTEMPTS).order_by().update(
        status=JobStatus.FAILED,
        finished_at=at,
        error=f"The worker died in the middle of each of {MAX_ATTEMPTS} attempts.",
    )


def heartbeat(*, job: Job, done: int, total: int, at: datetime) -> None:
    """Note progress and keep the lease; raises LeaseLost."""
    _write(
        job,
        done=min(max(done, 0), max(total, 0)),
        total=max(total, 0),
        lease_until=at + timedelta(seconds=settings.JOB_LEASE_SECONDS),
    )


def finish(*, job: Job, result: dict[str, Any], at: datetime) -> None:  # any JSON
    """End a job well; raises LeaseLost."""
    _write(job, status=JobStatus.DONE, finished_at=at, lease_until=None, result=result, error="", words="")


def fail(*, job: Job, error: str, words: str = "", at: datetime) -> None:
    """End a job badly and for good; `words` is what the person who asked is told. Raises LeaseLost."""
    _write(
        job,
        status=JobStatus.FAILED,
        finished_at=at,
        lease_until=None,
        error=error,
        words=words[:WORDS_LENGTH],
    )


def retry(*, job: Job, error: str, at: datetime) -> None:
    """Keep the error and try again later, each time waiting longer, up to a limit. Raises LeaseLost."""
    if job.attempts >= MAX_ATTEMPTS:
        fail(job=job, error=error, at=at)
        return
    wait = FIRST_WAIT * WAIT_FACTOR ** (job.attempts - 1)
    _write(job, status=JobStatus.QUEUED, next_at=at + wait, lease_until=None, error=error)


def _write(job: Job, **fields: object) -> None:
    """Write to a job that this attempt still holds."""
    held = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, attempts=job.attempts)
    if not held.update(**fields):
        raise LeaseLost(str(job))


def sweep(*, at: datetime) -> int:
    """Delete the jobs that ended more than thirty days ago and that nothing names; gives how many."""
    deleted, _rows = Job.objects.ended_before(at - KEPT).unnamed().delete()
    return deleted
