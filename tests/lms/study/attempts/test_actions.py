"""Attempts: one open at a time, answers in any order, handed in once, passed once."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Cadre
from courses.models import LessonPage
from courses.quizzes.models import Question
from lms.hours.models import EntryKind, HoursEntry, HoursRule, Ledger
from lms.study.actions import LessonNotOpen, Outcome
from lms.study.attempts.actions import (
    Kept,
    NotAnAnswer,
    NotDrawn,
    NothingToAsk,
    begin_attempt,
    close_overdue,
    hand_in,
    save_answer,
)
from lms.study.models import Attempt
from tests.factories import QuestionFactory, film, quiz
from tests.lms.study.attempts.conftest import answer, begin, sit
from tests.lms.study.conftest import NINE, after

pytestmark = pytest.mark.django_db


def save(attempt: Attempt, place: int, value: object, at: float, came: float | None = None) -> Kept:
    arrived = after(at if came is None else came)
    return save_answer(attempt_id=attempt.pk, place=place, value=value, answered_at=after(at), at=arrived)


def limited(minutes: int = 10) -> LessonPage:
    return quiz(questions=[QuestionFactory() for _ in range(4)], draws=4, minutes=minutes)


def test_beginning_draws_what_the_paper_says(person: Cadre, lesson: LessonPage) -> None:
    attempt = begin(person, lesson)
    assert (attempt.number, attempt.of, attempt.pass_percent, attempt.deadline) == (1, 4, 60, None)
    assert len({drawn["question"] for drawn in attempt.drawn}) == 4
    assert attempt.unanswered == [0, 1, 2, 3]


def test_beginning_again_goes_on_with_the_same_questions(person: Cadre, lesson: LessonPage) -> None:
    first = begin(person, lesson, seed=1)
    second = begin(person, lesson, after(3600), seed=2)
    assert (second.pk, second.drawn) == (first.pk, first.drawn)


def test_another_attempt_asks_other_questions(person: Cadre, lesson: LessonPage) -> None:
    first = sit(person, lesson, right=0).attempt
    second = begin(person, lesson, after(60))
    asked = [{drawn["question"] for drawn in attempt.drawn} for attempt in (first, second)]
    assert second.number == 2
    assert not asked[0] & asked[1]


def test_a_lesson_that_is_no_quiz_or_not_open_has_no_attempt(person: Cadre, lesson: LessonPage) -> None:
    lesson.unpublish()
    for closed in (lesson, film()):
        with pytest.raises(LessonNotOpen):
            begin_attempt(person=person, lesson=closed, at=NINE, random=Random(1))
    assert not Attempt.objects.exists()


def test_a_quiz_whose_questions_are_all_retired_begins_nothing(
    client: Client, person: Cadre, lesson: LessonPage
) -> None:
    Question.objects.update(is_retired=True)
    with pytest.raises(NothingToAsk):
        begin(person, lesson)
    client.force_login(person)
    answered = client.post(reverse("study:quiz_begin", args=[lesson.pk]), follow=True)
    assert answered.redirect_chain == [(reverse("study:quiz", args=[lesson.pk]), 302)]
    assert len(answered.context["messages"]) == 1
    assert not Attempt.objects.exists()


def test_an_open_attempt_outlives_an_unpublished_quiz(person: Cadre, lesson: LessonPage) -> None:
    attempt = begin(person, lesson)
    lesson.unpublish()
    answer(attempt, 4, after(60))
    assert hand_in(attempt_id=attempt.pk, handed_in_at=after(61), at=after(61)).attempt.is_passed


def test_questions_edited_meanwhile_stay_as_they_were_drawn(person: Cadre, lesson: LessonPage) -> None:
    attempt = begin(person, lesson)
    Question.objects.update(parts={"options": ["甲", "乙"], "right": [1]}, is_retired=True)
    answer(attempt, 4, after(60))
    assert hand_in(attempt_id=attempt.pk, handed_in_at=after(61), at=after(61)).attempt.percent == 100


@pytest.mark.parametrize("order", list(permutations([(0, 10), (1, 20), (2, 30)])))
def test_the_answer_given_last_stays_whatever_came_last(
    person: Cadre, lesson: LessonPage, order: tuple[tuple[int, int], ...]
) -> None:
    attempt = begin(person, lesson)
    for value, given in order:
        save(attempt, 0, value, at=given, came=100)
        save(attempt, 0, value, at=given, came=101)
    attempt.refresh_from_db()
    assert attempt.value(0) == 2


def test_an_answer_can_be_taken_away(person: Cadre, lesson: LessonPage) -> None:
    attempt = begin(person, lesson)
    save(attempt, 0, 1, at=10)
    assert save(attempt, 0, None, at=20) == Kept.KEPT
    attempt.refresh_from_db()
    assert (attempt.value(0), attempt.answered) == (None, 0)


@pytest.mark.parametrize("place", [-1, 4, 999])
def test_an_answer_to_a_question_that_was_not_drawn_is_refused(
    person: Cadre, lesson: LessonPage, place: int
) -> None:
    attempt = begin(person, lesson)
    with pytest.raises(NotDrawn):
        save(attempt, place, 0, at=10)


@pytest.mark.parametrize("value", [9, -1, "0", True, [0], {}, 1.0])
def test_an_answer_of_another_shape_is_refused(person: Cadre, lesson: LessonPage, value: object) -> None:
    attempt = begin(person, lesson)
    with pytest.raises(NotAnAnswer):
        save(attempt, 0, value, at=10)
    attempt.refresh_from_db()
    assert attempt.answers == {}


def test_passing_grants_the_rules_hours_once(person: Cadre, lesson: LessonPage) -> None:
    result = sit(person, lesson, right=3)
    assert (result.attempt.is_passed, result.attempt.percent, result.outcome) == (True, 75, Outcome.GRANTED)
    entry = HoursEntry.objects.get()
    assert (entry.hours, entry.kind, entry.ledger) == (Decimal("0.5"), EntryKind.QUIZ, Ledger.ONLINE)
    assert entry.earned_at == NINE
    again = sit(person, lesson, right=4, at=after(86_400))
    assert again.outcome == Outcome.ALREADY
    assert HoursEntry.objects.count() == 1


def test_exactly_the_pass_mark_passes_and_less_does_not(person: Cadre) -> None:
    five = [QuestionFactory() for _ in range(5)]
    exact = sit(person, quiz(questions=five, draws=5), right=3)
    below = sit(person, quiz(questions=five, draws=5), right=2)
    assert [exact.attempt.is_passed, below.attempt.is_passed] == [True, False]
    assert [exact.attempt.points, below.attempt.points] == [Decimal(3), Decimal(2)]


def test_handing_in_twice_changes_nothing(person: Cadre, lesson: LessonPage) -> None:
    result = sit(person, lesson, right=4)
    pk = result.attempt.pk
    again = hand_in(attempt_id=pk, handed_in_at=after(500), at=after(500))
    assert (again.attempt.submitted_at, again.attempt.percent) == (NINE, 100)
    assert save(result.attempt, 0, 1, at=600) == Kept.CLOSED
    assert Attempt.objects.get(pk=pk).value(0) == result.attempt.value(0)


def test_what_was_handed_in_without_a_network_keeps_its_moment(person: Cadre, lesson: LessonPage) -> None:
    attempt = begin(person, lesson)
    for place, drawn in enumerate(attempt.drawn):
        save(attempt, place, drawn["key"][0], at=60, came=3 * 86_400)
    result = hand_in(attempt_id=attempt.pk, handed_in_at=after(90), at=after(3 * 86_400))
    assert result.attempt.submitted_at == after(90)
    entry = HoursEntry.objects.get()
    assert (entry.earned_at, entry.is_late) == (after(90), True)


def test_without_a_rule_a_pass_waits_for_one(person: Cadre, lesson: LessonPage) -> None:
    rules = list(HoursRule.objects.all())
    HoursRule.objects.all().delete()
    assert sit(person, lesson, right=4).outcome == Outcome.NO_RULE
    HoursRule.objects.bulk_create(rules)
    assert sit(person, lesson, right=4, at=after(60)).outcome == Outcome.GRANTED


def test_a_pass_over_the_days_limit_says_so(person: Cadre) -> None:
    HoursRule.objects.update(online_daily_cap=Decimal("0.25"))
    lesson = quiz(questions=[QuestionFactory()], draws=1)
    result = sit(person, lesson, right=1)
    assert result.outcome == Outcome.CAPPED
    assert (result.entry.hours, result.entry.withheld) == (Decimal("0.25"), Decimal("0.25"))


def test_with_a_limit_answers_given_in_time_count_through_the_grace(person: Cadre, settings) -> None:
    settings.QUIZ_GRACE_SECONDS = 120
    attempt = begin(person, limited(minutes=10))
    assert save(attempt, 0, 1, at=599, came=715) == Kept.KEPT
    assert save(attempt, 1, 1, at=601, came=602) == Kept.LATE
    assert save(attempt, 2, 1, at=599, came=721) == Kept.LATE
    attempt.refresh_from_db()
    assert list(attempt.answers) == ["0"]


def test_with_a_limit_a_late_hand_in_is_marked_from_what_came_in_time(person: Cadre) -> None:
    attempt = begin(person, limited(minutes=10))
    answer(attempt, 4, after(300))
    result = hand_in(attempt_id=attempt.pk, handed_in_at=after(5000), at=after(5000))
    assert result.attempt.is_passed
    assert result.attempt.submitted_at == after(600)


def test_an_attempt_whose_time_ran_out_is_closed_by_itself(person: Cadre, settings) -> None:
    attempt = begin(person, limited(minutes=10))
    answer(attempt, 4, after(300))
    assert close_overdue(at=after(600 + settings.QUIZ_GRACE_SECONDS)) == 0
    assert close_overdue(at=after(601 + settings.QUIZ_GRACE_SECONDS)) == 1
    assert close_overdue(at=after(700 + settings.QUIZ_GRACE_SECONDS)) == 0
    attempt.refresh_from_db()
    assert attempt.is_passed
    assert HoursEntry.objects.count() == 1


def test_beginning_after_the_time_ran_out_closes_the_old_attempt(person: Cadre) -> None:
    lesson = limited(minutes=10)
    first = begin(person, lesson)
    second = begin(person, lesson, after(5000))
    first.refresh_from_db()
    assert (first.submitted_at, first.is_passed, second.number) == (after(600), False, 2)


def test_a_calm_attempt_is_never_closed_by_itself(person: Cadre, lesson: LessonPage) -> None:
    attempt = begin(person, lesson)
    assert close_overdue(at=NINE + timedelta(days=300)) == 0
    assert begin(person, lesson, NINE + timedelta(days=300)).pk == attempt.pk


def test_a_quiz_counts_again_in_a_new_year_where_the_rule_says_so(person: Cadre, lesson: LessonPage) -> None:
    HoursRule.objects.update(grants_again_each_year=True)
    sit(person, lesson, right=4)
    sit(person, lesson, right=4, at=after(60))
    sit(person, lesson, right=4, at=NINE + timedelta(days=365))
    assert sorted(HoursEntry.objects.values_list("year", flat=True)) == [2026, 2027]
