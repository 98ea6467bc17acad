"""Background work of the desk."""

from datetime import datetime, timedelta

from django.utils import translation

from lms.desk.actions import forget_exports, make_export
from lms.desk.models import Export
from lms.jobs.registry import Work, every, job

KEPT = timedelta(days=30)


@job("desk.export")
def export(work: Work) -> dict[str, object]:
    """Write one export's file, in the language of the desk."""
    with translation.override("zh-hans"):
        made = make_export(
            export=Export.objects.select_related("by").get(pk=work.args["export"]), report=work.report
        )
    return {"rows": made.rows}


@every(seconds=24 * 3600, name="desk.forget_exports")
def forget_old_exports(at: datetime) -> None:
    """Files are forgotten after thirty days: they may hold whole phone numbers."""
    forget_exports(before=at - KEPT)
