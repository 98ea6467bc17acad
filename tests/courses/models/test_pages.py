"""The front door and the catalogue as learners and strangers get them."""

import re

import pytest
from django.test import Client

from courses.models import LessonKind
from tests.factories import CadreFactory, CourseFactory, TopicFactory, article, audio, film, site

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MOST_BYTES = 30_000


def titles(html: str) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*">([^<]*)</a></h3>', html)


def catalogue(client: Client, query: str = "") -> str:
    answer = client.get(f"/courses/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_front_door_is_open_to_strangers_and_shows_a_few_courses(client: Client) -> None:
    for number in range(8):
        film(course=CourseFactory(title=f"第{number}门"))
    answer = client.get("/")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert len(titles(html)) == 6
    assert 'href="/account/login/"' in html
    assert 'href="/courses/"' in html


def test_the_front_door_works_before_the_first_course(client: Client) -> None:
    site()
    assert client.get("/").status_code == 200


def test_the_catalogue_is_open_to_strangers_and_lists_published_courses(client: Client) -> None:
    film(course=CourseFactory(title="宅基地审批"))
    hidden = CourseFactory(title="没写完")
    hidden.unpublish()
    html = catalogue(client)
    assert titles(html) == ["宅基地审批"]


def test_a_card_shows_need_lessons_length_hours_and_size(client: Client) -> None:
    course = CourseFactory(title="村级财务公开", is_required=True)
    film(course=course, seconds=1800)
    article(course=course, characters=800)
    text = re.sub(r"<[^>]+>|\s+", " ", catalogue(client))
    assert "2 课" in text or "2 lessons" in text
    assert "32" in text
    assert "1.25" in text
    assert "0.1 MB" in text


def test_required_courses_come_first(client: Client) -> None:
    film(course=CourseFactory(title="选修课"))
    film(course=CourseFactory(title="必修课", is_required=True))
    assert titles(catalogue(client)) == ["必修课", "选修课"]


def test_filters_stay_in_the_address_and_combine(client: Client) -> None:
    party, farming = TopicFactory(name="党建"), TopicFactory(name="农技")
    film(course=CourseFactory(title="甲", topic=party, is_required=True, roles=["SECRETARY"]))
    audio(course=CourseFactory(title="乙", topic=farming, roles=["GRID_WORKER", "DIRECTOR"]))
    article(course=CourseFactory(title="丙", topic=farming, roles=[]))
    expected = {
        f"?topic={farming.pk}": ["乙", "丙"],
        "?role=SECRETARY": ["甲", "丙"],
        "?role=GRID_WORKER": ["乙", "丙"],
        "?need=required": ["甲"],
        "?need=elective": ["乙", "丙"],
        f"?kind={LessonKind.AUDIO}": ["乙"],
        f"?kind={LessonKind.ARTICLE}&role=DIRECTOR": ["丙"],
        f"?topic={party.pk}&need=elective": [],
    }
    assert {query: titles(catalogue(client, query)) for query in expected} == expected


def test_a_role_is_not_found_inside_another_roles_name(client: Client) -> None:
    film(course=CourseFactory(title="副书记", roles=["DEPUTY_SECRETARY"]))
    assert titles(catalogue(client, "?role=SECRETARY")) == []


def test_an_unpublished_lesson_does_not_make_a_course_one_of_its_kind(client: Client) -> None:
    course = CourseFactory(title="甲")
    film(course=course)
    audio(course=course).unpublish()
    assert titles(catalogue(client, "?kind=AUDIO")) == []


@pytest.mark.parametrize(
    "query",
    [
        "?topic=999999",
        "?topic=99999999999999999999999",
        "?topic=x",
        "?topic=-1",
        "?role=KING",
        "?role='%20OR%201=1",
        "?need=maybe",
        "?kind=OPERA",
        "?page=0",
        "?page=-3",
        "?page=x",
        "?page=999999",
        "?q=" + "长" * 2000,
    ],
)
def test_what_the_catalogue_does_not_know_it_ignores(client: Client, query: str) -> None:
    film(course=CourseFactory(title="甲"))
    html = catalogue(client, query)
    if not query.startswith("?q=长"):
        assert titles(html) == ["甲"]


@pytest.mark.parametrize(
    "query", ['"', "'", "* OR", "-", "，。", "a b c", "AND", "NEAR(", "%", "\\", ":", "村*"]
)
def test_a_search_for_signs_answers(client: Client, query: str) -> None:
    film(course=CourseFactory(title="甲"))
    assert client.get("/courses/", {"q": query}).status_code == 200


def test_a_search_finds_title_summary_topic_and_lesson(client: Client) -> None:
    course = CourseFactory(title="防汛与应急", summary="汛前查什么", topic=TopicFactory(name="平安乡村"))
    lesson = film(course=course, title="二十秒记住转移避险")
    film(course=CourseFactory(title="小麦"))
    lesson.save_revision().publish()
    for words in ("防汛", "汛前", "平安", "避险", "险"):
        assert titles(catalogue(client, f"?q={words}")) == ["防汛与应急"], words
    lesson.unpublish()
    assert titles(catalogue(client, "?q=避险")) == []


def test_a_search_with_nothing_found_offers_all_courses(client: Client) -> None:
    film(course=CourseFactory(title="小麦"))
    html = catalogue(client, "?q=航天")
    assert titles(html) == []
    assert html.count('href="/courses/"') >= 2  # the menu, and the way out


def test_a_question_in_a_whole_sentence_finds_what_comes_near(client: Client) -> None:
    for title in ("山药种植", "小麦"):
        film(course=CourseFactory(title=title)).save_revision().publish()
    assert titles(catalogue(client, "?q=我家的山药怎么种")) == ["山药种植"]


def test_a_search_keeps_its_words_in_the_field_and_escapes_them(client: Client) -> None:
    site()
    html = catalogue(client, "?q=<script>x")
    assert "<script>x" not in html
    assert 'value="&lt;script&gt;x"' in html


def test_everybody_gets_the_same_catalogue(client: Client) -> None:
    film(course=CourseFactory(title="甲"))
    stranger = catalogue(client)
    client.force_login(CadreFactory(name="王秀英"))

    def main_of(html: str) -> str:
        return html[html.index("<main") : html.index("</main>")]

    signed = catalogue(client)
    assert main_of(signed) == main_of(stranger)
    assert "王秀英" not in signed


def test_topics_are_links_and_the_chosen_one_is_marked(client: Client) -> None:
    site()
    topic = TopicFactory(name="农技")
    html = catalogue(client, f"?topic={topic.pk}")
    assert re.search(rf'href="\?topic={topic.pk}" aria-current="page">农技', html)
