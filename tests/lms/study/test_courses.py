"""What a course's page is told of the person who looks at it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cadre
from courses.models import CoursePage, LessonPage
from lms.hours.models import HoursRule
from lms.study.actions import open_lesson, record_segments
from tests.factories import CourseFactory, FilmFactory, film
from tests.lms.study.conftest import NINE, after

pytestmark = pytest.mark.django_db
NOTHING = {"lessons": {}, "next": None, "done": False}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(after(3600), tick=False):
        yield


@pytest.fixture
def course(person: Cadre) -> CoursePage:
    course = CourseFactory()
    for _number in range(3):
        film(course=course, seconds=100)
    return course


def lesson(course: CoursePage, number: int) -> LessonPage:
    found: LessonPage = list(LessonPage.objects.child_of(course))[number - 1]
    return found


def study(person: Cadre, lesson: LessonPage, seconds: int, minute: int = 0) -> None:
    """Play the first seconds of a lesson, beginning so many minutes after nine."""
    began = NINE + timedelta(minutes=minute)
    launch, _progress = open_lesson(person=person, lesson=lesson, at=began)
    at = began + timedelta(seconds=seconds)
    record_segments(launch=launch, segments=[(0, seconds)], position=seconds, at=at)


def told(client: Client, person: Cadre, course: CoursePage) -> dict:
    client.force_login(person)
    return client.get(f"/study/courses/{course.pk}/").json()


def test_a_stranger_and_a_newcomer_are_told_nothing(
    client: Client, person: Cadre, course: CoursePage
) -> None:
    assert client.get(f"/study/courses/{course.pk}/").json() == NOTHING
    assert told(client, person, course) == NOTHING


def test_each_begun_lesson_says_how_far_one_is(client: Client, person: Cadre, course: CoursePage) -> None:
    study(person, lesson(course, 1), 95)
    study(person, lesson(course, 2), 30, minute=5)
    answer = told(client, person, course)
    first, second = (str(lesson(course, number).pk) for number in (1, 2))
    assert answer["lessons"] == {
        first: {"done": True, "covered": 95, "need": 95},
        second: {"done": False, "covered": 30, "need": 95},
    }


def next_of(answer: dict) -> int | None:
    return answer["next"] and answer["next"]["number"]


def test_one_goes_on_with_the_lesson_studied_last_and_then_with_the_first_that_is_left(
    client: Client, person: Cadre, course: CoursePage
) -> None:
    study(person, lesson(course, 3), 30)
    study(person, lesson(course, 2), 30, minute=5)
    answer = told(client, person, course)
    assert answer["next"]["address"] == lesson(course, 2).url
    assert (next_of(answer), answer["next"]["lesson"]) == (2, lesson(course, 2).pk)
    for number, minute in ((2, 10), (3, 20)):
        study(person, lesson(course, number), 95, minute=minute)
    assert next_of(told(client, person, course)) == 1
    study(person, lesson(course, 1), 95, minute=30)
    answer = told(client, person, course)
    assert (answer["next"], answer["done"]) == (None, True)


def test_a_lesson_granted_in_an_earlier_version_stays_done(
    client: Client, person: Cadre, course: CoursePage
) -> None:
    first = lesson(course, 1)
    study(person, first, 95)
    first.film = FilmFactory(length_ms=200_000)
    first.save_revision().publish()
    assert told(client, person, course)["lessons"][str(first.pk)] == {"done": True, "covered": 0, "need": 190}


def test_where_lessons_count_each_year_a_new_year_begins_anew(
    client: Client, person: Cadre, course: CoursePage
) -> None:
    HoursRule.objects.update(grants_again_each_year=True)
    study(person, lesson(course, 1), 95)
    assert len(told(client, person, course)["lessons"]) == 1
    with time_machine.travel(NINE.replace(year=2027), tick=False):
        assert told(client, person, course) == NOTHING


def test_another_persons_study_is_not_told(client: Client, person: Cadre, course: CoursePage) -> None:
    other = Cadre.objects.create(number="2", name="张有财", unit=person.unit)
    study(other, lesson(course, 1), 95)
    assert told(client, person, course) == NOTHING


def test_what_is_no_open_course_is_404(client: Client, person: Cadre, course: CoursePage) -> None:
    client.force_login(person)
    addresses = [f"/study/courses/{pk}/" for pk in (course.pk, course.get_parent().pk, 999_999, 2**63)]
    course.unpublish()
    assert [client.get(address).status_code for address in addresses] == [404] * 4


def test_the_answer_takes_the_same_few_queries_for_any_course(
    client: Client, person: Cadre, course: CoursePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study(person, lesson(course, 1), 30)
    told(client, person, course)
    for number in (2, 3):
        # session, person, course; unit, post, rule; lessons, versions; what was played and granted; the site
        with django_assert_num_queries(11):
            answer = client.get(f"/study/courses/{course.pk}/").json()
        assert next_of(answer) == 1
        study(person, lesson(course, number), 95, minute=10 * number)
        film(course=course)


def test_the_page_is_ready_for_what_it_is_told(client: Client, course: CoursePage) -> None:
    page = client.get(course.url).content.decode()
    assert f'data-course="/study/courses/{course.pk}/"' in page
    assert page.count("data-lesson=") == 3
    assert "js/course.js" in page
