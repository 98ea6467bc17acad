"""Background work of the library of courseware."""

from django.conf import settings
from django.utils import translation

from courses.packages.actions import asked
from courses.packages.refusals import Refused
from courses.scorm.actions import unpack as unpack_courseware
from courses.scorm.models import Courseware
from courses.scorm.refusals import in_words
from lms.jobs.registry import GiveUp, Work, job


@job(Courseware.unpacking)
def unpack(work: Work) -> dict[str, object]:
    """Unpack a courseware; one that was replaced, refused, deleted or unpacked meanwhile is passed over."""
    courseware = asked(Courseware, work.args)
    if courseware is None:
        return {}
    try:
        unpack_courseware(courseware=courseware, report=work.report)
    except Refused as refused:
        with translation.override(settings.LANGUAGE_CODE):
            raise GiveUp(in_words(refused)) from refused
    return {"courseware": courseware.pk}
