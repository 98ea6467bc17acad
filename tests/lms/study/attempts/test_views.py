"""The pages of a quiz: for their person alone, without scripts, and nothing of the key before handing in."""

import json

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours.models import HoursEntry
from lms.study.actions import milliseconds
from lms.study.attempts.entries import write_token
from lms.study.models import Attempt
from tests.factories import CadreFactory, QuestionFactory, film, quiz
from tests.lms.study.attempts.conftest import answer, begin, sit
from tests.lms.study.conftest import NINE, after

pytestmark = pytest.mark.django_db
SECRET = "只有交了卷才看得到的说明"

KINDS = {
    "SINGLE": {"options": ["单甲", "单乙"], "right": [1]},
    "MULTIPLE": {"options": ["多甲", "多乙", "多丙"], "right": [0, 2]},
    "TRUE_FALSE": {"right": True},
    "FILL_IN": {"blanks": [["机密答案"]]},
    "ORDERING": {"items": ["第一步做", "第二步做", "第三步做"]},
    "MATCHING": {"pairs": [["左一", "右一"], ["左二", "右二"]]},
}


@pytest.fixture
def every_kind(person: Cadre) -> LessonPage:
    """A quiz with a question of each kind."""
    questions = [
        QuestionFactory(kind=kind, parts=parts, stem=f"{kind} ____", explanation=SECRET)
        for kind, parts in KINDS.items()
    ]
    return quiz(questions=questions, draws=len(questions))


def sheet(attempt: Attempt) -> str:
    return reverse("study:attempt", args=[attempt.pk])


def filled(attempt: Attempt, *, right: bool = True) -> dict[str, object]:
    """What a browser without scripts sends for right (or, of one option, wrong) answers."""
    data: dict[str, object] = {}
    for place, drawn in enumerate(attempt.drawn):
        name, key = f"q{place}", drawn["key"]
        match drawn["kind"]:
            case "SINGLE":
                data[name] = key[0] if right else 1 - key[0]
            case "MULTIPLE":
                data[name] = key
            case "TRUE_FALSE":
                data[name] = "true" if key else "false"
            case "FILL_IN":
                data |= {f"{name}.{blank}": accepted[0] for blank, accepted in enumerate(key)}
            case "ORDERING":
                data |= {f"{name}.{item}": place for place, item in enumerate(key)}
            case "MATCHING":
                data |= {f"{name}.{left}": chosen for left, chosen in enumerate(key)}
    return data


def upload(kind: str, token: object, n: int, at: object, **body: object) -> str:
    entry = {"n": n, "kind": kind, "token": token, "at": milliseconds(at), "body": body}
    return json.dumps({"device": "p", "after": n - 1, "sent": milliseconds(at), "entries": [entry]})


def send(text: str) -> dict:
    answered = Client().post("/uploads/", text, content_type="application/json")
    assert answered.status_code == 200
    return answered.json()["answers"][0]


def test_a_quiz_is_begun_answered_and_handed_in_without_scripts(
    client: Client, person: Cadre, every_kind: LessonPage
) -> None:
    client.force_login(person)
    page = client.get(reverse("study:quiz", args=[every_kind.pk]))
    assert page.status_code == 200
    begun = client.post(reverse("study:quiz_begin", args=[every_kind.pk]))
    attempt = Attempt.objects.get()
    assert begun.url == sheet(attempt)
    kept = client.post(sheet(attempt), filled(attempt))
    assert kept.url == sheet(attempt)
    again = client.get(sheet(attempt)).content.decode()
    assert again.count(" checked") == 4
    assert again.count(" selected") == 5
    assert 'value="机密答案"' in again
    client.post(sheet(attempt), {**filled(attempt), "hand_in": "1"})
    review = client.get(sheet(attempt)).content.decode()
    assert SECRET in review
    assert HoursEntry.objects.get().source == f"quiz:{every_kind.pk}"


def test_nothing_of_the_key_is_sent_before_handing_in(
    client: Client, person: Cadre, every_kind: LessonPage
) -> None:
    client.force_login(person)
    attempt = begin(person, every_kind)
    sent = [
        client.get(every_kind.url).content,
        client.get(reverse("study:quiz", args=[every_kind.pk])).content,
        client.get(sheet(attempt)).content,
        client.post(sheet(attempt), {"hand_in": "1"}).content,
        json.dumps(send(upload("answer", write_token(attempt), 1, after(1), place=0, value=None))).encode(),
    ]
    for content in sent:
        text = content.decode()
        assert SECRET not in text
        assert "机密答案" not in text
        assert '"key"' not in text
    # What is to be put in order never stands in order.
    shown = next(drawn for drawn in attempt.drawn if drawn["kind"] == "ORDERING")["shown"]["items"]
    assert shown != KINDS["ORDERING"]["items"]


def test_forgotten_questions_are_named_once(client: Client, person: Cadre, every_kind: LessonPage) -> None:
    client.force_login(person)
    attempt = begin(person, every_kind)
    asked = client.post(sheet(attempt), {"hand_in": "1"})
    assert asked.status_code == 422
    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    client.post(sheet(attempt), {"hand_in": "1", "sure": "1"})
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.is_passed) == (0, False)


@pytest.mark.parametrize(
    "data",
    [
        {"q0": "99"},
        {"q0": "-1"},
        {"q0": "²"},
        {"q0": "x" * 10_000},
        {"q1": ["0", "0"]},
        {"q2": "perhaps"},
        {"q3.0": "y" * 100_000},
        {"q4.0": "1", "q4.1": "1", "q4.2": "1"},
        {"q5.0": "7"},
        {"q999": "1"},
    ],
)
def test_a_form_made_by_hand_harms_nothing(
    client: Client, person: Cadre, every_kind: LessonPage, data: dict
) -> None:
    client.force_login(person)
    attempt = begin(person, every_kind)
    assert client.post(sheet(attempt), data).status_code == 302
    assert client.get(sheet(attempt)).status_code == 200


def test_strangers_and_other_people_find_no_attempt(
    client: Client, person: Cadre, lesson: LessonPage
) -> None:
    attempt = begin(person, lesson)
    assert client.get(sheet(attempt)).status_code == 302
    client.force_login(CadreFactory(unit=person.unit))
    assert client.get(sheet(attempt)).status_code == 404
    assert client.post(sheet(attempt), {"hand_in": "1", "sure": "1"}).status_code == 404
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_a_lesson_that_is_no_quiz_has_no_quiz_page(client: Client, person: Cadre, lesson: LessonPage) -> None:
    client.force_login(person)
    lesson.unpublish()
    for page in (film(), lesson):
        for name in ("study:quiz", "study:quiz_begin"):
            address = reverse(name, args=[page.pk])
            answered = client.get(address) if name == "study:quiz" else client.post(address)
            assert answered.status_code == 404


def test_a_quiz_is_never_finished_by_seconds(client: Client, person: Cadre, lesson: LessonPage) -> None:
    client.force_login(person)
    assert client.get(reverse("study:state", args=[lesson.pk])).status_code == 404


def test_answers_of_a_phone_are_kept_and_handed_in_once(person: Cadre, lesson: LessonPage) -> None:
    with time_machine.travel(NINE, tick=False) as clock:
        attempt = begin(person, lesson)
        token = write_token(attempt)
        clock.move_to(after(100))
        for place, drawn in enumerate(attempt.drawn):
            told = send(upload("answer", token, place + 1, after(100), place=place, value=drawn["key"][0]))
            assert told == {"n": place + 1, "place": place, "kept": "kept"}
        for _ in range(2):
            ended = send(upload("hand_in", token, 9, after(100)))
            assert (ended["passed"], ended["of"], ended["points"]) == (True, 4, "4.00")
        assert send(upload("answer", token, 10, after(100), place=0, value=1))["kept"] == "closed"
    assert HoursEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"place": 4, "value": 0}, "place"),
        ({"place": -1, "value": 0}, "place"),
        ({"place": "0", "value": 0}, "place"),
        ({"place": 10**20, "value": 0}, "place"),
        ({"value": 0}, "place"),
        ({"place": 0, "value": 7}, "value"),
        ({"place": 0, "value": "0"}, "value"),
        ({"place": 0, "value": {"right": True}}, "value"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    person: Cadre, lesson: LessonPage, body: dict, error: str
) -> None:
    attempt = begin(person, lesson)
    assert send(upload("answer", write_token(attempt), 1, after(1), **body)) == {"n": 1, "error": error}
    attempt.refresh_from_db()
    assert attempt.answers == {}


@pytest.mark.parametrize("kind", ["answer", "hand_in"])
@pytest.mark.parametrize("token", ["", "abc", "1:abc:def"])
def test_a_forged_attempt_token_is_refused(person: Cadre, lesson: LessonPage, kind: str, token: str) -> None:
    attempt = begin(person, lesson)
    assert send(upload(kind, token, 1, after(1), place=0, value=0))["error"] == "token"
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.submitted_at) == ({}, None)


def test_an_old_attempt_token_is_refused_by_its_own_name(person: Cadre, lesson: LessonPage, settings) -> None:
    attempt = begin(person, lesson)
    token = write_token(attempt)
    with time_machine.travel(after(0), tick=False):
        token = write_token(attempt)
    with time_machine.travel(after(settings.STUDY_TOKEN_SECONDS + 5), tick=False):
        assert send(upload("answer", token, 1, after(1), place=0, value=0))["error"] == "expired"


def test_the_course_marks_a_passed_quiz_as_done(client: Client, person: Cadre, lesson: LessonPage) -> None:
    client.force_login(person)
    address = reverse("study:course", args=[lesson.get_parent().pk])
    assert client.get(address).json()["done"] is False
    sit(person, lesson, right=4)
    assert client.get(address).json()["done"] is True


def test_pages_of_a_quiz_cost_few_queries_however_many_questions_and_attempts(
    client: Client, person: Cadre, django_assert_max_num_queries
) -> None:
    lesson = quiz(questions=[QuestionFactory() for _ in range(40)], draws=30)
    for number in range(5):
        attempt = sit(person, lesson, right=number, at=after(60 * number)).attempt
    opened = begin(person, lesson, after(900))
    answer(opened, 30, after(950))
    client.force_login(person)
    for address in (reverse("study:quiz", args=[lesson.pk]), sheet(opened), sheet(attempt), lesson.url):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
