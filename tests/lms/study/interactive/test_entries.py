"""What a page brings of a content: through the one address of phones, whatever it is."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as patience
from hypothesis import strategies as st

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours.models import HoursEntry
from lms.study import launch as study_launch
from lms.study.actions import milliseconds
from lms.study.attempts import entries as quizzes
from lms.study.interactive.launch import PackageLaunch, write_token
from lms.study.interactive.models import InteractiveAttempt, StateDocument, Statement
from tests.factories import CadreFactory, scorm
from tests.lms.study.conftest import after
from tests.lms.study.interactive.conftest import opened, statement, stay
from tests.rules import examples

pytestmark = pytest.mark.django_db
NOW = 60


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(after(NOW), tick=False) as traveller:
        yield traveller


@pytest.fixture
def launch(person: Cadre, lesson: LessonPage) -> PackageLaunch:
    return opened(person, lesson)


def bring(client: Client, kind: str, token: object, body: object, seconds: float = 40, n: int = 1) -> dict:
    """What the one entry is answered; never an error of the server."""
    upload = {
        "device": "p1",
        "after": n - 1,
        "sent": milliseconds(after(NOW)),
        "entries": [{"n": n, "kind": kind, "token": token, "at": milliseconds(after(seconds)), "body": body}],
    }
    answer = client.post("/uploads/", json.dumps(upload), content_type="application/json")
    assert answer.status_code < 500
    told = answer.json()
    return told["answers"][0] if "answers" in told else told


def test_a_result_is_answered_with_what_it_led_to(client: Client, launch: PackageLaunch) -> None:
    stay(launch)
    told = bring(client, "statement", write_token(launch), {"statement": statement(launch, score=(8, 10))})
    assert (told["n"], told["kept"], told["registration"]) == (1, "kept", str(launch.registration))
    assert told["may_again"]
    assert (told["result"]["score"], told["result"]["percent"]) == ("8/10", 80)
    assert (told["lesson"]["finished"], told["lesson"]["outcome"]) == (True, "granted")
    assert HoursEntry.objects.get().earned_at == after(40)


def test_a_set_of_questions_is_kept_with_its_answers_its_result_and_its_time(
    client: Client, launch: PackageLaunch, person: Cadre, lesson: LessonPage
) -> None:
    """As H5P's question set tells it: each question as it is checked, and the whole at its end."""
    token = write_token(launch)
    parts = [f"8f0f6f1c-0000-4000-8000-{number:012}" for number in range(3)]
    points = ((1, 1), (0, 1), (3, 5))
    told = [statement(launch, "attempted")]
    for part, score in zip(parts, points, strict=True):
        told.append(
            statement(launch, "answered", sub=part, score=score, result={"response": f"答{part[-1]}"})
        )
    told.append(statement(launch, score=(4, 7), result={"success": True, "duration": "PT34.2S"}))
    for number, each in enumerate(told):
        answer = bring(client, "statement", token, {"statement": each}, seconds=5 + 10 * number, n=number + 1)
    assert answer["result"] | {"words": ""} == {
        "score": "4/7",
        "percent": 57,
        "success": True,
        "complete": True,
        "words": "",
    }
    attempt = InteractiveAttempt.objects.get()
    assert (attempt.duration_seconds, attempt.begun_at, attempt.ended_at) == (
        Decimal("34.2"),
        after(5),
        after(45),
    )
    children = Statement.objects.filter(is_child=True)
    assert [each.scaled for each in children] == [Decimal(1), Decimal(0), Decimal("0.6")]
    assert [each.statement["result"]["duration"] for each in children] == ["PT12.5S"] * 3
    client.force_login(person)
    [row] = client.get(reverse("study:package_attempts", args=[lesson.pk])).context["rows"]
    assert [(each.answer, each.is_right, each.points) for each in row["answers"]] == [
        ("答0", True, ""),
        ("答1", False, ""),
        ("答2", False, "3/5"),
    ]
    # Longer than it told: it counts from when it was opened, which was told too.
    assert row["spent"].seconds == 40


def test_a_part_is_answered_shortly(client: Client, launch: PackageLaunch) -> None:
    told = bring(client, "statement", write_token(launch), {"statement": statement(launch, sub=str(uuid4()))})
    assert (told["kept"], told["result"], told["lesson"]) == ("kept", None, None)


def test_a_state_is_kept_and_taken_away(client: Client, launch: PackageLaunch) -> None:
    token = write_token(launch)
    assert bring(client, "state", token, {"key": "0/state", "data": "{}"})["kept"] == "kept"
    assert bring(client, "state", token, {"key": "0/state", "data": None}, 41, 2)["kept"] == "kept"
    assert StateDocument.objects.get().data == ""


WRONG_STATES = [
    ("key", {"data": "x"}),
    ("key", {"key": 1, "data": "x"}),
    ("key", {"key": "state", "data": "x"}),
    ("key", {"key": "0/" + "s" * 51, "data": "x"}),
    ("key", {"key": "../state", "data": "x"}),
    ("data", {"key": "0/state", "data": {}}),
    ("data", {"key": "0/state", "data": "a\0"}),
    ("data", {"key": "0/state", "data": "\ud800"}),
    ("too_large", {"key": "0/state", "data": "x" * (128 * 1024 + 1)}),
    ("registration", {"key": "0/state", "data": "x", "registration": "7"}),
]


@pytest.mark.parametrize(("code", "body"), WRONG_STATES)
def test_what_is_no_state_is_refused(client: Client, launch: PackageLaunch, code: str, body: dict) -> None:
    assert bring(client, "state", write_token(launch), body)["error"] == code
    assert not StateDocument.objects.exists()
    assert not InteractiveAttempt.objects.exists()


def test_a_megabyte_of_state_is_refused(client: Client, launch: PackageLaunch) -> None:
    told = bring(client, "state", write_token(launch), {"key": "0/state", "data": "x" * 1024 * 1024})
    assert told == {"error": "too_large"}


@pytest.mark.parametrize("kind", ["statement", "state"])
def test_a_forged_token_is_refused(client: Client, launch: PackageLaunch, kind: str) -> None:
    token = write_token(launch)
    body = {"statement": statement(launch), "key": "0/state", "data": "x"}
    other_person = launch._replace(study=launch.study._replace(person_id=launch.study.person_id + 1))
    payload = write_token(other_person).partition(":")[0]
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), "", "x", f"{payload}:{token.split(':', 1)[1]}"]
    forged += [study_launch.write_token(launch.study), "a:b:c", "é", "\ud800"]
    for each in forged:
        assert bring(client, kind, each, body)["error"] == "token", each
    assert not InteractiveAttempt.objects.exists()


def test_a_token_of_a_quiz_or_of_a_courseware_is_none(
    client: Client, person: Cadre, launch: PackageLaunch
) -> None:
    of_quiz = signing.dumps(1, salt=quizzes.SALT)
    of_courseware = write_token(opened(person, scorm()))
    for token in (of_quiz, of_courseware):
        assert bring(client, "statement", token, {"statement": statement(launch)})["error"] == "token"


def test_an_expired_token_is_told_apart(
    client: Client, launch: PackageLaunch, clock: time_machine.Traveller
) -> None:
    clock.move_to(after(NOW) + timedelta(seconds=settings.STUDY_TOKEN_SECONDS))
    for kind, body in (
        ("statement", {"statement": statement(launch)}),
        ("state", {"key": "0/s", "data": "x"}),
    ):
        assert bring(client, kind, write_token(launch), body)["error"] == "expired"


def test_a_key_that_was_replaced_still_opens(
    client: Client, launch: PackageLaunch, settings: pytest.FixtureRequest
) -> None:
    token = write_token(launch)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert bring(client, "statement", token, {"statement": statement(launch)})["kept"] == "kept"


def test_an_identifier_of_somebody_else_is_refused(
    client: Client, launch: PackageLaunch, person: Cadre, lesson: LessonPage
) -> None:
    told = {"statement": statement(launch)}
    bring(client, "statement", write_token(launch), told)
    study = launch.study._replace(person_id=CadreFactory(unit=person.unit).pk)
    assert bring(client, "statement", write_token(launch._replace(study=study)), told)["error"] == "id"


def test_too_many_are_told_so(client: Client, launch: PackageLaunch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.study.interactive.actions.statements.MOST_AN_HOUR", 0)
    told = bring(client, "statement", write_token(launch), {"statement": statement(launch)})
    assert told["error"] == "rate"


def test_a_name_of_a_phone_that_cannot_be_kept_is_refused(client: Client, launch: PackageLaunch) -> None:
    for device in ("p\0", "\ud800"):
        entry = {"n": 1, "kind": "state", "token": write_token(launch), "at": 0, "body": {}}
        upload = {"device": device, "after": 0, "sent": 0, "entries": [entry]}
        answer = client.post("/uploads/", json.dumps(upload), content_type="application/json")
        assert (answer.status_code, answer.json()) == (400, {"error": "device"})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)


@patience(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_brought_the_server_answers(
    client: Client, launch: PackageLaunch, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(["statement", "state"]))
    told = statement(launch, score=(8, 10), sub=data.draw(st.sampled_from([None, "a"])))
    body = {"statement": told, "key": "0/state", "data": "x", "registration": None}
    inside = data.draw(st.sampled_from([body, told, told["object"], told["context"], told["result"]]))
    inside[data.draw(st.sampled_from(sorted(inside)))] = data.draw(anything)
    if data.draw(st.booleans()):
        inside[data.draw(st.text(max_size=4))] = data.draw(anything)
    with transaction.atomic():
        answer = bring(client, kind, write_token(launch), body)
        assert {"kept", "error"} & answer.keys()
        transaction.set_rollback(True)
    assert not Statement.objects.exists()
