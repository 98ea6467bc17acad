"""Interactive content and its libraries join the publishing desk."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permissions import register_permission_policy

from courses.h5p.desk import choosing, contents
from courses.h5p.desk_libraries import libraries
from courses.h5p.models import Library
from courses.h5p.rights import policy

register_permission_policy(Library, policy)


@hooks.register("register_admin_viewset")
def interactive_content() -> list[ViewSet]:
    """The contents, choosing from them, and the libraries."""
    return [contents, choosing, libraries]
