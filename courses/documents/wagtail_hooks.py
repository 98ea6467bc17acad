"""The library of documents joins the publishing desk."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from courses.documents.desk import choosing, library


@hooks.register("register_admin_viewset")
def documents() -> list[ViewSet]:
    """The library, and choosing from it."""
    return [library, choosing]
