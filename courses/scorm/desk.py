"""SCORM courseware in the publishing desk: its list, its forms, and choosing one for a lesson."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.ui.tables import Column

from accounts.access import PersonRequest
from courses.packages.choosing import PackageChooserViewSet
from courses.packages.desk import (
    EditPackage,
    PackageIndex,
    PackageViewSet,
    ready,
)
from courses.scorm.addresses import host_address
from courses.scorm.forms import CoursewareForm
from courses.scorm.models import Courseware

ICON = "folder-open-1"


class CoursewareIndex(PackageIndex):
    """The list of courseware."""

    page_title = gettext_lazy("SCORM courseware")
    preview_name = "scorm_courseware:preview"


def version_of(courseware: Courseware) -> str:
    """The standard with its edition; "" before it is known."""
    if not courseware.is_ready:
        return ""
    # Most manifests name the standard in their version (“2004 3rd Edition”), some do not (“CAM 1.3”).
    standard, edition = courseware.get_standard_display(), courseware.edition
    if edition.startswith(courseware.standard):
        return f"SCORM {edition}"
    return " · ".join(filter(None, [standard, edition]))


class EditCourseware(EditPackage):
    """Its form, with its menu and size beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Wagtail's
        """With its standard."""
        return {**super().get_context_data(**kwargs), "standard": version_of(self.object)}


class CoursewareViewSet(PackageViewSet):
    """SCORM courseware in the menu."""

    model = Courseware
    icon = ICON
    menu_label = gettext_lazy("SCORM courseware")
    menu_order = 354
    name = "scorm_courseware"
    url_prefix = "scorm"
    list_display = [
        "name",
        Column("standard", label=gettext_lazy("Standard"), accessor=version_of),
        PackageViewSet.state,
        PackageViewSet.uses,
        PackageViewSet.brought,
    ]
    index_view_class = CoursewareIndex
    edit_view_class = EditCourseware
    edit_template_name = "scorm/admin/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[CoursewareForm]:
        """One form for both."""
        return CoursewareForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """And its look."""
        return [*super().get_urlpatterns(), path("preview/<int:pk>/", preview, name="preview")]


@require_safe
@never_cache
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    """A courseware as learners play it; nothing of it is recorded."""
    courseware = ready(request, Courseware, pk)
    moment = timezone.now().timestamp()
    address = host_address(courseware_id=courseware.pk, person_id=request.user.pk, now=moment)
    shown = {"package": courseware, "address": address, "origin": settings.CONTENT_ORIGIN}
    return render(request, "scorm/admin/preview.html", shown)


class CoursewareChooserViewSet(PackageChooserViewSet):
    """Choosing a courseware for a lesson, or bringing one."""

    model = Courseware
    unread = Courseware.long
    icon = ICON
    choose_one_text = gettext_lazy("Choose SCORM courseware")
    choose_another_text = gettext_lazy("Choose other SCORM courseware")
    edit_item_text = gettext_lazy("Edit this courseware")
    creation_form_class = CoursewareForm


courseware = CoursewareViewSet()
choosing = CoursewareChooserViewSet("courseware_chooser")
