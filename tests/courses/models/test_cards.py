"""Courses and lessons as the lists show them."""

import pytest
from pytest_django import DjangoAssertNumQueries

from courses.models import LessonVersion, cards_of
from tests.factories import CourseFactory, FilmFactory, article, film

pytestmark = pytest.mark.django_db


def test_a_card_carries_the_newest_version_of_each_lesson() -> None:
    course = CourseFactory()
    lesson = film(course=course, seconds=20)
    lesson.film = FilmFactory(length_ms=45_000, size_bytes=1_000)
    lesson.save_revision().publish()
    article(course=course, characters=400)
    [card] = cards_of([course])
    assert [(each.number, each.version.number, each.version.seconds) for each in card.lessons] == [
        (1, 2, 45),
        (2, 1, 60),
    ]
    assert (card.seconds, [version.seconds for version in card.versions], card.size_bytes) == (
        105,
        [45, 60],
        1_000,
    )
    assert card.changed_at == max(each.version.published_at for each in card.lessons)


def test_cards_keep_the_order_of_the_courses_and_their_lessons_apart() -> None:
    first, second, empty = CourseFactory(), CourseFactory(), CourseFactory()
    one, two = film(course=first), film(course=second)
    cards = cards_of([second, empty, first])
    assert [card.page for card in cards] == [second, empty, first]
    assert [[lesson.page for lesson in card.lessons] for card in cards] == [[two], [], [one]]
    assert (cards[1].seconds, cards[1].changed_at) == (0, None)


def test_no_courses_take_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert cards_of([]) == []


def test_the_current_versions_of_many_lessons_come_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lessons = [film() for _ in range(3)]
    lessons[1].film = FilmFactory()
    lessons[1].save_revision().publish()
    with django_assert_num_queries(1):
        current = {
            version.lesson_id: version.number
            for version in LessonVersion.objects.current().filter(lesson__in=lessons)
        }
    assert current == {lessons[0].pk: 1, lessons[1].pk: 2, lessons[2].pk: 1}
