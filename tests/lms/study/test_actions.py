"""Recording what was really played: the clock pays, replays add nothing, a lesson counts once."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours import coverage
from lms.hours.models import HoursEntry, HoursRule, Withheld
from lms.study.actions import LessonNotOpen, Outcome, Report, open_lesson, record_segments
from lms.study.launch import Launch
from lms.study.models import Progress, StudyClock
from tests.factories import PostFactory, RuleFactory, UnitFactory
from tests.lms.study.conftest import NINE, after, film

pytestmark = pytest.mark.django_db


def launch_of(person: Cadre, lesson: LessonPage, seconds: float = 0) -> Launch:
    return open_lesson(person=person, lesson=lesson, at=after(seconds))[0]


def report(launch: Launch, start: int, end: int, at: float, **more: object) -> Report:
    return record_segments(launch=launch, segments=[(start, end)], position=end, at=after(at), **more)


def test_opening_a_lesson_leaves_no_trace(person: Cadre) -> None:
    launch, progress = open_lesson(person=person, lesson=film(seconds=100), at=NINE)
    assert (launch.seconds, launch.speed, launch.cycle) == (100, 100, 0)
    assert (progress.pk, progress.covered) == (None, 0)
    assert not Progress.objects.exists()
    assert not StudyClock.objects.exists()


def test_a_lesson_that_is_not_published_does_not_open(person: Cadre) -> None:
    lesson = film(20)
    lesson.unpublish()
    with pytest.raises(LessonNotOpen):
        open_lesson(person=person, lesson=lesson, at=NINE)


def test_seconds_that_the_clock_paid_are_kept(person: Cadre) -> None:
    kept = report(launch_of(person, film(seconds=100)), 0, 30, at=30)
    assert (kept.covered, kept.unpaid, kept.outcome) == (30, 0, Outcome.STUDYING)
    progress = Progress.objects.get()
    assert (progress.covered, progress.position, progress.updated_at) == (30, 30, after(30))
    assert coverage.ranges(coverage.from_bytes(progress.bits)) == [(0, 30)]


def test_what_the_clock_did_not_pay_waits_and_is_paid_later(person: Cadre) -> None:
    launch = launch_of(person, film(seconds=600))
    early = report(launch, 0, 100, at=48)
    assert (early.covered, early.unpaid, early.outcome) == (50, 50, Outcome.UNPAID)
    late = report(launch, 0, 100, at=98)
    assert (late.covered, late.unpaid) == (100, 0)


def test_a_replay_adds_nothing_and_is_one_query(person: Cadre, django_assert_num_queries) -> None:
    launch = launch_of(person, film(seconds=100))
    report(launch, 0, 30, at=30)
    with django_assert_num_queries(1):
        again = report(launch, 0, 30, at=60)
    assert (again.covered, again.unpaid) == (30, 0)
    assert StudyClock.objects.get().revision == 1


def statements(captured: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without the marks of transactions."""
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in captured if not query["sql"].startswith(marks)]


def test_an_ordinary_report_is_at_most_three_statements(person: Cadre) -> None:
    launch = launch_of(person, film(seconds=100))
    for end in (30, 60):
        with CaptureQueriesContext(connection) as captured:
            report(launch, end - 30, end, at=end)
        assert len(statements(captured)) <= 3
    # One to read and one to write; SQLite writes its two rows in two.
    assert len(statements(captured)) == (2 if connection.vendor == "postgresql" else 3)


def test_a_lesson_is_finished_at_95_percent_and_granted(person: Cadre) -> None:
    launch = launch_of(person, film(seconds=100))
    assert report(launch, 0, 94, at=100).outcome == Outcome.STUDYING
    done = report(launch, 94, 95, at=101)
    assert (done.outcome, done.covered, done.finished_at) == (Outcome.GRANTED, 95, after(101))
    line = HoursEntry.objects.get()
    assert line.source == f"lesson:{launch.lesson_id}"
    assert (line.hours, line.earned_at) == (Decimal("0.25"), after(101))


def test_finishing_twice_is_finishing_once(person: Cadre) -> None:
    launch = launch_of(person, film(seconds=20))
    first = report(launch, 0, 20, at=20)
    again = report(launch, 0, 20, at=25)
    assert first.entry == again.entry
    assert again.outcome == Outcome.GRANTED
    assert HoursEntry.objects.count() == 1


def test_case_3_a_30_minute_lesson_is_not_finished_after_12_minutes(person: Cadre) -> None:
    launch = launch_of(person, film(seconds=1800))
    kept = report(launch, 0, 1800, at=720)
    assert kept.finished_at is None
    assert kept.covered == 722  # twelve minutes and the leeway of opening
    assert not HoursEntry.objects.exists()


def test_case_3_two_lessons_at_once_are_paid_as_one_stream(person: Cadre) -> None:
    one, other = launch_of(person, film(seconds=600)), launch_of(person, film(seconds=600))
    kept = [report(launch, 0, at, at=at) for at in range(30, 301, 30) for launch in (one, other)]
    assert kept[-1].covered + kept[-2].covered == 302


def test_a_late_report_is_paid_out_of_its_own_time(person: Cadre) -> None:
    """One phone without a network; another lesson on another phone reports first."""
    offline = launch_of(person, film(seconds=1000), 0)
    online = launch_of(person, film(seconds=1000), 1200)
    report(online, 0, 300, at=1500)
    late = report(offline, 0, 1000, at=1510, played_at=after(1000))
    assert late.outcome == Outcome.GRANTED
    assert late.finished_at == after(1000)
    assert report(online, 300, 310, at=1510).unpaid == 0


def test_the_event_time_cannot_be_before_the_time_that_paid(person: Cadre) -> None:
    launch = launch_of(person, film(seconds=1000))
    done = report(launch, 0, 1000, at=5000, played_at=NINE - timedelta(days=30))
    assert done.finished_at == after(998)


def test_the_resume_point_follows_the_latest_report_whatever_comes_in_last(person: Cadre) -> None:
    launch = launch_of(person, film(seconds=600))
    report(launch, 100, 130, at=60, played_at=after(60))
    late = report(launch, 0, 20, at=90, played_at=after(30))
    assert late.position == 130
    assert late.covered == 50


def test_an_unpublished_lesson_still_records_what_was_opened(person: Cadre) -> None:
    lesson = film(seconds=20)
    launch = launch_of(person, lesson)
    lesson.unpublish()
    assert report(launch, 0, 20, at=20).outcome == Outcome.GRANTED


EVE = datetime(2026, 12, 31, 23, 59, 30, tzinfo=NINE.tzinfo)


def at_the_turn(launch: Launch, first: int, last: int, *, at: int) -> Report:
    """A report so many seconds after half a minute to the new year."""
    moment = EVE + timedelta(seconds=at)
    return record_segments(launch=launch, segments=[(first, last)], position=last, at=moment)


def test_lesson_that_counts_each_year_counts_once_in_the_year_of_its_finish(person: Cadre) -> None:
    HoursRule.objects.update(grants_again_each_year=True)
    lesson = film(seconds=40)
    old, _progress = open_lesson(person=person, lesson=lesson, at=EVE)
    done = at_the_turn(old, 0, 40, at=45)
    assert (done.outcome, done.entry and done.entry.year) == (Outcome.GRANTED, 2027)
    assert at_the_turn(old, 0, 40, at=50).outcome == Outcome.GRANTED
    new, _progress = open_lesson(person=person, lesson=lesson, at=EVE + timedelta(seconds=60))
    again = at_the_turn(new, 0, 40, at=120)
    assert (again.outcome, again.entry) == (Outcome.ALREADY, done.entry)
    assert HoursEntry.objects.count() == 1


def test_lesson_that_counts_each_year_is_granted_in_each_of_two_years(person: Cadre) -> None:
    HoursRule.objects.update(grants_again_each_year=True)
    lesson = film(seconds=20)
    old, _progress = open_lesson(person=person, lesson=lesson, at=EVE)
    new, _progress = open_lesson(person=person, lesson=lesson, at=EVE + timedelta(seconds=60))
    assert at_the_turn(new, 0, 20, at=85).outcome == Outcome.GRANTED
    late = record_segments(
        launch=old,
        segments=[(0, 20)],
        position=20,
        at=EVE + timedelta(seconds=90),
        played_at=EVE + timedelta(seconds=20),
    )
    assert (late.outcome, late.entry and late.entry.year) == (Outcome.GRANTED, 2026)
    assert sorted(HoursEntry.objects.values_list("year", flat=True)) == [2026, 2027]


def test_rule_of_the_place_where_the_post_is_held_says_whether_it_counts_again(person: Cadre) -> None:
    elsewhere = UnitFactory(code="140729100201", name="外县村", level="VILLAGE")
    RuleFactory(unit=elsewhere, grants_again_each_year=True)
    PostFactory(person=person, unit=elsewhere, from_on=NINE.date())
    launch = launch_of(person, film(seconds=20))
    assert launch.cycle == 2026
    report(launch, 0, 20, at=20)
    assert HoursEntry.objects.get().source == f"lesson:{launch.lesson_id}:2026"


def test_without_a_rule_the_lesson_waits_until_there_is_one(person: Cadre) -> None:
    launch = launch_of(person, film(seconds=20))
    HoursRule.objects.all().delete()
    waiting = report(launch, 0, 20, at=20)
    assert (waiting.outcome, waiting.covered) == (Outcome.NO_RULE, 20)
    RuleFactory()
    assert report(launch, 0, 20, at=40).outcome == Outcome.GRANTED


def test_the_cap_of_the_day_finishes_the_lesson_and_withholds_the_hours(person: Cadre) -> None:
    HoursRule.objects.update(online_daily_cap=Decimal("0.25"))
    report(launch_of(person, film(seconds=20)), 0, 20, at=20)
    done = report(launch_of(person, film(seconds=20), 100), 0, 20, at=120)
    assert done.outcome == Outcome.CAPPED
    assert done.entry is not None
    assert (done.entry.hours, done.entry.withheld) == (Decimal(0), Decimal("0.25"))
    assert done.entry.withheld_why == Withheld.DAILY_CAP
