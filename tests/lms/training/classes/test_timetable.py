"""The timetable: what it is worth, what it refuses, and what follows from a change."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.hours.models import HoursRule
from lms.hours.rules import LONGEST_DAY
from lms.training.classes.actions import refusals
from lms.training.classes.actions.leave import ask_leave
from lms.training.classes.actions.timetable import drop_half_day, fill_days, set_half_day
from lms.training.classes.models import (
    ClassChange,
    HalfDay,
    Leave,
    LeaveStatus,
    Mark,
    MarkHow,
    Notice,
    NoticeKind,
    Part,
    What,
)
from lms.training.classes.timetable import usual_lines, worth_of_timetable
from tests.lms.training.classes.calling import FIRST, LAST, NOW, County, evening, line

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULE = HoursRule(day_hours=Decimal(6))


def half(part: Part, minutes: int = 180) -> HalfDay:
    starts = datetime(2026, 6, 15, 8, 30, tzinfo=SHANGHAI)
    return HalfDay(part=part, on=FIRST, starts_at=starts, ends_at=starts + timedelta(minutes=minutes))


@given(
    st.lists(st.sampled_from([Part.MORNING, Part.AFTERNOON]), max_size=20),
    st.lists(st.integers(1, 600), max_size=10),
    st.sampled_from([(6, "3"), (6, "2.5"), (8, "4"), (7, "4")]),
)
def test_days_are_half_the_half_days_and_evenings_give_hours_only(
    parts: list[Part], evenings: list[int], rates: tuple[int, str]
) -> None:
    """A half-day counts its own rate, which need not be half of a day's."""
    day_hours, half_day_hours = map(Decimal, rates)
    rule = HoursRule(day_hours=day_hours, half_day_hours=half_day_hours)
    half_days = [half(part) for part in parts] + [half(Part.EVENING, minutes) for minutes in evenings]
    days, hours = worth_of_timetable(half_days, rule)
    assert days == Decimal(len(parts)) / 2
    assert hours == len(parts) * half_day_hours + sum(
        min(Decimal(minutes // 30) / 2, half_day_hours) for minutes in evenings
    )
    assert hours <= LONGEST_DAY * max(days, len(evenings) + len(parts))


def test_usual_days_leave_weekends_out_unless_wanted() -> None:
    friday = date(2026, 6, 19)
    assert {line.on for line in usual_lines(friday, 2, "课", with_weekends=False)} == {
        friday,
        date(2026, 6, 22),
    }
    lines = list(usual_lines(friday, 2, "课", with_weekends=True))
    assert [(each.on, each.part, each.starts) for each in lines] == [
        (friday, Part.MORNING, time(8, 30)),
        (friday, Part.AFTERNOON, time(14, 30)),
        (date(2026, 6, 20), Part.MORNING, time(8, 30)),
        (date(2026, 6, 20), Part.AFTERNOON, time(14, 30)),
    ]


def test_days_and_hours_follow_from_the_half_days(county: County) -> None:
    held = county.begin()
    set_half_day(training_class=held, line=line(), by=county.staff, at=NOW)
    held.refresh_from_db()
    assert (held.days, held.hours) == (Decimal("0.5"), 3)
    evening(held, county.staff)
    held.refresh_from_db()
    assert (held.days, held.hours) == (Decimal("0.5"), 5)
    drop_half_day(half_day=held.half_days.first(), by=county.staff, at=NOW)
    held.refresh_from_db()
    assert (held.days, held.hours) == (0, 2)


def test_hours_said_by_hand_stay(county: County) -> None:
    held = county.begin(hours=Decimal(5))
    set_half_day(training_class=held, line=line(), by=county.staff, at=NOW)
    held.refresh_from_db()
    assert (held.days, held.hours) == (Decimal("0.5"), 5)


def test_filling_twice_adds_only_what_is_missing(county: County) -> None:
    held = county.begin()
    kept = set_half_day(training_class=held, line=line(topic="开班"), by=county.staff, at=NOW)
    told = {"first": FIRST, "days": 5, "topic": "课", "with_weekends": False, "by": county.staff, "at": NOW}
    assert len(fill_days(training_class=held, **told)) == 9
    assert fill_days(training_class=held, **told) == []
    kept.refresh_from_db()
    held.refresh_from_db()
    assert (kept.topic, held.days, held.hours) == ("开班", 5, 30)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"on": LAST + timedelta(days=1)}, refusals.OutsideDates),
        ({"on": FIRST - timedelta(days=1)}, refusals.OutsideDates),
        ({"starts": time(11, 30)}, refusals.EndsBeforeStart),
        ({"starts": time(12)}, refusals.EndsBeforeStart),
        ({"part": Part.MORNING, "starts": time(6), "ends": time(7)}, refusals.SlotTaken),
        ({"part": Part.EVENING, "starts": time(11), "ends": time(12)}, refusals.SlotTaken),
    ],
)
def test_a_line_that_does_not_fit_is_refused(
    county: County, wrong: dict[str, object], error: type[Exception]
) -> None:
    held = county.begin()
    set_half_day(training_class=held, line=line(), by=county.staff, at=NOW)
    told = {"part": Part.AFTERNOON, "starts": time(8), "ends": time(11, 30), **wrong}
    with pytest.raises(error):
        set_half_day(training_class=held, line=line(**told), by=county.staff, at=NOW)
    assert held.half_days.count() == 1


def test_a_changed_line_is_kept_as_it_was_and_told(county: County) -> None:
    held = county.announced()
    county.accepted(held, county.people[0])
    Notice.objects.update(seen_at=NOW)
    first = held.half_days.first()
    set_half_day(
        training_class=held, line=line(starts=time(9), ends=time(12)), half_day=first, by=county.staff, at=NOW
    )
    change = ClassChange.objects.filter(what=What.TIMETABLE).last()
    assert (change.old, change.new) == ("2026-06-15 08:30–11:30 乡村治理", "2026-06-15 09:00–12:00 乡村治理")
    assert Notice.objects.unseen().get().what == NoticeKind.CHANGED
    assert held.half_days.count() == 4
    before = ClassChange.objects.count()
    set_half_day(
        training_class=held, line=line(starts=time(9), ends=time(12)), half_day=first, by=county.staff, at=NOW
    )
    assert ClassChange.objects.count() == before


def mark(county: County, held: object, place: object) -> Mark:
    return Mark.objects.create(place=place, half_day=held.half_days.first(), in_at=NOW)


def test_a_half_day_at_which_somebody_is_marked_keeps_its_time(county: County) -> None:
    held = county.announced()
    (place,) = county.accepted(held, county.people[0])
    first = held.half_days.first()
    made = mark(county, held, place)
    with pytest.raises(refusals.Marked):
        set_half_day(training_class=held, line=line(starts=time(9)), half_day=first, by=county.staff, at=NOW)
    with pytest.raises(refusals.Marked):
        drop_half_day(half_day=first, by=county.staff, at=NOW)
    set_half_day(training_class=held, line=line(topic="改题"), half_day=first, by=county.staff, at=NOW)
    made.in_at = None
    made.save()
    made.changes.create(
        edge="IN", is_present=False, how=MarkHow.TICK, marked_at=NOW, recorded_at=NOW, by=county.staff
    )
    with pytest.raises(refusals.Marked):
        drop_half_day(half_day=first, by=county.staff, at=NOW)


def test_a_line_taken_away_twice_is_taken_away_once(county: County) -> None:
    held = county.announced()
    first = held.half_days.first()
    for _ in range(2):
        drop_half_day(half_day=HalfDay(pk=first.pk, training_class=held), by=county.staff, at=NOW)
    assert held.half_days.count() == 3
    assert ClassChange.objects.filter(what=What.TIMETABLE, new="").count() == 1


def test_leave_from_a_half_day_that_is_no_more_is_withdrawn(county: County) -> None:
    held = county.announced()
    (place,) = county.accepted(held, county.people[0])
    first = held.half_days.first()
    ask_leave(place=place, reason="病", half_days=[first.pk], by=county.people[0], at=NOW)
    drop_half_day(half_day=first, by=county.staff, at=NOW)
    assert Leave.objects.get().status == LeaveStatus.WITHDRAWN


def test_a_timetable_does_not_move_onto_another_class_of_somebody_called(county: County) -> None:
    held, other = county.announced(days=1), county.announced(days=1, starts_on=FIRST + timedelta(days=1))
    county.accepted(held, county.people[0])
    county.accepted(other, county.people[0])
    with pytest.raises(refusals.Elsewhere) as refused:
        set_half_day(training_class=held, line=line(FIRST + timedelta(days=1)), by=county.staff, at=NOW)
    assert refused.value.person == county.people[0]
    assert refused.value.half_day.training_class == other
    assert held.half_days.count() == 2
