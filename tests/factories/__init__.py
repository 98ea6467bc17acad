"""Objects for tests, made the way the product makes them."""

from .classes import Held, class_with
from .content import (
    CompetencyFactory,
    CourseFactory,
    FilmFactory,
    QuestionFactory,
    TopicFactory,
    article,
    audio,
    document,
    film,
    paper,
    pdf_document,
    quiz,
    site,
)
from .packages import content, courseware, interactive, scorm
from .people import CadreFactory, PostFactory, StaffFactory, TermFactory, UnitFactory, county_tree
from .rules import RuleFactory

__all__ = [
    "CadreFactory",
    "CompetencyFactory",
    "CourseFactory",
    "FilmFactory",
    "Held",
    "PostFactory",
    "QuestionFactory",
    "RuleFactory",
    "StaffFactory",
    "TermFactory",
    "TopicFactory",
    "UnitFactory",
    "article",
    "audio",
    "class_with",
    "content",
    "county_tree",
    "courseware",
    "document",
    "film",
    "interactive",
    "paper",
    "pdf_document",
    "quiz",
    "scorm",
    "site",
]
