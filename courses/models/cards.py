"""Courses and lessons as the lists show them: what each holds, read for many at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wagtail.models import Page

from .lesson import LessonPage
from .versions import LessonVersion


@dataclass(frozen=True)
class LessonCard:
    """A lesson in its course, counted from 1, with the version that learners study now."""

    page: LessonPage
    version: LessonVersion
    number: int

    @property
    def size_bytes(self) -> int:
        """What playing it costs in data, or the pictures of a document; a text costs too little to say."""
        if self.page.document:
            return int(self.page.document.reading_bytes)
        played = self.page.film or self.page.package
        return int(played.size_bytes) if played else 0


@dataclass(frozen=True)
class CourseCard:
    """A course with its published lessons in order."""

    page: Page
    lessons: tuple[LessonCard, ...]

    @property
    def seconds(self) -> int:
        """The length of all lessons together."""
        return sum(lesson.version.seconds for lesson in self.lessons)

    @property
    def size_bytes(self) -> int:
        """The size of all films, recordings, documents and packages together."""
        return sum(lesson.size_bytes for lesson in self.lessons)

    @property
    def versions(self) -> list[LessonVersion]:
        """What learners study now: hours are granted lesson by lesson, so they are summed that way."""
        return [lesson.version for lesson in self.lessons]

    @property
    def changed_at(self) -> datetime | None:
        """When a lesson last got a new version."""
        return max((lesson.version.published_at for lesson in self.lessons), default=None)


def cards_of(courses: Iterable[Page]) -> list[CourseCard]:
    """The cards of some courses, in the given order (two queries whatever their number)."""
    pages = list(courses)
    if not pages:
        return []
    lessons = list(LessonPage.objects.live().of_courses(pages).with_facts().defer("body"))
    versions = {
        version.lesson_id: version for version in LessonVersion.objects.current().filter(lesson__in=lessons)
    }
    by_course: defaultdict[str, list[LessonPage]] = defaultdict(list)
    for lesson in lessons:
        if lesson.pk in versions:
            by_course[lesson.path[: -Page.steplen]].append(lesson)
    return [
        CourseCard(
            page,
            tuple(
                LessonCard(lesson, versions[lesson.pk], number)
                for number, lesson in enumerate(by_course[page.path], start=1)
            ),
        )
        for page in pages
    ]
