"""A county on the eve of its election, and the few steps that the tests of this room share."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from accounts.elections.actions import TermFacts, open_election, write_result
from accounts.elections.judging import Ask, judge
from accounts.elections.models import Election
from accounts.elections.plans import ResultPlan, VillagePlan
from accounts.models import Cadre, Post, Role, Unit
from accounts.roster.sheets import read_rows
from tests.accounts.rosters import csv_file
from tests.factories import CadreFactory, PostFactory, StaffFactory, TermFactory, county_tree
from tests.factories.people import CountyTree

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
ON = date(2026, 6, 1)
START, EVE, END = date(2026, 5, 20), date(2026, 5, 19), date(2031, 5, 19)
HEADER = ("村", "姓名", "职务", "电话", "身份证", "是否新当选")
EAST, WEST, FAR = "东城村", "西城村", "段村"


class Eve:
    """Two townships: east has a secretary, a director and a member, west and far a secretary each."""

    def __init__(self) -> None:
        self.tree: CountyTree = county_tree()
        self.old = TermFactory(
            county=self.tree.county, number=12, starts_on=date(2021, 5, 1), ends_on=date(2026, 7, 31)
        )
        self.by: Cadre = StaffFactory(unit=self.tree.county, role="COUNTY").person
        self.secretary = holder(self.tree.village, "李秀兰", Role.SECRETARY)
        self.director = holder(self.tree.village, "王建国", Role.DIRECTOR)
        self.member = holder(self.tree.village, "赵小梅", Role.COMMITTEE_MEMBER)
        self.west = holder(self.tree.other_village, "张有财", Role.SECRETARY)
        self.far = holder(self.tree.far_village, "刘远山", Role.SECRETARY)
        self.election: Election = open_election(facts=facts(self.tree), by=self.by, at=AT)

    def judged(self, *rows: Sequence[str], scope: Sequence[Unit] = (), **named: object) -> ResultPlan:
        """What a list with these rows would do."""
        return judge(
            election=self.election, ask=asked(*rows, **named), scope=scope or [self.tree.county], on=ON
        )

    def village(self, *rows: Sequence[str], **named: object) -> VillagePlan:
        """What rows of one village would do there."""
        return self.judged(*rows, **named).townships[0].villages[0]

    def write(
        self, *rows: Sequence[str], seen: str | None = None, leaves_out: bool = False, **named: object
    ) -> ResultPlan:
        """Look at a list and say yes to it."""
        seen = self.judged(*rows, **named).seen if seen is None else seen
        return write_result(
            election=self.election,
            ask=asked(*rows, **named),
            scope=[self.tree.county],
            seen=seen,
            leaves_out=leaves_out,
            by=self.by,
            at=AT,
        )


def facts(tree: CountyTree, **other: object) -> TermFacts:
    """The county's thirteenth term."""
    values = {"county": tree.county, "number": 13, "starts_on": START, "ends_on": END}
    return TermFacts(**{**values, **other})


def holder(unit: Unit, name: str, *roles: str, **post: object) -> Cadre:
    """Somebody with posts since 2021, whose file the village keeps."""
    person: Cadre = CadreFactory(unit=unit, name=name)
    for role in roles:
        PostFactory(person=person, unit=unit, role=role, **{"from_on": date(2021, 6, 1), **post})
    return person


def asked(*rows: Sequence[str], days: dict[str, date] | None = None, header: Sequence[str] = HEADER) -> Ask:
    """What a list with these rows asks for."""
    read = read_rows(csv_file(*rows, header=header)).rows if rows else ()
    return Ask(read, START, days or {})


def row(village: str, name: str, roles: str, phone: str = "", number: str = "", new: str = "") -> list[str]:
    """One row under HEADER."""
    return [village, name, roles, phone, number, new]


def held(on: date) -> set[tuple[str, str, str]]:
    """Every post that is held on a day: village, person, role."""
    posts = Post.objects.held_on(on).values_list("unit__name", "person__name", "role")
    return set(posts)


def carry_on(eve: Eve) -> list[list[str]]:
    """The rows of the eastern village when nothing changes."""
    return [row(EAST, "李秀兰", "书记"), row(EAST, "王建国", "主任"), row(EAST, "赵小梅", "委员")]
