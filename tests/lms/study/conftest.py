"""A person, a rule and a clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Cadre
from courses.models import LessonKind, LessonPage, LessonVersion
from tests.factories import CadreFactory, RuleFactory, county_tree
from tests.factories import film as film_page

# A quiet morning in Shanghai.
NINE = datetime(2026, 6, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def after(seconds: float) -> datetime:
    """So many seconds later."""
    return NINE + timedelta(seconds=seconds)


@pytest.fixture
def person(db: None) -> Cadre:
    """A learner of a village for which the default rule holds."""
    tree = county_tree()
    RuleFactory(unit=tree.province)
    return CadreFactory(unit=tree.village)


@pytest.fixture
def learner(transactional_db: None) -> Cadre:
    """The same whose rows threads on connections of their own can see."""
    tree = county_tree()
    RuleFactory(unit=tree.province)
    return CadreFactory(unit=tree.village)


def film(seconds: int) -> LessonPage:
    """A published film lesson with its first version."""
    lesson = film_page(seconds=seconds)
    if lesson.current_version() is None:
        LessonVersion.objects.create(
            lesson=lesson,
            number=1,
            kind=LessonKind.FILM,
            title=lesson.title,
            seconds=seconds,
            digest="0",
            published_at=NINE,
        )
    return lesson
