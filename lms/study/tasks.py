"""Recurring work of study."""

from datetime import datetime

from lms.jobs.registry import every
from lms.study.attempts.actions import close_overdue
from lms.study.attempts.figures import count_attempts


@every(seconds=60, name="study.close_overdue")
def close_overdue_attempts(at: datetime) -> None:
    """Close and mark the attempts whose time ran out without being handed in."""
    close_overdue(at=at)


@every(seconds=300, name="study.count_attempts")
def count_new_attempts(at: datetime) -> None:
    """Bring the figures of questions up to date."""
    count_attempts()
