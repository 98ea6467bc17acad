"""Two phones at the same moment: one attempt, one grant."""

from random import Random

import pytest

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours.models import HoursEntry
from lms.study.attempts.actions import begin_attempt, hand_in, save_answer
from lms.study.models import Attempt
from tests.factories import QuestionFactory, quiz
from tests.lms.study.attempts.conftest import answer, begin
from tests.lms.study.conftest import NINE, after
from tests.parallel import at_once


@pytest.fixture
def paper(learner: Cadre) -> LessonPage:
    return quiz(questions=[QuestionFactory() for _ in range(8)], draws=4)


def test_beginning_at_once_is_one_attempt(learner: Cadre, paper: LessonPage) -> None:
    begun = at_once(
        lambda seed=seed: begin_attempt(person=learner, lesson=paper, at=NINE, random=Random(seed))
        for seed in range(5)
    )
    assert {attempt.pk for attempt in begun} == {Attempt.objects.get().pk}


def test_handing_in_at_once_grants_once(learner: Cadre, paper: LessonPage) -> None:
    attempt = begin(learner, paper)
    answer(attempt, 4, after(60))
    results = at_once([lambda: hand_in(attempt_id=attempt.pk, handed_in_at=after(90), at=after(90))] * 5)
    assert {result.entry for result in results} == {HoursEntry.objects.get()}


def test_answers_at_once_are_all_kept(learner: Cadre, paper: LessonPage) -> None:
    attempt = begin(learner, paper)
    at_once(
        lambda place=place: save_answer(
            attempt_id=attempt.pk, place=place, value=0, answered_at=after(9), at=after(9)
        )
        for place in range(4)
    )
    attempt.refresh_from_db()
    assert attempt.answered == 4
