"""App configuration."""

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.utils import timezone
from wagtail.signals import page_published, page_unpublished

if TYPE_CHECKING:
    from courses.models import LessonPage


class CoursesConfig(AppConfig):
    """The `courses` room; Wagtail tells it when a lesson was published or withdrawn."""

    name = "courses"
    label = "courses"

    def ready(self) -> None:
        """Listen to Wagtail and close its documents, of which no lesson is made; models load only here."""
        from wagtail.documents import get_document_model

        from accounts.publishing import close
        from courses.models import LessonPage

        close(get_document_model())
        page_published.connect(lesson_published, sender=LessonPage, dispatch_uid="lesson_published")
        page_unpublished.connect(lesson_unpublished, sender=LessonPage, dispatch_uid="lesson_unpublished")


def lesson_published(instance: "LessonPage", **kwargs: Any) -> None:  # Wagtail's extras
    """Keep what was published as a version, and let the search find the course by the lesson's title."""
    from courses.actions import publish_version, reindex_course

    publish_version(lesson=instance, at=instance.last_published_at or timezone.now())
    reindex_course(lesson=instance)


def lesson_unpublished(instance: "LessonPage", **kwargs: Any) -> None:  # Wagtail's extras
    """Let the search forget the title; versions stay, completions name them."""
    from courses.actions import reindex_course

    reindex_course(lesson=instance)
