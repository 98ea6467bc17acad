"""The desk says what comes next."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import Cadre, StaffRole
from courses.models import CoursePage, LessonPage
from courses.next_steps import drafts_of, is_waiting_for
from tests.courses.conftest import publisher, signed_in
from tests.courses.test_wagtail_hooks import course_data, create, lesson_data
from tests.factories import CourseFactory, FilmFactory, site

pytestmark = pytest.mark.django_db


def said(answer: object) -> str:
    return " ".join(map(str, get_messages(answer.wsgi_request)))  # type: ignore[attr-defined]  # a test response


def adding_to(course: CoursePage) -> str:
    return reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.pk])


def test_a_course_that_was_saved_or_published_leads_to_its_lessons(reviewer: Client) -> None:
    answer = create(reviewer, "coursepage", site(), course_data())
    course = CoursePage.objects.get()
    assert adding_to(course) in said(answer)
    edit = reverse("wagtailadmin_pages:edit", args=[course.pk])
    assert adding_to(course) in said(reviewer.post(edit, course_data(**{"action-publish": "1"})))


def test_a_lesson_leads_to_the_next_one(trainer: Client) -> None:
    course = CourseFactory()
    assert adding_to(course) in said(create(trainer, "lessonpage", course, lesson_data()))


def test_saving_by_itself_says_nothing(trainer: Client) -> None:
    course = CourseFactory()
    answer = trainer.post(adding_to(course), lesson_data(), headers={"accept": "application/json"})
    assert answer.json()["success"]
    assert said(answer) == ""


def test_the_home_of_the_desk_offers_a_new_course_and_the_own_drafts(trainer: Client) -> None:
    course = CourseFactory(owner=None)
    create(trainer, "lessonpage", course, lesson_data(title="还没写完"))
    page = trainer.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("wagtailadmin_pages:add", args=["courses", "coursepage", site().pk]) in page
    assert reverse("wagtailadmin_pages:edit", args=[LessonPage.objects.get().pk]) in page
    assert gettext("Nothing is waiting for review.") in page


def test_what_was_handed_in_is_no_draft_but_waits(trainer: Client) -> None:
    create(trainer, "lessonpage", CourseFactory(), lesson_data(film=FilmFactory().pk))
    lesson, person = LessonPage.objects.get(), Cadre.objects.get(staff_scopes__role=StaffRole.TRAINER)
    assert [page.pk for page in drafts_of(person)] == [lesson.pk]
    assert not is_waiting_for(person)
    trainer.post(
        reverse("wagtailadmin_pages:edit", args=[lesson.pk]),
        lesson_data(film=lesson.film_id, **{"action-submit": "1"}),
    )
    reviewer = publisher(StaffRole.REVIEWER)
    assert not drafts_of(person)
    assert is_waiting_for(person)
    assert is_waiting_for(reviewer)


def test_drafts_of_others_and_whole_pages_are_left_out(trainer: Client) -> None:
    create(trainer, "lessonpage", CourseFactory(), lesson_data())
    other = publisher(StaffRole.REVIEWER)
    CourseFactory(owner=other)
    assert not drafts_of(other)


def test_somebody_who_may_not_add_courses_is_not_offered_one() -> None:
    person = publisher(StaffRole.TRAINER)
    person.groups.get().page_permissions.all().delete()
    page = signed_in(person).get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("wagtailadmin_pages:add", args=["courses", "coursepage", site().pk]) not in page
