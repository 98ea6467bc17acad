"""What pages show of hours."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from courses.models import LessonKind, LessonVersion
from lms.hours.models import HoursRule
from tests.factories.people import CountyTree

VERSIONS = [LessonVersion(kind=LessonKind.FILM, seconds=seconds) for seconds in (1800, 1799, 900)]
VERSIONS.append(LessonVersion(kind=LessonKind.QUIZ, seconds=0))


@pytest.fixture
def shown(rf: RequestFactory) -> Callable[..., str]:
    """What a page makes of a piece of template."""

    def render(text: str, **values: object) -> str:
        return Template("{% load hours %}" + text).render(RequestContext(rf.get("/"), values))

    return render


def test_hours_are_written_as_figures() -> None:
    page = Template("{% load hours %}{{ value|hours }}")
    assert page.render(Context({"value": Decimal("50.00")})) == "50"


@pytest.mark.django_db
def test_the_worth_of_lessons_is_read_once_a_page(
    tree: CountyTree, shown: Callable[..., str], django_assert_num_queries
) -> None:
    each = "{% for version in versions %}{{ version|worth:platform_rule }} {% endfor %}"
    together = "{{ versions|worth_together:platform_rule }}"
    with django_assert_num_queries(1):
        assert shown(each + together, versions=VERSIONS) == "1 0.5 0.25 0.5 2.25"


@pytest.mark.django_db
def test_a_page_that_shows_no_worth_reads_no_rule(
    tree: CountyTree, shown: Callable[..., str], django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        shown("{{ 3|hours }}")


@pytest.mark.django_db
def test_the_next_page_sees_a_new_rule(tree: CountyTree, shown: Callable[..., str]) -> None:
    page = "{{ version|worth:platform_rule }}"
    assert shown(page, version=VERSIONS[2]) == "0.25"
    HoursRule.objects.update(online_steps=[{"over": 0, "or_equal": False, "hours": "2"}])
    assert shown(page, version=VERSIONS[2]) == "2"


@pytest.mark.django_db
def test_without_any_rule_the_shipped_one_is_shown(shown: Callable[..., str]) -> None:
    assert shown("{{ version|worth:platform_rule }}", version=VERSIONS[0]) == "1"
