"""Rolls: nobody in two places at once (worked case 10), whichever roll arrives first, and guests."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actions import remove_scope, transfer
from accounts.models import AuditLine
from lms.hours.models import HoursEntry, HoursRule
from lms.phones.uploads import Refused
from lms.training.models import Presence
from lms.training.viewings.actions import close_viewing, end_viewing
from lms.training.viewings.entries import take_roll
from lms.training.viewings.guests import GuestAmbiguous, GuestUnknown, find_guest
from lms.training.viewings.models import RollTick, Viewing
from lms.training.viewings.sheet import sheet_of
from tests.factories import CadreFactory
from tests.lms.training.viewings.evenings import (
    AT,
    MINUTE,
    Town,
    bring,
    held,
    hours,
    planned,
    roll_entry,
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


def two_evenings(place: Town) -> tuple[Viewing, Viewing]:
    """14:00–15:30 at one station, 15:00–16:30 at another; both over."""
    first = running(place.near)
    second = running(place.other, at=AT + 60 * MINUTE)
    for viewing, end in ((first, 90), (second, 150)):
        end_viewing(viewing=viewing, by=viewing.by, at=AT + end * MINUTE)
    return first, second


def test_worked_case_10_the_second_roll_is_refused_and_names_the_first(place: Town) -> None:
    person = villager(place.tree.village, name="李秀兰")
    first = running(place.near)
    tick(first, person, at=AT + 5 * MINUTE)
    second = running(place.other, at=AT + 60 * MINUTE)
    at = AT + 61 * MINUTE
    told = bring(second, place.other_keeper, opened=AT + 60 * MINUTE, marked=at, came=at, guest=person.phone)
    assert told["is"] is False
    assert "东城村收看点" in str(told["refused"])
    assert "14:00–15:30" in str(told["refused"])
    ours = {seat.name: seat for seat in sheet_of(first, by=place.keeper, at=at).seats}
    theirs = {seat.name: seat for seat in sheet_of(second, by=place.other_keeper, at=at).seats}
    assert ours["李秀兰"].ticked == {"here"}
    assert "西城村收看点" in ours["李秀兰"].note
    assert theirs["李秀兰"].ticked == frozenset()
    assert "14:00–15:30" in theirs["李秀兰"].refused["here"]
    for viewing, end in ((first, 90), (second, 150)):
        end_viewing(viewing=viewing, by=viewing.by, at=AT + end * MINUTE)
        close_viewing(viewing=viewing, by=viewing.by, at=AT + 200 * MINUTE)
    assert (hours(person, first), hours(person, second)) == (1, 0)


def test_under_a_full_limit_of_the_year_hours_fall_before_others_rise(place: Town) -> None:
    HoursRule.objects.update(yearly_caps={"VIEWING": "1"})
    person = villager(place.tree.village)
    first, second = two_evenings(place)
    tick(first, person, at=AT + 5 * MINUTE)
    tick(second, person, at=AT + 65 * MINUTE)
    for viewing in (first, second):
        close_viewing(viewing=viewing, by=viewing.by, at=AT + 200 * MINUTE)
    assert (hours(person, first), hours(person, second)) == (1, 0)
    tick(first, person, at=AT + 80 * MINUTE, is_present=False)
    assert (hours(person, first), hours(person, second)) == (0, 1)


@pytest.mark.parametrize("is_first_first", [True, False])
@pytest.mark.parametrize("is_closed_before", [True, False])
def test_of_two_late_rolls_the_first_by_event_time_stands(
    place: Town, is_first_first: bool, is_closed_before: bool
) -> None:
    person = villager(place.tree.village)
    first, second = two_evenings(place)
    rolls = [(first, place.keeper, AT + 10 * MINUTE), (second, place.other_keeper, AT + 65 * MINUTE)]
    came = AT + timedelta(days=6)
    if is_closed_before:
        close(place, first, second, came)
    for viewing, keeper, marked in rolls if is_first_first else rolls[::-1]:
        opened = viewing.begins_at
        bring(viewing, keeper, opened=opened, marked=marked, came=came, guest=person.number)
    close(place, first, second, came)
    assert (hours(person, first), hours(person, second)) == (1, 0)
    assert Presence.objects.get(source=second.source).lost_to.source == first.source
    assert hours(person) == sum(line.hours for line in HoursEntry.objects.of(person.pk))


def close(place: Town, *viewings_and_at: object) -> None:
    *viewings, at = viewings_and_at
    for viewing in viewings:
        close_viewing(viewing=viewing, by=place.township, at=at)


def test_a_place_gives_way_again_when_the_earlier_mark_is_taken_back(place: Town) -> None:
    person = villager(place.tree.village)
    first, second = two_evenings(place)
    tick(first, person, at=AT + 5 * MINUTE)
    tick(second, person, at=AT + 65 * MINUTE)
    close(place, first, second, AT + 200 * MINUTE)
    tick(first, person, at=AT + 300 * MINUTE, is_present=False)
    assert (hours(person, first), hours(person, second)) == (0, 1)
    reasons = HoursEntry.objects.of(person.pk).exclude(corrects=None).values_list("reason", flat=True)
    assert all(reasons)


def test_a_seat_has_the_true_span_once_the_viewing_has_ended(place: Town) -> None:
    person = villager(place.tree.village)
    first = running(place.near)
    tick(first, person, at=AT + MINUTE)
    second = running(place.other, at=AT + 60 * MINUTE)
    assert tick(second, person, at=AT + 61 * MINUTE).lost_to is not None
    end_viewing(viewing=first, by=place.keeper, at=AT + 50 * MINUTE)
    assert Presence.objects.get(source=second.source).lost_to is None


def test_a_late_mark_on_a_closed_viewing_reaches_the_hours_at_once(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = held(place.near, [])
    came = AT + timedelta(days=7)
    told = bring(viewing, place.keeper, opened=AT, marked=AT + 9 * MINUTE, came=came, person=person.pk)
    assert (told["is"], told["refused"]) == (True, "")
    assert hours(person) == 1
    assert Presence.objects.get().marked_at == AT + 9 * MINUTE


def test_a_phone_that_brings_the_same_tick_again_changes_nothing(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = running(place.near)
    there = roll_entry(viewing, place.keeper, opened=AT, person=person.pk)
    gone = roll_entry(viewing, place.keeper, opened=AT, person=person.pk, **{"is": False})
    take_roll(there, "phone", AT + MINUTE)
    take_roll(gone, "phone", AT + 2 * MINUTE)
    # Its answer was lost: it comes once more, and so does the one after it.
    take_roll(there, "phone", AT + 3 * MINUTE)
    assert not Presence.objects.exists()
    assert RollTick.objects.count() == 2
    # The same number from another phone is another tick.
    take_roll(there, "other phone", AT + 4 * MINUTE)
    assert Presence.objects.count() == 1


def test_nobody_was_there_before_it_began_and_a_wrong_clock_changes_no_year(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = running(place.near)
    bring(
        viewing,
        place.keeper,
        opened=AT - timedelta(days=9),
        marked=AT - timedelta(days=400),
        came=AT,
        person=person.pk,
    )
    assert Presence.objects.get().marked_at == AT


def test_a_roll_waits_for_the_start(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = planned(place.near)
    told = bring(viewing, place.keeper, opened=AT, marked=AT, came=AT, person=person.pk)
    assert told["is"] is False
    assert told["refused"]
    assert not RollTick.objects.exists()


def test_only_who_keeps_the_station_when_it_arrives_brings_its_roll(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = running(place.near)
    for somebody in (place.other_keeper, place.far_keeper, person):
        with pytest.raises(Refused, match="forbidden"):
            bring(viewing, somebody, opened=AT, marked=AT, came=AT, person=person.pk)
    assert bring(viewing, place.township, opened=AT, marked=AT, came=AT, person=person.pk)["is"] is True
    remove_scope(scope=place.keeper.staff_scopes.get(), by=None, at=AT)
    with pytest.raises(Refused, match="forbidden"):
        bring(viewing, place.keeper, opened=AT, marked=AT, came=AT, person=person.pk)


def test_a_key_alone_tells_nobodys_name(place: Town) -> None:
    stranger = villager(place.tree.other_village)
    viewing = running(place.near)
    told = bring(viewing, place.keeper, opened=AT, marked=AT, came=AT, person=stranger.pk)
    assert (told["is"], told["name"]) == (False, "")


def test_who_moved_away_since_is_still_on_the_roll_of_that_day(place: Town) -> None:
    person = villager(place.tree.village)
    viewing = running(place.near)
    end_viewing(viewing=viewing, by=place.keeper, at=AT + 90 * MINUTE)
    transfer(person=person, unit=place.tree.far_village, on=AT.date(), by=None, at=AT + 100 * MINUTE)
    came = AT + timedelta(days=2)
    told = bring(viewing, place.keeper, opened=AT, marked=AT + MINUTE, came=came, person=person.pk)
    assert told["is"] is True
    close_viewing(viewing=viewing, by=place.keeper, at=came)
    assert hours(person) == 1


@pytest.mark.parametrize("said", ["{phone}", "+86 {phone}", "{number}", "{name} 西城村", "西城村，{name}"])
def test_a_guest_is_found_by_number_or_by_name_and_village(place: Town, said: str) -> None:
    guest = villager(place.tree.other_village, name="张有财", phone="13700000123")
    words = said.format(phone=guest.phone, number=guest.number, name=guest.name)
    assert find_guest(words, place.near) == guest


def test_a_guests_name_alone_is_somebody_of_the_village(place: Town) -> None:
    villager(place.tree.other_village, name="张有财")
    with pytest.raises(GuestUnknown):
        find_guest("张有财", place.near)
    ours = villager(place.tree.village, name="张有财")
    assert find_guest("张有财", place.near) == ours


def test_two_of_a_name_need_a_number(place: Town) -> None:
    for _ in range(2):
        villager(place.tree.other_village, name="张有财")
    with pytest.raises(GuestAmbiguous):
        find_guest("张有财 西城村", place.near)


@pytest.mark.parametrize("said", ["", "\0", "13999999999", "张 三 李", "张有财 北城村", "1" * 60])
def test_nobody_is_found_by_other_words(place: Town, said: str) -> None:
    villager(place.tree.other_village, name="张有财")
    with pytest.raises(GuestUnknown):
        find_guest(said, place.near)


def test_nobody_of_another_county_and_no_closed_account_is_a_guest(place: Town) -> None:
    far = CadreFactory(unit__code="140729100201", unit__name="远村", unit__level="VILLAGE")
    closed = villager(place.tree.other_village, is_active=False)
    for person in (far, closed):
        with pytest.raises(GuestUnknown):
            find_guest(person.phone, place.near)


def test_a_guest_stands_on_the_sheet_with_the_village_and_leaves_an_audit_line(place: Town) -> None:
    guest = villager(place.tree.far_village, name="赵远")
    viewing = running(place.near)
    told = bring(viewing, place.keeper, opened=AT, marked=AT, came=AT, guest=guest.phone)
    assert (told["name"], told["person"], told["is"]) == ("赵远", guest.pk, True)
    line = sheet_of(viewing, by=place.keeper, at=AT).seats[-1]
    assert (line.name, line.place, line.ticked) == ("赵远", "段村", {"here"})
    assert AuditLine.objects.filter(action="viewing.guest", person=guest).exists()
    again = bring(viewing, place.keeper, opened=AT, marked=AT, came=AT, person=guest.pk, **{"is": False})
    assert again["is"] is False


class TestOrder(TestCase):
    """After both rolls and both closings the order in which anything arrived makes no difference."""

    @settings(max_examples=examples(40), deadline=None)
    @given(st.data())
    def test_the_order_of_arrival_never_matters(self, data: st.DataObject) -> None:
        place = town()
        person = villager(place.tree.village)
        first, second = two_evenings(place)
        moments = st.integers(0, 200)
        ticks = data.draw(
            st.lists(
                st.tuples(st.booleans(), moments, st.booleans()),
                min_size=1,
                max_size=5,
                unique_by=lambda t: t[1],
            )
        )
        marks = [
            (second if is_second else first, AT + minute * MINUTE, is_present, number)
            for number, (is_second, minute, is_present) in enumerate(ticks, start=1)
        ]
        results = []
        came = AT + timedelta(days=3)
        close(place, first, second, came)
        for order in (marks, data.draw(st.permutations(marks + marks[:1]))):
            RollTick.objects.all().delete()
            wipe(person, first, second, came)
            for viewing, marked, is_present, number in order:
                tick(viewing, person, at=marked, is_present=is_present, came=came, device="d", number=number)
            close(place, first, second, came)
            results.append(state(person, first, second))
        assert results[0] == results[1]
        _stands, hours_first, hours_second = results[0]
        assert hours_first + hours_second <= 1
        assert hours(person) == sum((line.hours for line in HoursEntry.objects.of(person.pk)), Decimal(0))


def wipe(person: object, first: Viewing, second: Viewing, at: datetime) -> None:
    """Take everybody off both rolls, so that another order can be tried."""
    for viewing in (first, second):
        tick(viewing, person, at=at, is_present=False)
    RollTick.objects.all().delete()


def state(person: object, first: Viewing, second: Viewing) -> tuple[object, Decimal, Decimal]:
    seats = Presence.objects.of(person.pk).order_by("source").select_related("lost_to")
    stands = [(seat.source, seat.marked_at, seat.lost_to and seat.lost_to.source) for seat in seats]
    return stands, hours(person, first), hours(person, second)
