"""What the lesson's page is told of its package, and the page of one's own attempts."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Cadre
from courses.h5p.models import Content
from courses.models import LessonPage
from lms.phones.uploads import Entry
from lms.study.actions import milliseconds
from lms.study.interactive import models
from lms.study.interactive.actions import keep_state
from lms.study.interactive.entries import take_commit
from lms.study.interactive.launch import read_token, write_token
from lms.study.interactive.models import InteractiveAttempt, ScoSession, Statement
from tests.factories import CadreFactory, article, content, interactive, quiz, scorm
from tests.lms.study.conftest import NINE, after, film
from tests.lms.study.interactive.conftest import GO, opened, statement, tell

pytestmark = pytest.mark.django_db
SUB = "8f0f6f1c-0000-4000-8000-00000000000a"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(after(60), tick=False) as traveller:
        yield traveller


def address_of(lesson: LessonPage, query: str = "") -> str:
    return reverse("study:interactive", args=[lesson.pk]) + query


def attempts_of(lesson: LessonPage) -> str:
    return reverse("study:package_attempts", args=[lesson.pk])


@pytest.fixture
def signed_in(client: Client, person: Cadre) -> Client:
    client.force_login(person)
    return client


def test_a_stranger_is_told_to_sign_in(client: Client, lesson: LessonPage) -> None:
    answer = client.get(address_of(lesson))
    assert (answer.status_code, answer.json()) == (401, {"error": "login"})


def test_the_first_opening_is_a_fresh_go(signed_in: Client, person: Cadre, lesson: LessonPage) -> None:
    answer = signed_in.get(address_of(lesson))
    told = answer.json()
    token, registration, frame = (told.pop(name) for name in ("token", "registration", "frame"))
    assert told == {
        "person": person.pk,
        "version": lesson.current_version().pk,
        "kind": "H5P",
        "origin": frame[: frame.index("/h5p/")],
        "states": {},
        "scos": {},
        "open": None,
        "film_seconds": 0,
        "result": None,
        "attempts": 0,
        "may_again": False,
    }
    launch = read_token(token, now=milliseconds(after(60)))
    assert (launch.study.person_id, launch.study.lesson_id, launch.content_id) == (
        person.pk,
        lesson.pk,
        lesson.h5p_id,
    )
    assert (launch.registration, launch.is_main) == (UUID(registration), True)
    assert f"/{lesson.h5p_id}/" in frame
    assert "no-store" in answer["Cache-Control"]
    assert not InteractiveAttempt.objects.exists()


def test_an_open_attempt_goes_on_with_its_states(
    signed_in: Client, person: Cadre, lesson: LessonPage
) -> None:
    launch = opened(person, lesson)
    for key, data in (("0/state", "{}"), (f"{SUB}/state", None)):
        keep_state(
            launch=launch,
            key=key,
            data=data,
            written_at=after(1),
            at=after(2),
            device="p1",
            number=1,
        )
    told = signed_in.get(address_of(lesson)).json()
    assert (told["registration"], told["states"], told["attempts"]) == (str(GO), {"0/state": "{}"}, 1)
    again = signed_in.get(address_of(lesson, "?again=1")).json()
    assert again["registration"] != str(GO)
    assert (again["states"], again["may_again"]) == ({}, True)


def test_a_completed_attempt_is_told_and_the_next_one_is_fresh(
    signed_in: Client, person: Cadre, lesson: LessonPage
) -> None:
    launch = opened(person, lesson)
    tell(launch, statement(launch, score=(8, 10)))
    tell(launch, statement(launch, score=(3, 10), registration=uuid4()), seconds=20)
    told = signed_in.get(address_of(lesson)).json()
    assert told["registration"] != str(GO)
    assert told["attempts"] == 2
    words = told["result"].pop("words")
    assert "80" in words
    assert told["result"] == {"score": "8/10", "percent": 80, "success": False, "complete": True}


def test_a_result_below_what_is_asked_for_says_so(signed_in: Client, person: Cadre) -> None:
    lesson = interactive(percent=90)
    launch = opened(person, lesson)
    tell(launch, statement(launch, score=(8, 10)))
    assert "90" in signed_in.get(address_of(lesson)).json()["result"]["words"]


def test_a_courseware_is_played_at_its_host(signed_in: Client) -> None:
    lesson = scorm()
    told = signed_in.get(address_of(lesson)).json()
    assert (told["kind"], told["scos"], told["open"]) == ("SCORM", {}, None)
    launch = read_token(told["token"], now=milliseconds(after(60)))
    assert (launch.content_id, launch.courseware_id) == (0, lesson.scorm_id)


def test_only_a_coursewares_page_knows_the_windows_that_it_opens(
    signed_in: Client, lesson: LessonPage
) -> None:
    policies = [signed_in.get(page.url)["Cross-Origin-Opener-Policy"] for page in (scorm(), lesson)]
    assert policies == ["same-origin-allow-popups", "same-origin"]


def test_a_block_must_stand_in_the_lessons_text(signed_in: Client, person: Cadre) -> None:
    block, other = content(), content()
    lesson = interactive(body=[("paragraph", "<p>读一读</p>")])
    assert signed_in.get(address_of(lesson, f"?block={block.pk}")).status_code == 404
    raw = [*lesson.body.raw_data, {"type": "h5p", "value": block.pk, "id": str(uuid4())}]
    LessonPage.objects.filter(pk=lesson.pk).update(body=raw)
    found = signed_in.get(address_of(lesson, f"?block={block.pk}"))
    launch = read_token(found.json()["token"], now=milliseconds(after(60)))
    assert (launch.content_id, launch.is_main) == (block.pk, False)
    assert signed_in.get(address_of(lesson, f"?block={other.pk}")).status_code == 404


@pytest.mark.parametrize("query", ["?block=", "?block=x", "?block=-1", f"?block={'9' * 30}", "?block=999999"])
def test_a_block_that_is_none_is_missing(signed_in: Client, lesson: LessonPage, query: str) -> None:
    assert signed_in.get(address_of(lesson, query)).status_code == 404


def test_what_is_not_open_or_no_package_is_missing(signed_in: Client, lesson: LessonPage) -> None:
    for other in (film(20), article(), quiz()):
        assert signed_in.get(address_of(other)).status_code == 404
    assert signed_in.get("/study/interactive/999999/").status_code == 404
    assert signed_in.get(f"/study/interactive/{'9' * 30}/").status_code == 404
    lesson.unpublish()
    assert signed_in.get(address_of(lesson)).status_code == 404
    assert signed_in.get(attempts_of(lesson)).status_code == 404


def test_a_package_that_is_not_unpacked_is_missing(signed_in: Client, lesson: LessonPage) -> None:
    Content.objects.update(folder="")
    assert signed_in.get(address_of(lesson)).status_code == 404


def test_it_is_at_most_twelve_queries(
    signed_in: Client, person: Cadre, lesson: LessonPage, django_assert_max_num_queries
) -> None:
    launch = opened(person, lesson)
    tell(launch, statement(launch, "attempted"))
    for _ in range(3):
        tell(launch, statement(launch, score=(1, 2), registration=uuid4()))
    with django_assert_max_num_queries(12):
        signed_in.get(address_of(lesson))


def test_my_attempts_show_their_answers(signed_in: Client, person: Cadre, lesson: LessonPage) -> None:
    launch = opened(person, lesson)
    right = statement(launch, "answered", sub=SUB, score=(1, 1), result={"response": "0[,]1"})
    right["object"]["definition"] = {
        "name": {"en-US": "<p>第一题&nbsp;选择</p>"},
        "interactionType": "choice",
        "choices": [
            {"id": "0", "description": {"en-US": "甲方"}},
            {"id": "1", "description": {"en-US": "乙方"}},
        ],
    }
    wrong = statement(launch, "answered", sub=SUB[:-1] + "b", score=(0, 1), result={"response": "<b>丙</b>"})
    for told in (wrong, right):
        tell(launch, told)
    tell(launch, statement(launch, score=(1, 2)), seconds=30)
    page = signed_in.get(attempts_of(lesson)).content.decode()
    assert "第一题 选择" in page
    assert "甲方, 乙方" in page
    assert "&lt;b&gt;丙&lt;/b&gt;" in page
    assert "1/2" in page
    assert "50%" in page


def test_what_tells_only_points_is_right_wrong_or_partly_so(
    signed_in: Client, person: Cadre, lesson: LessonPage
) -> None:
    launch = opened(person, lesson)
    for place, points in enumerate(((5, 5), (2, 5), (0, 5), (1, 1))):
        told = statement(launch, "answered", sub=f"{SUB[:-1]}{place}", score=points)
        told["result"] = {**told["result"], "success": None, "response": "甲[,][,]" if place == 1 else ""}
        told["object"]["definition"]["description"] = {"en-US": "<p>把词拖进去</p><p>1 加 1</p>"}
        tell(launch, told)
    tell(launch, statement(launch, score=(8, 16)), seconds=30)
    answers = signed_in.get(attempts_of(lesson)).context["rows"][0]["answers"]
    assert [(each.is_right, each.points) for each in answers] == [
        (True, "5/5"),
        (None, "2/5"),
        (False, "0/5"),
        (True, ""),
    ]
    assert answers[1].answer == "甲, —, —"
    assert {each.question for each in answers} == {"把词拖进去 1 加 1"}


def test_the_time_spent_is_what_the_content_told(
    signed_in: Client, person: Cadre, lesson: LessonPage
) -> None:
    launch = opened(person, lesson)
    tell(launch, statement(launch, "attempted"), seconds=5)
    tell(launch, statement(launch, score=(1, 2)), seconds=17)
    page = signed_in.get(attempts_of(lesson)).content.decode()
    assert 'data-seconds="12"' in page
    assert "data-reckoned" not in page


def test_the_time_of_two_openings_is_added_up(signed_in: Client, person: Cadre, lesson: LessonPage) -> None:
    launch = opened(person, lesson)
    tell(launch, statement(launch, "attempted"), seconds=0)
    tell(launch, statement(launch, "answered", sub=SUB, score=(1, 1)), seconds=20)
    tell(launch, statement(launch, "attempted"), seconds=40)
    tell(launch, statement(launch, score=(1, 2)), seconds=52.5)
    page = signed_in.get(attempts_of(lesson)).content.decode()
    assert 'data-seconds="32"' in page
    assert "data-reckoned" in page


def test_where_no_time_is_told_it_follows_from_the_answers(
    signed_in: Client, person: Cadre, lesson: LessonPage
) -> None:
    launch = opened(person, lesson)
    tell(launch, statement(launch, "attempted"), seconds=5)
    told = statement(launch, "answered", result={"score": {"raw": 1, "max": 1}, "duration": None})
    tell(launch, told, seconds=25)
    page = signed_in.get(attempts_of(lesson)).content.decode()
    assert 'data-seconds="20"' in page
    assert "data-reckoned" in page


def test_an_attempt_stands_by_what_the_lesson_asks_for(signed_in: Client, person: Cadre) -> None:
    """Contents call it no success where a point is missing, and one where the lesson asks for more.

    What was opened, and nothing answered in it, is no attempt yet.
    """
    lesson = interactive(percent=80)
    launch = opened(person, lesson)
    for seconds, (verb, score, success) in enumerate(
        [
            ("completed", (8, 10), False),
            ("completed", (10, 10), True),
            ("completed", (7, 10), True),
            ("failed", (1, 10), False),
            ("attempted", None, None),
        ]
    ):
        result = {} if score is None else {"success": success}
        told = statement(launch, verb, score=score, result=result, registration=uuid4())
        tell(launch, told, seconds=seconds)
    rows = signed_in.get(attempts_of(lesson)).context["rows"]
    assert [row["standing"] for row in reversed(rows)] == ["done", "passed", "failed", "failed"]


def test_only_my_attempts_are_mine(signed_in: Client, person: Cadre, lesson: LessonPage) -> None:
    other = opened(CadreFactory(unit=person.unit), lesson)
    tell(other, statement(other, score=(7, 9)))
    page = signed_in.get(attempts_of(lesson))
    assert page.status_code == 200
    assert "7/9" not in page.content.decode()


def test_a_stranger_is_led_to_the_door_of_the_attempts(client: Client, lesson: LessonPage) -> None:
    assert client.get(attempts_of(lesson)).status_code == 302


def test_a_lesson_without_a_package_has_no_attempts(signed_in: Client, person: Cadre) -> None:
    assert signed_in.get(attempts_of(film(20))).status_code == 404


def test_the_attempts_are_at_most_twelve_queries_whatever_their_number(
    signed_in: Client, person: Cadre, lesson: LessonPage, django_assert_max_num_queries
) -> None:
    launch = opened(person, lesson)
    for number in range(12):
        registration = uuid4()
        tell(launch, statement(launch, sub=SUB, score=(1, 2), registration=registration), seconds=number)
        tell(launch, statement(launch, score=(1, 2), registration=registration), seconds=number)
    with django_assert_max_num_queries(12):
        page = signed_in.get(attempts_of(lesson))
    assert len(page.content) < 30_000
    assert Statement.objects.count() == 24
    second = signed_in.get(attempts_of(lesson) + "?page=3").content.decode()
    assert second.count('class="sect"') == 2


def test_of_an_attempt_only_the_newest_answers_are_read(
    signed_in: Client, person: Cadre, lesson: LessonPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "MOST_ANSWERS_READ", 3)
    launch = opened(person, lesson)
    for number in range(5):
        told = statement(launch, "answered", sub=f"{SUB[:-1]}{number}", result={"response": f"回答{number}"})
        tell(launch, told, seconds=number)
        tell(launch, statement(launch, "interacted"), seconds=number)
    with CaptureQueriesContext(connection) as asked:
        page = signed_in.get(attempts_of(lesson)).content.decode()
    assert [number for number in range(5) if f"回答{number}" in page] == [2, 3, 4]
    assert page.index("回答2") < page.index("回答4")
    assert not any('"params"' in query["sql"] or '"scos"' in query["sql"] for query in asked)


def test_of_a_courseware_only_the_newest_sessions_are_read(
    signed_in: Client, person: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "MOST_SESSIONS_READ", 2)
    lesson = scorm()
    launch = opened(person, lesson)
    for number in range(4):
        cmi = {
            "cmi.interactions.0.id": f"Q{number}",
            "cmi.interactions.0.student_response": f"回答{number}",
        }
        body = {"sco": "one", "session": str(uuid4()), "sequence": 1, "cmi": cmi}
        take_commit(Entry(1, "commit", write_token(launch), 0, body), "p1", after(number + 1))
    page = signed_in.get(attempts_of(lesson)).content.decode()
    assert [number for number in range(4) if f"回答{number}" in page] == [2, 3]


def test_opening_a_courseware_reads_the_notes_of_its_newest_sessions_alone(
    signed_in: Client, person: Cadre, django_assert_max_num_queries
) -> None:
    lesson = scorm()
    launch = opened(person, lesson)
    for number in range(4):
        body = {"sco": "one", "session": str(uuid4()), "sequence": 1, "cmi": {"cmi.location": str(number)}}
        take_commit(Entry(1, "commit", write_token(launch), 0, body), "p1", after(number + 1))
    with CaptureQueriesContext(connection) as asked, django_assert_max_num_queries(12):
        told = signed_in.get(address_of(lesson)).json()
    assert told["scos"]["one"]["cmi"]["cmi.location"] == "3"
    (read,) = [query["sql"] for query in asked if '"cmi"' in query["sql"]]
    newest = ScoSession.objects.order_by("-written_at")[0].pk
    assert f"IN ({newest})" in read
    assert not any('"params"' in query["sql"] or '"files"' in query["sql"] for query in asked)


def test_the_time_is_that_of_the_opening(signed_in: Client, lesson: LessonPage) -> None:
    token = signed_in.get(address_of(lesson)).json()["token"]
    assert read_token(token, now=milliseconds(NINE)).study.opened == milliseconds(after(60))
