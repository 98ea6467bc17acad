"""Whatever the order, the repetition and the device: one attempt, one state, one finish."""

from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours.models import HoursEntry
from lms.study.interactive.actions import keep_state
from lms.study.interactive.models import InteractiveAttempt, StateDocument, Statement
from lms.study.models import Progress
from tests.factories import interactive
from tests.lms.study.conftest import after
from tests.lms.study.interactive.conftest import GO, opened, statement, stay, tell
from tests.rules import examples

SUB = "8f0f6f1c-0000-4000-8000-00000000000a"
ONES = [GO, "00000000-0000-4000-8000-000000000002"]
patient = settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

told_once = st.tuples(
    st.sampled_from(["completed", "passed", "failed", "answered", "interacted"]),
    st.one_of(st.none(), st.tuples(st.integers(0, 4), st.just(4))),
    st.sampled_from([None, None, SUB]),
    st.sampled_from(ONES),
    st.integers(1, 100),
)


@pytest.fixture
def lesson(person: Cadre) -> LessonPage:
    return interactive(percent=50)


@patient
@given(told=st.lists(told_once, min_size=1, max_size=6), random=st.randoms(use_true_random=False))
def test_statements_make_one_attempt_in_any_order(
    person: Cadre, lesson: LessonPage, told: list[Any], random: Random
) -> None:
    launch = opened(person, lesson)
    made = [
        (statement(launch, verb, score=score, sub=sub, registration=registration), second)
        for verb, score, sub, registration, second in told
    ]
    found = []
    for _ in range(2):
        with transaction.atomic():
            arriving = [*made, *random.choices(made, k=3)]
            random.shuffle(arriving)
            for body, second in arriving:
                tell(launch, body, seconds=second, at=200)
            attempts = InteractiveAttempt.objects.order_by("registration")
            columns = [f.attname for f in InteractiveAttempt._meta.concrete_fields if f.attname != "id"]
            found.append((list(attempts.values_list(*columns)), Statement.objects.count()))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0][1] == len(made)


@patient
@given(
    result=st.integers(1, 200),
    beyond=st.lists(st.integers(31, 60), max_size=3),
    random=st.randoms(use_true_random=False),
)
def test_time_and_result_give_the_same_finish_in_any_order(
    person: Cadre, lesson: LessonPage, result: int, beyond: list[int], random: Random
) -> None:
    launch = opened(person, lesson)
    body = statement(launch, score=(3, 4))
    # The time was there after half a minute, and went on; the result came at some moment.
    reports: list[Any] = [partial(stay, launch, 30, at=300)]
    later = [partial(stay, launch, seconds, at=300) for seconds in sorted(beyond)]
    found = []
    for _ in range(3):
        with transaction.atomic():
            place = random.randint(0, len(later) + 1)
            in_order = [*reports, *later]
            in_order.insert(place, partial(tell, launch, body, seconds=result, at=300))
            for arrives in [*in_order, *random.choices(in_order, k=2)]:
                arrives()
            line = HoursEntry.objects.get()
            found.append((Progress.objects.get().finished_at, line.earned_at, line.hours))
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
    assert found[0][0] == max(after(30), after(result))


@patient
@given(
    written=st.lists(
        st.tuples(
            st.sampled_from(["0/state", f"{SUB}/state"]),
            st.one_of(st.none(), st.sampled_from("abc")),
            st.integers(0, 5),
            st.sampled_from(["p1", "p2"]),
        ),
        min_size=1,
        max_size=6,
    ),
    random=st.randoms(use_true_random=False),
)
def test_states_end_the_same_in_any_order(
    person: Cadre, lesson: LessonPage, written: list[Any], random: Random
) -> None:
    launch = opened(person, lesson)
    entries = [(*each, number) for number, each in enumerate(written, start=1)]
    found = []
    for _ in range(2):
        with transaction.atomic():
            arriving = [*entries, *random.choices(entries, k=3)]
            random.shuffle(arriving)
            for key, data, second, device, number in arriving:
                keep_state(
                    launch=launch,
                    key=key,
                    data=data,
                    written_at=after(second),
                    at=after(60),
                    device=device,
                    number=number,
                )
            kept = StateDocument.objects.order_by("key")
            found.append(list(kept.values_list("key", "data", "written_at", "device", "number")))
            transaction.set_rollback(True)
    assert found[0] == found[1]
