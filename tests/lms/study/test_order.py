"""Whatever the order, the repetition and the cutting up of reports: one coverage, one grant."""

from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours import coverage
from lms.hours.models import HoursEntry
from lms.study.actions import open_lesson, record_segments
from lms.study.models import Progress
from tests.lms.study.conftest import NINE, after, film
from tests.rules import examples

LENGTH = 120
segment = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(lambda pair: pair[0] < pair[1])
# A report: what was played, and the minute in which it arrives.
played = st.tuples(st.lists(segment, max_size=3), st.integers(3, 60))


@pytest.fixture
def lesson(person: Cadre) -> LessonPage:
    return film(LENGTH)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=st.lists(played, min_size=1, max_size=8), random=st.randoms(use_true_random=False))
def test_any_order_and_repetition_is_one_coverage_and_one_grant(
    person: Cadre,
    lesson: LessonPage,
    reports: list[tuple[list[tuple[int, int]], int]],
    random: Random,
) -> None:
    every = coverage.from_segments(pair for pairs, _minute in reports for pair in pairs)
    outcomes = []
    for _ in range(2):
        with transaction.atomic():
            launch, _progress = open_lesson(person=person, lesson=lesson, at=NINE)
            arriving = [*reports, *random.choices(reports, k=3)]
            random.shuffle(arriving)
            for pairs, minute in arriving:
                record_segments(
                    launch=launch,
                    segments=pairs,
                    position=0,
                    at=after(minute * 60),
                    played_at=NINE + timedelta(minutes=3),
                )
            kept = Progress.objects.first()
            lines = list(HoursEntry.objects.values_list("hours", "earned_at"))
            outcomes.append((kept.bits if kept else b"", kept and kept.finished_at, lines))
            transaction.set_rollback(True)
    assert outcomes[0] == outcomes[1]
    bits, finished_at, lines = outcomes[0]
    assert coverage.from_bytes(bits) == every
    assert (finished_at is not None) == (coverage.count(every) >= 114) == (len(lines) == 1)
