"""How hours are written."""

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import Client

from lms.hours.models import HoursRule
from lms.hours.templatetags.hours import forget
from tests.factories.people import CountyTree


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.00"), "1"),
        (Decimal("0.50"), "0.5"),
        (Decimal("0.25"), "0.25"),
        (Decimal("10.00"), "10"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.50"), "-0.5"),
        (3, "3"),
    ],
)
def test_hours_are_written_without_idle_zeros(value: object, text: str) -> None:
    assert Template("{% load hours %}{{ value|hours }}").render(Context({"value": value})) == text


@pytest.mark.django_db
def test_the_worth_of_lessons_is_read_once_a_page(tree: CountyTree, django_assert_num_queries) -> None:
    page = Template("{% load hours %}{% for s in lengths %}{{ s|online_hours }} {% endfor %}")
    with django_assert_num_queries(1):
        assert page.render(Context({"lengths": [1800, 1799, 900] * 5})) == "1 0.5 0.25 " * 5


@pytest.mark.django_db
def test_the_next_request_sees_a_new_rule(tree: CountyTree, client: Client) -> None:
    page = Template("{% load hours %}{{ 60|online_hours }}")
    assert page.render(Context()) == "0.25"
    HoursRule.objects.update(online_steps=[{"over": 0, "or_equal": False, "hours": "2"}])
    assert page.render(Context()) == "0.25"
    client.get("/study/report/")
    assert page.render(Context()) == "2"


@pytest.mark.django_db
def test_without_any_rule_the_shipped_one_is_shown() -> None:
    assert Template("{% load hours %}{{ 1800|online_hours }}").render(Context()) == "1"
