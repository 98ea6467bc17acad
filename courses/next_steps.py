"""What the publishing desk offers next: a new course, the own drafts, one more lesson."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.query import PageQuerySet

from accounts.models import Cadre
from courses.models import CataloguePage, CoursePage, LessonPage

DRAFTS_AT_HOME = 5


class NextSteps(Component):
    """The first panel of the desk's home; what waits for review has Wagtail's own panels below it."""

    order = 100
    template_name = "wagtailadmin/home/next_steps.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:  # Wagtail's
        """The catalogue if the person may add courses, the newest drafts, and whether anything waits."""
        person = parent_context["request"].user
        catalogue = CataloguePage.objects.order_by("path").first()
        may_add = catalogue is not None and catalogue.permissions_for_user(person).can_add_subpage()
        return {
            "catalogue": catalogue if may_add else None,
            "drafts": drafts_of(person)[:DRAFTS_AT_HOME],
            "is_waiting": is_waiting_for(person),
        }


def drafts_of(person: Cadre) -> PageQuerySet:
    """The pages of a person that hold something unpublished and are not under review, newest first."""
    # Wagtail keeps the keys of what is under review as text.
    reviews = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id=Cast(OuterRef("pk"), CharField())
    )
    unpublished = Q(live=False) | Q(has_unpublished_changes=True)
    return Page.objects.filter(~Exists(reviews), unpublished, owner=person).order_by(
        "-latest_revision_created_at", "-pk"
    )


def is_waiting_for(person: Cadre) -> bool:
    """Whether something waits for the person's review, or of the person for somebody else's."""
    own = WorkflowState.objects.active().filter(requested_by=person)
    return bool(own.exists() or TaskState.objects.reviewable_by(person).exists())


def offer_a_lesson(request: HttpRequest, page: Page) -> None:
    """Lead from a course, and from each of its lessons, to the next lesson; autosaving says nothing."""
    if not isinstance(page, CoursePage | LessonPage) or not request.accepts("text/html"):
        return
    course = page if isinstance(page, CoursePage) else page.get_parent()
    address = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.pk])
    messages.info(
        request,
        _("Next: add a lesson to “%(course)s”.") % {"course": course.title},
        buttons=[messages.button(address, _("Add a lesson"))],
    )
