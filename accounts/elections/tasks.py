"""What is forgotten by itself: lists of results that nobody said yes to."""

from datetime import datetime, timedelta

from accounts.elections.actions import SheetFinished, drop_results
from accounts.elections.models import ResultSheet
from lms.jobs.registry import every

KEPT = timedelta(days=7)


@every(seconds=3600, name="elections.drop_old_sheets")
def drop_old_sheets(at: datetime) -> None:
    """Lists that wait for longer than seven days are forgotten: they hold ID numbers."""
    for brought in ResultSheet.objects.waiting().older_than(at - KEPT):
        try:
            drop_results(brought=brought, at=at)
        except SheetFinished:  # somebody said yes between the two lines
            continue
