"""Recurring work of study."""

from datetime import datetime

from lms.jobs.registry import every
from lms.study.attempts.actions import close_overdue


@every(seconds=60, name="study.close_overdue")
def close_overdue_attempts(at: datetime) -> None:
    """Close and mark the attempts whose time ran out without being handed in."""
    close_overdue(at=at)
