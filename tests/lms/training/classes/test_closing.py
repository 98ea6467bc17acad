"""Closing and reopening: worked cases 5 and 6 out of the roll, granted once, corrected by lines."""

from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditLine, Cadre
from lms.hours.actions import YearFrozen, freeze_year
from lms.hours.models import EntryKind, HoursEntry, Ledger, Withheld
from lms.hours.rules import NoRule
from lms.training.classes import actions
from lms.training.classes.actions import ClassFacts, close_class, judge_closing, refusals, reopen_class
from lms.training.classes.actions.calling import CallingFacts, edit_class
from lms.training.classes.models import (
    ClassKind,
    ClassState,
    Closing,
    MarkHow,
    Part,
    Place,
    PlaceStatus,
    TrainingClass,
)
from lms.training.models import Presence
from tests.factories import CadreFactory, Held, StaffFactory, class_with, county_tree
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def close(held: Held, *, after: timedelta = HOUR, by: Cadre | None = None) -> Closing:
    training_class = TrainingClass.objects.get(pk=held.training_class.pk)
    return close_class(training_class=training_class, by=by or held.organiser, at=held.ends_at + after)


def reopen(held: Held, reason: str = "补记", *, after: timedelta = 2 * HOUR) -> Closing:
    training_class = TrainingClass.objects.get(pk=held.training_class.pk)
    return reopen_class(
        training_class=training_class, reason=reason, by=held.organiser, at=held.ends_at + after
    )


def line_of(person: Cadre) -> HoursEntry:
    return HoursEntry.objects.of(person.pk).grants().get()


def total(person: Cadre) -> tuple[Decimal, Decimal, int]:
    sums = HoursEntry.objects.of(person.pk).total()
    return sums.hours, sums.days, sums.times


def test_case_5_one_half_day_absent_of_five_days() -> None:
    held = class_with(days=5, people=2)
    late, whole = held.people
    held.tick_all(but={late: [3]})
    (first, second) = judge_closing(held.training_class, at=held.ends_at)
    assert [len(first.missed), len(second.missed)] == [1, 0]
    close(held)
    assert total(late) == (Decimal(27), Decimal("4.5"), 1)
    assert total(whole) == (Decimal(30), Decimal(5), 1)
    assert Place.objects.get(person=late).absent_half_days == 1


def test_case_6_six_of_forty_hours_absent_is_out_of_the_class() -> None:
    held = class_with(days=5, evenings=5, people=2)
    assert held.training_class.hours == 40
    out, stayed = held.people
    held.tick_all(but={out: [0, 3], stayed: [0]})
    close(held)
    line = line_of(out)
    assert total(out) == (0, 0, 0)
    assert (line.withheld, line.withheld_why) == (Decimal(40), Withheld.ABSENT)
    assert total(stayed) == (Decimal(37), Decimal("4.5"), 1)


def test_the_line_says_what_when_and_by_whom() -> None:
    held = class_with(kind=ClassKind.ROTATION, people=1)
    held.tick_all()
    close(held, after=timedelta(days=4))
    line = HoursEntry.objects.get()
    assert line.source == held.training_class.source
    assert (line.kind, line.ledger, line.title) == (EntryKind.ROTATION, Ledger.CONCENTRATED, "春季集中培训")
    assert (line.earned_on, line.by) == (held.training_class.ends_on, held.organiser)
    assert AuditLine.objects.filter(action="class.close", unit=held.tree.township).count() == 1


def test_an_evening_missed_costs_its_hours_and_no_half_day() -> None:
    held = class_with(days=5, evenings=5, people=1)
    (person,) = held.people
    held.tick_all(but={person: [2]})
    assert held.half_days[2].part == Part.EVENING
    close(held)
    assert total(person) == (Decimal(38), Decimal(5), 1)
    assert Place.objects.get().absent_half_days == 0


def test_uneven_half_days_count_by_their_length() -> None:
    spans = {Part.MORNING: (time(8), time(12)), Part.AFTERNOON: (time(14), time(16))}
    held = class_with(days=5, people=2, spans=spans)
    long, short = held.people
    held.tick_all(but={long: [0], short: [1]})
    close(held)
    assert [total(long)[0], total(short)[0]] == [Decimal(26), Decimal(28)]


def test_who_never_came_gets_the_line_of_nothing_as_in_a_recorded_class() -> None:
    held = class_with(people=2)
    came, never = held.people
    held.tick_all(but={never: range(10)})
    close(held)
    assert (line_of(never).hours, line_of(never).withheld) == (0, 30)
    assert total(came) == (30, 5, 1)


def test_half_day_counts_with_both_marks_where_leaving_is_ticked() -> None:
    held = class_with(days=5, people=1, has_sign_out=True)
    (person,) = held.people
    held.tick_all()
    assert judge_closing(held.training_class, at=held.ends_at)[0].is_out
    for number, half_day in enumerate(held.half_days[:9]):
        held.tick(person, number, edge="OUT", marked_at=half_day.ends_at)
    close(held)
    assert total(person) == (27, Decimal("4.5"), 1)


def test_closing_twice_closes_once() -> None:
    held = class_with(people=2)
    held.tick_all()
    first = close(held)
    assert close(held, after=3 * HOUR, by=StaffFactory(unit=held.tree.township).person) == first
    assert (Closing.objects.count(), HoursEntry.objects.count()) == (1, 2)
    assert TrainingClass.objects.get().state == ClassState.CLOSED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_closing_by_several_clerks_at_once_closes_once() -> None:
    held = class_with(people=6)
    held.tick_all()
    closings = at_once([partial(close, held)] * 5)
    assert set(closings) == {Closing.objects.get()}
    assert HoursEntry.objects.count() == 6
    assert AuditLine.objects.filter(action="class.close").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_classes_of_the_same_people_close_and_take_ticks_at_once() -> None:
    """Two overlapping classes, closed while the roll of both still comes in: nobody waits in a circle."""
    one = class_with(people=5, days=2)
    other = class_with(people=one.people, days=2, tree=one.tree, organiser=one.organiser, title="另一班")

    def tick_and_close(held: Held) -> None:
        for person in held.people:
            for number in range(4):
                held.tick(
                    person, number, marked_at=held.half_days[number].starts_at + timedelta(minutes=number)
                )
        close(held)

    at_once([partial(tick_and_close, one), partial(tick_and_close, other), partial(tick_and_close, one)])
    for person in one.people:
        assert sum(total(person)[:1]) <= 12
        assert total(person)[0] == 3 * Presence.objects.of(person.pk).standing().count()
        assert HoursEntry.objects.of(person.pk).grants().count() == 2


@pytest.mark.parametrize(
    ("fields", "wait", "error"),
    [
        ({"people": 0}, HOUR, actions.NobodyCalled),
        ({"hours": Decimal(0)}, HOUR, actions.WorthNothing),
        ({}, -HOUR, actions.NotOver),
        ({"state": ClassState.DRAFT}, HOUR, actions.NotAnnounced),
        ({"first": date(2019, 6, 3)}, HOUR, NoRule),
    ],
)
def test_what_cannot_be_closed_is_refused_and_nothing_is_written(
    fields: dict, wait: timedelta, error: type[Exception]
) -> None:
    held = class_with(**fields)
    with pytest.raises(error):
        close(held, after=wait)
    assert not HoursEntry.objects.exists()
    assert not Closing.objects.exists()


def test_class_without_a_timetable_is_neither_closed_nor_reopened() -> None:
    held = class_with()
    held.training_class.half_days.all().delete()
    with pytest.raises(actions.NoTimetable):
        close(held)
    Closing.objects.create(training_class=held.training_class, closed_at=held.ends_at, by=held.organiser)
    with pytest.raises(actions.NoTimetable):
        reopen(held)


def test_days_recorded_elsewhere_stop_the_closing_by_name() -> None:
    held = class_with(people=2)
    person = held.people[0]
    held.tick_all()
    facts = ClassFacts(
        title="外出培训", organiser="县委党校", unit=held.tree.township, kind=ClassKind.ORDINARY,
        ledger=Ledger.CONCENTRATED, starts_on=date(2026, 5, 13), ends_on=date(2026, 5, 14), days=Decimal(2),
        hours=Decimal(12),
    )  # fmt: skip
    actions.record_class(facts=facts, absent={person: 0}, by=held.organiser, at=held.ends_at)
    with pytest.raises(actions.ElsewhereThen) as refused:
        close(held)
    assert refused.value.person == person


def test_reopening_corrects_by_lines_and_leaves_the_first_as_it_was() -> None:
    held = class_with(people=2)
    late, whole = held.people
    held.tick_all(but={late: [0]})
    close(held)
    before = list(HoursEntry.objects.order_by("pk").values())
    reopen(held, "李秀兰上午在场，漏点")
    assert list(HoursEntry.objects.order_by("pk").values()) == before
    held.tick(late, 0, at=held.ends_at + 2 * HOUR, how=MarkHow.CORRECTION, reason="漏点")
    close(held, after=3 * HOUR)
    assert list(HoursEntry.objects.order_by("pk").values())[:2] == before
    fix = HoursEntry.objects.get(corrects__isnull=False)
    assert (fix.person, fix.hours, fix.days, fix.times) == (late, 3, Decimal("0.5"), 0)
    assert "李秀兰上午在场，漏点" in fix.reason
    assert (total(late), total(whole)) == ((30, 5, 1), (30, 5, 1))


def test_who_lost_the_place_after_a_reopening_stands_at_nothing() -> None:
    held = class_with(people=2)
    held.tick_all()
    close(held)
    reopen(held)
    Place.objects.filter(person=held.people[0]).update(status=PlaceStatus.WITHDRAWN)
    close(held, after=3 * HOUR)
    assert [total(person)[0] for person in held.people] == [0, 30]


def test_reopening_twice_is_reopening_once_and_needs_a_reason() -> None:
    held = class_with(people=1)
    held.tick_all()
    with pytest.raises(actions.NotClosed):
        reopen(held)
    close(held)
    with pytest.raises(actions.NoReason):
        reopen(held, "  ")
    assert reopen(held) == reopen(held, after=3 * HOUR)
    with pytest.raises(actions.NotClosed):
        reopen(held, "另一个理由")
    assert AuditLine.objects.filter(action="class.reopen").count() == 1


def test_a_frozen_year_takes_the_first_closing_and_refuses_to_correct_it() -> None:
    held = class_with(people=1, first=date(2025, 12, 1))
    (person,) = held.people
    held.tick_all()
    january = timedelta(days=60)
    freeze_year(unit=held.tree.county, year=2025, by=held.organiser, at=held.ends_at + january)
    close(held, after=january + HOUR)
    assert HoursEntry.objects.waiting().count() == 1
    reopen(held, after=january + 2 * HOUR)
    at = held.ends_at + january + 2 * HOUR
    held.tick(person, 0, is_present=False, marked_at=at, at=at, how=MarkHow.CORRECTION, reason="不在场")
    with pytest.raises(YearFrozen):
        close(held, after=january + 3 * HOUR)
    assert TrainingClass.objects.get().state == ClassState.CALLING


def test_evening_class_without_days_is_corrected_beyond_one_long_day() -> None:
    held = class_with(days=0, evenings=8, people=1)
    (person,) = held.people
    held.tick_all(but={person: [0]})
    close(held)
    assert total(person) == (14, 0, 1)
    reopen(held)
    held.tick(person, 0, at=held.ends_at + 2 * HOUR, how=MarkHow.CORRECTION, reason="漏点")
    close(held, after=3 * HOUR)
    assert total(person) == (16, 0, 1)


def test_earlier_mark_elsewhere_settles_the_closed_class_anew_and_names_the_place() -> None:
    held = class_with(people=1)
    (person,) = held.people
    held.tick_all()
    close(held)
    rival = class_with(people=[person], tree=held.tree, organiser=held.organiser, title="党校专题班", days=1)
    start = held.half_days[0].starts_at
    rival.tick(person, 0, marked_at=start, at=held.ends_at + 5 * HOUR)
    fix = HoursEntry.objects.get(corrects__isnull=False)
    assert (fix.hours, fix.days) == (-3, Decimal("-0.5"))
    assert "党校专题班" in fix.reason
    assert Place.objects.get(training_class=held.training_class).absent_half_days == 1
    rival.tick(person, 0, is_present=False, marked_at=start + HOUR, at=held.ends_at + 6 * HOUR)
    assert total(person) == (30, 5, 1)
    assert HoursEntry.objects.count() == 3


def test_while_a_class_is_open_a_lost_seat_writes_nothing() -> None:
    held = class_with(people=1)
    (person,) = held.people
    held.tick_all()
    rival = class_with(people=[person], tree=held.tree, organiser=held.organiser, title="专题班", days=1)
    rival.tick(person, 0, marked_at=held.half_days[0].starts_at, at=held.ends_at)
    assert not HoursEntry.objects.exists()
    close(held)
    assert total(person) == (27, Decimal("4.5"), 1)


def test_people_of_any_place_and_retired_units_are_closed_like_others() -> None:
    held = class_with(people=1)
    gone = CadreFactory(unit=held.tree.far_village, is_active=False)
    Place.objects.create(training_class=held.training_class, person=gone, status=PlaceStatus.ACCEPTED)
    held.tree.far_village.valid_to = date(2026, 5, 1)
    held.tree.far_village.save()
    for number in range(10):
        held.tick(gone, number)
    close(held)
    assert total(gone) == (30, 5, 1)


def test_the_database_lets_one_closing_stand_at_a_time() -> None:
    held = class_with(people=1)
    held.tick_all()
    close(held)
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(training_class=held.training_class, closed_at=held.ends_at, by=held.organiser)


@pytest.mark.parametrize(
    "other",
    [
        {"kind": ClassKind.ROTATION},
        {"ledger": Ledger.COLLECTIVE},
        {"ends_on": date(2027, 1, 10)},
    ],
)
def test_a_reopened_class_keeps_what_its_lines_were_entered_as(other: dict[str, object]) -> None:
    county = StaffFactory(unit=county_tree().county, role="COUNTY").person
    held = class_with(people=1, unit=county.unit, organiser=county)
    held.tick_all()
    close(held)
    reopen(held)
    begun = held.training_class
    said = {
        "title": "改名", "organiser": begun.organiser, "unit": county.unit, "kind": ClassKind(begun.kind),
        "ledger": Ledger(begun.ledger), "starts_on": begun.starts_on, "ends_on": begun.ends_on,
    }  # fmt: skip
    with pytest.raises(refusals.Granted):
        edit_class(
            training_class=begun,
            facts=CallingFacts(**{**said, **other}),
            by=county,
            at=held.ends_at + 3 * HOUR,
        )
    changed = edit_class(
        training_class=begun, facts=CallingFacts(**said), by=county, at=held.ends_at + 3 * HOUR
    )
    assert changed.title == "改名"
