"""Stations, what is planned for them, and sample checks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditLine, StaffScope
from lms.training.viewings.actions import (
    AlreadyRun,
    CheckedBefore,
    EndsTooEarly,
    NoStation,
    NotAVillage,
    NothingToDraw,
    NotOnThatDay,
    NotYourStations,
    NotYourUnit,
    OutOfReach,
    ProgrammeFacts,
    ScreenTaken,
    VillageNotInForce,
    add_station,
    close_station,
    close_stations_of_retired_villages,
    dismiss_keeper,
    draw_samples,
    drawn,
    name_keeper,
    record_finding,
    schedule,
)
from lms.training.viewings.models import Equipment, Finding, Platform, Programme, Sample, SampleDraw, Station
from tests.lms.training.viewings.evenings import (
    AT,
    MINUTE,
    Town,
    held,
    planned,
    running,
    staff,
    town,
    villager,
)

pytestmark = pytest.mark.django_db
BROADCAST = ProgrammeFacts("党课直播", None, "PROVINCE", 5400)
TODAY = date(2026, 5, 8)


@pytest.fixture
def place(db: None) -> Town:
    return town()


def test_a_village_has_one_open_station(place: Town) -> None:
    with pytest.raises(AlreadyRun):
        add_station(unit=place.tree.village, name="再开", from_on=TODAY, by=place.township, at=AT)
    close_station(station=place.near, to_on=TODAY, by=place.township, at=AT)
    again = add_station(unit=place.tree.village, name="新站", from_on=TODAY, by=place.township, at=AT)
    assert again.to_on is None


def test_stations_stand_in_villages_of_ones_own_that_exist(place: Town) -> None:
    with pytest.raises(NotAVillage):
        add_station(unit=place.tree.township, name="x", from_on=TODAY, by=place.township, at=AT)
    with pytest.raises(OutOfReach):
        add_station(unit=place.tree.far_village, name="x", from_on=TODAY, by=place.township, at=AT)
    Station.objects.filter(pk=place.near.pk).delete()
    village = place.tree.village
    village.valid_to = TODAY - timedelta(days=1)
    village.save()
    with pytest.raises(VillageNotInForce):
        add_station(unit=village, name="x", from_on=TODAY, by=place.township, at=AT)


def test_closing_a_station_strikes_out_what_was_planned_later(place: Town) -> None:
    later, today = planned(place.near, at=AT + timedelta(days=2)), planned(place.near)
    for _ in range(2):
        close_station(station=place.near, to_on=TODAY, by=place.township, at=AT)
    later.refresh_from_db()
    today.refresh_from_db()
    assert (later.state, today.state) == ("CANCELLED", "PLANNED")
    assert later.cancelled_why


def test_a_station_is_not_closed_over_an_open_viewing_or_before_it_opened(place: Town) -> None:
    with pytest.raises(EndsTooEarly):
        close_station(station=place.other, to_on=date(2025, 1, 1), by=place.township, at=AT)
    running(place.near)
    with pytest.raises(EndsTooEarly):
        close_station(station=place.near, to_on=TODAY, by=place.township, at=AT)


def test_a_station_ends_with_its_village(place: Town) -> None:
    for station in (place.near, place.other):
        station.unit.valid_to = TODAY - timedelta(days=3)
        station.unit.save()
    running(place.other)
    assert close_stations_of_retired_villages(at=AT) == 1
    assert close_stations_of_retired_villages(at=AT) == 0
    place.near.refresh_from_db()
    assert place.near.to_on == TODAY - timedelta(days=3)


def test_keepers_are_named_and_dismissed_by_who_keeps_the_roster(place: Town) -> None:
    person = villager(place.tree.village)
    scope = name_keeper(station=place.near, person=person, by=place.township, at=AT)
    assert name_keeper(station=place.near, person=person, by=place.township, at=AT) == scope
    found = Station.objects.with_keepers().get(pk=place.near.pk)
    assert set(found.keepers) == {place.keeper, person}
    for _ in range(2):
        dismiss_keeper(station=place.near, scope=scope, by=place.township, at=AT)
    assert not StaffScope.objects.filter(person=person).exists()


def test_nobody_names_keepers_beyond_their_reach(place: Town) -> None:
    person, stranger = villager(place.tree.village), villager(place.tree.far_village)
    for by, who in ((place.keeper, person), (place.township, stranger)):
        with pytest.raises(OutOfReach):
            name_keeper(station=place.near, person=who, by=by, at=AT)
    with pytest.raises(OutOfReach):
        name_keeper(station=place.far, person=person, by=place.township, at=AT)
    township_scope = place.township.staff_scopes.get()
    with pytest.raises(OutOfReach):
        dismiss_keeper(station=place.near, scope=township_scope, by=place.county, at=AT)


def test_one_programme_is_pushed_to_many_stations_and_sent_twice_is_once(place: Town) -> None:
    def push() -> Programme:
        stations = [place.near, place.other]
        return schedule(facts=BROADCAST, stations=stations, planned_at=AT, by=place.township, at=AT, key="k")

    assert push() == push()
    assert Programme.objects.get().viewings.count() == 2


@pytest.mark.parametrize(
    ("who", "where", "days", "error"),
    [
        ("township", [], 0, NoStation),
        ("township", ["near", "far"], 0, NotYourStations),
        ("keeper", ["other"], 0, NotYourStations),
        ("township", ["near"], -1, NotOnThatDay),
        ("township", ["near"], 400, NotOnThatDay),
    ],
)
def test_what_cannot_be_planned_is_refused(
    place: Town, who: str, where: list[str], days: int, error: type[Exception]
) -> None:
    stations = [getattr(place, name) for name in where]
    moment = AT + timedelta(days=days)
    with pytest.raises(error):
        schedule(facts=BROADCAST, stations=stations, planned_at=moment, by=getattr(place, who), at=AT)
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "is_taken"), [(-89, True), (0, True), (89, True), (90, False), (-90, False)]
)
def test_a_screen_shows_one_thing_at_a_time(place: Town, minutes: int, is_taken: bool) -> None:
    planned(place.near, at=AT + timedelta(hours=4))
    moment = AT + timedelta(hours=4) + minutes * MINUTE
    if is_taken:
        with pytest.raises(ScreenTaken, match=place.near.name):
            schedule(facts=BROADCAST, stations=[place.near], planned_at=moment, by=place.township, at=AT)
    else:
        schedule(facts=BROADCAST, stations=[place.near], planned_at=moment, by=place.township, at=AT)


def test_a_draw_is_random_by_a_seed_on_record_and_draws_nothing_twice(place: Town) -> None:
    villages = [place.near, place.other]
    all_held = [
        held(station, [villager(station.unit)], at=AT + day * timedelta(days=1))
        for day in range(3)
        for station in villages
    ]
    running(place.near, at=AT + timedelta(days=9))
    draw = draw_samples(
        unit=place.tree.township,
        from_on=TODAY,
        to_on=date(2026, 6, 1),
        wanted=4,
        seed=7,
        by=place.township,
        at=AT,
    )
    keys = sorted(draw.samples.values_list("viewing", flat=True))
    assert keys == drawn(sorted(viewing.pk for viewing in all_held), wanted=4, seed=7)
    assert set(draw.samples.values_list("on_roll", flat=True)) == {1}
    rest = draw_samples(
        unit=place.tree.township,
        from_on=TODAY,
        to_on=date(2026, 6, 1),
        wanted=9,
        seed=1,
        by=place.township,
        at=AT,
    )
    assert rest.samples.count() == 2
    with pytest.raises(NothingToDraw):
        draw_samples(
            unit=place.tree.township, from_on=TODAY, to_on=TODAY, wanted=1, seed=1, by=place.township, at=AT
        )
    assert AuditLine.objects.filter(action="viewing.sample").count() == 2


def test_samples_are_drawn_by_those_who_keep_the_record(place: Town) -> None:
    held(place.near, [])
    for by in (
        place.keeper,
        staff(place.tree.other_township, "TOWNSHIP"),
        staff(place.tree.county, "AUDITOR"),
    ):
        with pytest.raises(NotYourUnit):
            draw_samples(unit=place.tree.township, from_on=TODAY, to_on=TODAY, wanted=1, seed=1, by=by, at=AT)


def test_a_finding_is_written_once(place: Town) -> None:
    viewing = held(place.near, [])
    draw = draw_samples(
        unit=place.tree.township, from_on=TODAY, to_on=TODAY, wanted=1, seed=1, by=place.township, at=AT
    )
    sample = draw.samples.get()
    for _ in range(2):
        record_finding(sample=sample, found=0, finding=Finding.DIFFERS, note="无人", by=place.township, at=AT)
    with pytest.raises(CheckedBefore):
        record_finding(sample=sample, found=3, finding=Finding.AGREES, note="", by=place.township, at=AT)
    assert Sample.objects.get(viewing=viewing).checked_by == place.township


def broken_rows(place: Town) -> list[object]:
    viewing = held(place.near, [])
    draw = SampleDraw.objects.create(
        unit=place.tree.township, from_on=TODAY, to_on=TODAY, wanted=1, seed=1, drawn_at=AT, by=place.township
    )
    common = {"created_at": AT, "by": place.township}
    return [
        Station(unit=place.tree.village, name="二", from_on=TODAY),
        Station(unit=place.tree.village, name="三", from_on=TODAY, to_on=date(2020, 1, 1)),
        Equipment(station=place.near, name="电视", count=0),
        Programme(title="无", seconds=60, **common),
        Programme(title="空", platform=Platform.CITY, seconds=0, **common),
        Sample(draw=draw, viewing=viewing, on_roll=0, finding=Finding.AGREES),
        Sample(
            draw=draw,
            viewing=viewing,
            on_roll=0,
            finding=Finding.DIFFERS,
            found=0,
            checked_at=AT,
            checked_by=place.township,
        ),
        SampleDraw(
            unit=place.tree.township,
            from_on=TODAY,
            to_on=date(2020, 1, 1),
            wanted=1,
            seed=1,
            drawn_at=AT,
            by=place.township,
        ),
        SampleDraw(
            unit=place.tree.township,
            from_on=TODAY,
            to_on=TODAY,
            wanted=0,
            seed=1,
            drawn_at=AT,
            by=place.township,
        ),
    ]


def test_the_database_keeps_the_promises_of_stations_and_samples(place: Town) -> None:
    for row in broken_rows(place):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
