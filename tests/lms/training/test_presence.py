"""Nobody is in two places at once, whichever roll is brought first."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Cadre, Level
from lms.hours.actions import freeze_year
from lms.training import presence
from lms.training.models import Presence
from tests.factories import CadreFactory, StaffFactory, UnitFactory

NOON = datetime(2026, 5, 8, 4, tzinfo=UTC)
Told = tuple[int, int, int]  # starts, lasts, marked: minutes


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def seat(number: int, told: Told) -> Presence:
    starts, lasts, marked = told
    return Presence(
        pk=number,
        source=f"viewing:{number}",
        starts_at=at(starts),
        ends_at=at(starts + lasts),
        marked_at=at(marked),
        recorded_at=at(marked),
    )


tellings = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 120), st.integers(0, 300)), min_size=1, max_size=8
)


@given(tellings, st.randoms())
def test_what_stands_does_not_depend_on_the_order(told: list[Told], random) -> None:  # type: ignore[no-untyped-def]  # hypothesis' random
    seats = [seat(number, each) for number, each in enumerate(told, 1)]
    shuffled = seats[:]
    random.shuffle(shuffled)

    def answer(these: list[Presence]) -> dict[int, int | None]:
        return {each.pk: winner and winner.pk for each, winner in presence.decide(these)}

    assert answer(seats) == answer(shuffled)


@given(tellings)
def test_standing_ones_never_overlap_and_the_lost_name_an_earlier_mark(told: list[Told]) -> None:
    decided = presence.decide([seat(number, each) for number, each in enumerate(told, 1)])
    standing = [each for each, winner in decided if winner is None]
    for one in standing:
        for other in standing:
            assert one is other or one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
    for lost, winner in decided:
        if winner is not None:
            assert winner in standing
            assert winner.marked_at <= lost.marked_at
            assert winner.starts_at < lost.ends_at
            assert lost.starts_at < winner.ends_at


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What was regraded: the source, and whether it stands."""
    heard: list[tuple[str, bool]] = []
    follow = lambda seat, by, at: heard.append((seat.source, seat.lost_to_id is None))  # noqa: E731
    monkeypatch.setitem(presence._REGRADES, "viewing", follow)
    return heard


def take(person: Cadre, source: str, told: Told, by: Cadre) -> Presence:
    starts, lasts, marked = told
    return presence.take_seat(
        person=person,
        source=source,
        title=source,
        starts_at=at(starts),
        ends_at=at(starts + lasts),
        marked_at=at(marked),
        by=by,
        at=at(1000),
    )


@pytest.mark.django_db
class TestSeats:
    def test_second_place_is_refused_and_names_the_first(self, told: list[tuple[str, bool]]) -> None:
        person, by = CadreFactory(), CadreFactory()
        first = take(person, "viewing:1", (0, 90, 5), by)
        second = take(person, "viewing:2", (60, 90, 62), by)
        assert first.lost_to is None
        assert second.lost_to == first
        assert told == []

    def test_an_earlier_mark_that_comes_late_beats_the_other(self, told: list[tuple[str, bool]]) -> None:
        person, by = CadreFactory(), CadreFactory()
        take(person, "viewing:2", (60, 90, 62), by)
        first = take(person, "viewing:1", (0, 90, 5), by)
        assert first.lost_to is None
        assert told == [("viewing:2", False)]
        assert Presence.objects.get(source="viewing:2").lost_to == first

    def test_whoever_lost_stands_again_when_the_mark_is_taken_back(
        self, told: list[tuple[str, bool]]
    ) -> None:
        person, by = CadreFactory(), CadreFactory()
        take(person, "viewing:1", (0, 90, 5), by)
        take(person, "viewing:2", (60, 90, 62), by)
        for _twice in range(2):
            presence.leave_seat(person=person, source="viewing:1", by=by, at=at(1000))
        assert told == [("viewing:2", True)]
        assert Presence.objects.get().lost_to is None

    def test_marked_again_the_mark_is_the_one_told_now(self, told: list[tuple[str, bool]]) -> None:
        person, by = CadreFactory(), CadreFactory()
        take(person, "viewing:1", (0, 90, 30), by)
        assert take(person, "viewing:1", (0, 80, 10), by).marked_at == at(10)
        again = take(person, "viewing:1", (0, 80, 20), by)
        assert (again.marked_at, again.ends_at) == (at(20), at(80))
        assert Presence.objects.count() == 1

    def test_places_after_each_other_both_stand(self, told: list[tuple[str, bool]]) -> None:
        person, by = CadreFactory(), CadreFactory()
        take(person, "viewing:1", (0, 90, 5), by)
        assert take(person, "viewing:2", (90, 30, 91), by).lost_to is None

    def test_what_comes_after_the_freeze_never_beats_what_was_there(
        self, told: list[tuple[str, bool]]
    ) -> None:
        county = UnitFactory(code="140728000000", level=Level.COUNTY)
        person, by = CadreFactory(unit=county), StaffFactory(unit=county).person
        take(person, "viewing:2", (60, 90, 62), by)
        freeze_year(unit=county, year=2026, by=by, at=datetime(2027, 1, 5, tzinfo=UTC))
        late = presence.take_seat(
            person=person,
            source="viewing:1",
            title="",
            starts_at=at(0),
            ends_at=at(90),
            marked_at=at(5),
            by=by,
            at=datetime(2027, 1, 6, tzinfo=UTC),
        )
        assert late.lost_to == Presence.objects.get(source="viewing:2")
        assert told == []
