"""What study tells the publishing desk: which questions fail."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import BaseButton, Button, HeaderButton

from courses.quizzes.models import Paper
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


@hooks.register("register_bank_buttons")
def figures_of_the_bank() -> list[BaseButton]:
    """From the list of questions to their figures."""
    return [HeaderButton(_("Which questions fail"), url=reverse("question_figures"), icon_name="order")]


@hooks.register("register_paper_buttons")
def figures_of_a_paper(paper: Paper) -> list[BaseButton]:
    """From a paper to the figures of the questions that it can draw."""
    address = f"{reverse('question_figures')}?paper={paper.pk}"
    return [Button(_("Which questions fail"), url=address, icon_name="order")]


@hooks.register("register_admin_menu_item")
def figures_in_the_menu() -> MenuItem:
    """Beside the bank."""
    return ForAuthors(_("Which questions fail"), reverse("question_figures"), icon_name="order", order=361)
