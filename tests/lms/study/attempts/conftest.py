"""A quiz of two right questions, and the hand that answers it."""

from datetime import datetime
from random import Random

import pytest

from accounts.models import Cadre
from courses.models import LessonPage
from lms.study.attempts.actions import Result, begin_attempt, hand_in, save_answer
from lms.study.models import Attempt
from tests.factories import QuestionFactory, quiz
from tests.lms.study.conftest import NINE


@pytest.fixture
def lesson(person: Cadre) -> LessonPage:
    """A calm quiz: four of eight questions, sixty percent to pass."""
    return quiz(questions=[QuestionFactory() for _ in range(8)], draws=4)


def begin(person: Cadre, lesson: LessonPage, at: datetime = NINE, seed: int = 1) -> Attempt:
    return begin_attempt(person=person, lesson=lesson, at=at, random=Random(seed))


def answer(attempt: Attempt, right: int, at: datetime) -> None:
    """Answer every question, so many of them rightly."""
    for place, drawn in enumerate(attempt.drawn):
        key = drawn["key"][0]
        value = key if place < right else (key + 1) % len(drawn["shown"]["options"])
        save_answer(attempt_id=attempt.pk, place=place, value=value, answered_at=at, at=at)


def sit(person: Cadre, lesson: LessonPage, right: int, at: datetime = NINE) -> Result:
    """Begin, answer so many rightly, hand in."""
    attempt = begin(person, lesson, at)
    answer(attempt, right, at)
    return hand_in(attempt_id=attempt.pk, handed_in_at=at, at=at)
