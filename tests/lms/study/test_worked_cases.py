"""The first four worked cases of the domain, through the addresses that phones use."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours.models import HoursEntry, HoursRule, Ledger
from lms.study.actions import milliseconds
from lms.study.models import Attempt, Progress
from tests.factories import QuestionFactory, quiz
from tests.lms.study.conftest import NINE, film

pytestmark = pytest.mark.django_db

Study = Callable[..., dict]


@pytest.fixture
def clock() -> time_machine.Traveller:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone(client: Client, person: Cadre, clock: time_machine.Traveller) -> "Phone":
    client.force_login(person)
    return Phone(client, clock)


class Phone:
    """A phone on which lessons are opened, played for a while, and reported."""

    def __init__(self, client: Client, clock: time_machine.Traveller) -> None:
        self.client, self.clock, self.now = client, clock, NINE

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)
        self.clock.move_to(self.now)

    def sign_in(self, person: Cadre) -> None:
        """Again, after a year in which the session ran out."""
        self.client.force_login(person)

    def open(self, lesson: LessonPage) -> str:
        return self.client.get(reverse("study:state", args=[lesson.pk])).json()["token"]

    def report(self, token: str, *segments: tuple[int, int]) -> dict:
        body = {"segments": segments, "position": segments[-1][1]}
        return self.send("segments", token, body)

    def send(self, kind: str, token: str, body: dict) -> dict:
        entry = {"n": 1, "kind": kind, "token": token, "at": milliseconds(self.now), "body": body}
        upload = {"device": "p", "after": 0, "sent": milliseconds(self.now), "entries": [entry]}
        answer = self.client.post("/uploads/", json.dumps(upload), content_type="application/json")
        assert answer.json()["ack"] == 1
        return answer.json()["answers"][0]

    def finish(self, lesson: LessonPage, seconds: int) -> dict:
        """Play a lesson from its beginning to its end."""
        token = self.open(lesson)
        self.wait(seconds=seconds)
        return self.report(token, (0, seconds))

    def pass_quiz(self, lesson: LessonPage) -> None:
        """Sit a quiz without scripts, all right."""
        self.client.post(reverse("study:quiz_begin", args=[lesson.pk]))
        attempt = Attempt.objects.latest("pk")
        data = {f"q{place}": drawn["key"][0] for place, drawn in enumerate(attempt.drawn)}
        self.client.post(reverse("study:attempt", args=[attempt.pk]), {**data, "hand_in": "1"})


def online(on: datetime | None = None) -> Decimal:
    lines = HoursEntry.objects.filter(ledger=Ledger.ONLINE)
    return (lines.filter(earned_on=on.date()) if on else lines).total().hours


def test_case_1_five_lessons_and_a_quiz_are_three_hours(phone: Phone) -> None:
    for seconds in (30 * 60, 29 * 60 + 59, 15 * 60 + 1, 15 * 60, 4 * 60 + 10):
        assert phone.finish(film(seconds), seconds)["outcome"] == "granted"
    phone.pass_quiz(quiz(questions=[QuestionFactory() for _ in range(3)], draws=3))
    assert sorted(HoursEntry.objects.values_list("hours", flat=True)) == [
        Decimal(hours) for hours in ("0.25", "0.25", "0.5", "0.5", "0.5", "1")
    ]
    assert online() == Decimal("3.0")


def test_case_2_the_same_lesson_counts_once_also_next_year(phone: Phone, person: Cadre) -> None:
    lesson = film(1800)
    phone.finish(lesson, 1800)
    phone.finish(lesson, 1800)
    assert online() == 1
    phone.wait(days=365)
    phone.sign_in(person)
    phone.finish(lesson, 1800)
    assert online() == 1


def test_case_2_the_rule_may_let_a_repeat_count_in_a_new_year(phone: Phone, person: Cadre) -> None:
    HoursRule.objects.update(grants_again_each_year=True)
    lesson = film(1800)
    phone.finish(lesson, 1800)
    phone.wait(days=365)
    phone.sign_in(person)
    assert phone.finish(lesson, 1800)["outcome"] == "granted"
    assert list(HoursEntry.objects.order_by("year").values_list("year", flat=True)) == [2026, 2027]


def test_case_3_a_lesson_is_not_finished_faster_than_the_clock(phone: Phone) -> None:
    token = phone.open(film(1800))
    phone.wait(minutes=12)
    told = phone.report(token, (0, 1800))
    assert (told["finished"], told["outcome"]) == (False, "unpaid")
    assert told["covered"] <= 12 * 60 + 2
    assert online() == 0


def test_case_3_a_second_of_the_clock_pays_for_one_lesson_only(phone: Phone) -> None:
    tokens = [phone.open(film(1800)), phone.open(film(1800))]
    phone.wait(minutes=30)
    told = [phone.report(token, (0, 1800)) for token in tokens]
    assert [each["finished"] for each in told] == [True, False]
    assert sum(Progress.objects.values_list("covered", flat=True)) <= 1800 + 2
    assert online() == 1


def test_case_4_over_the_days_limit_the_lesson_is_finished_and_the_day_stays(phone: Phone) -> None:
    lessons = [film(1800) for _ in range(11)]
    told = [phone.finish(lesson, 1800) for lesson in lessons]
    assert [each["outcome"] for each in told] == ["granted"] * 10 + ["capped"]
    assert (told[-1]["finished"], told[-1]["hours"], told[-1]["withheld"]) == (True, "0.00", "1.00")
    assert "10" in told[-1]["words"]
    assert online(NINE) == 10
