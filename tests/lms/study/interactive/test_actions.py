"""What is kept of a statement and of a state, once, and with the server's idea of it."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings

from accounts.models import Cadre
from courses.models import LessonPage
from lms.phones.uploads import Refused
from lms.study.interactive.actions import (
    Kept,
    OtherPackage,
    StatementTaken,
    TooLarge,
    TooMany,
    attempt_for,
    keep_state,
    statements,
    states,
)
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.models import InteractiveAttempt, StateDocument, Statement
from tests.factories import CadreFactory, content, interactive
from tests.lms.study.conftest import NINE, after
from tests.lms.study.interactive.conftest import GO, opened, statement, tell

SUB = "8f0f6f1c-0000-4000-8000-00000000000a"


@pytest.fixture
def launch(person: Cadre, lesson: LessonPage) -> PackageLaunch:
    return opened(person, lesson)


def keep(launch: PackageLaunch, data: str | None, seconds: float = 10, **more: object) -> Kept:
    values = {"key": "0/state", "device": "p1", "number": 1, "at": after(100), **more}
    return keep_state(launch=launch, data=data, written_at=after(seconds), **values)


def test_a_statement_is_kept_whole_with_our_actor_time_and_object(launch: PackageLaunch) -> None:
    told = statement(launch, score=(8, 10))
    told["timestamp"], told["authority"] = "1999-01-01T00:00:00Z", {"name": "root"}
    tell(launch, told, seconds=10, at=20)
    kept = Statement.objects.get()
    assert kept.statement == {
        **{name: told[name] for name in ("id", "verb", "object", "result")},
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": settings.SITE_URL, "name": str(launch.study.person_id)},
        },
        "context": {**told["context"], "registration": str(GO)},
        "timestamp": kept.occurred_at.isoformat(),
        "stored": kept.stored_at.isoformat(),
    }
    assert (kept.occurred_at, kept.stored_at, kept.device) == (after(10), after(20), "p1")
    assert (kept.verb, kept.is_child, kept.scaled) == ("completed", False, Decimal("0.8"))


def test_its_attempt_follows_from_it(launch: PackageLaunch) -> None:
    tell(launch, statement(launch, "attempted"), seconds=5)
    tell(launch, statement(launch, score=(8, 10)), seconds=40)
    attempt = InteractiveAttempt.objects.get()
    assert (attempt.begun_at, attempt.updated_at, attempt.ended_at) == (after(5), after(40), after(40))
    assert (attempt.score_raw, attempt.score_min, attempt.score_max, attempt.scaled) == (
        8,
        0,
        10,
        Decimal("0.8"),
    )
    assert (attempt.is_complete, attempt.is_success, attempt.duration_seconds) == (
        True,
        False,
        Decimal("12.5"),
    )
    assert (attempt.registration, attempt.content_id, attempt.is_main) == (GO, launch.content_id, True)


def test_parts_are_kept_and_decide_nothing(launch: PackageLaunch) -> None:
    recorded = tell(launch, statement(launch, sub=SUB, score=(1, 1), result={"response": "1"}))
    kept = Statement.objects.get()
    assert (kept.is_child, kept.response, kept.is_success, kept.is_complete) == (True, "1", True, True)
    assert recorded.report is None
    assert (recorded.attempt.is_complete, recorded.attempt.scaled, recorded.attempt.ended_at) == (
        False,
        None,
        None,
    )


@pytest.mark.parametrize("verb", ["failed", "consumed", "experienced", "interacted", "attempted"])
def test_these_complete_nothing(launch: PackageLaunch, verb: str) -> None:
    assert not tell(launch, statement(launch, verb, score=(1, 2))).attempt.is_complete


def test_the_same_statement_again_is_kept_once(launch: PackageLaunch) -> None:
    told = statement(launch, score=(8, 10))
    first, second = tell(launch, told), tell(launch, told, seconds=50)
    assert (first.kept, second.kept) == (Kept.KEPT, Kept.BEFORE)
    assert second.attempt == first.attempt
    assert Statement.objects.get().occurred_at == after(10)
    assert InteractiveAttempt.objects.get().updated_at == after(10)


def test_somebody_elses_identifier_is_refused(
    launch: PackageLaunch, person: Cadre, lesson: LessonPage
) -> None:
    told = statement(launch, score=(8, 10))
    tell(launch, told)
    other = opened(CadreFactory(unit=person.unit), lesson)
    with pytest.raises(StatementTaken):
        tell(other, told)
    assert not InteractiveAttempt.objects.filter(person_id=other.study.person_id).exists()


def test_another_lessons_object_is_refused(launch: PackageLaunch, person: Cadre) -> None:
    other = opened(person, interactive())
    with pytest.raises(Refused, match="object"):
        tell(launch, statement(other))
    assert not Statement.objects.exists()
    assert not InteractiveAttempt.objects.exists()


def test_a_registration_opens_an_attempt_of_its_own(launch: PackageLaunch) -> None:
    another = uuid4()
    tell(launch, statement(launch, score=(1, 10)))
    tell(launch, statement(launch, score=(9, 10), registration=another), seconds=20)
    assert set(InteractiveAttempt.objects.values_list("registration", "scaled")) == {
        (GO, Decimal("0.1")),
        (another, Decimal("0.9")),
    }


def test_a_registration_of_another_package_is_refused(person: Cadre) -> None:
    block = content()
    lesson = interactive(body=[("paragraph", "<p>读一读</p>")])
    lesson.body.raw_data.append({"type": "h5p", "value": block.pk, "id": str(uuid4())})
    launch, inside = opened(person, lesson), opened(person, lesson, block=block.pk)
    tell(launch, statement(launch))
    with pytest.raises(OtherPackage):
        tell(inside, statement(inside))


def test_a_moment_lies_between_the_opening_and_now(launch: PackageLaunch) -> None:
    tell(launch, statement(launch), seconds=-1000, at=10)
    tell(launch, statement(launch), seconds=1000, at=10)
    assert set(Statement.objects.values_list("occurred_at", flat=True)) == {NINE, after(10)}


def test_more_than_a_thousand_within_an_hour_are_refused(
    launch: PackageLaunch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MOST_AN_HOUR", 3)
    for second in range(3):
        tell(launch, statement(launch, "interacted"), seconds=second)
    with pytest.raises(TooMany):
        tell(launch, statement(launch, "interacted"), seconds=10)
    assert Statement.objects.count() == 3
    tell(launch, statement(launch, "interacted"), seconds=3700)


def test_a_recorded_statement_is_few_queries(launch: PackageLaunch, django_assert_max_num_queries) -> None:
    tell(launch, statement(launch, "attempted"))
    with django_assert_max_num_queries(10):
        tell(launch, statement(launch, "interacted", sub=SUB), seconds=20)


def test_the_state_written_last_stays(launch: PackageLaunch) -> None:
    assert keep(launch, "b", 20) == Kept.KEPT
    assert keep(launch, "a", 10) == Kept.BEFORE
    assert keep(launch, "b", 20) == Kept.BEFORE
    assert StateDocument.objects.get().data == "b"
    assert keep(launch, None, 30) == Kept.KEPT
    assert keep(launch, "b", 25) == Kept.BEFORE  # nothing comes back that was taken away later
    assert StateDocument.objects.get().data == ""


def test_a_state_of_another_registration_is_another_attempts(launch: PackageLaunch) -> None:
    keep(launch, "a")
    keep(launch, "b", registration=uuid4())
    assert list(StateDocument.objects.order_by("data").values_list("data", flat=True)) == ["a", "b"]
    assert InteractiveAttempt.objects.count() == 2


def test_too_much_state_is_refused(launch: PackageLaunch, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        keep(launch, "学" * 50_000)
    keep(launch, "x" * 128 * 1024)
    monkeypatch.setattr(states, "MOST_STATES", 2)
    keep(launch, "x", key="1/state")
    keep(launch, "y", 20, key="1/state")
    with pytest.raises(TooMany):
        keep(launch, "x", key="2/state")
    monkeypatch.setattr(states, "MOST_CHARACTERS", 128 * 1024 + 1)
    with pytest.raises(TooLarge):
        keep(launch, "yy", 30, key="1/state")
    keep(launch, "z", 30, key="1/state")


def test_an_attempt_is_made_once(launch: PackageLaunch) -> None:
    first = attempt_for(launch, begun_at=NINE)
    assert attempt_for(launch, begun_at=NINE + timedelta(minutes=1)) == first
    assert first.begun_at == NINE
