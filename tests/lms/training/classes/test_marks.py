"""Marks: whatever order they come in, and nobody in two places."""

import random as chance
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Cadre
from lms.hours.actions import Worth
from lms.hours.models import HoursEntry
from lms.training.classes import actions
from lms.training.classes.actions import call_in, close_class, mark, reopen_class
from lms.training.classes.attendance import present_since, worth_of_sessions
from lms.training.classes.models import (
    ClassState,
    Edge,
    Mark,
    MarkChange,
    MarkHow,
    Place,
    PlaceStatus,
    Quota,
    TrainingClass,
)
from lms.training.classes.results import session_of
from lms.training.models import Presence
from tests.factories import CadreFactory, Held, class_with
from tests.parallel import at_once
from tests.rules import examples

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def held() -> Held:
    return class_with(days=2, people=2)


def test_a_tick_takes_the_seat_and_an_untick_leaves_it(held: Held) -> None:
    person, half_day = held.people[0], held.half_days[0]
    held.tick(person, 0)
    seat = Presence.objects.get()
    assert (seat.person, seat.source, seat.title) == (person, half_day.source, "春季集中培训")
    assert (seat.starts_at, seat.ends_at) == (half_day.starts_at, half_day.ends_at)
    held.tick(person, 0, is_present=False, marked_at=half_day.starts_at + 5 * MINUTE)
    assert not Presence.objects.exists()
    assert (Mark.objects.get().in_at, MarkChange.objects.count()) == (None, 2)


def test_the_same_tick_twice_is_kept_once(held: Held) -> None:
    for _time in range(2):
        held.tick(held.people[0], 0, at=held.ends_at + 9 * MINUTE)
    assert (MarkChange.objects.count(), Mark.objects.count(), Presence.objects.count()) == (1, 1, 1)


def test_of_two_phones_the_later_tick_stands_whenever_it_comes(held: Held) -> None:
    person, start = held.people[0], held.half_days[0].starts_at
    held.tick(person, 0, is_present=False, marked_at=start + 3 * MINUTE, at=start + 3 * MINUTE)
    held.tick(person, 0, marked_at=start + 2 * MINUTE, at=held.ends_at)
    assert Mark.objects.get().in_at is None
    held.tick(person, 0, marked_at=start + 3 * MINUTE, at=held.ends_at)
    assert Mark.objects.get().in_at == start + 3 * MINUTE


def test_a_seat_is_as_old_as_the_mark_that_stands(held: Held) -> None:
    """An untick between two ticks, brought last, makes the first of them nothing."""
    person, start = held.people[0], held.half_days[0].starts_at
    held.tick(person, 0, marked_at=start)
    held.tick(person, 0, marked_at=start + 20 * MINUTE, at=held.ends_at)
    assert Presence.objects.get().marked_at == start
    held.tick(person, 0, is_present=False, marked_at=start + 10 * MINUTE, at=held.ends_at)
    assert Presence.objects.get().marked_at == start + 20 * MINUTE


def test_coming_can_be_put_right_after_leaving_was_ticked() -> None:
    held = class_with(days=1, people=1, has_sign_out=True)
    (person,), half_day = held.people, held.half_days[0]
    held.tick(person, 0, edge=Edge.OUT, marked_at=half_day.ends_at)
    held.tick(person, 0, marked_at=held.ends_at, how=MarkHow.CORRECTION, reason="漏点")
    kept = Mark.objects.get()
    assert kept.in_at > kept.out_at


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"how": MarkHow.CORRECTION, "reason": " "}, actions.NoReason),
        ({"at": datetime.fromisoformat("2026-05-10T10:00+08:00")}, actions.NotYet),
    ],
)
def test_what_cannot_be_marked_is_refused_and_nothing_is_written(
    held: Held, fields: dict, error: type[Exception]
) -> None:
    with pytest.raises(error):
        held.tick(held.people[0], 0, **fields)
    assert not Mark.objects.exists()


@pytest.mark.parametrize("state", [ClassState.DRAFT, ClassState.CANCELLED])
def test_no_roll_of_a_class_that_nobody_is_called_to(held: Held, state: ClassState) -> None:
    TrainingClass.objects.update(state=state, cancelled_why="暴雨")
    with pytest.raises(actions.NotAnnounced):
        held.tick(held.people[0], 0)
    with pytest.raises(actions.NotAnnounced):
        call_in(training_class=held.training_class, person=CadreFactory(), by=held.organiser, at=held.ends_at)


def test_without_a_place_there_is_no_mark(held: Held) -> None:
    with pytest.raises(actions.NoPlace):
        held.tick(CadreFactory(unit=held.tree.village), 0)


def test_of_two_places_the_earlier_mark_stands_and_the_other_is_refused(held: Held) -> None:
    person, start = held.people[0], held.half_days[0].starts_at
    rival = class_with(people=[person], days=1, tree=held.tree, organiser=held.organiser, title="专题班")
    held.tick(person, 0, marked_at=start + 2 * MINUTE)
    rival.tick(person, 0, marked_at=start + MINUTE, at=held.ends_at)
    lost, won = (Presence.objects.get(source=each.half_days[0].source) for each in (held, rival))
    assert (lost.lost_to, won.lost_to) == (won, None)


# --- after closing -----------------------------------------------------------------------------


def closed(held: Held, at: datetime) -> None:
    close_class(training_class=held.training_class, by=held.organiser, at=at)


def test_what_arrives_after_closing_is_kept_and_counts_after_reopening(held: Held) -> None:
    person, start = held.people[0], held.half_days[0].starts_at
    held.tick_all(but={person: [0]})
    closed(held, held.ends_at)
    lines = list(HoursEntry.objects.values())
    held.tick(person, 0, marked_at=start, at=held.ends_at + timedelta(days=7))
    kept = Mark.objects.waiting().get()
    assert (kept.in_at, MarkChange.objects.filter(mark=kept).count()) == (None, 1)
    assert list(HoursEntry.objects.values()) == lines
    assert not Presence.objects.of(person.pk).filter(source=held.half_days[0].source).exists()
    at = held.ends_at + timedelta(days=8)
    reopen_class(training_class=held.training_class, reason="手机晚到", by=held.organiser, at=at)
    assert Mark.objects.get(pk=kept.pk).in_at == start
    assert not Mark.objects.waiting().exists()
    closed(held, at)
    assert HoursEntry.objects.of(person.pk).total().hours == 12


def test_a_closed_class_is_not_put_right_before_it_is_reopened(held: Held) -> None:
    held.tick_all()
    closed(held, held.ends_at)
    with pytest.raises(actions.ClassClosed):
        held.tick(held.people[0], 0, is_present=False, how=MarkHow.CORRECTION, reason="不在场")


# --- who came without being called -------------------------------------------------------------


def come(held: Held, person: Cadre) -> Place:
    return call_in(training_class=held.training_class, person=person, by=held.organiser, at=held.ends_at)


def test_who_came_uncalled_gets_a_place_once(held: Held) -> None:
    person = CadreFactory(unit=held.tree.other_village)
    assert come(held, person) == come(held, person)
    place = Place.objects.get(person=person)
    assert (place.status, place.quota_unit) == (PlaceStatus.ACCEPTED, None)
    (step,) = place.steps.all()
    assert (step.status, step.by, bool(step.reason)) == (PlaceStatus.ACCEPTED, held.organiser, True)


def test_uncalled_people_fill_the_nearest_quota_and_no_more() -> None:
    held = class_with(people=0)
    for unit, places in ((held.tree.county, 5), (held.tree.township, 1)):
        Quota.objects.create(training_class=held.training_class, unit=unit, places=places)
    first, second = CadreFactory.create_batch(2, unit=held.tree.village)
    far = CadreFactory(unit=held.tree.far_village)
    assert come(held, first).quota_unit == held.tree.township
    with pytest.raises(actions.NoRoom) as refused:
        come(held, second)
    assert refused.value.unit == held.tree.township
    assert come(held, far).quota_unit == held.tree.county


def test_a_class_without_places_for_the_unit_has_no_room() -> None:
    held = class_with(people=0)
    Quota.objects.create(training_class=held.training_class, unit=held.tree.other_township, places=5)
    with pytest.raises(actions.NoRoom) as refused:
        come(held, CadreFactory(unit=held.tree.village))
    assert refused.value.unit is None


def test_whose_name_was_proposed_takes_the_place_that_it_filled_already() -> None:
    held = class_with(people=0)
    Quota.objects.create(training_class=held.training_class, unit=held.tree.township, places=1)
    person = CadreFactory(unit=held.tree.village)
    Place.objects.create(training_class=held.training_class, person=person, quota_unit=held.tree.township)
    assert come(held, person).status == PlaceStatus.ACCEPTED
    assert Place.objects.count() == 1


def test_uncalled_at_a_closed_class_is_absent_until_it_is_reopened(held: Held) -> None:
    held.tick_all()
    closed(held, held.ends_at)
    assert come(held, CadreFactory(unit=held.tree.village)).absent_half_days == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_several_who_come_at_once() -> None:
    held = class_with(people=0)
    Quota.objects.create(training_class=held.training_class, unit=held.tree.township, places=1)
    people = CadreFactory.create_batch(5, unit=held.tree.village)

    def coming(person: Cadre) -> bool:
        try:
            come(held, person)
        except actions.NoRoom:
            return False
        return True

    assert sum(at_once([lambda each=each: coming(each) for each in people])) == 1
    assert Place.objects.accepted().count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_ticks_of_several_phones_at_once_are_kept_once() -> None:
    held = class_with(days=1, people=3)

    def bring() -> None:
        for person in chance.sample(list(held.people), 3):
            held.tick(person, 0)

    at_once([bring] * 5)
    assert (MarkChange.objects.count(), Presence.objects.count()) == (3, 3)


# --- properties --------------------------------------------------------------------------------

tick = st.tuples(
    st.integers(0, 1),  # who
    st.integers(0, 3),  # half-day
    st.integers(0, 4),  # minute of the event
    st.booleans(),
)


def bring(held: Held, told: list[tuple[int, int, int, bool]]) -> None:
    for who, number, minute, is_present in told:
        moment = held.half_days[number].starts_at + minute * MINUTE
        held.tick(held.people[who], number, is_present=is_present, marked_at=moment, at=held.ends_at)


def shown(held: Held) -> list[object]:
    seats = Presence.objects.order_by("person", "source").values_list("person", "source", "marked_at")
    marks = Mark.objects.of_class(held.training_class).order_by("place", "half_day")
    changes = MarkChange.objects.order_by("mark__place", "mark__half_day", "marked_at", "is_present")
    return [
        list(marks.values_list("place", "half_day", "in_at", "out_at")),
        list(seats),
        list(changes.values_list("mark__place", "mark__half_day", "marked_at", "is_present")),
    ]


@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(tick, max_size=8), st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_the_same_ticks_gives_the_same_marks(
    told: list[tuple[int, int, int, bool]], random: chance.Random
) -> None:
    with transaction.atomic():
        held = class_with(days=2, people=2)
        bring(held, told)
        expected = shown(held)
        mark_keys = {row[:2] for row in expected[0]}
        again = told + told[: len(told) // 2]
        random.shuffle(again)
        Presence.objects.all().delete()
        MarkChange.objects.all().delete()
        Mark.objects.all().delete()
        bring(held, again)
        assert shown(held) == expected
        assert {row[:2] for row in shown(held)[0]} == mark_keys
        transaction.set_rollback(True)


step = st.one_of(
    st.tuples(st.just("tick"), tick),
    st.tuples(st.just("correct"), tick),
    st.tuples(st.just("rival"), tick),
    st.just(("close", None)),
    st.just(("reopen", None)),
)


class Year:
    """A class of six people-half-days that is ticked, closed, reopened and put right in any order."""

    def __init__(self) -> None:
        self.held = class_with(days=4, people=2)
        self.rival = class_with(
            days=1,
            people=self.held.people,
            tree=self.held.tree,
            organiser=self.held.organiser,
            title="专题班",
        )
        self.now = self.held.ends_at
        self.lines: list[dict] = []
        self.told: dict[tuple[int, int], list[tuple[datetime, bool]]] = {}
        self.held.tick_all()
        for who in range(2):
            for number in range(8):
                self.note(who, number, self.held.half_days[number].starts_at + MINUTE, True)

    def note(self, who: int, number: int, moment: datetime, is_present: bool) -> None:
        self.told.setdefault((who, number), []).append((moment, is_present))

    def do(self, what: str, told: tuple[int, int, int, bool] | None) -> None:
        self.now += MINUTE
        training_class = TrainingClass.objects.get(pk=self.held.training_class.pk)
        by = self.held.organiser
        if what == "close":
            close_class(training_class=training_class, by=by, at=self.now)
        elif what == "reopen":
            try:
                reopen_class(training_class=training_class, reason=f"第{self.now}次", by=by, at=self.now)
            except actions.NotClosed:
                return
        else:
            assert told is not None
            self.mark(what, *told)
        self.check_ledger()

    def mark(self, what: str, who: int, number: int, minute: int, is_present: bool) -> None:
        held = self.rival if what == "rival" else self.held
        number %= len(held.half_days)
        moment = held.half_days[number].starts_at + minute * MINUTE
        how, reason = (MarkHow.CORRECTION, "核实") if what == "correct" else (MarkHow.TICK, "")
        moment = self.now if what == "correct" else moment
        try:
            held.tick(
                held.people[who], number, is_present=is_present, marked_at=moment, at=self.now, how=how,
                reason=reason,
            )  # fmt: skip
        except actions.ClassClosed:
            return
        if held is self.held:
            self.note(who, number, moment, is_present)

    def check_ledger(self) -> None:
        """No line ever changes, and each person has one grant of the class at most."""
        lines = list(HoursEntry.objects.order_by("pk").values())
        assert lines[: len(self.lines)] == self.lines
        self.lines = lines
        grants = HoursEntry.objects.grants().values_list("person", "source")
        assert len(set(grants)) == len(grants)

    def check_sums(self) -> None:
        """Closed at last, the lines say what a slow reckoning of the ticks says."""
        self.do("close", None)
        self.do("reopen", None)
        self.do("close", None)
        for who, person in enumerate(self.held.people):
            lines = HoursEntry.objects.of(person.pk).filter(source=self.held.training_class.source)
            sums = lines.total()
            worth = self.reckon(who, person)
            assert (sums.hours, sums.days, sums.times) == (worth.hours, worth.days, worth.times)

    def reckon(self, who: int, person: Cadre) -> Worth:
        attended, missed = [], []
        for number, half_day in enumerate(self.held.half_days):
            since = present_since(self.told.get((who, number), []))
            elsewhere = Presence.objects.of(person.pk).exclude(source=half_day.source)
            rivals = elsewhere.filter(starts_at__lt=half_day.ends_at, ends_at__gt=half_day.starts_at)
            is_lost = since is not None and any(
                (rival.marked_at, rival.source) < (since, half_day.source) for rival in rivals
            )
            (missed if since is None or is_lost else attended).append(session_of(half_day))
        rule = HoursEntry.objects.first().rule
        return worth_of_sessions(
            hours=Decimal(24), days=Decimal(4), attended=attended, missed=missed, rule=rule
        )


@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(step, max_size=12))
def test_no_line_ever_changes_and_the_sum_is_what_the_marks_say(steps: list[tuple[str, object]]) -> None:
    with transaction.atomic():
        year = Year()
        for what, told in steps:
            year.do(what, told)
        year.check_sums()
        transaction.set_rollback(True)


# --- constraints -------------------------------------------------------------------------------


def test_the_database_keeps_a_change_once_and_a_correction_with_its_reason(held: Held) -> None:
    held.tick(held.people[0], 0)
    change = MarkChange.objects.get()
    fields = {
        "mark": change.mark, "edge": change.edge, "is_present": True, "marked_at": change.marked_at,
        "recorded_at": change.recorded_at, "by": change.by,
    }  # fmt: skip
    for how in (MarkHow.TICK, MarkHow.CORRECTION):
        with pytest.raises(IntegrityError), transaction.atomic():
            MarkChange.objects.create(**fields, how=how)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(place=change.mark.place, half_day=change.mark.half_day)


def test_mark_reads_the_class_as_it_is_and_not_as_it_was_loaded(held: Held) -> None:
    half_day = held.half_days[0]
    held.tick_all()
    closed(held, held.ends_at)
    mark(
        half_day=half_day, person=held.people[0], edge=Edge.IN, is_present=False, how=MarkHow.TICK,
        marked_at=half_day.ends_at, by=held.organiser, at=held.ends_at,
    )  # fmt: skip
    assert Mark.objects.waiting().count() == 1
