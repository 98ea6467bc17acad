"""The demo county's courses, written for it: twelve courses of two to four lessons."""

from lms.demo.courses import farming, governance, organisation, places, safety
from lms.demo.courses.quizzes import PAPERS, PaperPlan
from lms.demo.courses.shapes import (
    Article,
    Audio,
    Block,
    Course,
    Document,
    Film,
    Interactive,
    Kind,
    Lesson,
    Packed,
    Quiz,
    RoleCode,
    Scorm,
    Slide,
    Topic,
)

COURSES: tuple[Course, ...] = (
    *governance.COURSES,
    *organisation.COURSES,
    *places.COURSES,
    *safety.COURSES,
    *farming.COURSES,
)

__all__ = [
    "COURSES",
    "PAPERS",
    "Article",
    "Audio",
    "Block",
    "Course",
    "Document",
    "Film",
    "Interactive",
    "Kind",
    "Lesson",
    "Packed",
    "PaperPlan",
    "Quiz",
    "RoleCode",
    "Scorm",
    "Slide",
    "Topic",
]
