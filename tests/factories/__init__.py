"""Objects for tests, made the way the product makes them."""

from .content import CourseFactory, FilmFactory, TopicFactory, article, audio, film, roots, site
from .people import CadreFactory, PostFactory, StaffFactory, TermFactory, UnitFactory, county_tree
from .rules import RuleFactory

__all__ = [
    "CadreFactory",
    "CourseFactory",
    "FilmFactory",
    "PostFactory",
    "RuleFactory",
    "StaffFactory",
    "TermFactory",
    "TopicFactory",
    "UnitFactory",
    "article",
    "audio",
    "county_tree",
    "film",
    "roots",
    "site",
]
