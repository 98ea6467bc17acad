"""What can be learned: pages, and the published versions that completions name."""

from .cards import CourseCard, LessonCard, cards_of
from .course import CoursePage
from .lesson import LessonPage
from .pages import CATALOGUE_SLUG, CataloguePage, HomePage
from .topics import Topic
from .versions import PACKAGED, LessonKind, LessonVersion

__all__ = [
    "CATALOGUE_SLUG",
    "PACKAGED",
    "CataloguePage",
    "CourseCard",
    "CoursePage",
    "HomePage",
    "LessonCard",
    "LessonKind",
    "LessonPage",
    "LessonVersion",
    "Topic",
    "cards_of",
]
