"""The bank joins the publishing desk."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from courses.quizzes.desk import bank


@hooks.register("register_admin_viewset")
def quizzes() -> ViewSetGroup:
    """Questions, papers and competencies."""
    return bank
