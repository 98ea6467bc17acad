"""How far a job is, for the person who asked for it."""

from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.jobs.models import Job, JobStatus


@require_safe
@never_cache
def status(request: HttpRequest, pk: int) -> JsonResponse:
    """The figures that a progress bar asks for; other people's jobs do not exist."""
    job = get_object_or_404(Job, pk=pk)
    if job.args.get("by") != request.user.pk:
        raise Http404
    return JsonResponse(
        {
            "status": job.status,
            "done": job.done,
            "total": job.total,
            "percent": job.percent,
            "error": _words(job),
        }
    )


def _words(job: Job) -> str:
    if job.status != JobStatus.FAILED:
        return ""
    return job.words or _("The work stopped with an error, which has been noted. You can ask for it again.")
