"""Whatever happens in whatever order: posts lie in units in force, nobody is lost, the past stands still."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import actions
from accounts.mergers.actions import NotReady
from accounts.mergers.lines import Line
from accounts.mergers.plan import plan_of
from accounts.models import Cadre, Post, Role, Unit
from lms.desk.asof import people_then
from lms.desk.filters import Filters
from lms.desk.order import Order
from lms.hours.models import HoursEntry
from lms.obligations.actions import differences, refresh
from lms.obligations.models import Obligation
from tests.accounts.mergers.merging import prepared, ruler, written
from tests.factories import CadreFactory
from tests.lms.obligations.people import earn, under_the_defaults
from tests.rules import examples

START = datetime(2026, 1, 5, 4, tzinfo=UTC)
PEOPLE = 3
who = st.integers(0, PEOPLE - 1)
where = st.integers(0, 5)
back = st.integers(0, 25)
roles = st.sampled_from([Role.SECRETARY, Role.DIRECTOR, Role.COMMITTEE_MEMBER, Role.MOBILE_MEMBER])
steps = st.one_of(
    st.tuples(st.just("appoint"), who, where, roles, back, st.booleans()),
    st.tuples(st.just("appoint"), who, where, roles, back, st.booleans()),
    st.tuples(st.just("end"), st.integers(0, 9), back),
    st.tuples(st.just("move"), who, where, back),
    st.tuples(st.just("earn"), who, back),
    st.tuples(st.just("merge"), where, where, back, st.booleans(), st.integers(0, 3)),
    st.tuples(st.just("merge_townships"), back),
)


# Where a step says how many days before it lies.
BACK = {"appoint": 4, "end": 2, "move": 3, "earn": 2, "merge": 3, "merge_townships": 1}
TWO_SECRETARIES = [
    ("appoint", 0, 0, Role.SECRETARY, 0, False),
    ("appoint", 1, 0, Role.SECRETARY, 0, False),
    ("merge_townships", 0),
]


class World:
    """A county in which things happen, ten days apart."""

    def __init__(self) -> None:
        self.tree = under_the_defaults()
        self.by = ruler(self.tree)
        self.people = [CadreFactory(unit=self.tree.village, is_party_member=True) for _ in range(PEOPLE)]
        self.at = START
        self.number = 300
        self.was_contested = False

    def do(self, step: tuple[object, ...]) -> None:
        name, *values = step
        getattr(self, f"_{name}")(*values)
        self.at += timedelta(days=10)

    def _day(self, back: int) -> date:
        return max(self.at.date() - timedelta(days=back), date(2026, 1, 1))

    def _unit(self, number: int) -> Unit:
        units = list(Unit.objects.filter(level="VILLAGE", valid_to=None).order_by("code"))
        return units[number % len(units)]

    def _code(self, township: str) -> str:
        self.number += 1
        return f"{township[:9]}{self.number}"

    def _appoint(self, who: int, where: int, role: str, back: int, is_new: bool) -> None:
        with suppress(actions.AlreadyHeld, actions.UnitNotInForce):
            actions.appoint(
                person=self.people[who],
                unit=self._unit(where),
                role=role,
                from_on=self._day(back),
                is_newly_elected=is_new,
                by=self.by,
                at=self.at,
            )

    def _end(self, number: int, back: int) -> None:
        running = list(Post.objects.running().order_by("pk"))
        if running:
            with suppress(actions.EndsBeforeStart):
                post = running[number % len(running)]
                actions.end_post(post=post, to_on=self._day(back), by=self.by, at=self.at)

    def _move(self, who: int, where: int, back: int) -> None:
        person = Cadre.objects.get(pk=self.people[who].pk)
        posts = Post.objects.of(person.pk).running().filter(unit=person.unit)
        with suppress(actions.EndsBeforeStart, actions.UnitNotInForce):
            actions.move_person(
                person=person,
                unit=self._unit(where),
                on=self._day(back),
                ending=[post.pk for post in posts],
                by=self.by,
                at=self.at,
            )

    def _earn(self, who: int, back: int) -> None:
        earn(self.people[who], 1, on=self._day(back))

    def _merge(self, one: int, other: int, back: int, goes_on: bool, choice: int) -> None:
        olds = sorted({self._unit(one), self._unit(other)}, key=lambda unit: unit.code)
        if goes_on and len(olds) == 2:
            lines = [Line(olds[0].code, olds[1].code)]
        else:
            new = self._code(olds[0].code)
            lines = [Line(old.code, new, "新合村") for old in olds]
        self._write(lines, back, choice)

    def _merge_townships(self, back: int) -> None:
        """The first township into a new one; its villages with it."""
        townships = list(Unit.objects.filter(level="TOWNSHIP", valid_to=None).order_by("code"))
        self.number += 1
        new = f"140728{self.number}000"
        old = townships[0]
        villages = Unit.objects.within(old).filter(valid_to=None).exclude(pk=old.pk)
        lines = [Line(old.code, new, "新镇")]
        lines += [Line(village.code, self._code(new), village.name) for village in villages]
        self._write(lines, back, 0)

    def _write(self, lines: list[Line], back: int, choice: int) -> None:
        merger = prepared(self.tree, lines, self.by, on=self._day(back))
        scope = self.by.scope_units("COUNTY")
        contests = plan_of(merger, scope=scope, today=self.at.date()).offices.contests
        self.was_contested = bool(contests)
        choices = {
            contest.key: [0, *(post.pk for post in contest.posts)][choice % (len(contest.posts) + 1)]
            for contest in contests
        }
        with suppress(NotReady):
            written(merger, self.by, choices=choices, at=self.at)

    # --- what must hold ------------------------------------------------------------------------------------
    def check(self) -> None:
        units = {unit.pk: unit for unit in Unit.objects.all()}
        for post in Post.objects.all():
            unit = units[post.unit_id]
            assert unit.is_in_force(post.from_on), "a unit in force on its first day"
            assert unit.valid_to is None or (post.to_on and post.to_on <= unit.valid_to)
        for person in Cadre.objects.filter(pk__in=[each.pk for each in self.people]):
            assert units[person.unit_id].valid_to is None, "nobody is left in a retired unit"
        for unit in units.values():
            if unit.successor_id:
                assert units[unit.successor_id].valid_from is None or (
                    units[unit.successor_id].valid_from <= unit.valid_to + timedelta(days=1)
                )

    def places_on(self, day: date) -> set[tuple[int, int, str]]:
        """Who held what where."""
        held = Post.objects.held_on(day)
        return set(held.values_list("person_id", "unit_id", "role"))

    def everybody_on(self, day: date) -> set[int]:
        """The as-of list of the county, by the page's own query."""
        order = Order(("unit",), "unit")
        found = people_then(Filters(unit=self.tree.county), day, order)
        pks = [person.pk for person in found]
        assert len(pks) == len(set(pks)), "each once"
        slow = {post.person_id for post in Post.objects.all() if post.is_held_on(day)}
        assert set(pks) == slow
        return slow


class Random(TestCase):
    """Random sequences of appointments, ends, moves, lines and mergers."""

    @settings(
        deadline=None,
        max_examples=examples(25),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @example(TWO_SECRETARIES)
    @given(st.lists(steps, min_size=3, max_size=14))
    def test_nothing_is_lost_and_the_past_stands_still(self, happenings: list[tuple[object, ...]]) -> None:
        with time_machine.travel(START, tick=False):
            world = World()
        for step in happenings:
            with time_machine.travel(world.at, tick=False):
                is_merger = step[0].startswith("merge")
                days = [world.at.date() - timedelta(days=number) for number in (0, 3, 15, 40)]
                before = {day: world.everybody_on(day) for day in days}
                places = {day: world.places_on(day) for day in days}
                first = world._day(step[BACK[step[0]]])
                lines = list(HoursEntry.objects.order_by("pk").values())
                ongoing = self._ongoing(world) if is_merger else {}
                world.do(step)
                world.check()
                for day in (day for day in days if day < first):
                    assert world.places_on(day) == places[day], "what was before stays as it was"
                kept = list(HoursEntry.objects.order_by("pk").values())[: len(lines)]
                assert kept == lines, "no line of the ledger changes"
                if step[0] == "merge_townships" and not world.was_contested:
                    assert {day: world.everybody_on(day) for day in days} == before
                    assert self._ongoing(world).keys() == ongoing.keys()
                    for key, dates in self._ongoing(world).items():
                        assert dates == ongoing[key]
        ids = [person.pk for person in world.people]
        refresh(ids, at=world.at)
        assert list(differences(ids, at=world.at)) == []

    def _ongoing(self, world: World) -> dict[object, object]:
        """What everybody owes now; a merger in which all go on leaves it as it is.

        Where two hold what one can hold, staff choose who goes on, and here they choose nobody.
        """
        ids = [person.pk for person in world.people]
        refresh(ids, at=world.at)
        rows = Obligation.objects.filter(person__in=ids, released_on=None)
        return {
            (row.person_id, row.slug, row.period_key): (row.starts_on, row.due_on, row.required, row.earned)
            for row in rows
        }
