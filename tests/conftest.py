"""What every test shares."""

import gc
import os
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.db import connection
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.plugin import blocking_manager_key

from lms.demo.index import unindexed
from tests.databases import Databases
from tests.factories import site
from tests.rules import IS_FRESH, examples

# A busy machine is no fault: what a rule costs is measured by the benches.
settings.register_profile(
    "patient",
    deadline=None,
    derandomize=not IS_FRESH,
    max_examples=examples(100),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")

# What takes longest goes first, so that no process is left with it at the end; the demo, which the first and
# the last need, is made while those between run.
FIRST = (
    "tests/test_access.py",
    "tests/courses/films/test_renditions.py",
    "tests/lms/jobs/test_killed.py",
    "tests/architecture/test_run.py",
    "tests/lms/demo/test_load.py",
)


def _place(item: pytest.Item) -> int:
    return next((place for place, path in enumerate(FIRST) if item.nodeid.startswith(path)), len(FIRST))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what this machine cannot run; MUST_RUN names what may not be skipped."""
    items.sort(key=_place)
    needs = {
        "broker": (bool(configured.BROKER_URL), "needs RabbitMQ: CELERY_BROKER_URL is not set"),
        "postgres": (connection.vendor == "postgresql", "needs PostgreSQL: DATABASE_URL is not set"),
    }
    absent = {name: reason for name, (is_here, reason) in needs.items() if not is_here}
    for name in os.environ.get("MUST_RUN", "").split():
        if name in absent:
            raise pytest.UsageError(f"{name}: {absent[name]}")
    for item in items:
        for name, reason in absent.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish() -> None:
    """What is loaded by now stays; let the garbage collector not walk through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Function, nextitem: pytest.Item | None) -> Iterator[None]:
    """The site's pages again after a test that emptied the tables, where others follow in this process."""
    yield
    mark = item.get_closest_marker("django_db")
    has_emptied = "transactional_db" in item.fixturenames or (mark and mark.kwargs.get("transaction"))
    if has_emptied and nextitem is not None:
        with item.config.stash[blocking_manager_key].unblock():
            site()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """The databases that this run's processes share the making of."""
    return Databases(tmp_path_factory)


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_keepdb: bool, django_db_modify_db_settings: None, databases: Databases
) -> bool:
    """On SQLite each process begins with a copy of one migrated database, instead of migrating its own."""
    if connection.vendor != "sqlite" or django_db_keepdb:
        return django_db_keepdb
    databases.copy_migrated(Path(connection.settings_dict["TEST"]["NAME"]))
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The home page and the catalogue once for all tests, also where --reuse-db kept emptied tables."""
    with django_db_blocker.unblock():
        site()


@pytest.fixture(autouse=True)
def _alone(settings: Settings, tmp_path: Path) -> None:
    """Files that vanish with the test, and a cache (also Redis) in which only this test has written."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = {"default": {**configured.CACHES["default"], "KEY_PREFIX": uuid4().hex}}


@pytest.fixture(autouse=True)
def _unindexed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages are written into the search index only where a test looks for them: it is marked `search`."""
    with nullcontext() if request.node.get_closest_marker("search") else unindexed():
        yield


@pytest.fixture
def cache_by_our_clock(settings: Settings) -> None:
    """A cache in which things expire by the clock that a test moves; Redis has one of its own."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": uuid4().hex}
    }
