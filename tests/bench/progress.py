"""How fast a report of study is, beside bare Django views behind the same server on the same database.

`python -m tests.bench.progress [--requests 6000] [--workers 2]`; PostgreSQL where DATABASE_URL says so,
else SQLite. Works in a scratch database that it makes and drops.
"""

import argparse
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.bench import load

PEOPLE = 320
VERSIONS = 8
LESSON_SECONDS = 1800
STEP = 30
# Reports of one person and version before the lesson would be finished.
REPORTS = LESSON_SECONDS * 95 // 100 // STEP - 1
CONNECTIONS = (8, 32)
MOST_SECONDS = 30.0


def main(argv: list[str]) -> int:
    """Measure and print the table."""
    options = _options(argv)
    with _scratch_database() as name, _django():
        seeded = _seed()
        statements = _statements(seeded)
        with _server(options.workers, options.threads) as (server, port):
            print(f"\n{name}, {server}, {options.workers} workers, {options.requests} requests each\n")
            _table(port, seeded, statements, options.requests, options.rounds)
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=3000, help="of each kind in each round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2, help="of each worker")
    return parser.parse_args(argv)


@contextmanager
def _scratch_database() -> Iterator[str]:
    """An empty database of our own in DATABASE_URL, dropped afterwards."""
    url = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(VAR_DIR=folder, MEDIA_ROOT=folder)
        os.environ.update(DEMO="1", DJANGO_SETTINGS_MODULE="tests.bench.settings", LOG_LEVEL="ERROR")
        if not url.startswith("postgres"):
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            yield "SQLite"
            return
        import psycopg

        name = f"bench_{secrets.token_hex(4)}"
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
            os.environ["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
            try:
                yield "PostgreSQL"
            finally:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _django() -> Iterator[None]:
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    yield
    connections.close_all()


class Seeded:
    """People and a lesson's versions, and how far each pair has been reported."""

    def __init__(self, people: list[int], lesson: int, versions: list[int]) -> None:
        """Begin at the first second of every lesson."""
        self.people = people
        self.lesson = lesson
        self._pairs = self._endless(versions)

    def _endless(self, versions: list[int]) -> Iterator[tuple[int, int, int]]:
        for version in versions:
            for number in range(REPORTS):
                for person in self.people:
                    yield person, version, number * STEP

    def reports(self, count: int) -> Iterator[tuple[int, bytes]]:
        """The next so many reports: each is new, and each is another person's than the one before."""
        from lms.study.launch import Launch, write_token

        now = int(time.time() * 1000)
        for _ in range(count):
            person, version, start = next(self._pairs)
            opened = now - 86_400_000
            launch = Launch(person, self.lesson, version, LESSON_SECONDS, opened, 100, 0)
            entry = {
                "n": 1,
                "kind": "segments",
                "token": write_token(launch),
                "at": now,
                "body": {"segments": [[start, start + STEP]], "position": start + STEP},
            }
            body = {"device": "bench", "after": 0, "sent": now, "entries": [entry]}
            yield person, json.dumps(body).encode()


def _seed() -> Seeded:
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Cadre
    from courses.models import LessonVersion
    from tests.bench.yardsticks import TABLE
    from tests.factories import CadreFactory, RuleFactory, county_tree, film

    tree = county_tree()
    RuleFactory(unit=tree.province)
    people = [CadreFactory.build(unit=tree.village) for _ in range(PEOPLE)]
    Cadre.objects.bulk_create(people)
    lesson = film(seconds=LESSON_SECONDS)
    versions = [
        LessonVersion(
            lesson=lesson,
            number=1000 + number,
            kind="FILM",
            title=lesson.title,
            seconds=LESSON_SECONDS,
            digest="",
            published_at=timezone.now(),
        )
        for number in range(VERSIONS)
    ]
    LessonVersion.objects.bulk_create(versions)
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    return Seeded([person.pk for person in people], lesson.pk, [version.pk for version in versions])


def _statements(seeded: Seeded) -> int:
    """How many SQL statements a report needs, transaction marks apart."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    for person, body in seeded.reports(PEOPLE + 1):
        if person != seeded.people[0]:
            continue
        with CaptureQueriesContext(connection) as captured:
            answer = client.post("/uploads/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        assert "error" not in answer.json()["answers"][0], answer.content
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(marks) for query in captured)


@contextmanager
def _server(workers: int, threads: int) -> Iterator[tuple[str, int]]:
    """The production server where it is installed, else the demo's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    granian = Path(sys.executable).with_name("granian")
    if importlib.util.find_spec("granian") and granian.exists():
        name, command = "granian", [
            str(granian), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws",
            "--log-level", "warning", "tests.bench.wsgi:application",
        ]  # fmt: skip
    else:
        name, command = "waitress", [
            sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}",
            f"--threads={workers * threads}", "tests.bench.wsgi:application",
        ]  # fmt: skip
    process = subprocess.Popen(command, start_new_session=True)
    try:
        _await(port)
        yield name, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _await(port: int) -> None:
    for _ in range(150):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError("the server did not start")


def _table(port: int, seeded: Seeded, statements: int, count: int, rounds: int) -> None:
    """All kinds in turn, round after round, so that a busy moment of the machine hits them alike."""
    kinds = ("bare view", "view with one UPSERT", "report")
    print(f"{'':<34}{'conn':>5}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'p99/p50':>9}{'SQL':>5}")
    for connections in CONNECTIONS:
        results = {kind: load.Measured() for kind in kinds}
        for _ in range(rounds):
            reports = list(seeded.reports(count))
            posts = {
                "bare view": [load.request("/bench/bare/", body) for _person, body in reports],
                "view with one UPSERT": [
                    load.request(f"/bench/upsert/{person}/", body) for person, body in reports
                ],
                "report": [load.request("/uploads/", body) for _person, body in reports],
            }
            for name, requests in posts.items():
                _add(results[name], load.run(port, requests, connections, MOST_SECONDS / rounds))
        for name, result in results.items():
            _row(name, connections, result, {"bare view": 0, "view with one UPSERT": 1}.get(name, statements))
        share = results["report"].per_second / results["view with one UPSERT"].per_second
        print(f"{'report / one UPSERT':<34}{connections:>5}{share:>9.0%}\n")


def _add(total: load.Measured, part: load.Measured) -> None:
    total.seconds += part.seconds
    total.times += part.times
    total.refused += part.refused


def _row(name: str, connections: int, result: load.Measured, statements: int) -> None:
    assert not result.refused, f"{name}: {result.refused} refused"
    p50, p95, p99 = (result.percentile(percent) for percent in (50, 95, 99))
    print(
        f"{name:<34}{connections:>5}{result.per_second:>9.0f}{p50:>9.2f}{p95:>9.2f}{p99:>9.2f}"
        f"{p99 / p50:>9.1f}{statements:>5}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
