"""A package on its lesson's page, as it is before any script has run."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from courses.h5p.models import Content
from courses.models import LessonPage, cards_of
from courses.packages.completion import Gate
from courses.scorm.models import Courseware
from tests.factories import CadreFactory, article, interactive, scorm
from tests.factories.packages import content

pytestmark = pytest.mark.django_db

HTML_BYTES = 30_000
OPAQUE = "allow-scripts allow-forms allow-popups allow-downloads"
# Objects find their run-time in the page around them, and ask by confirm() whether to go on as before.
ON_ITS_HOST = "allow-same-origin allow-modals"


@pytest.fixture
def learner(client: Client) -> Client:
    client.force_login(CadreFactory(name="梁晓燕"))
    return client


def page(learner: Client, lesson: LessonPage) -> str:
    return learner.get(lesson.url).content.decode()


def test_an_interactive_content_is_locked_in_and_says_what_finishes_it(learner: Client) -> None:
    html = page(learner, interactive(percent=60))
    assert f'data-sandbox="{OPAQUE}"' in html
    assert "allow-same-origin" not in html
    assert "60 %" in html or "60%" in html
    assert "data-full" not in html
    assert "data-keep" not in html
    assert len(html.encode()) < HTML_BYTES


def test_a_courseware_keeps_its_host_and_can_be_begun_anew(learner: Client) -> None:
    html = page(learner, scorm())
    assert f'data-sandbox="{OPAQUE} {ON_ITS_HOST}"' in html
    assert "data-full" in html
    assert "data-sure hidden" in html
    assert 'data-name="梁晓燕"' in html


def test_the_seconds_of_a_film_inside_are_the_film_s(learner: Client) -> None:
    assert " data-film" in page(learner, interactive(film_seconds=90))
    assert " data-film" not in page(learner, interactive())


def test_whose_work_it_is_stands_below(learner: Client) -> None:
    metadata = {"license": "CC BY", "licenseVersion": "4.0", "authors": [{"name": "<b>某人"}]}
    html = page(learner, interactive(metadata=metadata))
    assert "CC BY 4.0" in html
    assert "&lt;b&gt;某人" in html


def test_a_content_in_a_text_plays_there_and_the_text_goes_on_counting(learner: Client) -> None:
    shown = content()
    lesson = article(characters=400)
    lesson.body = [*lesson.body.raw_data, {"type": "h5p", "value": shown.pk}]
    lesson.save_revision().publish()
    html = page(learner, lesson)
    assert f"?block={shown.pk}" in html
    assert html.count("data-package ") == 1
    assert "data-reading" in html
    assert LessonPage.objects.get(pk=lesson.pk).versions.count() == 1


def test_what_is_long_in_packages_is_not_read_for_a_page(learner: Client) -> None:
    in_text = article(characters=400)
    in_text.body = [*in_text.body.raw_data, *2 * [{"type": "h5p", "value": content().pk}]]
    in_text.save_revision().publish()
    lessons = [interactive(), scorm(), in_text]
    with CaptureQueriesContext(connection) as asked:
        pages = [page(learner, lesson) for lesson in lessons]
    assert pages[2].count("data-package ") == 2
    read = " ".join(query["sql"] for query in asked)
    assert not [name for name in (*Content.long, *Courseware.long) if f'"{name}"' in read]


def test_only_a_page_that_plays_contents_may_fetch_for_them(learner: Client) -> None:
    in_text = article(characters=400)
    in_text.body = [*in_text.body.raw_data, {"type": "h5p", "value": content().pk}]
    in_text.save_revision().publish()
    lessons = [interactive(), in_text, scorm(), article(characters=400)]
    policies = [learner.get(lesson.url)["Content-Security-Policy"].split("; ") for lesson in lessons]
    own, wide = "connect-src 'self'", f"connect-src 'self' {settings.CONTENT_ORIGIN}"
    assert [own in rules for rules in policies] == [False, False, True, True]
    assert [wide in rules for rules in policies] == [True, True, False, False]


def test_a_content_that_was_deleted_leaves_no_box(learner: Client) -> None:
    lesson = article(characters=400)
    lesson.body = [*lesson.body.raw_data, {"type": "h5p", "value": 987_654}]
    lesson.save_revision().publish()
    assert "data-package " not in page(learner, lesson)


def test_lists_say_length_and_size(
    learner: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lesson = interactive(size_bytes=30_000_000, gate=Gate.OPENED)
    assert cards_of([lesson.course])[0].size_bytes == 30_000_000
    html = learner.get(lesson.course.url).content.decode()
    assert "30 MB" in html
    with django_assert_num_queries(2):
        cards_of([lesson.course])
