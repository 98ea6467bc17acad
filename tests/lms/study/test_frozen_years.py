"""What a phone brings after the year was frozen, or after its account was closed, through the endpoint."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from accounts.models import Cadre
from lms.hours.actions import freeze_year, reopen_year
from lms.hours.models import HoursEntry
from lms.obligations.actions import differences, install_default_requirements, refresh, refresh_changed
from lms.obligations.models import Obligation
from lms.study.attempts.actions import hand_in
from lms.study.attempts.words import words_for_result
from lms.study.models import Progress
from tests.factories import CadreFactory, PostFactory, QuestionFactory, quiz
from tests.lms.study.attempts.conftest import answer, begin
from tests.lms.study.conftest import film
from tests.lms.study.test_views import body_of, opened, send, told

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
FROZEN = datetime(2027, 1, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
BROUGHT = FROZEN + timedelta(days=5)
EN = {"accept-language": "en"}


@pytest.fixture
def staff(person: Cadre) -> Cadre:
    return CadreFactory(unit=county_of(person))


def county_of(person: Cadre) -> object:
    return person.unit.parent.parent


def brought(client: Client, person: Cadre, at: datetime = BROUGHT) -> dict:
    """The answer for a lesson of a hundred seconds, studied in December and brought at a moment."""
    lesson = film(seconds=100)
    with time_machine.travel(DECEMBER, tick=False) as clock:
        token = opened(client, person, lesson)["token"]
        clock.move_to(at)
        studied = DECEMBER + timedelta(seconds=100)
        body = body_of(token, studied, sent=int(at.timestamp() * 1000), segments=[[0, 100]], position=100)
        return told(client.post("/uploads/", body, content_type="application/json", headers=EN))


def test_study_brought_after_the_freeze_is_kept_and_the_learner_is_told(
    client: Client, person: Cadre, staff: Cadre
) -> None:
    freeze_year(unit=county_of(person), year=2026, by=staff, at=FROZEN)
    answered = brought(client, person)
    assert (answered["outcome"], answered["finished"], answered["hours"]) == ("granted", True, "0.25")
    assert "The year 2026 was frozen before this came in" in answered["words"]
    line = HoursEntry.objects.get()
    assert (line.year, line.earned_on, line.recorded_at, line.is_late) == (
        2026,
        DECEMBER.date(),
        BROUGHT,
        True,
    )


def test_study_brought_before_the_freeze_says_nothing_of_it(
    client: Client, person: Cadre, staff: Cadre
) -> None:
    answered = brought(client, person, FROZEN - timedelta(hours=1))
    freeze_year(unit=county_of(person), year=2026, by=staff, at=FROZEN)
    assert "frozen" not in answered["words"]
    assert HoursEntry.objects.counted().get().is_late


def test_standings_of_the_year_follow_when_it_is_reopened(
    client: Client, person: Cadre, staff: Cadre
) -> None:
    PostFactory(person=person)
    install_default_requirements(county_of(person).parent.parent, datetime(2026, 1, 1).date())
    refresh([person.pk], at=DECEMBER)
    freeze = freeze_year(unit=county_of(person), year=2026, by=staff, at=FROZEN)
    brought(client, person)

    def earned() -> object:
        refresh_changed(at=BROUGHT + timedelta(days=1))
        assert not list(differences([person.pk], at=BROUGHT + timedelta(days=1)))
        return Obligation.objects.get(person=person, slug="online", period_key="2026").earned

    assert earned() == 0
    reopen_year(freeze=freeze, reason="补记", by=staff, at=BROUGHT + timedelta(hours=1))
    assert float(earned()) == 0.25


def test_a_closed_accounts_token_keeps_the_study_and_grants_nothing(client: Client, person: Cadre) -> None:
    lesson = film(seconds=100)
    with time_machine.travel(DECEMBER, tick=False) as clock:
        token = opened(client, person, lesson)["token"]
        Cadre.objects.filter(pk=person.pk).update(is_active=False)
        clock.shift(100)
        end = DECEMBER + timedelta(seconds=100)
        answered = told(send(Client(), body_of(token, end, segments=[[0, 100]], position=100)))
        assert (answered["outcome"], answered["covered"], answered["finished"]) == ("closed", 100, False)
        assert answered["words"]
        assert not HoursEntry.objects.exists()
        assert Progress.objects.get().finished_at is None
        Cadre.objects.filter(pk=person.pk).update(is_active=True)
        answered = told(send(Client(), body_of(token, end, segments=[[98, 100]], position=99)))
    assert (answered["outcome"], HoursEntry.objects.count()) == ("granted", 1)


def test_a_quiz_handed_in_for_a_closed_account_is_marked_and_grants_nothing(person: Cadre) -> None:
    attempt = begin(person, quiz(questions=[QuestionFactory() for _ in range(4)], draws=2))
    answer(attempt, 2, attempt.begun_at)
    Cadre.objects.filter(pk=person.pk).update(is_active=False)
    result = hand_in(attempt_id=attempt.pk, handed_in_at=attempt.begun_at, at=attempt.begun_at)
    assert (result.attempt.is_passed, result.entry) == (True, None)
    with translation.override("en"):
        assert "this account is closed" in words_for_result(result)
    assert not HoursEntry.objects.exists()
