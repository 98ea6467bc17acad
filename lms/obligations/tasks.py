"""Recurring work: changes within seconds, a new day with its edges, a requirement's whole region."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Unit
from lms.jobs.actions import enqueue
from lms.jobs.models import Job
from lms.jobs.registry import Work, every, job
from lms.obligations import actions
from lms.obligations.facts import people_in_rounds, people_with_standings


@every(seconds=3, name="obligations.refresh_changed")
def refresh_changed(at: datetime) -> None:
    """Bring obligations up to date with what changed since the last round."""
    while actions.refresh_changed(at=at) == actions.MARKS_AT_ONCE:
        pass


@every(seconds=300, name="obligations.open_day")
def open_day(at: datetime) -> None:
    """Once a day, refresh everybody: posts, exemptions, terms and versions begin and end at midnight."""
    key = f"{actions.REFRESH_UNIT}:day-{timezone.localdate(at):%Y-%m-%d}"
    if not Job.objects.filter(key=key).exists():
        enqueue(actions.REFRESH_UNIT, {"unit": ""}, at=at, key=key)


@job(actions.REFRESH_UNIT)
def refresh_unit(work: Work) -> dict[str, Any]:  # any JSON
    """Refresh everybody with a post in a unit's subtree, or with a row there; of no unit, everybody."""
    unit = Unit.objects.get(code=work.args["unit"]) if work.args["unit"] else None
    total = people_with_standings(unit).count()
    done = written = 0
    for ids in people_in_rounds(unit):
        written += actions.refresh(ids, at=work.at)
        done += len(ids)
        work.report(min(done, total), total)
    return {"people": done, "changed": written}
