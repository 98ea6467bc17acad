"""The life of a job's row."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from socket import create_server, socket

import pytest
from celery import Celery
from django.db import IntegrityError, connection, transaction
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from lms.desk.models import Export
from lms.jobs import actions
from lms.jobs.actions import KEPT, LeaseLost, claim, enqueue, fail, finish, heartbeat, resend, retry, sweep
from lms.jobs.models import RESEND_AFTER, WORDS_LENGTH, Job, JobStatus
from lms.jobs.registry import load
from tests.factories import CadreFactory, county_tree

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


class Broker:
    """Stands where the Celery application stands, and may be down."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.queues: list[object] = []
        self.is_up = True

    def send_task(self, name: str, args: list[int], **options: object) -> None:
        if not self.is_up:
            raise OperationalError("no route")
        assert name == "jobs.run_job"
        self.sent += args
        self.queues.append(options.get("queue"))


@pytest.fixture
def broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    settings.CELERY_BROKER_URL = "amqp://somewhere"
    broker = Broker()
    monkeypatch.setattr(actions, "current_app", broker)
    return broker


def claimed(at: datetime = NOW) -> Job:
    job = claim(pk=enqueue("kind", {}, at=at).pk, at=at)
    assert job is not None
    return job


def test_enqueue_writes_a_waiting_row() -> None:
    job = enqueue("kind", {"by": 1}, at=NOW)
    row = Job.objects.get()
    assert row == job
    assert (row.kind, row.args, row.status, row.next_at) == ("kind", {"by": 1}, JobStatus.QUEUED, NOW)


def test_enqueue_belongs_to_the_callers_transaction() -> None:
    with transaction.atomic():
        enqueue("kind", {}, at=NOW)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_same_unfinished_key_gives_the_same_job() -> None:
    first = enqueue("kind", {}, at=NOW, key="k")
    assert enqueue("kind", {}, at=NOW, key="k") == first
    running = claim(pk=first.pk, at=NOW)
    assert running is not None
    assert enqueue("kind", {}, at=NOW, key="k") == first
    finish(job=running, result={}, at=NOW)
    assert enqueue("kind", {}, at=NOW, key="k") != first


def test_jobs_without_a_key_are_never_merged() -> None:
    assert enqueue("kind", {}, at=NOW) != enqueue("kind", {}, at=NOW)


def test_constraint_holds_one_unfinished_row_per_key() -> None:
    Job.objects.create(kind="kind", key="k", created_at=NOW, next_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="kind", key="k", created_at=NOW, next_at=NOW)


def test_constraint_keeps_done_within_total() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="kind", created_at=NOW, next_at=NOW, done=2, total=1)


def test_claim_takes_a_job_once_until_the_lease_runs_out() -> None:
    job = claimed()
    assert (job.status, job.attempts, job.lease_until) == (JobStatus.RUNNING, 1, NOW + LEASE)
    assert claim(pk=job.pk, at=NOW + LEASE) is None
    again = claim(pk=job.pk, at=NOW + LEASE + timedelta(seconds=1))
    assert again is not None
    assert again.attempts == 2


def test_claim_leaves_finished_and_unknown_jobs_alone() -> None:
    job = claimed()
    finish(job=job, result={}, at=NOW)
    assert claim(pk=job.pk, at=NOW + timedelta(days=1)) is None
    assert claim(pk=job.pk + 1, at=NOW) is None


def test_claim_waits_for_its_time() -> None:
    job = enqueue("kind", {}, at=NOW + timedelta(seconds=1))
    assert claim(pk=job.pk, at=NOW) is None


def test_heartbeat_keeps_the_lease_and_notes_progress() -> None:
    job = claimed()
    later = NOW + timedelta(seconds=50)
    heartbeat(job=job, done=3, total=4, at=later)
    job.refresh_from_db()
    assert (job.done, job.total, job.percent, job.lease_until) == (3, 4, 75, later + LEASE)


@pytest.mark.parametrize(("done", "total", "kept"), [(5, 4, (4, 4)), (-1, 4, (0, 4)), (1, -1, (0, 0))])
def test_heartbeat_bends_impossible_progress(done: int, total: int, kept: tuple[int, int]) -> None:
    job = claimed()
    heartbeat(job=job, done=done, total=total, at=NOW)
    job.refresh_from_db()
    assert (job.done, job.total) == kept


def test_an_attempt_that_lost_its_lease_writes_nothing() -> None:
    stale = claimed()
    later = NOW + 2 * LEASE
    fresh = claim(pk=stale.pk, at=later)
    assert fresh is not None
    writes = [
        lambda: heartbeat(job=stale, done=1, total=1, at=later),
        lambda: finish(job=stale, result={"by": "stale"}, at=later),
        lambda: fail(job=stale, error="x", at=later),
        lambda: retry(job=stale, error="x", at=later),
    ]
    for write in writes:
        with pytest.raises(LeaseLost):
            write()
    finish(job=fresh, result={"by": "fresh"}, at=later)
    with pytest.raises(LeaseLost):
        finish(job=fresh, result={"by": "again"}, at=later)
    assert Job.objects.get().result == {"by": "fresh"}


def test_finish_keeps_the_result() -> None:
    job = claimed()
    finish(job=job, result={"rows": 3}, at=NOW)
    job.refresh_from_db()
    assert (job.status, job.result, job.percent, job.is_finished) == (JobStatus.DONE, {"rows": 3}, 100, True)


def test_fail_keeps_the_error_and_the_words() -> None:
    job = claimed()
    fail(job=job, error="why", words="话" * 1000, at=NOW)
    job.refresh_from_db()
    assert (job.status, job.error, job.words) == (JobStatus.FAILED, "why", "话" * WORDS_LENGTH)


def test_retry_waits_longer_each_time_and_then_fails() -> None:
    at, waits = NOW, []
    job = enqueue("kind", {}, at=at)
    while (attempt := claim(pk=job.pk, at=at)) is not None:
        retry(job=attempt, error=f"error {attempt.attempts}", at=at)
        job.refresh_from_db()
        waits.append(int((job.next_at - at).total_seconds()))
        at = max(at, job.next_at)
    assert waits[:4] == [10, 40, 160, 640]
    assert (job.status, job.attempts, job.error) == (JobStatus.FAILED, 5, "error 5")


def test_a_job_that_kills_every_worker_fails_in_the_end() -> None:
    at = NOW
    job = enqueue("kind", {}, at=at)
    for _attempt in range(5):
        assert claim(pk=job.pk, at=at) is not None
        at += 2 * LEASE
    assert claim(pk=job.pk, at=at) is None
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert "died" in job.error


def test_broker_hears_of_a_job_on_commit_only(
    broker: Broker, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("kind", {}, at=NOW)
        assert broker.sent == []
    assert broker.sent == [job.pk]


def test_without_a_broker_nothing_is_sent(
    settings: Settings,
    broker: Broker,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.CELERY_BROKER_URL = ""
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("kind", {}, at=NOW)
    assert resend(at=NOW + timedelta(days=1)) == 0
    assert broker.sent == []


def test_a_broker_that_is_down_loses_nothing(
    broker: Broker, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    broker.is_up = False
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("kind", {}, at=NOW)
    later = NOW + RESEND_AFTER + timedelta(seconds=1)
    assert resend(at=later) == 0
    broker.is_up = True
    assert resend(at=later) == 1
    assert broker.sent == [job.pk]


def test_broker_that_is_away_is_tried_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[socket] = []

    def refuse(listening: socket) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                tried.append(listening.accept()[0])
                tried[-1].close()

    # Celery believes the environment before its own settings.
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    with create_server(("127.0.0.1", 0)) as listening:
        app = Celery(broker=f"amqp://127.0.0.1:{listening.getsockname()[1]}", set_as_current=False)
        app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        monkeypatch.setattr(actions, "current_app", app)
        threading.Thread(target=refuse, args=[listening], daemon=True).start()
        assert not actions._send(1, "room.what")
    assert len(tried) == 1


def test_work_that_may_wait_is_sent_when_its_time_has_come(
    broker: Broker, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    later = NOW + timedelta(seconds=90)
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("kind", {}, at=NOW, not_before=later)
    assert broker.sent == []
    assert claim(pk=job.pk, at=later - timedelta(seconds=1)) is None
    assert resend(at=later - timedelta(seconds=1)) == 0
    assert resend(at=later) == 1
    assert claim(pk=job.pk, at=later) is not None


def test_long_work_goes_to_a_queue_of_its_own(
    broker: Broker,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(load(), "long", {"film"})
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("film", {}, at=NOW)
        enqueue("list", {}, at=NOW)
    assert broker.queues == ["xiangxue-long", None]


def test_resend_repeats_no_fresh_message(broker: Broker) -> None:
    enqueue("kind", {}, at=NOW)
    assert resend(at=NOW + timedelta(seconds=30)) == 0


def test_resend_sends_what_a_dead_worker_left_at_once(broker: Broker) -> None:
    job = claimed()
    assert resend(at=NOW + LEASE) == 0
    assert resend(at=NOW + LEASE + timedelta(seconds=1)) == 1
    assert resend(at=NOW + LEASE + timedelta(seconds=2)) == 0
    assert broker.sent == [job.pk]


def test_resend_sends_a_retry_when_it_is_due(broker: Broker) -> None:
    job = claimed()
    retry(job=job, error="x", at=NOW)
    assert resend(at=NOW + timedelta(seconds=9)) == 0
    assert resend(at=NOW + timedelta(seconds=10)) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_claims_give_the_job_to_one() -> None:
    job = enqueue("kind", {}, at=NOW)
    barrier, won = threading.Barrier(4), []

    def race() -> None:
        barrier.wait()
        won.append(claim(pk=job.pk, at=NOW) is not None)
        connection.close()

    _together(race)
    assert sorted(won) == [False, False, False, True]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_enqueues_of_one_key_write_one_row() -> None:
    barrier, made = threading.Barrier(4), []

    def race() -> None:
        barrier.wait()
        with transaction.atomic():
            made.append(enqueue("kind", {}, at=NOW, key="k").pk)
        connection.close()

    _together(race)
    assert len(made) == 4
    assert set(made) == {Job.objects.get().pk}


def _together(race: Callable[[], None], count: int = 4) -> None:
    threads = [threading.Thread(target=race) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_sweep_deletes_what_ended_long_ago_and_nobody_names() -> None:
    good, bad, named, waiting = claimed(), claimed(), claimed(), enqueue("kind", {}, at=NOW)
    finish(job=good, result={}, at=NOW)
    fail(job=bad, error="no", at=NOW)
    finish(job=named, result={}, at=NOW)
    late = claimed()
    finish(job=late, result={}, at=NOW + timedelta(seconds=1))
    by = CadreFactory(unit=county_tree().village)
    Export.objects.create(kind="STANDINGS", suffix="csv", by=by, job=named, created_at=NOW)
    Export.objects.create(kind="STANDINGS", suffix="csv", by=by, job=None, created_at=NOW)
    assert sweep(at=NOW + KEPT) == 0
    soon = NOW + KEPT + timedelta(seconds=1)
    assert [sweep(at=soon), sweep(at=soon)] == [2, 0]
    assert set(Job.objects.all()) == {named, waiting, late}


def test_sweep_comes_round_every_day() -> None:
    assert load().recurring["jobs.sweep"].seconds == 86_400
