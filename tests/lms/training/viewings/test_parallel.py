"""Several at once: closing, starting, ticking and scheduling give one answer and no lock-up."""

from datetime import timedelta

import pytest
from django.db import connection

from lms.hours.models import HoursEntry
from lms.training.models import Presence
from lms.training.viewings.actions import (
    NothingToDraw,
    ProgrammeFacts,
    ScreenBusy,
    ScreenTaken,
    close_viewing,
    draw_samples,
    end_viewing,
    schedule,
    start_viewing,
)
from lms.training.viewings.models import Closing, Programme, Sample, Viewing
from tests.lms.training.viewings.evenings import (
    AT,
    MINUTE,
    held,
    hours,
    planned,
    running,
    tick,
    town,
    villager,
)
from tests.parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")


def test_closing_twice_at_once_grants_once() -> None:
    place = town()
    people = [villager(place.tree.village) for _ in range(5)]
    viewing = running(place.near)
    for person in people:
        tick(viewing, person, at=AT)
    end_viewing(viewing=viewing, by=place.keeper, at=AT + 90 * MINUTE)
    later = AT + 91 * MINUTE
    at_once(
        [
            lambda by=by: close_viewing(viewing=viewing, by=by, at=later)
            for by in (place.keeper, place.township)
        ]
        * 2
    )
    assert HoursEntry.objects.count() == 5
    assert Closing.objects.count() == 1


def test_one_screen_starts_one_of_two() -> None:
    place = town()
    viewings = [planned(place.near), planned(place.near, at=AT + timedelta(hours=4))]

    def start(viewing: Viewing) -> str:
        try:
            return start_viewing(viewing=viewing, by=place.keeper, at=AT).state
        except ScreenBusy:
            return "busy"

    assert sorted(at_once([lambda v=v: start(v) for v in viewings])) == ["RUNNING", "busy"]


def test_two_rolls_mark_the_same_people_while_both_close() -> None:
    place = town()
    people = [villager(place.tree.village) for _ in range(6)]
    first = running(place.near)
    second = running(place.other, at=AT + 60 * MINUTE)
    for viewing, end in ((first, 90), (second, 150)):
        end_viewing(viewing=viewing, by=viewing.by, at=AT + end * MINUTE)
    came = AT + timedelta(days=1)

    def mark(viewing: Viewing, order: list[object], minutes: int) -> None:
        for person in order:
            tick(viewing, person, at=AT + minutes * MINUTE, came=came)

    at_once(
        [
            lambda: mark(first, people, 5),
            lambda: mark(second, people[::-1], 65),
            lambda: close_viewing(viewing=first, by=place.township, at=came),
            lambda: close_viewing(viewing=second, by=place.township, at=came),
        ]
    )
    assert {(hours(person, first), hours(person, second)) for person in people} == {(1, 0)}
    assert Presence.objects.standing().count() == 6


def test_the_same_tick_twice_at_once_is_one() -> None:
    place = town()
    person = villager(place.tree.village)
    viewing = running(place.near)
    at_once([lambda: tick(viewing, person, at=AT, device="phone", number=7)] * 3)
    assert viewing.ticks.count() == 1
    assert Presence.objects.count() == 1


def test_a_form_sent_twice_at_once_is_one_programme_and_two_plans_do_not_share_a_screen() -> None:
    place = town()

    def plan(key: str) -> str:
        try:
            facts = ProgrammeFacts("直播", None, "CITY", 3600)
            schedule(facts=facts, stations=[place.near], planned_at=AT, by=place.township, at=AT, key=key)
        except ScreenTaken:
            return "taken"
        return "planned"

    assert at_once([lambda: plan("a"), lambda: plan("a")]).count("planned") >= 1
    at_once([lambda: plan("b"), lambda: plan("c")])
    assert Programme.objects.count() == 1
    assert Viewing.objects.count() == 1


def test_two_draws_at_once_draw_nothing_twice() -> None:
    place = town()
    for day in range(4):
        held(place.near, [], at=AT - timedelta(days=day + 1))
    first, last = (AT - timedelta(days=9)).date(), AT.date()

    def draw(seed: int) -> None:
        try:
            draw_samples(
                unit=place.tree.township,
                from_on=first,
                to_on=last,
                wanted=3,
                seed=seed,
                by=place.township,
                at=AT,
            )
        except NothingToDraw:
            return

    at_once([lambda: draw(1), lambda: draw(2), lambda: draw(3)])
    assert Sample.objects.count() == 4
