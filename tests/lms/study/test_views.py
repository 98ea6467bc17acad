"""The two addresses of the lesson page: its state, and its reports."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours.models import HoursEntry
from lms.study.actions import milliseconds
from lms.study.launch import Launch, write_token
from lms.study.models import Progress, StudyClock
from tests.factories import CadreFactory
from tests.lms.study.conftest import NINE, after, film

pytestmark = pytest.mark.django_db
REPORT = "/study/report/"


@pytest.fixture
def lesson(person: Cadre) -> LessonPage:
    return film(seconds=100)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


def state_of(lesson: LessonPage) -> str:
    return reverse("study:state", args=[lesson.pk])


def opened(client: Client, person: Cadre, lesson: LessonPage) -> dict:
    client.force_login(person)
    return client.get(state_of(lesson)).json()


def body_of(signed: str, moment: datetime, **fields: object) -> dict:
    return {
        "token": signed,
        "id": "a1",
        "segments": [[0, 30]],
        "position": 30,
        "at": milliseconds(moment),
        **fields,
    }


def send(client: Client, body: object, content_type: str = "application/json"):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(REPORT, text, content_type=content_type)


def nothing_written() -> bool:
    return not (Progress.objects.exists() or StudyClock.objects.exists() or HoursEntry.objects.exists())


def test_state_asks_a_stranger_to_sign_in(client: Client, lesson: LessonPage) -> None:
    answer = client.get(state_of(lesson))
    assert (answer.status_code, answer.json()) == (401, {"error": "login"})


def test_state_of_a_wrong_lesson_is_404(client: Client, person: Cadre, lesson: LessonPage) -> None:
    client.force_login(person)
    for number in (999_999, 2**63, 10**400):
        assert client.get(f"/study/lessons/{number}/").status_code == 404
    assert client.get(f"/study/lessons/{lesson.get_parent().pk}/").status_code == 404
    other = film(seconds=100)
    other.get_parent().specific.unpublish()
    lesson.unpublish()
    assert client.get(state_of(lesson)).status_code == 404
    assert client.get(state_of(other)).status_code == 404


def test_state_tells_a_new_learner_where_to_begin(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    state = opened(client, person, lesson)
    assert state["now"] == milliseconds(NINE)
    assert (state["ranges"], state["position"], state["need"], state["finished"]) == ([], 0, 95, False)
    assert nothing_written()


def test_state_is_at_most_twelve_queries(
    client: Client, person: Cadre, lesson: LessonPage, django_assert_max_num_queries
) -> None:
    client.force_login(person)
    with django_assert_max_num_queries(12):
        client.get(state_of(lesson))


def test_a_report_is_kept_without_a_session_and_named_in_the_answer(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(30))
    answer = send(Client(enforce_csrf_checks=True), body_of(token, after(30)))
    assert answer.status_code == 200
    assert answer.json()["id"] == "a1"
    assert answer.json()["ranges"] == [[0, 30]]
    assert "sessionid" not in answer.cookies
    assert opened(client, person, lesson)["position"] == 30


def test_a_beacon_of_plain_text_is_a_report_too(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(30))
    assert send(client, body_of(token, after(30)), "text/plain;charset=UTF-8").status_code == 200
    assert Progress.objects.get().covered == 30


def test_the_lesson_ends_with_words_about_its_hours(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(100))
    body = body_of(token, after(100), segments=[[0, 100]], position=100)
    answer = client.post(REPORT, body, content_type="application/json", headers={"Accept-Language": "en"})
    told = answer.json()
    assert (told["finished"], told["outcome"], told["hours"]) == (True, "granted", "0.25")
    assert told["words"].startswith("You have finished this lesson. 0.25 hours")
    assert opened(client, person, lesson)["outcome"] == "granted"


def test_the_language_of_a_report_does_not_leak_into_the_next(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    from django.utils import translation

    token = opened(client, person, lesson)["token"]
    clock.move_to(after(100))
    with translation.override("zh-hans"):
        body = body_of(token, after(100), segments=[[0, 100]], position=100)
        client.post(REPORT, body, content_type="application/json", headers={"Accept-Language": "en"})
        assert translation.get_language() == "zh-hans"


def test_an_earlier_version_finished_before_counts_and_is_named(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(100))
    send(client, body_of(token, after(100), segments=[[0, 100]], position=100))
    first = lesson.current_version()
    first.pk, first.number, first.digest = None, first.number + 1, "new"
    first.save()
    state = opened(client, person, lesson)
    assert (state["finished"], state["outcome"], state["ranges"]) == (False, "already", [])
    clock.move_to(after(300))
    again = send(client, body_of(state["token"], after(300), segments=[[0, 100]], position=100)).json()
    assert (again["finished"], again["outcome"]) == (True, "already")
    assert HoursEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"segments": [[0, 101]]}, 422),
        ({"segments": [[-1, 10]]}, 422),
        ({"segments": [[10, 5]]}, 422),
        ({"segments": [[5, 5]]}, 422),
        ({"segments": [[0, 10**30]]}, 422),
        ({"segments": [[0, 1]] * 2001}, 422),
        ({"segments": [[0, 1.5]]}, 400),
        ({"segments": [[False, True]]}, 400),
        ({"segments": [["0", "9"]]}, 400),
        ({"segments": [[0]]}, 400),
        ({"segments": [[0, 1, 2]]}, 400),
        ({"segments": [{"from": 0}]}, 400),
        ({"segments": "0-9"}, 400),
        ({"segments": None}, 400),
        ({"position": -1}, 422),
        ({"position": 101}, 422),
        ({"position": 3.0}, 400),
        ({"position": True}, 400),
        ({"position": None}, 400),
        ({"at": milliseconds(after(60)) + 60_001}, 422),
        ({"at": -1}, 422),
        ({"at": "now"}, 400),
        ({"at": 1.5}, 400),
        ({"id": ""}, 400),
        ({"id": "x" * 65}, 400),
        ({"id": 7}, 400),
        ({"token": None}, 400),
        ({"token": ["a"]}, 400),
        ({"token": ""}, 403),
        ({"token": "é" * 80}, 403),
        ({"token": "A" * 80}, 403),
    ],
)
def test_what_cannot_be_true_is_refused_and_nothing_is_written(
    client: Client,
    person: Cadre,
    lesson: LessonPage,
    clock: time_machine.Traveller,
    fields: dict,
    status: int,
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(60))
    answer = send(client, body_of(token, after(60), **fields))
    assert answer.status_code == status
    assert answer.json()["error"]
    assert nothing_written()


@pytest.mark.parametrize(
    ("text", "content_type", "status"),
    [
        (" ", "application/json", 400),
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ("null", "application/json", 400),
        ("[" * 60_000, "application/json", 400),
        ('{"at": NaN}', "application/json", 400),
        ('{"at": Infinity}', "application/json", 400),
        ('{"at": ' + "9" * 10_000 + "}", "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        ("{}", "application/json", 400),
        ("{" + " " * 65_536 + "}", "application/json", 413),
        ("token=a", "application/x-www-form-urlencoded", 415),
        ("{}", "multipart/form-data; boundary=x", 415),
    ],
)
def test_what_is_not_a_report_is_refused(
    client: Client, db: None, text: str | bytes, content_type: str, status: int
) -> None:
    assert send(client, text, content_type).status_code == status
    assert nothing_written()


def test_a_report_is_posted(client: Client, db: None) -> None:
    assert client.get(REPORT).status_code == 405


def test_a_token_is_good_for_its_own_person_and_lesson_only(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    """Every character changed in turn: no other person, lesson, length or moment can be read into a token."""
    token = opened(client, person, lesson)["token"]
    for place, letter in enumerate(token):
        forged = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert send(client, body_of(forged, NINE)).status_code == 403
    assert nothing_written()


def test_a_token_signed_with_another_key_is_refused(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller, settings
) -> None:
    version = lesson.current_version()
    launch = Launch(person.pk, lesson.pk, version.pk, 100, milliseconds(NINE), 100, 0)
    key = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    token = write_token(launch)
    settings.SECRET_KEY = key
    assert send(client, body_of(token, NINE)).status_code == 403
    settings.SECRET_KEY_FALLBACKS = ["another"]
    assert send(client, body_of(token, NINE)).status_code == 200


def test_an_expired_token_is_refused_by_its_own_name(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller, settings
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.shift(settings.STUDY_TOKEN_SECONDS + 1)
    answer = send(client, body_of(token, after(30)))
    assert (answer.status_code, answer.json()) == (403, {"error": "expired"})
    assert nothing_written()


def test_another_learner_sees_nothing_of_it(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(30))
    send(client, body_of(token, after(30)))
    assert opened(client, CadreFactory(unit=person.unit), lesson)["ranges"] == []
