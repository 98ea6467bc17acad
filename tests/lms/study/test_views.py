"""The two addresses of the lesson page: its state, and what phones bring."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

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
UPLOADS = "/uploads/"


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


def entry_of(signed: object, moment: datetime, n: object = 1, **fields: object) -> dict:
    body = {"segments": [[0, 30]], "position": 30}
    outer = {name: fields.pop(name) for name in ("kind", "at", "body") if name in fields}
    return {
        "n": n,
        "kind": "segments",
        "token": signed,
        "at": milliseconds(moment),
        "body": {**body, **fields},
        **outer,
    }


def body_of(signed: object, moment: datetime, **fields: object) -> dict:
    """An upload of one entry, studied and sent at a moment."""
    outer = {name: fields.pop(name) for name in ("device", "after", "sent", "entries") if name in fields}
    return {
        "device": "p1",
        "after": 0,
        "sent": milliseconds(moment),
        "entries": [entry_of(signed, moment, **fields)],
        **outer,
    }


def send(client: Client, body: object, content_type: str = "application/json"):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(UPLOADS, text, content_type=content_type)


def told(answer) -> dict:
    """What the first entry was answered."""
    return answer.json()["answers"][0]


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
    assert answer.json()["ack"] == 1
    assert (told(answer)["n"], told(answer)["ranges"]) == (1, [[0, 30]])
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
    answer = client.post(UPLOADS, body, content_type="application/json", headers={"Accept-Language": "en"})
    ended = told(answer)
    assert (ended["finished"], ended["outcome"], ended["hours"]) == (True, "granted", "0.25")
    assert ended["words"].startswith("You have finished this lesson. 0.25 hours")
    assert opened(client, person, lesson)["outcome"] == "granted"


def test_the_language_of_a_report_does_not_leak_into_the_next(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    from django.utils import translation

    token = opened(client, person, lesson)["token"]
    clock.move_to(after(100))
    with translation.override("zh-hans"):
        body = body_of(token, after(100), segments=[[0, 100]], position=100)
        client.post(UPLOADS, body, content_type="application/json", headers={"Accept-Language": "en"})
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
    again = told(send(client, body_of(state["token"], after(300), segments=[[0, 100]], position=100)))
    assert (again["finished"], again["outcome"]) == (True, "already")
    assert HoursEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"segments": [[0, 101]]}, "segments"),
        ({"segments": [[-1, 10]]}, "segments"),
        ({"segments": [[10, 5]]}, "segments"),
        ({"segments": [[5, 5]]}, "segments"),
        ({"segments": [[0, 10**30]]}, "segments"),
        ({"segments": [[0, 1]] * 2001}, "too_many"),
        ({"segments": [[0, 1.5]]}, "segments"),
        ({"segments": [[False, True]]}, "segments"),
        ({"segments": [["0", "9"]]}, "segments"),
        ({"segments": [[0]]}, "segments"),
        ({"segments": [[0, 1, 2]]}, "segments"),
        ({"segments": [{"from": 0}]}, "segments"),
        ({"segments": "0-9"}, "segments"),
        ({"segments": None}, "segments"),
        ({"position": -1}, "position"),
        ({"position": 101}, "position"),
        ({"position": 3.0}, "position"),
        ({"position": True}, "position"),
        ({"position": None}, "position"),
        ({"kind": "hours"}, "kind"),
        ({"body": {}}, "segments"),
    ],
)
def test_an_entry_that_cannot_be_true_is_taken_refused_and_leaves_no_trace(
    client: Client,
    person: Cadre,
    lesson: LessonPage,
    clock: time_machine.Traveller,
    fields: dict,
    error: str,
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(60))
    answer = send(client, body_of(token, after(60), **fields))
    assert answer.status_code == 200
    assert answer.json() == {"ack": 1, "answers": [{"n": 1, "error": error}]}
    assert nothing_written()


@pytest.mark.parametrize("token", ["", "é" * 80, "A" * 80])
def test_a_token_that_is_not_ours_is_refused(
    client: Client, person: Cadre, lesson: LessonPage, token: str
) -> None:
    assert told(send(client, body_of(token, NINE))) == {"n": 1, "error": "token"}
    assert nothing_written()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"n": -1}, 422),
        ({"n": 2**53}, 422),
        ({"n": "1"}, 400),
        ({"n": True}, 400),
        ({"n": None}, 400),
        ({"at": -1}, 422),
        ({"at": "now"}, 400),
        ({"at": 1.5}, 400),
        ({"sent": None}, 400),
        ({"sent": -1}, 422),
        ({"after": -1}, 422),
        ({"after": "0"}, 400),
        ({"device": ""}, 400),
        ({"device": "x" * 65}, 400),
        ({"device": 7}, 400),
        ({"kind": ""}, 400),
        ({"kind": 7}, 400),
        ({"body": []}, 400),
        ({"entries": []}, 400),
        ({"entries": {}}, 400),
        ({"entries": [1]}, 400),
        ({"entries": None}, 400),
        ({"entries": [{}] * 101}, 422),
    ],
)
def test_an_upload_of_the_wrong_shape_is_refused_whole(
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


@pytest.mark.parametrize("token", [None, ["a"], 7])
def test_a_token_that_is_no_text_is_refused_whole(client: Client, db: None, token: object) -> None:
    assert send(client, body_of(token, NINE)).status_code == 400


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
        ("{" + " " * 262_144 + "}", "application/json", 413),
        ("token=a", "application/x-www-form-urlencoded", 415),
        ("{}", "multipart/form-data; boundary=x", 415),
    ],
)
def test_what_is_not_an_upload_is_refused(
    client: Client, db: None, text: str | bytes, content_type: str, status: int
) -> None:
    assert send(client, text, content_type).status_code == status
    assert nothing_written()


def test_an_upload_is_posted(client: Client, db: None) -> None:
    assert client.get(UPLOADS).status_code == 405


def test_a_token_is_good_for_its_own_person_and_lesson_only(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    """Every character changed in turn: no other person, lesson, length or moment can be read into a token."""
    token = opened(client, person, lesson)["token"]
    for place, letter in enumerate(token):
        forged = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert told(send(client, body_of(forged, NINE)))["error"] == "token"
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
    assert told(send(client, body_of(token, NINE)))["error"] == "token"
    settings.SECRET_KEY_FALLBACKS = ["another"]
    assert "error" not in told(send(client, body_of(token, NINE)))


def test_an_expired_token_is_refused_by_its_own_name(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller, settings
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.shift(settings.STUDY_TOKEN_SECONDS + 1)
    answer = send(client, body_of(token, after(30)))
    assert answer.json() == {"ack": 1, "answers": [{"n": 1, "error": "expired"}]}
    assert nothing_written()


def test_another_learner_sees_nothing_of_it(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(30))
    send(client, body_of(token, after(30)))
    assert opened(client, CadreFactory(unit=person.unit), lesson)["ranges"] == []


def test_all_is_acknowledged_up_to_the_first_missing_number(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(60))
    entries = [
        entry_of(token, after(60), n, segments=[[n, n + 1]]) for n in (4, 1, 2)
    ]  # in any order, the third is missing
    answer = send(client, body_of(token, after(60), entries=entries)).json()
    assert (answer["ack"], [each["n"] for each in answer["answers"]]) == (2, [1, 2, 4])
    assert opened(client, person, lesson)["ranges"] == [[1, 3], [4, 5]]
    rest = [entry_of(token, after(60), n, segments=[[n, n + 1]]) for n in (3, 4)]
    answer = send(client, body_of(token, after(60), entries=rest, after=2)).json()
    assert answer["ack"] == 4
    assert opened(client, person, lesson)["ranges"] == [[1, 5]]


def test_what_a_closing_page_sends_is_taken_and_not_acknowledged(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(60))
    assert send(client, body_of(token, after(60), n=0, after=7)).json()["ack"] == 7
    assert opened(client, person, lesson)["ranges"] == [[0, 30]]


def test_one_wrong_entry_does_not_hold_up_the_others(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(60))
    entries = [entry_of("forged", after(60), 1), entry_of(token, after(60), 2)]
    answer = send(client, body_of(token, after(60), entries=entries)).json()
    assert (answer["ack"], answer["answers"][0]["error"]) == (2, "token")
    assert opened(client, person, lesson)["ranges"] == [[0, 30]]


@pytest.mark.parametrize("years_wrong", [-30, 0, 40])
def test_a_phone_whose_clock_is_wrong_by_years_still_says_when_it_studied(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller, years_wrong: int
) -> None:
    token = opened(client, person, lesson)["token"]
    wrong = timedelta(days=365 * years_wrong)
    clock.move_to(after(4 * 86_400))
    entries = [entry_of(token, after(200) + wrong, segments=[[0, 100]], position=100)]
    body = body_of(token, after(4 * 86_400) + wrong, entries=entries)
    assert told(send(client, body))["outcome"] == "granted"
    entry = HoursEntry.objects.get()
    assert (entry.earned_at, entry.recorded_at) == (after(200), after(4 * 86_400))
    assert entry.is_late


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_was_set_in_between_dates_nothing_before_the_opening_or_after_now(
    client: Client, person: Cadre, lesson: LessonPage, clock: time_machine.Traveller, days: int
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(86_400))
    studied = after(500) + timedelta(days=days)
    entries = [entry_of(token, studied, segments=[[0, 100]], position=100)]
    send(client, body_of(token, after(86_400), entries=entries))
    earned_at = HoursEntry.objects.get().earned_at
    assert after(90) <= earned_at <= after(86_400)


def test_an_upload_asks_two_questions_of_the_database_an_entry(
    client: Client,
    person: Cadre,
    lesson: LessonPage,
    clock: time_machine.Traveller,
    django_assert_max_num_queries,
) -> None:
    token = opened(client, person, lesson)["token"]
    clock.move_to(after(20))
    send(client, body_of(token, after(20), segments=[[0, 1]]))
    entries = [entry_of(token, after(20), n, segments=[[n, n + 1]]) for n in (2, 3)]
    with django_assert_max_num_queries(10):  # two each, and the marks of two transactions on SQLite
        send(client, body_of(token, after(20), entries=entries, after=1))
