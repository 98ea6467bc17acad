"""Worked case 9: villages A and B merge into C on 1 July, through the real actions and pages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from accounts.models import Cadre, StaffRole, Unit
from lms.hours.models import HoursEntry, Ledger
from lms.training.classes.actions import ClassFacts, record_class
from lms.training.classes.models import ClassKind, TrainingClass
from tests.accounts.mergers.merging import AT, NEW, into, prepared, ruler, written
from tests.factories import PostFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import secretary, under_the_defaults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


@pytest.fixture
def clerk(tree: CountyTree) -> Cadre:
    return Cadre.objects.get(pk=StaffFactory(unit=tree.township).person.pk)


@pytest.fixture
def east(tree: CountyTree) -> Cadre:
    return secretary(tree, name="李秀兰")


@pytest.fixture
def west(tree: CountyTree) -> Cadre:
    person = secretary(tree, name="张有财")
    person.posts.update(unit=tree.other_village, role="DIRECTOR")
    Cadre.objects.filter(pk=person.pk).update(unit=tree.other_village)
    return Cadre.objects.get(pk=person.pk)


def held_in(unit: Unit, person: Cadre, by: Cadre, title: str) -> TrainingClass:
    facts = ClassFacts(
        title=title,
        organiser="村党支部",
        unit=unit,
        kind=ClassKind.ORDINARY,
        ledger=Ledger.CONCENTRATED,
        starts_on=date(2026, 3, 2),
        ends_on=date(2026, 3, 3),
        days=Decimal(2),
        hours=Decimal(12),
    )
    return record_class(facts=facts, absent={person: 0}, by=by, at=datetime(2026, 3, 5, tzinfo=UTC))


def people_of(client: Client, **query: str) -> list[str]:
    return [person.name for person in client.get("/desk/people/", query).context["page"]]


def test_villages_merge_in_the_middle_of_the_year(
    client: Client, tree: CountyTree, clerk: Cadre, east: Cadre, west: Cadre
) -> None:
    held = [
        held_in(tree.village, east, clerk, "东城一期"),
        held_in(tree.other_village, west, clerk, "西城一期"),
    ]
    before = list(HoursEntry.objects.order_by("pk").values())
    by = ruler(tree)
    written(prepared(tree, into(NEW, tree.village, tree.other_village), by), by)
    new = Unit.objects.get(code=NEW)

    # The sessions and the hours of the first half stay under A and B.
    assert list(HoursEntry.objects.order_by("pk").values()) == before
    assert [each.unit for each in TrainingClass.objects.order_by("pk")] == [tree.village, tree.other_village]
    # The people belong to C.
    assert set(Cadre.objects.filter(pk__in=[east.pk, west.pk]).values_list("unit", flat=True)) == {new.pk}

    client.force_login(clerk)
    classes = client.get("/desk/classes/")
    for each in held:
        assert each.title in classes.content.decode()
    # The township's lists count each once, now and then.
    assert sorted(people_of(client)) == sorted([east.name, west.name, clerk.name])
    assert sorted(people_of(client, on="2026-06-30")) == sorted([east.name, west.name])
    assert sorted(people_of(client, on="2026-07-01")) == sorted([east.name, west.name])
    # The list of villages is C; as of 30 June it was A and B.
    now = client.get("/desk/people/").context["places"]
    then = client.get("/desk/people/", {"on": "2026-06-30"}).context["places"]
    assert [unit.code for unit in now] == [tree.township.code, NEW]
    assert [unit.code for unit in then] == [tree.township.code, tree.village.code, tree.other_village.code]
    # Each of them can be asked for by itself.
    assert people_of(client, unit=tree.village.code, on="2026-06-30") == [east.name]
    assert people_of(client, unit=NEW, on="2026-06-30") == []
    assert sorted(people_of(client, unit=NEW, on="2026-07-01")) == sorted([east.name, west.name])
    assert people_of(client, unit=tree.village.code) == []
    page = client.get("/desk/people/", {"unit": tree.village.code}).content.decode()
    assert f"?unit={NEW}" in page


def test_the_overview_counts_them_once_in_the_new_village(
    client: Client, tree: CountyTree, clerk: Cadre, east: Cadre, west: Cadre
) -> None:
    from lms.obligations.actions import refresh

    refresh([east.pk, west.pk], at=datetime(2026, 6, 1, 4, tzinfo=UTC))
    by = ruler(tree)
    written(prepared(tree, into(NEW, tree.village, tree.other_village), by), by)
    refresh([east.pk, west.pk], at=AT)
    client.force_login(clerk)
    page = client.get("/desk/").context
    assert [line.unit.code for line in page["lines"]] == [NEW]
    assert page["total"].due == 2


def test_a_station_keeper_reads_the_history_of_the_village_that_was(
    client: Client, tree: CountyTree, clerk: Cadre, east: Cadre
) -> None:
    held = held_in(tree.village, east, clerk, "东城一期")
    keeper = StaffFactory(unit=tree.village, role=StaffRole.STATION).person
    by = ruler(tree)
    written(prepared(tree, into(NEW, tree.village, tree.other_village), by), by)
    PostFactory(person=keeper, unit=Unit.objects.get(code=NEW), role="RESERVE", from_on=AT.date())
    client.force_login(keeper)
    assert held.title in client.get("/desk/classes/").content.decode()
    assert client.get("/desk/people/", {"unit": tree.village.code, "on": "2026-06-30"}).status_code == 200
