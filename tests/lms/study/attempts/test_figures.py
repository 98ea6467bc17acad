"""Figures of questions: each attempt counted once, the same whatever the order; shown to authors alone."""

from statistics import StatisticsError, correlation

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Cadre, StaffRole
from courses.models import LessonPage
from courses.quizzes.models import Question
from lms.study.attempts.actions import hand_in
from lms.study.attempts.desk import Row
from lms.study.attempts.figures import count_attempts, forget_figures
from lms.study.attempts.sums import FEWEST, Sums, sums_of
from lms.study.models import Attempt, QuestionFigure
from lms.study.tasks import count_new_attempts
from tests.courses.conftest import publisher, signed_in
from tests.factories import CadreFactory, QuestionFactory, quiz
from tests.lms.study.attempts.conftest import begin, sit
from tests.lms.study.conftest import NINE, after

MARKS = st.lists(st.integers(0, 100), min_size=2, max_size=6)


def figures() -> dict[int, Sums]:
    return {row.pk: row.sums for row in QuestionFigure.objects.all()}


@given(st.lists(MARKS, max_size=30))
def test_figures_are_the_mean_and_the_correlation_with_the_rest(attempts: list[list[int]]) -> None:
    total = sum((sums_of(marks, set())[0] for marks in attempts), Sums())
    first = [marks[0] for marks in attempts]
    rest = [round(sum(marks[1:]) / (len(marks) - 1)) for marks in attempts]
    if not attempts:
        assert total.facility is None
        return
    assert total.facility == pytest.approx(sum(first) / len(first) / 100)
    try:
        expected = correlation(first, rest)
    except StatisticsError:
        assert total.discrimination is None
    else:
        assert total.discrimination == pytest.approx(expected, abs=1e-9)
        assert -1 <= total.discrimination <= 1


@given(st.permutations([[0, 50, 100], [100, 100, 0], [33, 0, 66], [100, 100, 100]]))
def test_the_order_of_attempts_does_not_matter(attempts: list[list[int]]) -> None:
    sums = [sum((sums_of(marks, set())[place] for marks in attempts), Sums()) for place in range(3)]
    same = [sum((sums_of(marks, set())[place] for marks in sorted(attempts)), Sums()) for place in range(3)]
    assert sums == same


def test_an_attempt_of_one_question_says_nothing_of_how_telling_it_is() -> None:
    total = sums_of([100], set())[0] + sums_of([0], {0})[0]
    assert (total.answers, total.facility, total.blank, total.discrimination) == (2, 0.5, 1, None)


def test_every_attempt_is_counted_once(person: Cadre, lesson: LessonPage) -> None:
    attempt = sit(person, lesson, right=2).attempt
    begin(person, lesson, after(60))
    assert count_attempts() == 1
    assert count_attempts() == 0
    assert {pk: (sums.answers, sums.points) for pk, sums in figures().items()} == {
        drawn["question"]: (1, mark) for drawn, mark in zip(attempt.drawn, attempt.marks, strict=True)
    }


def test_an_open_attempt_counts_when_it_is_handed_in_and_blanks_are_told(
    person: Cadre, lesson: LessonPage
) -> None:
    attempt = begin(person, lesson)
    count_new_attempts(NINE)
    assert figures() == {}
    hand_in(attempt_id=attempt.pk, handed_in_at=after(9), at=after(9))
    count_new_attempts(after(300))
    assert {(sums.answers, sums.blank) for sums in figures().values()} == {(1, 1)}


def test_figures_made_anew_are_the_same(person: Cadre, lesson: LessonPage, monkeypatch) -> None:
    for right in (0, 1, 2, 3, 4, 2):
        sit(person, lesson, right=right)
        count_attempts()
    before = figures()
    forget_figures()
    assert figures() == {}
    monkeypatch.setattr("lms.study.attempts.figures.AT_ONCE", 4)
    assert count_attempts() == 6
    assert figures() == before


def test_a_question_that_was_answered_cannot_be_deleted(person: Cadre, lesson: LessonPage) -> None:
    attempt = sit(person, lesson, right=1).attempt
    count_attempts()
    with pytest.raises(ProtectedError):
        Question.objects.get(pk=attempt.drawn[0]["question"]).delete()


def test_a_question_deleted_before_it_was_counted_is_passed_by(person: Cadre, lesson: LessonPage) -> None:
    attempt = sit(person, lesson, right=1).attempt
    Question.objects.filter(pk=attempt.drawn[0]["question"]).delete()
    assert count_attempts() == 1
    assert len(figures()) == 3


@pytest.mark.parametrize(
    ("sums", "is_remarked"),
    [
        (Sums(answers=FEWEST - 1, points=0), True),
        (Sums(answers=100, points=2000), True),
        (Sums(answers=100, points=9900), True),
        (Sums(answers=100, points=7000), False),
    ],
)
def test_remarks_name_what_deserves_a_look(sums: Sums, is_remarked: bool) -> None:
    figure = QuestionFigure(question_id=1, answers=sums.answers, points=sums.points)
    assert bool(Row(figure).remark) == is_remarked


def trainer() -> Client:
    person = publisher(StaffRole.TRAINER)
    return signed_in(Cadre.objects.get(pk=person.pk))


def test_authors_see_which_questions_fail_of_all_or_of_one_paper(
    person: Cadre, lesson: LessonPage, django_assert_max_num_queries
) -> None:
    other = quiz(questions=[QuestionFactory(stem="另一份试卷的题")], draws=1)
    sit(person, lesson, right=0)
    sit(person, other, right=1)
    count_attempts()
    client = trainer()
    address = reverse("question_figures")
    page = client.get(address).content.decode()
    assert "另一份试卷的题" in page
    assert person.name not in page
    for order in ("facility", "discrimination", "answers", "nonsense"):
        with django_assert_max_num_queries(30):
            one = client.get(address, {"paper": lesson.paper.pk, "order": order, "page": "x"})
        assert "另一份试卷的题</" not in one.content.decode()
    assert client.get(address, {"paper": 10**12}).status_code == 404
    assert client.get(address, {"paper": "abc"}).status_code == 200


def test_the_bank_and_each_paper_lead_to_them(lesson: LessonPage) -> None:
    client, address = trainer(), reverse("question_figures")
    assert address in client.get(reverse("questions:index")).content.decode()
    assert f"{address}?paper={lesson.paper.pk}" in client.get(reverse("papers:index")).content.decode()


def test_learners_and_strangers_do_not_see_them(client: Client, person: Cadre) -> None:
    address = reverse("question_figures")
    assert client.get(address).status_code == 302
    assert signed_in(CadreFactory(unit=person.unit)).get(address).status_code in (302, 403)
    assert Attempt.objects.count() == 0
