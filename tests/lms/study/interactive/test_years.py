"""Where the rule lets a lesson count again each year, a new year's study has attempts of its own."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours.models import HoursEntry, HoursRule
from lms.phones.uploads import Entry, Json
from lms.study.actions import Outcome, Report, record_segments
from lms.study.interactive.actions import Recorded, record_statement
from lms.study.interactive.entries import take_commit
from lms.study.interactive.launch import PackageLaunch, write_token
from lms.study.interactive.models import InteractiveAttempt
from tests.factories import scorm
from tests.lms.study.conftest import NINE
from tests.lms.study.interactive.conftest import ENOUGH, GO, opened, statement
from tests.lms.study.interactive.test_commits import body

EVE = datetime(2026, 12, 31, 23, 59, 30, tzinfo=NINE.tzinfo)
DAY = 86_400


@pytest.fixture(autouse=True)
def each_year(person: Cadre) -> None:
    HoursRule.objects.update(grants_again_each_year=True)


def turn(seconds: float) -> datetime:
    """So many seconds after half a minute to the new year."""
    return EVE + timedelta(seconds=seconds)


def tell(launch: PackageLaunch, told: dict[str, object], seconds: float) -> Recorded:
    at = turn(seconds)
    return record_statement(launch=launch, statement=told, occurred_at=at, at=at, device="p1")


def stay(launch: PackageLaunch, seconds: float) -> Report:
    """Enough of it open, the last of it so many seconds after half a minute to the new year."""
    return record_segments(launch=launch.study, segments=[(0, ENOUGH)], position=ENOUGH, at=turn(seconds))


def commit(launch: PackageLaunch, told: dict[str, object], seconds: float) -> Json:
    return take_commit(Entry(1, "commit", write_token(launch), 0, told), "p1", turn(seconds))


def years() -> list[int]:
    return sorted(HoursEntry.objects.values_list("year", flat=True))


def test_what_begins_in_the_old_year_and_ends_in_the_new_counts_in_the_new(
    person: Cadre, lesson: LessonPage
) -> None:
    old = opened(person, lesson, at=EVE)
    stay(old, ENOUGH)
    done = tell(old, statement(old), 2 * DAY).report
    assert done is not None
    assert (done.outcome, years()) == (Outcome.GRANTED, [2027])
    new = opened(person, lesson, at=turn(3 * DAY), fresh=uuid4())
    stay(new, 3 * DAY + 40)
    again = tell(new, statement(new), 3 * DAY + 50).report
    assert again is not None
    assert (again.outcome, years()) == (Outcome.ALREADY, [2027])


def test_a_new_year_begins_a_go_of_its_own(person: Cadre, lesson: LessonPage) -> None:
    old = opened(person, lesson, at=EVE)
    tell(old, statement(old, "attempted"), 10)
    assert opened(person, lesson, at=turn(20), fresh=uuid4()).registration == GO
    fresh = uuid4()
    assert opened(person, lesson, at=turn(DAY), fresh=fresh).registration == fresh


def test_a_go_that_a_new_year_finds_open_counts_in_the_new_year(person: Cadre, lesson: LessonPage) -> None:
    """A page left open names the go that it began, whatever year the token is of that it is brought with."""
    old = opened(person, lesson, at=EVE)
    tell(old, statement(old, "attempted", registration=GO), 10)
    new = opened(person, lesson, at=turn(DAY), fresh=uuid4())
    stay(new, DAY + 40)
    done = tell(new, statement(new, score=(8, 10), registration=GO), DAY + 50).report
    assert done is not None
    assert (done.outcome, years()) == (Outcome.GRANTED, [2027])
    attempts = InteractiveAttempt.objects.order_by("cycle")
    assert list(attempts.values_list("cycle", "registration", "is_complete")) == [
        (2026, GO, False),
        (2027, GO, True),
    ]


def test_it_counts_in_each_of_two_years_whichever_is_brought_first(person: Cadre, lesson: LessonPage) -> None:
    old, new = opened(person, lesson, at=EVE), opened(person, lesson, at=turn(DAY), fresh=uuid4())
    for launch, registration, seconds in ((new, GO, DAY + 50), (old, GO, 29)):
        tell(launch, statement(launch, registration=registration), seconds)
    stay(new, DAY + 60)
    record_segments(
        launch=old.study, segments=[(0, ENOUGH)], position=ENOUGH, at=turn(DAY + 90), played_at=turn(29)
    )
    assert InteractiveAttempt.objects.count() == 2
    assert HoursEntry.objects.count() == 2
    assert HoursEntry.objects.filter(source__endswith=":2027").exists()


def test_a_courseware_left_open_counts_in_the_new_year(person: Cadre) -> None:
    lesson = scorm()
    old = opened(person, lesson, at=EVE)
    commit(old, body(), 10)
    new = opened(person, lesson, at=turn(DAY), fresh=uuid4())
    stay(new, DAY + 40)
    told = commit(new, body("completed", 2, registration=str(GO)), DAY + 50)
    assert told["lesson"]["finished"] is True  # type: ignore[index]  # JSON
    assert years() == [2027]


def test_the_same_statement_in_the_new_year_is_the_old_ones(person: Cadre, lesson: LessonPage) -> None:
    old = opened(person, lesson, at=EVE)
    told = statement(old, registration=GO)
    tell(old, told, 10)
    new = opened(person, lesson, at=turn(DAY), fresh=uuid4())
    assert tell(new, told, DAY + 10).attempt.cycle == 2026
    stay(new, DAY + 40)
    assert (InteractiveAttempt.objects.count(), years()) == (1, [])


def test_a_go_is_one_attempt_a_year(person: Cadre, lesson: LessonPage) -> None:
    launch = opened(person, lesson, at=EVE)
    tell(launch, statement(launch), 10)
    row = InteractiveAttempt.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.cycle += 1
    row.save()
