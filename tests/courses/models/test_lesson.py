"""A lesson's page, and what makes a lesson whole."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from courses.models import LessonKind, LessonPage
from tests.factories import CadreFactory, CourseFactory, FilmFactory, article, audio, film

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client: Client) -> Client:
    client.force_login(CadreFactory())
    return client


def test_a_stranger_is_asked_to_sign_in_and_brought_back(client: Client) -> None:
    lesson = film()
    answer = client.get(lesson.url)
    assert answer.status_code == 302
    assert answer["Location"] == f"/account/login/?next={lesson.url}"


def test_a_learner_gets_the_player_the_length_and_the_neighbours(learner: Client) -> None:
    course = CourseFactory(title="宅基地")
    first, second, third = (film(course=course, title=f"第{sign}课", seconds=1200) for sign in "甲乙丙")
    html = learner.get(second.url).content.decode()
    assert "20:00" in html
    assert f'rel="prev" href="{first.url}"' in html
    assert f'rel="next" href="{third.url}"' in html
    assert f'href="{course.url}"' in html
    assert "study/player.html" in [template.name for template in learner.get(second.url).templates]


def test_the_first_and_the_last_lesson_have_one_neighbour(learner: Client) -> None:
    course = CourseFactory()
    first, second = film(course=course), film(course=course)
    assert 'rel="prev"' not in learner.get(first.url).content.decode()
    assert 'rel="next"' not in learner.get(second.url).content.decode()


def test_an_article_is_there_to_read_without_scripts(learner: Client) -> None:
    lesson = article()
    lesson.body = [
        ("heading", "六样材料"),
        ("paragraph", "<p>先<b>打电话</b>。</p>"),
        ("points", ["户口簿", "身份证<i>"]),
    ]
    lesson.save_revision().publish()
    html = learner.get(lesson.url).content.decode()
    inside = html[html.index("data-reading") :]
    assert "<h2>六样材料</h2>" in inside
    assert "<b>打电话</b>" in inside
    assert "<li>身份证&lt;i&gt;</li>" in inside


def test_the_words_of_a_film_stand_below_it(learner: Client) -> None:
    lesson = film(body=[("paragraph", "<p>公示要写清五样。</p>")])
    assert "公示要写清五样" in learner.get(lesson.url).content.decode()


def test_everybody_gets_the_same_lesson(client: Client) -> None:
    lesson = film()

    def main_for(name: str) -> str:
        client.force_login(CadreFactory(name=name))
        html = client.get(lesson.url).content.decode()
        assert name not in html
        return html[html.index("<main") : html.index("</main>")]

    assert main_for("王秀英") == main_for("李建国")


def test_a_lesson_of_an_unpublished_course_is_gone(learner: Client) -> None:
    lesson = film()
    lesson.get_parent().specific.unpublish()
    assert learner.get(lesson.url).status_code == 404


def test_an_unpublished_lesson_is_gone(learner: Client) -> None:
    lesson = film()
    lesson.unpublish()
    assert learner.get(lesson.url).status_code == 404


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"kind": LessonKind.FILM}, "film"),
        ({"kind": LessonKind.AUDIO}, "film"),
        ({"kind": LessonKind.ARTICLE}, "body"),
        ({"kind": LessonKind.ARTICLE, "body": [("paragraph", "<p> <br/></p>")]}, "body"),
    ],
)
def test_a_lesson_with_nothing_in_it_cannot_go_live(fields: dict[str, object], where: str) -> None:
    course = CourseFactory()
    with pytest.raises(ValidationError) as refused:
        course.add_child(instance=LessonPage(title="空", slug="empty", **fields))
    assert list(refused.value.message_dict) == [where]
    course.refresh_from_db()
    course.add_child(instance=LessonPage(title="草稿", slug="draft", live=False, **fields))


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (LessonKind.FILM, {"type": "audio"}),
        (LessonKind.AUDIO, {"type": "video"}),
        (LessonKind.FILM, {"length_ms": 0}),
        (LessonKind.FILM, {"digest": ""}),
    ],
)
def test_a_lesson_needs_a_file_of_its_kind_with_a_known_length(kind: str, wrong: dict[str, object]) -> None:
    lesson = LessonPage(title="甲", kind=kind, film=FilmFactory(**wrong))
    with pytest.raises(ValidationError) as refused:
        lesson.check_whole()
    assert list(refused.value.message_dict) == ["film"]


def test_kind_length_and_content_make_the_fingerprint() -> None:
    lessons = [film(seconds=20), audio(seconds=20), article(characters=100), article(characters=101)]
    assert len({lesson.fingerprint for lesson in lessons}) == 4
