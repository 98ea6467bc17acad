"""Several at once: refreshes, grants and drains of the same people give one row and the right figures."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import CadreChange
from lms.obligations.actions import differences, refresh, refresh_changed
from lms.obligations.models import Obligation
from tests.lms.obligations.people import AT, earn, secretary, under_the_defaults

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")


def at_once(*works: object) -> None:
    def run(work: object) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result(timeout=60)


def test_parallel_refreshes_in_opposite_orders_neither_lock_up_nor_double() -> None:
    tree = under_the_defaults()
    ids = [secretary(tree).pk for _ in range(20)]
    at_once(*[lambda order=order: refresh(order, at=AT) for order in (ids, ids[::-1], ids[5:], ids[::2])])
    assert Obligation.objects.count() == 20 * 4
    assert list(differences(ids, at=AT)) == []


def test_grants_during_refreshes_and_drains_are_all_counted() -> None:
    tree = under_the_defaults()
    people = [secretary(tree) for _ in range(4)]

    def granting(person: object, first: int) -> object:
        return lambda: [earn(person, 2, source=f"p:{first + number}") for number in range(10)]

    grants = [granting(person, 0) for person in people]
    drains = [lambda: [refresh_changed(at=AT, limit=7) for _ in range(15)]] * 2
    at_once(*grants, *drains)
    while refresh_changed(at=AT):
        pass
    assert set(Obligation.objects.filter(slug="online").values_list("earned", flat=True)) == {20}
    assert not CadreChange.objects.exists()
