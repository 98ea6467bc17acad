"""An evening from its start to its closing, and what undoes it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lms.hours import coverage
from lms.hours.actions import YearFrozen, freeze_year
from lms.hours.models import HoursEntry, HoursRule, Ledger
from lms.hours.rules import NoRule
from lms.training.models import Presence
from lms.training.viewings.actions import (
    NotForKeepers,
    NothingToShow,
    ScreenBusy,
    StationNotRun,
    WrongState,
    cancel_viewing,
    close_viewing,
    end_viewing,
    note_discussion,
    record_played,
    reopen_viewing,
    start_viewing,
)
from lms.training.viewings.models import Closing, Viewing, ViewingState
from tests.factories import article, film
from tests.lms.training.viewings.evenings import (
    AT,
    MINUTE,
    Town,
    held,
    hours,
    planned,
    running,
    tick,
    town,
    villager,
)
from tests.rules import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> Town:
    return town()


def play(viewing: Viewing, *segments: tuple[int, int], minutes: float) -> int:
    """Report what was played so many minutes after the start; how much the clock did not pay."""
    at = AT + timedelta(minutes=minutes)
    return record_played(viewing=viewing, segments=list(segments), by=viewing.by, at=at).unpaid


def test_a_viewing_begins_and_ends_by_the_servers_clock_and_grants_once(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = held(place.near, [person])
    entry = HoursEntry.objects.get(person=person)
    assert (viewing.started_at, viewing.ended_at) == (AT, AT + 90 * MINUTE)
    assert (entry.source, entry.ledger, entry.kind) == (viewing.source, Ledger.COLLECTIVE, "VIEWING")
    assert (entry.hours, entry.earned_at, entry.title) == (Decimal(1), AT + 90 * MINUTE, "党课直播")
    close_viewing(viewing=viewing, by=place.keeper, at=AT + 120 * MINUTE)
    assert HoursEntry.objects.count() == 1
    assert Closing.objects.count() == 1


def test_starting_and_ending_twice_is_once(place: Town) -> None:
    viewing = running(place.near)
    again = start_viewing(viewing=viewing, by=place.keeper, at=AT + 5 * MINUTE)
    assert again.started_at == AT
    end_viewing(viewing=viewing, by=place.keeper, at=AT + 60 * MINUTE)
    assert end_viewing(viewing=viewing, by=place.keeper, at=AT + 70 * MINUTE).ended_at == AT + 60 * MINUTE


def test_a_station_has_one_screen(place: Town) -> None:
    first = running(place.near)
    second = planned(place.near, at=AT + timedelta(days=1))
    with pytest.raises(ScreenBusy) as refused:
        start_viewing(viewing=second, by=place.keeper, at=AT + 5 * MINUTE)
    assert refused.value.other == first


def test_a_viewing_that_nobody_ended_went_on_two_hours_longer_at_most(place: Town) -> None:
    viewing = running(place.near)
    ended = end_viewing(viewing=viewing, by=place.keeper, at=AT + timedelta(days=3))
    assert ended.ended_at == AT + 90 * MINUTE + timedelta(hours=2)


@pytest.mark.parametrize("step", [end_viewing, close_viewing])
def test_what_has_not_begun_neither_ends_nor_closes(place: Town, step: object) -> None:
    with pytest.raises(WrongState):
        step(viewing=planned(place.near), by=place.keeper, at=AT)


def test_a_running_viewing_is_not_closed_and_a_closed_one_not_started(place: Town) -> None:
    viewing = running(place.near)
    with pytest.raises(WrongState):
        close_viewing(viewing=viewing, by=place.keeper, at=AT)
    done = held(place.other, [])
    with pytest.raises(WrongState):
        start_viewing(viewing=done, by=place.keeper, at=AT)


def test_a_closed_station_starts_nothing(place: Town) -> None:
    viewing = planned(place.near)
    place.near.to_on = (AT - timedelta(days=1)).date()
    place.near.save()
    with pytest.raises(StationNotRun):
        start_viewing(viewing=viewing, by=place.keeper, at=AT)


def test_a_lesson_that_was_withdrawn_is_not_shown(place: Town) -> None:
    lesson = film(seconds=1800)
    viewing = planned(place.near, lesson=lesson)
    lesson.unpublish()
    with pytest.raises(NothingToShow):
        start_viewing(viewing=viewing, by=place.keeper, at=AT)


def test_a_text_is_no_programme(place: Town) -> None:
    with pytest.raises(NothingToShow):
        planned(place.near, lesson=article())


def test_a_lesson_is_shown_in_the_version_of_its_start(place: Town) -> None:
    lesson = film(seconds=1800)
    viewing = running(place.near, lesson=lesson)
    assert viewing.version == lesson.current_version()
    assert viewing.seconds == 1800


def test_hours_follow_the_share_of_the_lesson_that_was_played(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = running(place.near, lesson=film(seconds=1800))
    tick(viewing, person, at=AT + MINUTE)
    assert play(viewing, (0, 600), minutes=11) == 0
    assert play(viewing, (0, 600), (300, 900), minutes=16) == 0
    end_viewing(viewing=viewing, by=place.keeper, at=AT + 20 * MINUTE)
    close_viewing(viewing=viewing, by=place.keeper, at=AT + 21 * MINUTE)
    assert hours(person) == Decimal("0.5")


def test_the_clock_of_the_station_pays_and_the_rest_waits(place: Town) -> None:
    viewing = running(place.near, lesson=film(seconds=1800))
    assert play(viewing, (0, 1800), minutes=12) == 1800 - 12 * 60 - 2
    end_viewing(viewing=viewing, by=place.keeper, at=AT + 15 * MINUTE)
    # After the end no second pays any more, however late it is told.
    assert play(viewing, (0, 1800), minutes=9999) == 1800 - 15 * 60 - 2


def test_what_was_played_is_told_after_closing_and_the_hours_follow(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = running(place.near, lesson=film(seconds=1800))
    tick(viewing, person, at=AT)
    play(viewing, (0, 900), minutes=30)
    end_viewing(viewing=viewing, by=place.keeper, at=AT + 31 * MINUTE)
    close_viewing(viewing=viewing, by=place.keeper, at=AT + 32 * MINUTE)
    play(viewing, (900, 1800), minutes=600)
    lines = HoursEntry.objects.of(person.pk).order_by("pk")
    assert [line.hours for line in lines] == [Decimal("0.5"), Decimal("0.5")]
    assert lines[1].corrects == lines[0]


def test_a_broadcast_plays_nothing_here(place: Town) -> None:
    with pytest.raises(WrongState):
        play(running(place.near), (0, 10), minutes=5)


def test_a_discussion_is_kept_until_the_closing(place: Town) -> None:
    viewing = running(place.near)
    note_discussion(viewing=viewing, text="谈了防火。", by=place.keeper, at=AT)
    viewing.refresh_from_db()
    assert (viewing.discussion, viewing.recorder) == ("谈了防火。", place.keeper)
    end_viewing(viewing=viewing, by=place.keeper, at=AT + MINUTE)
    close_viewing(viewing=viewing, by=place.keeper, at=AT + 2 * MINUTE)
    with pytest.raises(WrongState):
        note_discussion(viewing=viewing, text="改", by=place.keeper, at=AT)
    with pytest.raises(WrongState):
        note_discussion(viewing=planned(place.other), text="早", by=place.keeper, at=AT)


def test_reopening_is_the_townships_and_the_difference_is_a_second_line(place: Town) -> None:
    stays, goes, comes = (villager(place.tree.village) for _ in range(3))
    viewing = held(place.near, [stays, goes])
    with pytest.raises(NotForKeepers):
        reopen_viewing(viewing=viewing, reason="x", by=place.keeper, at=AT)
    at = AT + timedelta(days=2)
    reopen_viewing(viewing=viewing, reason="点名有误", by=place.township, at=at)
    assert hours(goes) == 1
    tick(viewing, goes, at=at, is_present=False)
    tick(viewing, comes, at=at)
    close_viewing(viewing=viewing, by=place.township, at=at)
    assert [hours(person) for person in (stays, goes, comes)] == [1, 0, 1]
    assert HoursEntry.objects.of(goes.pk).count() == 2
    assert HoursEntry.objects.of(stays.pk).count() == 1
    closing = Closing.objects.order_by("pk").first()
    assert (closing.reason, closing.reopened_by) == ("点名有误", place.township)
    with pytest.raises(WrongState):
        reopen_viewing(viewing=planned(place.other), reason="x", by=place.township, at=at)


def test_striking_out_gives_back_the_seats_and_takes_back_the_hours(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = held(place.near, [person])
    with pytest.raises(WrongState):
        cancel_viewing(viewing=viewing, reason="假", by=place.township, at=AT)
    reopen_viewing(viewing=viewing, reason="抽查不符", by=place.township, at=AT + 200 * MINUTE)
    with pytest.raises(NotForKeepers):
        cancel_viewing(viewing=viewing, reason="假", by=place.keeper, at=AT + 201 * MINUTE)
    for _ in range(2):
        cancel_viewing(viewing=viewing, reason="没有放映", by=place.township, at=AT + 201 * MINUTE)
    assert hours(person) == 0
    assert not Presence.objects.exists()
    assert HoursEntry.objects.of(person.pk).order_by("-pk")[0].reason == "没有放映"


def test_a_planned_viewing_is_struck_out_by_its_station(place: Town) -> None:
    viewing = cancel_viewing(viewing=planned(place.near), reason="停电", by=place.keeper, at=AT)
    assert viewing.state == ViewingState.CANCELLED


def test_without_a_rule_a_viewing_waits_to_be_closed(place: Town) -> None:
    HoursRule.objects.all().delete()
    viewing = running(place.near)
    end_viewing(viewing=viewing, by=place.keeper, at=AT + 90 * MINUTE)
    with pytest.raises(NoRule):
        close_viewing(viewing=viewing, by=place.keeper, at=AT + 91 * MINUTE)
    viewing.refresh_from_db()
    assert viewing.state == ViewingState.ENDED


def test_a_frozen_year_keeps_its_hours_and_takes_new_lines_that_wait(place: Town) -> None:
    early, late = villager(place.tree.village), villager(place.tree.village)
    viewing = held(place.near, [early])
    later = AT + timedelta(days=300)
    freeze_year(unit=place.tree.county, year=2026, by=place.county, at=later)
    with pytest.raises(YearFrozen):
        tick(viewing, early, at=later + MINUTE, is_present=False)
    tick(viewing, late, at=AT + MINUTE, came=later + MINUTE)
    assert HoursEntry.objects.of(late.pk).waiting().total().hours == 1
    assert HoursEntry.objects.counted().total().hours == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "RUNNING"},
        {"state": "CLOSED", "started_at": AT},
        {"state": "ENDED", "started_at": AT, "ended_at": AT},
        {"state": "CANCELLED"},
        {"seconds": 0},
    ],
)
def test_the_database_keeps_what_a_viewing_promises(place: Town, broken: dict[str, object]) -> None:
    viewing = planned(place.near)
    with pytest.raises(IntegrityError), transaction.atomic():
        Viewing.objects.filter(pk=viewing.pk).update(**broken)


class TestOrder(TestCase):
    """Reports of what was played may come in any order, twice and late."""

    @settings(max_examples=examples(25), deadline=None)
    @given(st.data())
    def test_what_is_kept_after_the_end_does_not_depend_on_the_order(self, data: st.DataObject) -> None:
        place = town()
        viewing = running(place.near, lesson=film(seconds=120))
        spans = st.tuples(st.integers(0, 119), st.integers(1, 60)).map(lambda p: (p[0], min(120, sum(p))))
        reports = data.draw(st.lists(st.lists(spans, min_size=1, max_size=3), min_size=1, max_size=5))
        end_viewing(viewing=viewing, by=place.keeper, at=AT + 10 * MINUTE)
        order = data.draw(st.permutations(reports + reports[:2]))
        for report in order:
            record_played(viewing=viewing, segments=report, by=place.keeper, at=AT + 11 * MINUTE)
        viewing.refresh_from_db()
        expected = coverage.from_segments(span for report in reports for span in report)
        assert coverage.from_bytes(viewing.bits) == expected
