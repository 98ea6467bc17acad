"""Results, states and seconds at the same moment: each is kept once, and the lesson is granted once."""

from functools import partial
from uuid import UUID, uuid4

import pytest

from accounts.models import Cadre
from lms.hours.models import HoursEntry
from lms.study.interactive.actions import StatementTaken, keep_state
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.models import InteractiveAttempt, StateDocument, Statement
from lms.study.models import Progress
from tests.factories import CadreFactory, interactive
from tests.lms.study.conftest import after
from tests.lms.study.interactive.conftest import opened, statement, stay, tell
from tests.parallel import at_once

ROUNDS = 5


def go(learner: Cadre, fresh: UUID | None = None) -> PackageLaunch:
    return opened(learner, interactive(), fresh=fresh or uuid4())


def test_two_results_and_the_time_at_once_grant_once(learner: Cadre) -> None:
    for _ in range(ROUNDS):
        launch = go(CadreFactory(unit=learner.unit))
        one, other = statement(launch, score=(8, 10)), statement(launch, score=(9, 10))
        at_once(
            [
                partial(tell, launch, one, seconds=40),
                partial(tell, launch, other, seconds=40),
                partial(stay, launch, at=50),
                partial(tell, launch, one, seconds=40),
                partial(stay, launch, 31, at=50),
            ]
        )
        assert HoursEntry.objects.filter(source=f"lesson:{launch.study.lesson_id}").count() == 1
        assert Progress.objects.get(version=launch.study.version_id).finished_at is not None
        assert Statement.objects.filter(attempt__version=launch.study.version_id).count() == 2


def test_a_first_report_and_a_first_result_at_once_leave_nothing_waiting(learner: Cadre) -> None:
    """Neither may miss the other while there is no clock to hold yet."""
    for _ in range(ROUNDS):
        person = CadreFactory(unit=learner.unit)
        launch = opened(person, interactive())
        at_once([partial(stay, launch, at=50), partial(tell, launch, statement(launch), seconds=40)])
        assert HoursEntry.objects.of(person.pk).count() == 1


def test_the_same_statement_at_once_is_kept_once(learner: Cadre) -> None:
    launch = go(learner)
    told = statement(launch, score=(8, 10))
    recorded = at_once([partial(tell, launch, told)] * 6)
    assert [str(one.kept) for one in recorded].count("kept") == 1
    assert Statement.objects.count() == 1
    assert InteractiveAttempt.objects.get().is_complete


def test_one_identifier_of_two_people_at_once_is_the_first_ones(learner: Cadre) -> None:
    lesson = interactive()
    launches = [opened(CadreFactory(unit=learner.unit), lesson) for _ in range(4)]
    told = statement(launches[0])

    def try_it(launch: PackageLaunch) -> bool:
        try:
            tell(launch, told)
        except StatementTaken:
            return False
        return True

    kept = at_once([partial(try_it, launch) for launch in launches])
    assert kept.count(True) == 1
    assert Statement.objects.count() == InteractiveAttempt.objects.count() == 1


def test_parts_of_an_attempt_at_once_are_all_in_it(learner: Cadre) -> None:
    launch = go(learner)
    scores = [statement(launch, score=(points, 10)) for points in range(1, 7)]
    at_once([partial(tell, launch, told) for told in scores])
    assert InteractiveAttempt.objects.get().score_raw == 6
    assert Statement.objects.count() == 6


def test_states_at_once_end_with_the_last(learner: Cadre) -> None:
    launch = go(learner)

    def keep(second: int) -> object:
        return keep_state(
            launch=launch,
            key="0/state",
            data=str(second),
            written_at=after(second),
            at=after(60),
            device="p1",
            number=second,
        )

    at_once([partial(keep, second) for second in range(1, 7)])
    assert StateDocument.objects.get().data == "6"


@pytest.mark.postgres
def test_results_of_many_lessons_at_once_do_not_wait_in_a_circle(learner: Cadre) -> None:
    launches = [go(learner) for _ in range(3)]
    works = []
    for launch in launches:
        works += [partial(stay, launch, 10, at=500), partial(tell, launch, statement(launch), seconds=400)]
    at_once(works)
    for launch in launches:
        stay(launch, 31, at=5000)
    assert HoursEntry.objects.count() == 3
