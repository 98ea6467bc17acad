"""A lesson is finished by its time and its result, whichever comes first."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from accounts.models import Cadre
from courses.actions import publish_version
from courses.models import LessonPage
from courses.packages.completion import Gate
from lms.hours.models import HoursEntry, HoursRule
from lms.study.actions import Outcome, record_segments
from lms.study.interactive.actions import settle_gate
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.models import InteractiveAttempt
from lms.study.models import Progress
from lms.study.words import words_for
from tests.factories import CadreFactory, content, interactive, scorm
from tests.lms.study.conftest import NINE, after
from tests.lms.study.interactive.conftest import ENOUGH, opened, statement, stay, tell

SUB, OTHER = "8f0f6f1c-0000-4000-8000-00000000000a", "8f0f6f1c-0000-4000-8000-00000000000b"
ENDING = "http://id.tincanapi.com/extension/ending-point"


@pytest.fixture
def launch(person: Cadre, lesson: LessonPage) -> PackageLaunch:
    return opened(person, lesson)


def test_time_and_then_a_result_finish_it(launch: PackageLaunch) -> None:
    waiting = stay(launch)
    assert (waiting.outcome, waiting.finished_at) == (Outcome.NO_RESULT, None)
    with translation.override("en"):
        assert "completed" in words_for(waiting.outcome, None)
    report = tell(launch, statement(launch, score=(8, 10)), seconds=45).report
    assert (report.outcome, report.finished_at) == (Outcome.GRANTED, after(45))
    line = HoursEntry.objects.get()
    assert (line.source, line.earned_at) == (f"lesson:{launch.study.lesson_id}", after(45))
    assert line.hours > 0


def test_a_result_and_then_the_time_finish_it(launch: PackageLaunch) -> None:
    early = tell(launch, statement(launch, score=(8, 10)), seconds=10).report
    assert (early.outcome, early.finished_at) == (Outcome.TOO_SOON, None)
    with translation.override("en"):
        assert "time" in words_for(early.outcome, None)
    assert not Progress.objects.exists()
    report = stay(launch)
    assert (report.outcome, report.finished_at) == (Outcome.GRANTED, after(ENOUGH))
    assert HoursEntry.objects.get().earned_at == after(ENOUGH)


def test_time_that_went_on_does_not_move_the_finish(launch: PackageLaunch) -> None:
    stay(launch)
    stay(launch, 50)
    report = tell(launch, statement(launch), seconds=40, at=60).report
    assert report.finished_at == after(40)


def test_a_result_alone_or_time_alone_finish_nothing(launch: PackageLaunch) -> None:
    stay(launch, ENOUGH - 1)
    tell(launch, statement(launch))
    assert not HoursEntry.objects.exists()
    stay(launch, ENOUGH)
    assert HoursEntry.objects.count() == 1


def test_a_result_told_again_says_what_became_of_the_lesson(launch: PackageLaunch) -> None:
    told = statement(launch)
    tell(launch, told)
    stay(launch)
    assert tell(launch, told, seconds=50).report.outcome == Outcome.GRANTED
    assert tell(launch, statement(launch), seconds=50).report.outcome == Outcome.GRANTED
    assert HoursEntry.objects.count() == 1


def test_where_points_are_asked_for_only_enough_of_them_count(person: Cadre) -> None:
    launch = opened(person, interactive(percent=80))
    stay(launch)
    without_points = statement(launch)
    few, incomplete = statement(launch, score=(7, 10)), statement(launch, "failed", score=(9, 10))
    part = statement(launch, sub=SUB, score=(10, 10))
    for told in (without_points, few, incomplete, part):
        tell(launch, told, seconds=40)
    assert not HoursEntry.objects.exists()
    # A better one later within the same go: it is finished when that one came.
    assert tell(launch, statement(launch, score=(8, 10)), seconds=50).report.finished_at == after(50)
    assert InteractiveAttempt.objects.get().ended_at == after(40)


def test_a_worse_result_later_takes_nothing_away(person: Cadre) -> None:
    launch = opened(person, interactive(percent=80))
    tell(launch, statement(launch, score=(9, 10)))
    tell(launch, statement(launch, score=(1, 10)), seconds=20)
    assert stay(launch).outcome == Outcome.GRANTED


def test_the_result_may_come_in_any_attempt(launch: PackageLaunch) -> None:
    tell(launch, statement(launch, "failed"))
    tell(launch, statement(launch, registration=uuid4()), seconds=20)
    assert stay(launch).outcome == Outcome.GRANTED


def test_only_having_been_open_is_enough_where_nothing_is_asked_for(person: Cadre) -> None:
    launch = opened(person, interactive(gate=Gate.OPENED))
    assert stay(launch, 59).outcome == Outcome.STUDYING
    assert stay(launch, 60).outcome == Outcome.GRANTED


def test_parts_are_met_over_all_attempts(person: Cadre) -> None:
    parts = ["slide:1", "slide:2", f"sub:{SUB}"]
    launch = opened(person, interactive(gate=Gate.PARTS, parts=parts))
    stay(launch)
    tell(launch, statement(launch, "progressed", extensions={ENDING: 2}), seconds=32)
    assert not HoursEntry.objects.exists()
    assert tell(launch, statement(launch), seconds=33).report.outcome == Outcome.NO_RESULT
    tell(launch, statement(launch, sub=OTHER), seconds=34)
    last = tell(launch, statement(launch, "interacted", sub=SUB, registration=uuid4()), seconds=35)
    assert (last.report.outcome, last.report.finished_at) == (Outcome.GRANTED, after(35))
    kept = InteractiveAttempt.objects.order_by("begun_at").first()
    assert kept.met.keys() == {"slide:1", "slide:2"}


@pytest.mark.django_db
def test_what_has_no_parts_cannot_ask_for_all_of_them() -> None:
    with pytest.raises(ValidationError):
        interactive(gate=Gate.PARTS, parts=[])


def test_an_interactive_film_wants_ninety_five_percent_of_it(person: Cadre) -> None:
    launch = opened(person, interactive(film_seconds=100))
    tell(launch, statement(launch))
    assert stay(launch, 94).finished_at is None
    assert stay(launch, 95).outcome == Outcome.GRANTED


def test_a_block_in_the_text_finishes_nothing(person: Cadre) -> None:
    block, lesson = content(), interactive()
    lesson.body.raw_data.append({"type": "h5p", "value": block.pk, "id": str(uuid4())})
    launch = opened(person, lesson, block=block.pk)
    stay(launch)
    assert tell(launch, statement(launch), seconds=40).report is None
    assert not HoursEntry.objects.exists()


def test_nobody_elses_result_counts(launch: PackageLaunch, person: Cadre, lesson: LessonPage) -> None:
    other = opened(CadreFactory(unit=person.unit), lesson)
    tell(other, statement(other))
    assert stay(launch).outcome == Outcome.NO_RESULT


def test_a_result_of_an_earlier_version_counts_for_that_one(person: Cadre, lesson: LessonPage) -> None:
    before = opened(person, lesson)
    tell(before, statement(before))
    lesson.h5p.pass_percent = 50
    lesson.h5p.save()
    publish_version(lesson=lesson, at=NINE)
    assert stay(opened(person, lesson, fresh=uuid4())).outcome == Outcome.NO_RESULT
    assert stay(before, 60).outcome == Outcome.GRANTED


def test_a_courseware_is_finished_by_its_attempt(person: Cadre) -> None:
    launch = opened(person, scorm(percent=80))
    stay(launch)
    attempt = InteractiveAttempt.objects.create(
        person=person,
        version_id=launch.study.version_id,
        cycle=launch.study.cycle,
        courseware_id=launch.courseware_id,
        registration=launch.registration,
        begun_at=NINE,
        updated_at=after(45),
        ended_at=after(30),
        scored_at=after(40),
        is_complete=True,
        scaled=Decimal("0.79"),
    )
    assert settle_gate(launch, attempt, at=after(50)).outcome == Outcome.NO_RESULT
    InteractiveAttempt.objects.update(scaled=Decimal("0.8"))
    assert settle_gate(launch, attempt, at=after(50)).finished_at == after(40)


def test_a_closed_account_gets_nothing(launch: PackageLaunch, person: Cadre) -> None:
    Cadre.objects.update(is_active=False)
    stay(launch)
    assert tell(launch, statement(launch), seconds=40).report.outcome == Outcome.CLOSED
    assert not HoursEntry.objects.exists()


def test_without_a_rule_of_hours_it_waits_and_counts_when_it_is_open_again(
    launch: PackageLaunch, person: Cadre
) -> None:
    HoursRule.objects.update(valid_from=timezone.localdate(after(86_400)))
    tell(launch, statement(launch))
    assert stay(launch).outcome == Outcome.NO_RULE
    report = record_segments(launch=launch.study, segments=[(31, 33)], position=33, at=after(86_400))
    assert (report.outcome, report.finished_at) == (Outcome.GRANTED, after(86_400))


def test_the_days_limit_holds(person: Cadre) -> None:
    rule = HoursRule.objects.get()
    HoursRule.objects.update(online_daily_cap=Decimal("0.01"))
    launch = opened(person, interactive())
    tell(launch, statement(launch))
    report = stay(launch)
    assert (report.outcome, report.entry.hours) == (Outcome.CAPPED, Decimal("0.01"))
    assert rule.online_daily_cap > report.entry.hours


def test_the_resume_point_is_left_alone_by_a_result(
    launch: PackageLaunch, person: Cadre, lesson: LessonPage
) -> None:
    stay(launch)
    later = opened(person, lesson, at=after(500))
    tell(later, statement(later), seconds=510)
    progress = Progress.objects.get()
    assert (progress.position, progress.updated_at, progress.finished_at) == (30, after(30), after(510))


def test_a_report_before_the_end_asks_for_no_gate(
    launch: PackageLaunch, django_assert_max_num_queries
) -> None:
    stay(launch, 5)
    with django_assert_max_num_queries(5) as asked:  # as for a film: two, and on SQLite the marks
        stay(launch, 10)
    assert not any("interactive" in query["sql"] for query in asked)


def test_a_report_at_the_end_is_few_queries_more(
    launch: PackageLaunch, django_assert_max_num_queries
) -> None:
    stay(launch)
    with django_assert_max_num_queries(11):
        stay(launch, 40)
