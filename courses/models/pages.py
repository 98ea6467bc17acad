"""The pages above the courses: the public front door and the catalogue."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from courses.forms import CatalogueForm

from .cards import cards_of
from .course import CoursePage, CourseQuerySet
from .lesson import LessonPage
from .open_page import OpenPage
from .topics import Topic
from .versions import LessonKind

CATALOGUE_SLUG = "courses"
COURSES_AT_HOME = 6
COURSES_A_PAGE = 20


class HomePage(OpenPage):
    """The public front door."""

    introduction = models.TextField(_("introduction"), blank=True)

    template = "courses/home.html"
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["courses.CataloguePage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a page by its whole path in one query, where Wagtail walks down with two a level."""
        levels = [CataloguePage.objects, CoursePage.objects.with_facts(), LessonPage.objects.with_facts()]
        depth = len(path_components)
        if 0 < depth <= len(levels):
            url_path = self.url_path + "/".join(path_components) + "/"
            page = levels[depth - 1].filter(slug=path_components[-1], url_path=url_path).first()
            if page is not None:
                return page.route(request, [])
        return super().route(request, path_components)

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, Any]:  # Wagtail's
        """Add a few courses to look at, the required ones first, and the catalogue."""
        courses = CoursePage.objects.live().descendant_of(self).with_facts()
        newest = courses.order_by("-is_required", "-first_published_at", "-pk")[:COURSES_AT_HOME]
        return {
            **super().get_context(request, *args, **kwargs),
            "cards": cards_of(newest),
            "catalogue": CataloguePage.objects.live().child_of(self).first(),
        }


class CataloguePage(OpenPage):
    """All courses: by topic, by post, and by search."""

    template = "courses/catalogue.html"
    max_count_per_parent = 1
    parent_page_types: ClassVar[list[str]] = ["courses.HomePage"]
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]
    # No field for the address: menus and pages name it.
    promote_panels: ClassVar[list[Panel]] = []

    class Meta:
        verbose_name = _("catalogue")

    def courses(self, wanted: dict[str, str], *, is_near: bool = False) -> CourseQuerySet:
        """The courses that a catalogue form asks for, in order; near: some of the words are enough."""
        found = CoursePage.objects.live().child_of(self).order_by("-is_required", "path")
        if "q" in wanted:
            found = found.near(wanted["q"]) if is_near else found.matching(wanted["q"])
        if "topic" in wanted:
            found = found.filter(topic=int(wanted["topic"]))
        if "role" in wanted:
            found = found.for_role(wanted["role"])
        if "need" in wanted:
            found = found.filter(is_required=wanted["need"] == "required")
        if "kind" in wanted:
            found = found.with_lesson_of(wanted["kind"])
        listed: CourseQuerySet = found.with_facts()
        return listed

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, Any]:  # Wagtail's
        """Add the form, the topics and a page of courses."""
        topics = list(Topic.objects.all())
        form = CatalogueForm(request.GET, topics=topics, kinds=LessonKind.choices)
        wanted = form.wanted()
        pages = Paginator(self.courses(wanted), COURSES_A_PAGE)
        is_near = "q" in wanted and not pages.count
        if is_near:
            pages = Paginator(self.courses(wanted, is_near=True), COURSES_A_PAGE)
        listed = pages.get_page(request.GET.get("page"))
        return {
            **super().get_context(request, *args, **kwargs),
            "form": form,
            "wanted": wanted,
            "topics": topics,
            "listed": listed,
            "is_near": is_near,
            "cards": cards_of(listed.object_list),
        }
