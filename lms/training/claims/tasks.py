"""What is forgotten by itself: sheets of claims that nobody said yes to."""

from datetime import datetime, timedelta

from lms.jobs.registry import every
from lms.training.claims.actions import WrittenBefore, drop_claims
from lms.training.claims.models import ClaimBatch

KEPT = timedelta(days=7)


@every(seconds=3600, name="claims.drop_old_sheets")
def drop_old_sheets(at: datetime) -> None:
    """Sheets without a yes for seven days go, with their evidence: they hold phones and ID numbers."""
    for batch in ClaimBatch.objects.waiting().older_than(at - KEPT):
        try:
            drop_claims(batch=batch)
        except WrittenBefore:  # somebody said yes between the two lines
            continue
