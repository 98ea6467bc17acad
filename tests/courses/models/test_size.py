"""What lists cost and how they are divided when there is much to show: one large catalogue for all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from courses.models import CoursePage, LessonPage, cards_of
from tests.factories import CadreFactory, CourseFactory, TopicFactory, article, film

pytestmark = pytest.mark.django_db

COURSES = 30
LESSONS = 42
MOST_QUERIES = 12
MOST_BYTES = 30_000


@dataclass(frozen=True)
class Catalogue:
    """Thirty courses of a film and an article, and one of forty-two films."""

    courses: list[CoursePage]
    long_course: CoursePage
    lesson: LessonPage


@pytest.fixture(scope="module")
def large(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Catalogue]:
    """Made once, and taken back after the last test of the file."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        yield _catalogue()
        transaction.set_rollback(True)


def _catalogue() -> Catalogue:
    courses = []
    for number in range(COURSES):
        topic = TopicFactory(name=f"题{number % 8}")
        course = CourseFactory(title=f"课{number:02}", topic=topic, summary="课程简介", is_required=True)
        film(course=course)
        article(course=course)
        courses.append(course)
    long_course = CourseFactory(title="长课", summary="一" * 300)
    lesson, *_ = [
        film(course=long_course, title=f"第{number}课:把公示写清楚,把来人记下来") for number in range(LESSONS)
    ]
    return Catalogue(courses, long_course, lesson)


@pytest.fixture
def learner(client: Client) -> Client:
    client.force_login(CadreFactory())
    return client


def html_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*">([^<]*)</a></h3>', html)


def numbers(html: str) -> list[str]:
    return re.findall(r'<li data-lesson="\d+">.*?<a href="[^"]*">第(\d+)课', html, re.DOTALL)


def test_the_front_door_takes_few_queries(
    large: Catalogue, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cache.clear()
    with django_assert_max_num_queries(MOST_QUERIES):
        assert titles(html_of(client, "/"))


@pytest.mark.parametrize("query", ["", "?q=课程", "?q=航天", "?role=SECRETARY&kind=FILM&need=elective"])
def test_the_catalogue_takes_few_queries_and_bytes(
    large: Catalogue, learner: Client, query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    html_of(learner, "/courses/")  # Wagtail keeps the addresses of its sites
    with django_assert_max_num_queries(MOST_QUERIES):
        html = html_of(learner, f"/courses/{query}")
    assert len(html.encode()) <= MOST_BYTES


def test_long_lists_come_in_pages_that_keep_the_filters(large: Catalogue, client: Client) -> None:
    first = html_of(client, "/courses/?need=required")
    assert titles(first) == [f"课{number:02}" for number in range(20)]
    assert "need=required&amp;page=2" in first
    second = html_of(client, "/courses/?need=required&page=2")
    assert titles(second) == [f"课{number:02}" for number in range(20, COURSES)]


@pytest.mark.parametrize("count", [1, COURSES])
def test_cards_take_two_queries_whatever_their_number(
    large: Catalogue, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        cards = cards_of(large.courses[:count])
    assert [len(card.lessons) for card in cards] == [2] * count


def test_a_course_takes_few_queries_and_bytes(
    large: Catalogue, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = large.long_course.url
    cache.clear()
    with django_assert_max_num_queries(MOST_QUERIES):
        html = html_of(client, url)
    assert len(html.encode()) <= MOST_BYTES


def test_very_long_courses_come_in_pages(large: Catalogue, client: Client) -> None:
    assert numbers(html_of(client, large.long_course.url)) == [str(number) for number in range(40)]
    second = html_of(client, f"{large.long_course.url}?page=2")
    assert numbers(second) == ["40", "41"]
    assert '<span class="n" aria-hidden="true">41</span>' in second


def test_a_lesson_takes_few_queries_and_bytes(
    large: Catalogue, learner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = large.lesson.url
    cache.clear()
    with django_assert_max_num_queries(MOST_QUERIES):
        html = html_of(learner, url)
    assert len(html.encode()) <= MOST_BYTES
