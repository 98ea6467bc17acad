"""Background work of stations."""

from datetime import datetime

from django.utils import translation

from lms.jobs.registry import every
from lms.training.viewings.actions import close_stations_of_retired_villages


@every(seconds=6 * 3600, name="viewings.retired_villages")
def close_with_the_village(at: datetime) -> None:
    """A station ends with its village."""
    with translation.override("zh-hans"):
        close_stations_of_retired_villages(at=at)
