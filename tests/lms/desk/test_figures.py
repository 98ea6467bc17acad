"""The figures of the desk."""

from datetime import date
from decimal import Decimal

from pytest_django import DjangoAssertNumQueries

from lms.desk.figures import asked_online, online_by_month, online_due
from lms.hours.models import Ledger
from lms.obligations.actions import refresh
from lms.obligations.models import Obligation, ObligationQuerySet, Requirement
from tests.lms.desk.conftest import NOW, World, study_online


def due(world: World) -> ObligationQuerySet:
    running = Obligation.objects.visible_to(world.county).running(NOW.date())
    return online_due(running, NOW.year)


def test_asked_online_is_the_highest_of_what_holds_for_each_person(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert asked_online(due(world)) == (3, Decimal(150))
    own = Requirement.objects.get(slug="online")
    own.pk, own.slug, own.unit, own.amount = None, "county-online", world.places.county, Decimal(60)
    own.roles, own.valid_from = ["SECRETARY"], date(2026, 1, 1)
    own.save()
    refresh([world.secretary.pk, world.member.pk, world.far.pk], at=NOW)
    found = due(world)
    with django_assert_num_queries(1):
        assert asked_online(found) == (3, Decimal(160))


def test_pace_leaves_out_the_hours_of_the_exempt(world: World) -> None:
    study_online(world.exempted, "8")
    assert world.exempted.hours_entries.get().ledger == Ledger.ONLINE
    assert sum(online_by_month(due(world), NOW.year)) == 50
