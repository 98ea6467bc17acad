"""Opening a county's new term, and closing its election."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.elections import actions
from accounts.elections.models import Election
from accounts.models import AuditLine, Cadre, CadreChange, Term
from tests.accounts.elections.county import AT, END, EVE, ON, START, Eve, facts, holder
from tests.factories import StaffFactory, TermFactory, county_tree
from tests.factories.people import CountyTree
from tests.rules import examples

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def ruler(tree: CountyTree) -> Cadre:
    return StaffFactory(unit=tree.county, role="COUNTY").person


def old_term(tree: CountyTree, ends_on: date = date(2026, 7, 31)) -> Term:
    return TermFactory(county=tree.county, number=12, starts_on=date(2021, 5, 1), ends_on=ends_on)


@pytest.mark.parametrize("planned", [date(2026, 7, 31), date(2026, 3, 31), EVE])
def test_the_running_term_ends_the_day_before(tree: CountyTree, ruler: Cadre, planned: date) -> None:
    old = old_term(tree, planned)
    person = holder(tree.village, "李秀兰", "SECRETARY")
    election = actions.open_election(facts=facts(tree), by=ruler, at=AT)
    old.refresh_from_db()
    assert (old.ends_on, election.term.starts_on, election.term.ends_on) == (EVE, START, END)
    assert list(CadreChange.objects.values_list("person_id", flat=True)) == [person.pk]
    line = AuditLine.objects.get(action="election.opened")
    assert (line.by, line.unit, line.detail["before_ends_on"]) == (ruler, tree.county, EVE.isoformat())


def test_a_gap_stays_only_where_it_is_asked_for(tree: CountyTree, ruler: Cadre) -> None:
    old = old_term(tree, date(2026, 3, 31))
    asked = facts(tree, leaves_gap=True)
    assert actions.plan_term(facts=asked, on=ON).gap_days == 49
    actions.open_election(facts=asked, by=ruler, at=AT)
    old.refresh_from_db()
    assert old.ends_on == date(2026, 3, 31)


def test_a_gap_that_would_be_none_shortens_the_old_term(tree: CountyTree) -> None:
    old_term(tree)
    plan = actions.plan_term(facts=facts(tree, leaves_gap=True), on=ON)
    assert (plan.before_ends_on, plan.gap_days, plan.is_moved) == (EVE, 0, True)


def test_opening_twice_is_one_election(tree: CountyTree, ruler: Cadre) -> None:
    old_term(tree)
    first = actions.open_election(facts=facts(tree), by=ruler, at=AT)
    assert actions.open_election(facts=facts(tree), by=ruler, at=AT) == first
    assert Term.objects.count() == 2
    assert AuditLine.objects.filter(action="election.opened").count() == 1


def test_another_term_waits_for_the_open_election(tree: CountyTree, ruler: Cadre) -> None:
    actions.open_election(facts=facts(tree), by=ruler, at=AT)
    with pytest.raises(actions.ElectionOpen):
        actions.open_election(facts=facts(tree, number=14), by=ruler, at=AT)


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({"number": 12}, actions.NumberTaken),
        ({"starts_on": date(2021, 5, 2), "ends_on": date(2026, 5, 1)}, actions.StartsTooEarly),
        ({"starts_on": date(2021, 5, 1), "ends_on": date(2026, 5, 1)}, actions.TermsOverlap),
        ({"starts_on": date(2020, 1, 1), "ends_on": date(2021, 5, 1)}, actions.TermsOverlap),
        ({"ends_on": START}, actions.UnlikelyTerm),
        ({"ends_on": date(2036, 6, 1)}, actions.UnlikelyTerm),
        ({"starts_on": date(2028, 1, 1), "ends_on": date(2032, 1, 1)}, actions.UnlikelyTerm),
        ({"starts_on": date(9999, 1, 1), "ends_on": date(9999, 12, 31)}, actions.UnlikelyTerm),
    ],
)
def test_a_term_that_cannot_be_is_refused(
    tree: CountyTree, ruler: Cadre, other: dict[str, object], refused: type[Exception]
) -> None:
    old = old_term(tree)
    with pytest.raises(refused):
        actions.open_election(facts=facts(tree, **other), by=ruler, at=AT)
    assert list(Term.objects.values_list("ends_on", flat=True)) == [old.ends_on]
    assert not Election.objects.exists()


def test_the_database_refuses_two_terms_from_one_day_and_two_open_elections(tree: CountyTree) -> None:
    term = old_term(tree)
    with pytest.raises(IntegrityError, match=r"term_start_once_per_county|starts_on"), transaction.atomic():
        TermFactory(county=tree.county, number=99, starts_on=term.starts_on)
    by = StaffFactory(unit=tree.county).person
    later = TermFactory(county=tree.county, number=13, starts_on=START, ends_on=END)
    Election.objects.create(county=tree.county, term=term, opened_at=AT, opened_by=by)
    with pytest.raises(IntegrityError, match=r"election_one_open_per_county|county_id"), transaction.atomic():
        Election.objects.create(county=tree.county, term=later, opened_at=AT, opened_by=by)
    with pytest.raises(IntegrityError, match="election_closed_by_somebody"), transaction.atomic():
        Election.objects.create(county=tree.county, term=later, opened_at=AT, opened_by=by, closed_at=AT)


def test_closing_twice_is_closed_once_and_nothing_follows() -> None:
    eve = Eve()
    closed = actions.close_election(election=eve.election, by=eve.by, at=AT)
    actions.close_election(election=closed, by=eve.by, at=AT)
    line = AuditLine.objects.get(action="election.closed")
    assert line.detail["without_result"] == 3
    with pytest.raises(actions.ElectionClosed):
        eve.write(["东城村", "李秀兰", "书记", "", "", ""])


class Terms(TestCase):
    """Whatever is opened in whatever order, the terms of a county never overlap."""

    @settings(max_examples=examples(50), deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 6),
                st.dates(date(2015, 1, 1), date(2027, 1, 1)),
                st.integers(-50, 4000),
                st.booleans(),
            ),
            max_size=8,
        )
    )
    def test_terms_never_overlap(self, asked: list[tuple[int, date, int, bool]]) -> None:
        tree = county_tree()
        by = StaffFactory(unit=tree.county, role="COUNTY").person
        for number, starts_on, days, leaves_gap in asked:
            wanted = facts(
                tree,
                number=number,
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=days),
                leaves_gap=leaves_gap,
            )
            try:
                election = actions.open_election(facts=wanted, by=by, at=AT)
            except (ValueError, actions.ElectionOpen):
                continue
            actions.close_election(election=election, by=by, at=AT)
        terms = list(Term.objects.filter(county=tree.county).order_by("starts_on"))
        assert all(one.ends_on < two.starts_on for one, two in pairwise(terms))
        assert all(term.starts_on < term.ends_on for term in terms)
