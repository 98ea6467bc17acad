"""What study tells the publishing desk: which questions fail."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from lms.study.attempts.desk import RIGHT, figures


class ForAuthors(MenuItem):
    """Shown to those who may change questions."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the page would open."""
        return request.user.has_perm(RIGHT)


@hooks.register("register_admin_urls")
def figures_address() -> list[URLPattern]:
    """Below the publishing desk, where whoever has no business there is turned away."""
    return [path("question-figures/", figures, name="question_figures")]


@hooks.register("register_admin_menu_item")
def figures_in_the_menu() -> MenuItem:
    """Beside the bank."""
    return ForAuthors(_("Which questions fail"), reverse("question_figures"), icon_name="order", order=361)
