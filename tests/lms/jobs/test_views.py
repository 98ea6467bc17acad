"""The address that a progress bar asks."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cadre
from lms.jobs.actions import claim, enqueue, fail, heartbeat
from lms.jobs.models import Job
from tests.factories import CadreFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def person() -> Cadre:
    return CadreFactory()


@pytest.fixture
def job(person: Cadre) -> Job:
    made = claim(pk=enqueue("kind", {"by": person.pk}, at=NOW).pk, at=NOW)
    assert made is not None
    return made


def address(job: Job) -> str:
    return reverse("jobs:status", args=[job.pk])


def test_a_stranger_is_asked_to_sign_in(client: Client, job: Job) -> None:
    assert client.get(address(job)).status_code == 302


def test_another_person_finds_nothing(client: Client, job: Job) -> None:
    client.force_login(CadreFactory())
    assert client.get(address(job)).status_code == 404


def test_a_job_that_nobody_asked_for_is_nobodys(client: Client, person: Cadre) -> None:
    client.force_login(person)
    assert client.get(address(enqueue("kind", {}, at=NOW))).status_code == 404


def test_the_person_who_asked_sees_the_progress(
    client: Client, person: Cadre, job: Job, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    heartbeat(job=job, done=1, total=4, at=NOW)
    client.force_login(person)
    with django_assert_max_num_queries(4):
        response = client.get(address(job))
    assert response.json() == {"status": "RUNNING", "done": 1, "total": 4, "percent": 25, "error": ""}
    assert "no-store" in response["Cache-Control"]


def test_a_failure_is_told_in_words_and_never_as_a_traceback(client: Client, person: Cadre, job: Job) -> None:
    client.force_login(person)
    fail(job=job, error="Traceback: secret", at=NOW)
    told = client.get(address(job)).json()["error"]
    assert told
    assert "secret" not in told
    Job.objects.update(words="名单已不存在。")
    assert client.get(address(job)).json()["error"] == "名单已不存在。"


def test_only_reading_is_allowed(client: Client, person: Cadre, job: Job) -> None:
    client.force_login(person)
    assert client.post(address(job)).status_code == 405
