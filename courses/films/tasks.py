"""Background work of the library."""

from datetime import datetime

from courses.films.actions import JOB_KIND, make_rendition, sweep_shelf
from lms.jobs.registry import Work, every, job


@job(JOB_KIND, is_long=True)
def rendition(work: Work) -> dict[str, object]:
    """Make one rung of one film."""
    make_rendition(rendition_id=work.args["rendition"], report=work.report)
    return {}


@every(seconds=24 * 3600, name="films.sweep")
def sweep(at: datetime) -> None:
    """Once a day, take away what was made of films that are gone."""
    sweep_shelf()
