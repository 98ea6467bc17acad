"""The Celery tasks; `manage.py run_jobs` calls the same objects in its own process."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from lms.jobs import actions, runner
from lms.jobs.registry import every, load


@shared_task(name=actions.TASK_NAME)
def run_job(job_id: int) -> bool:
    """Run one job by its row's number; false when it ended or is in other hands."""
    return runner.run(job_id, now=timezone.now)


@shared_task(name="jobs.run_tick")
def run_tick(name: str) -> bool:
    """Run one recurring tick; a name of an older version is passed over."""
    entry = load().recurring.get(name)
    return entry is not None and runner.tick(entry, now=timezone.now)


@every(seconds=5, name="jobs.resend")
def resend_abandoned(at: datetime) -> None:
    """Send again what the broker lost and what a dead worker left behind."""
    actions.resend(at=at)


@every(seconds=86_400, name="jobs.sweep")
def sweep(at: datetime) -> None:
    """Once a day, forget the jobs that ended long ago."""
    actions.sweep(at=at)
