"""What a merger is told of the stations of the villages that end."""

from datetime import date

import pytest
from django.urls import reverse

from lms.training.viewings.actions import close_viewing, end_viewing
from lms.training.viewings.wagtail_hooks import stations_of_units
from tests.lms.training.viewings import evenings

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)


def test_stations_and_what_is_not_closed_there_are_named_until_it_is() -> None:
    town = evenings.town()
    assert len(stations_of_units([town.near.unit], on=ON)) == 1
    running = evenings.running(town.near)
    told = stations_of_units([town.near.unit], on=ON)
    assert [thing.url for thing in told] == [
        reverse("viewings:station", args=[town.near.pk]),
        reverse("viewings:detail", args=[running.pk]),
    ]
    assert all(town.near.name in thing.words for thing in told)
    assert len(stations_of_units([town.other.unit], on=ON)) == 1
    end_viewing(viewing=running, by=town.keeper, at=evenings.AT + 90 * evenings.MINUTE)
    assert len(stations_of_units([town.near.unit], on=ON)) == 2
    close_viewing(viewing=running, by=town.keeper, at=evenings.AT + 91 * evenings.MINUTE)
    assert len(stations_of_units([town.near.unit], on=ON)) == 1
