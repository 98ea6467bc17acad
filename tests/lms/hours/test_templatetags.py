"""What pages show of hours."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from lms.hours.models import HoursRule
from tests.factories.people import CountyTree


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
    each = "{% for s in lengths %}{{ s|online_hours:platform_rule }} {% endfor %}"
    together = "{{ lengths|online_hours_together:platform_rule }}"
    with django_assert_num_queries(1):
        assert shown(each + together, lengths=[1800, 1799, 900]) == "1 0.5 0.25 1.75"


@pytest.mark.django_db
def test_a_page_that_shows_no_worth_reads_no_rule(
    tree: CountyTree, shown: Callable[..., str], django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        shown("{{ 3|hours }}")


@pytest.mark.django_db
def test_the_next_page_sees_a_new_rule(tree: CountyTree, shown: Callable[..., str]) -> None:
    page = "{{ 60|online_hours:platform_rule }}"
    assert shown(page) == "0.25"
    HoursRule.objects.update(online_steps=[{"over": 0, "or_equal": False, "hours": "2"}])
    assert shown(page) == "2"


@pytest.mark.django_db
def test_without_any_rule_the_shipped_one_is_shown(shown: Callable[..., str]) -> None:
    assert shown("{{ 1800|online_hours:platform_rule }}") == "1"
