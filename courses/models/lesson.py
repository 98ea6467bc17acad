"""Lessons: a film, a recording, an article, a document, a package or a quiz, studied by signed-in people."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtailmedia.edit_handlers import MediaChooserPanel

from courses.blocks import LessonBody
from courses.documents.models import Document
from courses.documents.parts import part_of
from courses.films.models import Film
from courses.finishing import FINISHED_PERCENT
from courses.forms import LessonForm
from courses.h5p.models import Content
from courses.packages.completion import CompletionRule, rule_of
from courses.quizzes.models import Paper
from courses.scorm.models import Courseware

from .matter import MATTERS
from .open_page import OpenPage
from .versions import LessonKind, LessonVersion

LONG = (*Content.long_behind("h5p"), *Courseware.long_behind("scorm"))


class LessonQuerySet(PageQuerySet):
    """Reads of lessons."""

    def with_facts(self) -> Self:
        """With the film, document or package, read along; what is long in a package stays where it is."""
        joined: Self = self.select_related("film", "document", "h5p", "scorm").defer(*LONG)
        return joined

    def open(self) -> Self:
        """Published lessons of published courses: those that learners can open."""
        above = Substr(OuterRef("path"), 1, Length(OuterRef("path")) - Page.steplen)
        opened: Self = self.live().filter(Exists(Page.objects.live().filter(path=above)))
        return opened

    def of_courses(self, courses: Iterable[Page]) -> Self:
        """The lessons of some courses, each course's in its own order."""
        wanted = Q(pk__in=[])
        for course in courses:
            first, last = (
                course.path + sign * Page.steplen for sign in (Page.alphabet[0], Page.alphabet[-1])
            )
            wanted |= Q(path__range=(first, last))
        lessons: Self = self.filter(wanted).order_by("path")
        return lessons


class LessonPage(OpenPage):
    """One lesson of a course; what it is made of depends on its kind (`matter.py`)."""

    kind = models.CharField(_("kind"), max_length=10, choices=LessonKind, default=LessonKind.FILM)
    summary = models.TextField(_("summary"), max_length=300, blank=True)
    film = models.ForeignKey(
        Film,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("film or recording"),
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("document"),
    )
    paper = models.ForeignKey(
        Paper,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("paper of a quiz"),
    )
    h5p = models.ForeignKey(
        Content,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("interactive content"),
    )
    scorm = models.ForeignKey(
        Courseware,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("SCORM courseware"),
    )
    body = StreamField(
        LessonBody(),
        blank=True,
        verbose_name=_("text"),
        help_text=_("The article itself, or the words of a film for those who would rather read."),
    )

    objects = PageManager.from_queryset(LessonQuerySet)()

    template = "courses/lesson.html"
    base_form_class = LessonForm
    parent_page_types: ClassVar[list[str]] = ["courses.CoursePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("summary"),
        MediaChooserPanel("film"),
        FieldPanel("document"),
        FieldPanel("h5p"),
        FieldPanel("scorm"),
        FieldPanel("paper", widget=forms.Select),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def current_version(self) -> LessonVersion | None:
        """The version that learners study now, or None before the first publication (one query)."""
        newest: LessonVersion | None = self.versions.order_by("-number").first()
        return newest

    @property
    def text(self) -> str:
        """The words of the text, without marks of layout."""
        return "\n".join(
            str(part) for part in self.body.stream_block.get_searchable_content(self.body)
        ).strip()

    @property
    def study_seconds(self) -> int:
        """How long the lesson asks for: the film's length, or the time that reading takes."""
        return MATTERS[LessonKind(self.kind)].seconds(self)

    @property
    def package(self) -> Content | Courseware | None:
        """What others made and ZIPped, in a lesson of such a kind."""
        return {LessonKind.H5P: self.h5p, LessonKind.SCORM: self.scorm}.get(LessonKind(self.kind))

    @property
    def plays_h5p(self) -> bool:
        """Whether an interactive content stands on the page: the lesson itself, or one in its text."""
        return self.kind == LessonKind.H5P or any(block["type"] == "h5p" for block in self.body.raw_data)

    @property
    def open_percent(self) -> int:
        """How much of its seconds must have been played, read or open (domain §3)."""
        return self.package.open_percent if self.package else FINISHED_PERCENT

    @property
    def completion_rule(self) -> CompletionRule | dict[str, object]:
        """What has to be reported beside that; {} where nothing."""
        return rule_of(self.package) if self.package else {}

    @property
    def fingerprint(self) -> str:
        """What tells one version from the next: kind, length and content, not the title."""
        content = MATTERS[LessonKind(self.kind)].content(self)
        rule = json.dumps([self.open_percent, self.completion_rule], sort_keys=True)
        told = f"{self.kind}\n{self.study_seconds}\n{content}\n{rule}"
        return hashlib.sha256(told.encode()).hexdigest()

    def check_whole(self) -> None:
        """Raise ValidationError, in words beside the field, while something to study is missing."""
        MATTERS[LessonKind(self.kind)].check(self)

    def clean(self) -> None:
        """Hold that a published lesson has something to study; a draft may wait for it."""
        super().clean()
        if self.live:
            self.check_whole()

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show an open lesson to signed-in people, and a draft to its editor."""
        if not self.is_open and not getattr(request, "is_preview", False):
            raise Http404
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        serve = super().serve
        if self.plays_h5p:
            # The page fetches for the frame what the browser would not keep for it.
            serve = csp_update({"connect-src": [settings.CONTENT_ORIGIN]})(serve)
        answer: HttpResponse = serve(request, *args, **kwargs)
        if self.kind == LessonKind.SCORM:
            # Objects that play in a window of their own look for their run-time from where they were opened.
            answer["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        return answer

    @cached_property
    def family(self) -> list[Page]:
        """The course and its published lessons in order, with no more than links need (one query)."""
        above = self.path[: -Page.steplen]
        first, last = (above + sign * Page.steplen for sign in (Page.alphabet[0], Page.alphabet[-1]))
        wanted = Q(path=above) | Q(path__range=(first, last), live=True)
        return list(Page.objects.filter(wanted).order_by("path").only("title", "url_path", "path", "live"))

    @property
    def is_open(self) -> bool:
        """Whether learners can open it: published, and its course too."""
        return bool(self.live and self.course.live)

    @property
    def course(self) -> Page:
        """The course that the lesson belongs to."""
        return self.family[0]

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, Any]:  # Wagtail's
        """Add the version, the course and the neighbours in it."""
        course, *lessons = self.family
        places = [place for place, page in enumerate(lessons) if page.pk == self.pk]
        place = places[0] if places else len(lessons)
        is_preview = getattr(request, "is_preview", False)
        return {
            **super().get_context(request, *args, **kwargs),
            "version": None if is_preview else self.current_version(),
            "film": self.film,
            "document": self.document,
            "package": self.package,
            "part": part_of(self.document, request.GET)
            if self.document and self.kind == LessonKind.DOCUMENT
            else None,
            "course": course,
            "number": place + 1,
            "count": len(lessons) + (not places),
            "before": lessons[place - 1] if place else None,
            "after": lessons[place + 1] if place + 1 < len(lessons) else None,
        }
