"""Running jobs and ticks, with a clock of the test's own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lms.celery import app, fill_beat
from lms.jobs import runner
from lms.jobs.actions import claim, enqueue
from lms.jobs.management.commands import run_jobs
from lms.jobs.models import Job, JobStatus
from lms.jobs.registry import GiveUp, Recurring, Registry, Work, load
from lms.jobs.tasks import run_job, run_tick

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def handlers() -> Iterator[dict[str, Any]]:
    """The registry's handlers, put back afterwards."""
    kinds = load().handlers
    before = dict(kinds)
    yield kinds
    kinds.clear()
    kinds.update(before)


def run(kind: str, clock: Clock, **args: object) -> Job:
    job = enqueue(kind, args, at=clock())
    assert runner.run(job.pk, now=clock)
    job.refresh_from_db()
    return job


def test_a_job_runs_with_its_arguments_and_keeps_its_result(clock: Clock, handlers: dict[str, Any]) -> None:
    handlers["t"] = lambda work: {"got": work.args["n"], "at": work.at.isoformat()}
    job = run("t", clock, n=7)
    assert (job.status, job.result) == (JobStatus.DONE, {"got": 7, "at": NOW.isoformat()})
    assert job.finished_at == NOW


def test_a_finished_job_is_not_run_again(clock: Clock, handlers: dict[str, Any]) -> None:
    runs = []
    handlers["t"] = lambda work: runs.append(1) or {}
    job = run("t", clock)
    assert not runner.run(job.pk, now=clock)
    assert runs == [1]


def test_an_unknown_kind_fails_with_words(clock: Clock) -> None:
    job = run("nobody.knows", clock)
    assert job.status == JobStatus.FAILED
    assert "'nobody.knows'" in job.error


def test_an_error_is_kept_and_the_job_waits_for_another_try(clock: Clock, handlers: dict[str, Any]) -> None:
    def broken(work: Work) -> dict[str, Any]:
        raise ValueError("no such lesson")

    handlers["t"] = broken
    job = run("t", clock)
    assert job.status == JobStatus.QUEUED
    assert "ValueError: no such lesson" in job.error
    assert job.next_at == NOW + timedelta(seconds=10)


def test_a_job_that_succeeds_at_the_second_try_shows_no_error(clock: Clock, handlers: dict[str, Any]) -> None:
    outcomes = iter([ValueError("once"), None])

    def shaky(work: Work) -> dict[str, Any]:
        if (error := next(outcomes)) is not None:
            raise error
        return {}

    handlers["t"] = shaky
    job = run("t", clock)
    clock.move(10)
    assert runner.run(job.pk, now=clock)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error) == (JobStatus.DONE, 2, "")


def test_result_that_is_no_json_fails_the_job_and_not_the_runner(
    clock: Clock, handlers: dict[str, Any]
) -> None:
    handlers["test.odd"] = lambda work: {"at": work.at}
    job = run("test.odd", clock)
    assert (job.status, "JSON" in job.error) == (JobStatus.QUEUED, True)


def test_giving_up_fails_at_once_in_words(clock: Clock, handlers: dict[str, Any]) -> None:
    def hopeless(work: Work) -> dict[str, Any]:
        raise GiveUp("The list is gone.")

    handlers["t"] = hopeless
    job = run("t", clock)
    assert (job.status, job.words, job.attempts) == (JobStatus.FAILED, "The list is gone.", 1)


def test_progress_is_written_once_a_second_and_at_the_end(
    clock: Clock, handlers: dict[str, Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen = []

    def counting(work: Work) -> dict[str, Any]:
        with django_assert_num_queries(4):  # 0, 100 and 200 after a second each, and the last
            for done in range(251):
                work.report(done, 250)
                clock.move(0.01)
        seen.append(Job.objects.get().done)
        return {}

    handlers["t"] = counting
    run("t", clock)
    assert seen == [250]


def test_a_run_that_lost_its_lease_ends_quietly(clock: Clock, handlers: dict[str, Any]) -> None:
    def slow(work: Work) -> dict[str, Any]:
        clock.move(3600)
        other = claim(pk=Job.objects.get().pk, at=clock())
        assert other is not None
        work.report(1, 2)
        raise AssertionError("the report must have stopped this run")

    handlers["t"] = slow
    job = run("t", clock)
    assert (job.status, job.attempts, job.error) == (JobStatus.RUNNING, 2, "")


def test_work_without_a_listener_may_report() -> None:
    Work({}, NOW).report(1, 2)


def test_registry_refuses_two_of_one_name() -> None:
    registry = Registry()
    registry.job("kind")(lambda work: {})
    with pytest.raises(ValueError, match="Two handlers"):
        registry.job("kind")(lambda work: {})
    registry.every(seconds=1, name="tick")(lambda at: None)
    with pytest.raises(ValueError, match="Two ticks"):
        registry.every(seconds=1, name="tick")(lambda at: None)


def test_rounds_run_each_tick_at_its_own_pace(clock: Clock) -> None:
    quick, slow = [], []
    entries = [Recurring("quick", 1, quick.append), Recurring("slow", 60, slow.append)]
    rounds = runner.Rounds({entry.name: entry for entry in entries})
    assert rounds.run(now=clock) == ["quick", "slow"]
    assert rounds.run(now=clock) == []
    clock.move(1)
    assert rounds.run(now=clock) == ["quick"]
    clock.move(60)
    assert rounds.run(now=clock) == ["quick", "slow"]
    assert slow == [NOW, NOW + timedelta(seconds=61)]


def test_a_tick_that_fails_does_not_stop_the_others(clock: Clock) -> None:
    ran = []

    def broken(at: datetime) -> None:
        raise ValueError

    entries = [Recurring("broken", 1, broken), Recurring("whole", 1, ran.append)]
    runner.Rounds({entry.name: entry for entry in entries}).run(now=clock)
    assert ran == [NOW]


def test_the_celery_task_is_what_run_jobs_calls(
    handlers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers["t"] = lambda work: {}
    job = enqueue("t", {}, at=timezone.now())
    assert app.tasks["jobs.run_job"].name == run_job.name
    assert run_job(job.pk) is True
    assert run_job(job.pk) is False


def test_run_tick_passes_over_a_name_it_does_not_know() -> None:
    assert run_tick("gone.since") is False
    assert run_tick("jobs.resend") is True


def test_beat_has_an_entry_for_every_tick() -> None:
    fill_beat()
    entries = app.conf.beat_schedule
    assert set(entries) == set(load().recurring)
    resend = entries["jobs.resend"]
    assert resend["task"] == "jobs.run_tick"
    assert (resend["schedule"], resend["args"]) == (5, ("jobs.resend",))


def test_messages_survive_the_broker_and_the_worker() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.task_default_queue_type == "quorum"
    assert app.conf.broker_transport_options["confirm_publish"]


def test_once_runs_one_job_and_drain_runs_all(handlers: dict[str, Any]) -> None:
    handlers["t"] = lambda work: {}
    for _number in range(3):
        enqueue("t", {}, at=timezone.now())
    call_command("run_jobs", "--once", stdout=StringIO())
    assert Job.objects.unfinished().count() == 2
    call_command("run_jobs", "--drain", stdout=StringIO())
    assert not Job.objects.unfinished().exists()


def test_long_work_has_a_lane_of_its_own(handlers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    handlers["tests.film"] = lambda work: ran.append("film") or {}
    handlers["tests.list"] = lambda work: ran.append("list") or {}
    monkeypatch.setattr(load(), "long", {"tests.film"})
    for kind in ("tests.film", "tests.film", "tests.list"):
        enqueue(kind, {}, at=timezone.now())
    command = run_jobs.Command()
    assert command._next(is_long=False)
    assert not command._next(is_long=False)
    assert command._next(is_long=True)
    assert ran == ["list", "film"]
    call_command("run_jobs", "--drain", stdout=StringIO())
    assert ran == ["list", "film", "film"]
