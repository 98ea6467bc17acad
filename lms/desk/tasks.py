"""Background work of the desk."""

from django.utils import translation

from lms.desk.actions import make_export
from lms.desk.models import Export
from lms.jobs.registry import Work, job


@job("desk.export")
def export(work: Work) -> dict[str, object]:
    """Write one export's file, in the language of the desk."""
    with translation.override("zh-hans"):
        made = make_export(
            export=Export.objects.select_related("by").get(pk=work.args["export"]), report=work.report
        )
    return {"rows": made.rows}
