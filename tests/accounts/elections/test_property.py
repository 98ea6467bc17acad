"""Whatever a county votes, its posts are afterwards what the result says, and before it what they were."""

from datetime import date, timedelta

from django.db.models import Count
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.elections.actions import write_result
from accounts.elections.judging import Ask, judge
from accounts.models import COMMITTEE_ROLES, Cadre, Post, Role, Unit
from accounts.roster.columns import Column
from accounts.roster.facts import ROLE_NAMES
from accounts.roster.sheets import Row
from tests.accounts.elections.county import AT, ON, START, Eve
from tests.factories import CadreFactory, PostFactory
from tests.rules import examples

DAY = timedelta(days=1)
Held = set[tuple[int, int, str]]
Drawn = tuple[set[Role], set[Role], set[Role], int]

# Of each of nine people (three a village): the posts before, and those of the result in a village.
roles = st.sets(st.sampled_from(COMMITTEE_ROLES), max_size=2)
others = st.sets(st.sampled_from([Role.RESERVE, Role.GRID_WORKER]), max_size=1)
people = st.lists(st.tuples(roles, others, roles, st.integers(0, 2)), min_size=9, max_size=9)
days = st.lists(st.integers(0, 40), min_size=3, max_size=3)
voting = st.lists(st.booleans(), min_size=3, max_size=3)
newcomers = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(COMMITTEE_ROLES)), max_size=3)


def held(on: date, units: list[Unit]) -> Held:
    posts = Post.objects.held_on(on).filter(unit__in=units)
    return set(posts.values_list("unit_id", "person_id", "role"))


def as_row(line: int, person: Cadre, unit: Unit, wanted: set[Role]) -> Row:
    cells = {
        Column.NUMBER: person.number,
        Column.NAME: person.name,
        Column.UNIT_CODE: unit.code,
        Column.ROLES: "、".join(ROLE_NAMES[role].split()[0] for role in sorted(wanted)),
    }
    return Row(line, cells)


class Elections(TestCase):
    """The set of posts held the day before is what it was; from the village's day on it is the result."""

    @settings(max_examples=examples(40), deadline=None)
    @given(people, days, voting, newcomers)
    def test_the_result_and_nothing_else_is_held_afterwards(
        self,
        drawn: list[Drawn],
        offsets: list[int],
        votes: list[bool],
        new: list[tuple[int, Role]],
    ) -> None:
        eve = Eve()
        Post.objects.all().delete()
        villages = [eve.tree.village, eve.tree.other_village, eve.tree.far_village]
        begin = {unit.pk: START + timedelta(days=days) for unit, days in zip(villages, offsets, strict=True)}
        rows, expected = self._ballot(drawn, villages, votes)
        for number, (place, role) in enumerate(new):
            if votes[place]:
                cells = {
                    Column.NAME: "新人" + "甲乙丙"[number],
                    Column.PHONE: f"1371111000{number}",
                    Column.UNIT_CODE: villages[place].code,
                    Column.ROLES: ROLE_NAMES[role].split()[0],
                }
                rows.append(Row(100 + number, cells))
        voted = [unit for unit, votes_ in zip(villages, votes, strict=True) if votes_]
        ask = Ask(tuple(rows), START, {unit.code: begin[unit.pk] for unit in voted})
        before = {unit.pk: held(begin[unit.pk] - DAY, [unit]) for unit in villages}
        rows_before = set(Post.objects.values_list("pk", "person_id", "role", "from_on"))
        scope = [eve.tree.county]
        plan = judge(election=eve.election, ask=ask, scope=scope, on=ON)
        assert not plan.held_up, [reason for seat in plan.wrong for reason in seat.reasons]
        self._yes(eve, ask, plan.seen)
        for unit in villages:
            day = begin[unit.pk]
            assert held(day - DAY, [unit]) == before[unit.pk]
            now = {(who, role) for _unit, who, role in held(day, [unit])}
            fresh = {
                (Cadre.objects.get(phone=f"1371111000{number}").pk, role)
                for number, (place, role) in enumerate(new)
                if villages[place] == unit and unit in voted
            }
            assert now == expected[unit.pk] | fresh
        assert rows_before <= set(Post.objects.values_list("pk", "person_id", "role", "from_on"))
        assert not self._doubled()
        after = list(Post.objects.order_by("pk").values_list())
        self._yes(eve, ask, plan.seen)
        assert list(Post.objects.order_by("pk").values_list()) == after

    def _ballot(
        self,
        drawn: list[Drawn],
        villages: list[Unit],
        votes: list[bool],
    ) -> tuple[list[Row], dict[int, set[tuple[int, str]]]]:
        """Make the people with their posts; the rows of the result, and who holds what after it."""
        rows: list[Row] = []
        expected: dict[int, set[tuple[int, str]]] = {unit.pk: set() for unit in villages}
        for number, (had, beside, wanted, place) in enumerate(drawn):
            home, goal = villages[number // 3], villages[place]
            person = CadreFactory(unit=home, name="甲乙丙丁戊己庚辛壬"[number] * 2)
            for role in had | beside:
                PostFactory(person=person, unit=home, role=role, from_on=date(2022, 1, 1))
            expected[home.pk] |= {(person.pk, role) for role in beside}
            if not votes[number // 3]:
                expected[home.pk] |= {(person.pk, role) for role in had}
            if wanted and votes[place]:
                rows.append(as_row(number + 1, person, goal, wanted))
                expected[goal.pk] |= {(person.pk, role) for role in wanted}
        return rows, expected

    def _yes(self, eve: Eve, ask: Ask, seen: str) -> None:
        write_result(election=eve.election, ask=ask, scope=[eve.tree.county], seen=seen, by=eve.by, at=AT)

    def _doubled(self) -> bool:
        open_ones = Post.objects.running().values("person", "unit", "role").annotate(n=Count("pk"))
        return open_ones.filter(n__gt=1).exists()
