"""A course's page."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import CourseFactory, QuestionFactory, article, audio, film, quiz

pytestmark = pytest.mark.django_db


def lessons(html: str) -> list[str]:
    return re.findall(r'<li data-lesson="\d+">.*?<a href="[^"]*">([^<]*)</a>', html, re.DOTALL)


def test_a_course_is_open_to_strangers_and_lists_its_lessons_in_order(client: Client) -> None:
    course = CourseFactory(title="宅基地", summary="五件事", roles=["SECRETARY", "GRID_WORKER"])
    film(course=course, title="谁可以申请", seconds=1100)
    article(course=course, title="带哪些材料", characters=2400)
    audio(course=course, title="广播")
    html = client.get(course.url).content.decode()
    assert lessons(html) == ["谁可以申请", "带哪些材料", "广播"]
    assert "18:20" in html
    assert "五件事" in html
    assert "山西省" in html
    assert len(re.findall(r'class="btn main"', html)) == 1


def test_lessons_follow_the_editors_order(client: Client) -> None:
    course = CourseFactory()
    film(course=course, title="后来的")
    film(course=course, title="先讲的").move(course.get_first_child(), pos="left")
    assert lessons(client.get(course.url).content.decode()) == ["先讲的", "后来的"]


def test_unpublished_lessons_are_not_listed(client: Client) -> None:
    course = CourseFactory()
    film(course=course, title="甲")
    film(course=course, title="乙").unpublish()
    assert lessons(client.get(course.url).content.decode()) == ["甲"]


def test_a_course_without_lessons_says_so(client: Client) -> None:
    html = client.get(CourseFactory().url).content.decode()
    assert lessons(html) == []
    assert "btn main" not in html


def test_another_courses_lessons_are_not_listed(client: Client) -> None:
    first, second = CourseFactory(), CourseFactory()
    film(course=first, title="甲")
    film(course=second, title="乙")
    assert lessons(client.get(second.url).content.decode()) == ["乙"]


@pytest.mark.parametrize("roles", [["KING"], "SECRETARY", {"SECRETARY": 1}, [["SECRETARY"]]])
def test_an_audience_that_is_no_list_of_roles_is_refused(roles: object) -> None:
    with pytest.raises(ValidationError):
        CourseFactory(roles=roles)


def test_an_unpublished_course_is_gone(client: Client) -> None:
    course = CourseFactory()
    url = course.url
    course.unpublish()
    assert client.get(url).status_code == 404


def test_a_quiz_says_how_many_questions_it_asks_instead_of_a_length(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    course = CourseFactory()
    for draws in (3, 4, 5):
        quiz(course=course, questions=QuestionFactory.create_batch(5), draws=draws)
    with django_assert_max_num_queries(12):
        html = client.get(course.url).content.decode()
    meta = re.findall(r'<li data-lesson.*?<p class="meta"><span>(.*?)</span>', html, re.DOTALL)
    assert [re.findall(r"\d+", each) for each in meta] == [["3"], ["4"], ["5"]]
    assert "0:00" not in html
    assert "0 秒" not in html
