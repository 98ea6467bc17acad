"""Courses: lessons in order, for an audience, from a provider."""

from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.db.models.functions import Cast, Length, Substr
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from accounts.models import Role, Unit
from courses.forms import CourseForm

from .cards import cards_of
from .lesson import LessonPage
from .open_page import OpenPage
from .topics import Topic

LESSONS_A_PAGE = 40


class CourseQuerySet(PageQuerySet):
    """Reads of courses."""

    def with_facts(self) -> Self:
        """With the topic and the provider, read along."""
        joined: Self = self.select_related("topic", "provider")
        return joined

    def for_role(self, role: str) -> Self:
        """Courses meant for a role: those that name it, and those for everybody."""
        # Text, because SQLite cannot ask a JSON list what it contains.
        told = self.annotate(audience_text=Cast("roles", models.TextField()))
        meant: Self = told.filter(Q(audience_text__contains=f'"{role}"') | Q(audience_text="[]"))
        return meant

    def with_lesson_of(self, kind: str) -> Self:
        """Courses with at least one published lesson of a kind."""
        lessons = LessonPage.objects.live().filter(kind=kind).order_by()
        parents = lessons.annotate(course_path=Substr("path", 1, Length("path") - Page.steplen))
        found: Self = self.filter(path__in=parents.values("course_path"))
        return found

    def matching(self, words: str) -> Self:
        """Courses that hold all the words, best first."""
        return self._found(words, "and")

    def near(self, words: str) -> Self:
        """Courses that hold some of the words, best first."""
        return self._found(words, "or")

    def _found(self, words: str, operator: str) -> Self:
        results = self.search(words, operator=operator)
        # A search for nothing but punctuation has no query behind it.
        found: Self = results.get_queryset() if results.query_compiler else self.none()
        return found


class CoursePage(OpenPage):
    """A course: lessons in order, for an audience, from a provider."""

    summary = models.TextField(_("summary"), max_length=300)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="courses", verbose_name=_("topic"))
    is_required = models.BooleanField(_("compulsory"), default=False)
    roles = models.JSONField(
        _("audience"), default=list, blank=True, help_text=_("Nobody ticked means everybody.")
    )
    provider = models.ForeignKey(Unit, models.PROTECT, related_name="courses", verbose_name=_("provider"))

    objects = PageManager.from_queryset(CourseQuerySet)()

    template = "courses/course.html"
    base_form_class = CourseForm
    parent_page_types: ClassVar[list[str]] = ["courses.CataloguePage"]
    subpage_types: ClassVar[list[str]] = ["courses.LessonPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("topic", widget=forms.Select),
                FieldPanel("provider"),
                FieldPanel("is_required"),
                FieldPanel("roles"),
            ],
            heading=_("For whom"),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("topic_name"),
        index.SearchField("lesson_titles"),
        index.AutocompleteField("summary"),
        index.FilterField("is_required"),
        index.FilterField("topic_id"),
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def clean(self) -> None:
        """Refuse an audience that is not a list of roles."""
        super().clean()
        if not isinstance(self.roles, list) or set(map(str, self.roles)) - set(Role.values):
            raise ValidationError({"roles": _("The audience is a list of roles.")})

    @property
    def audience(self) -> list[str]:
        """The names of the roles that the course is meant for; empty means everybody."""
        return [str(Role(role).label) for role in Role.values if role in self.roles]

    def topic_name(self) -> str:
        """The topic's name, so that a search finds it (one query)."""
        return str(self.topic.name)

    def lesson_titles(self) -> list[str]:
        """The titles of the published lessons, so that a search finds their course (one query)."""
        return list(LessonPage.objects.live().of_courses([self]).values_list("title", flat=True))

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, Any]:  # Wagtail's
        """Add the lessons, a page of them at a time."""
        card = cards_of([self])[0]
        lessons = Paginator(card.lessons, LESSONS_A_PAGE).get_page(request.GET.get("page"))
        # A quiz has no length; its row says how many questions it asks.
        prefetch_related_objects([lesson.page for lesson in lessons], "paper__rules")
        return {**super().get_context(request, *args, **kwargs), "card": card, "lessons": lessons}
