"""SCORM courseware joins the publishing desk."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from courses.scorm.desk import choosing, courseware


@hooks.register("register_admin_viewset")
def scorm() -> list[ViewSet]:
    """The courseware, and choosing from it."""
    return [courseware, choosing]
