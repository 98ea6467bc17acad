"""After an election: the rotation anew for the term, three days for the newly elected, nothing for nobody."""

from datetime import UTC, date, datetime

import pytest

from accounts.elections.actions import TermFacts, open_election, write_result
from accounts.elections.judging import Ask, judge
from accounts.elections.models import Election
from accounts.models import Cadre, CadreChange, Post
from accounts.roster.columns import Column
from accounts.roster.sheets import Row
from lms.hours.models import EntryKind, Ledger
from lms.obligations.actions import differences, exempt, refresh, refresh_changed
from lms.obligations.models import Obligation
from tests.factories import CadreFactory, PostFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import earn, under_the_defaults

pytestmark = pytest.mark.django_db
START, EVE, END = date(2026, 5, 20), date(2026, 5, 19), date(2031, 5, 19)
AT = datetime(2026, 6, 1, 4, tzinfo=UTC)


class Village:
    """A secretary who carries on, a director who ends, a member who becomes director, and a new member."""

    def __init__(self) -> None:
        self.tree: CountyTree = under_the_defaults()
        self.by: Cadre = StaffFactory(unit=self.tree.county, role="COUNTY").person
        self.secretary, self.director, self.member = (
            self._holder(name, role)
            for name, role in (
                ("李秀兰", "SECRETARY"),
                ("王建国", "DIRECTOR"),
                ("赵小梅", "COMMITTEE_MEMBER"),
            )
        )
        for person in (self.secretary, self.director, self.member):
            refresh([person.pk], at=datetime(2026, 4, 1, 4, tzinfo=UTC))

    def _holder(self, name: str, role: str) -> Cadre:
        person: Cadre = CadreFactory(unit=self.tree.village, name=name)
        PostFactory(person=person, unit=self.tree.village, role=role, from_on=date(2023, 1, 1))
        return person

    def elect(self, at: datetime = AT) -> Election:
        """Begin the term and write the village's result, then let the marks be read."""
        facts = TermFacts(county=self.tree.county, number=13, starts_on=START, ends_on=END)
        election = open_election(facts=facts, by=self.by, at=at)
        self._drain(at)
        ask = Ask(tuple(self._rows()), START)
        plan = judge(election=election, ask=ask, scope=[self.tree.county], on=at.date())
        write_result(election=election, ask=ask, scope=[self.tree.county], seen=plan.seen, by=self.by, at=at)
        self._drain(at)
        return election

    def _rows(self) -> list[Row]:
        said = [("李秀兰", "书记"), ("赵小梅", "主任"), ("周新", "委员")]
        return [
            Row(
                line,
                {
                    Column.NAME: name,
                    Column.ROLES: roles,
                    Column.UNIT_CODE: self.tree.village.code,
                    Column.PHONE: "13812340001" if name == "周新" else "",
                },
            )
            for line, (name, roles) in enumerate(said, start=2)
        ]

    def _drain(self, at: datetime) -> None:
        while refresh_changed(at=at):
            pass
        assert not CadreChange.objects.exists()


@pytest.fixture
def village() -> Village:
    return Village()


def owed(person: Cadre, slug: str) -> list[Obligation]:
    return list(Obligation.objects.filter(person=person, slug=slug).order_by("starts_on"))


def test_secretary_and_director_owe_their_rotation_anew_for_the_term(village: Village) -> None:
    election = village.elect()
    old, new = owed(village.secretary, "rotation")
    assert (old.starts_on, old.due_on) == (date(2025, 12, 1), EVE)
    assert (new.term, new.starts_on, new.due_on, new.is_met) == (election.term, START, END, False)
    (fresh,) = owed(village.member, "rotation")
    assert (fresh.term, fresh.starts_on) == (election.term, START)


def test_a_rotation_of_the_old_term_does_not_cover_the_new_one(village: Village) -> None:
    earn(
        village.secretary,
        40,
        ledger=Ledger.CONCENTRATED,
        kind=EntryKind.ROTATION,
        days=5,
        on=date(2026, 3, 20),
    )
    village.elect()
    assert [row.is_met for row in owed(village.secretary, "rotation")] == [True, False]
    earn(
        village.secretary,
        40,
        ledger=Ledger.CONCENTRATED,
        kind=EntryKind.ROTATION,
        days=5,
        on=date(2026, 5, 29),
    )
    refresh([village.secretary.pk], at=AT)
    assert [row.is_met for row in owed(village.secretary, "rotation")] == [True, True]


def test_only_the_newly_elected_owe_three_days_within_three_months(village: Village) -> None:
    village.elect()
    new = Cadre.objects.get(name="周新")
    (row,) = owed(new, "newly-elected")
    assert (row.required, row.starts_on, row.due_on) == (3, START, date(2026, 8, 20))
    assert not owed(village.secretary, "newly-elected")
    assert not owed(village.member, "newly-elected")


def test_whoever_ends_is_released_from_what_is_open(village: Village) -> None:
    village.elect()
    assert owed(village.director, "online")[0].released_on == AT.date()
    old, begun = owed(village.director, "rotation")
    assert (old.due_on, old.released_on) == (EVE, None)
    # Between the opening and the result everybody ran on into the new term.
    assert begun.released_on == AT.date()


def test_a_result_entered_before_the_term_counts_from_its_first_day(village: Village) -> None:
    early = datetime(2026, 5, 10, 4, tzinfo=UTC)
    village.elect(at=early)
    assert [row.due_on for row in owed(village.secretary, "rotation")] == [EVE]
    everybody = list(Cadre.objects.values_list("pk", flat=True))
    refresh(everybody, at=AT)
    assert [row.due_on for row in owed(village.secretary, "rotation")] == [EVE, END]
    assert len(owed(Cadre.objects.get(name="周新"), "newly-elected")) == 1


def test_what_is_shown_is_what_a_rebuild_gives(village: Village) -> None:
    village.elect()
    everybody = list(Cadre.objects.values_list("pk", flat=True))
    assert list(differences(everybody, at=AT)) == []
    assert Post.objects.filter(unit=village.tree.village, to_on=None).count() == 3


def test_an_exemption_of_somebody_who_leaves_is_named_before_the_yes(village: Village) -> None:
    facts = TermFacts(county=village.tree.county, number=13, starts_on=START, ends_on=END)
    election = open_election(facts=facts, by=village.by, at=AT)
    ask = Ask((), START, {village.tree.village.code: START})
    for person, to_on in ((village.director, None), (village.member, date(2026, 4, 30))):
        exempt(person=person, reason="年老", from_on=date(2026, 1, 1), to_on=to_on, by=village.by, at=AT)
    plan = judge(election=election, ask=ask, scope=[village.tree.county], on=AT.date())
    said = [str(each) for each in plan.to_write[0].cautions if each.code == "open_exemption"]
    assert [village.director.name in words for words in said] == [True]
