"""What is forgotten by itself: kept sheets, and sessions and one-time codes that have run out."""

from datetime import datetime, timedelta

from accounts.actions import ImportFinished, clear_one_time_codes, clear_sessions, drop_import
from accounts.models import PeopleImport
from lms.jobs.registry import every

KEPT = timedelta(days=7)


@every(seconds=3600, name="accounts.drop_old_imports")
def drop_old_imports(at: datetime) -> None:
    """Sheets that nobody said yes to within seven days are forgotten: they hold ID numbers."""
    for brought in PeopleImport.objects.waiting().older_than(at - KEPT):
        try:
            drop_import(brought=brought, at=at)
        except ImportFinished:  # somebody said yes between the two lines
            continue


@every(seconds=86_400, name="accounts.clear_sessions")
def clear_old_sessions(at: datetime) -> None:
    """Once a day, forget the sessions and one-time codes that have run out."""
    clear_sessions(at=at)
    clear_one_time_codes(at=at)
