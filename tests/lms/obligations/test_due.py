"""Who owes what on a day: the pure function."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import COMMITTEE_ROLES, Role
from lms.obligations.definitions import Definition, Holder, PostFact, TermFact, binding
from lms.obligations.due import Due, due_of, months_later

TODAY = date(2026, 6, 1)
ONLINE = Definition(
    pk=1,
    slug="online",
    prefix="14",
    period="YEAR",
    measure="HOURS",
    amount=Decimal(50),
    ledgers=frozenset({"ONLINE"}),
    valid_from=date(2025, 1, 1),
)
ROTATION = Definition(
    pk=2,
    slug="rotation",
    prefix="14",
    period="TERM",
    measure="TIMES",
    amount=Decimal(1),
    ledgers=frozenset({"CONCENTRATED"}),
    roles=frozenset({"SECRETARY", "DIRECTOR"}),
    valid_from=date(2025, 1, 1),
    is_rotation=True,
)
ELECTED = Definition(
    pk=3,
    slug="newly-elected",
    prefix="14",
    period="ONCE",
    measure="DAYS",
    amount=Decimal(3),
    ledgers=frozenset({"CONCENTRATED"}),
    valid_from=date(2025, 1, 1),
    is_for_newly_elected=True,
    months=3,
    can_be_made_up=True,
)
TERM = TermFact(7, "140728", 12, date(2025, 12, 1), date(2030, 11, 30))


def post(**fields: object) -> PostFact:
    values: dict[str, object] = {
        "pk": 1,
        "code": "140728100201",
        "role": "SECRETARY",
        "from_on": date(2026, 2, 10),
    }
    return PostFact(**{**values, **fields})


def owed(
    *posts: PostFact, definitions: list[Definition], on: date = TODAY, **holder: object
) -> dict[tuple[str, str], Due]:
    return due_of(Holder(1, posts=posts, **holder), definitions, [TERM], on)


def changed(definition: Definition, **fields: object) -> Definition:
    return replace(definition, **fields)


def test_year_runs_from_january_to_december_and_asks_any_holder_of_a_post() -> None:
    (due,) = owed(post(role="GRID_WORKER"), definitions=[ONLINE]).values()
    assert (due.period_key, due.starts_on, due.due_on) == ("2026", date(2026, 1, 1), date(2026, 12, 31))
    assert (due.required, due.post, due.term) == (Decimal(50), 1, None)


@pytest.mark.parametrize(
    ("first", "last", "is_due"),
    [
        (date(2026, 6, 1), None, True),
        (date(2026, 6, 2), None, False),
        (date(2026, 1, 1), date(2026, 6, 1), True),
        (date(2026, 1, 1), date(2026, 5, 31), False),
    ],
)
def test_year_is_due_only_while_a_post_is_held(first: date, last: date | None, is_due: bool) -> None:
    assert bool(owed(post(from_on=first, to_on=last), definitions=[ONLINE])) is is_due


def test_nobody_without_a_post_owes_anything() -> None:
    assert owed(definitions=[ONLINE, ROTATION, ELECTED], is_party_member=True) == {}


@pytest.mark.parametrize("role", list(Role))
def test_committee_requirement_asks_committee_roles_only(role: Role) -> None:
    definition = changed(ONLINE, roles=frozenset(item.value for item in COMMITTEE_ROLES))
    assert bool(owed(post(role=role.value), definitions=[definition])) is (role in COMMITTEE_ROLES)


@pytest.mark.parametrize("is_party_member", [True, False])
def test_party_requirement_asks_party_members_only(is_party_member: bool) -> None:
    definition = changed(ONLINE, is_for_party_members=True)
    found = owed(post(), definitions=[definition], is_party_member=is_party_member)
    assert bool(found) is is_party_member


def test_term_begins_with_the_post_and_ends_with_the_term() -> None:
    (due,) = owed(post(), definitions=[ROTATION]).values()
    assert (due.period_key, due.term) == ("140728-12", 7)
    assert (due.starts_on, due.due_on) == (date(2026, 2, 10), date(2030, 11, 30))


def test_term_begins_with_itself_for_somebody_in_post_before() -> None:
    (due,) = owed(post(from_on=date(2020, 1, 1)), definitions=[ROTATION]).values()
    assert due.starts_on == TERM.starts_on


def test_secretary_and_director_at_once_owe_one_rotation_from_the_earlier_post() -> None:
    posts = (post(), post(pk=2, role="DIRECTOR", from_on=date(2026, 1, 5)))
    (due,) = owed(*posts, definitions=[ROTATION]).values()
    assert (due.post, due.starts_on) == (2, date(2026, 1, 5))


def test_change_of_post_within_the_term_keeps_its_start() -> None:
    posts = (
        post(to_on=date(2026, 4, 1)),
        post(pk=2, role="DIRECTOR", from_on=date(2026, 5, 1)),
    )
    (due,) = owed(*posts, definitions=[ROTATION]).values()
    assert (due.post, due.starts_on) == (2, date(2026, 2, 10))


def test_county_without_a_running_term_asks_no_rotation() -> None:
    assert owed(post(code="140729100201"), definitions=[ROTATION]) == {}
    assert owed(post(from_on=date(2025, 1, 1)), definitions=[ROTATION], on=date(2025, 11, 30)) == {}


def test_newly_elected_have_three_months() -> None:
    (due,) = owed(post(is_newly_elected=True), definitions=[ELECTED]).values()
    assert (due.starts_on, due.due_on) == (date(2026, 2, 10), date(2026, 5, 10))
    assert owed(post(), definitions=[ELECTED]) == {}


def test_two_posts_of_one_election_are_one_occasion_and_a_later_election_another() -> None:
    posts = [
        post(is_newly_elected=True),
        post(pk=2, role="DIRECTOR", is_newly_elected=True, from_on=date(2026, 3, 1)),
        post(pk=3, role="DIRECTOR", is_newly_elected=True, from_on=date(2026, 6, 1), code="140728100202"),
    ]
    found = owed(*posts, definitions=[ELECTED])
    assert [due.starts_on for due in found.values()] == [date(2026, 2, 10), date(2026, 6, 1)]


@pytest.mark.parametrize("corrected", [date(2026, 2, 1), date(2026, 2, 28)])
def test_corrected_election_date_moves_the_occasion_and_makes_no_other(corrected: date) -> None:
    posts = [
        post(is_newly_elected=True),
        post(pk=2, role="DIRECTOR", is_newly_elected=True, from_on=date(2026, 2, 20)),
    ]
    (before,) = owed(*posts, definitions=[ELECTED])
    (after,) = owed(posts[0]._replace(from_on=corrected), posts[1], definitions=[ELECTED]).values()
    assert after.key == before
    assert after.starts_on == min(corrected, date(2026, 2, 20))


def test_post_still_to_come_changes_no_key_when_it_begins() -> None:
    posts = [
        post(pk=1, role="DIRECTOR", is_newly_elected=True, from_on=date(2026, 4, 1)),
        post(pk=2, is_newly_elected=True),
    ]
    for on in (date(2026, 2, 9), date(2026, 2, 10), date(2026, 3, 31), date(2026, 4, 1), TODAY):
        found = owed(*posts, definitions=[ELECTED], on=on)
        assert list(found) == ([("newly-elected", "post-1")] if on >= date(2026, 2, 10) else [])
        assert all(due.starts_on == date(2026, 2, 10) for due in found.values())


def test_election_before_the_requirement_existed_asks_nothing() -> None:
    old = post(is_newly_elected=True, from_on=date(2024, 6, 1))
    assert owed(old, definitions=[ELECTED]) == {}


def test_region_may_raise_and_never_lower() -> None:
    raised = changed(ONLINE, pk=9, prefix="140728", amount=Decimal(60))
    lowered = changed(ONLINE, pk=8, prefix="140728100", amount=Decimal(40))
    (due,) = owed(post(), definitions=[ONLINE, raised, lowered]).values()
    assert (due.requirement, due.required) == (9, Decimal(60))
    (elsewhere,) = owed(post(code="140729100201"), definitions=[ONLINE, raised, lowered]).values()
    assert elsewhere.required == Decimal(50)


@pytest.mark.parametrize("fields", [{"months": 24}, {"lead_days": 400}])
def test_longer_time_never_binds_instead_of_a_shorter_one(fields: dict[str, int]) -> None:
    lowered = changed(ELECTED, pk=9, prefix="140728", **fields)
    (due,) = owed(post(is_newly_elected=True), definitions=[ELECTED, lowered]).values()
    assert (due.requirement, due.due_on) == (3, date(2026, 5, 10))


SECRETARIES = changed(ONLINE, pk=9, prefix="140728", amount=Decimal(60), roles=frozenset({"SECRETARY"}))
COUNTY = changed(ONLINE, pk=9, prefix="140728", amount=Decimal(60))


@pytest.mark.parametrize(
    ("definitions", "bound"),
    [
        ([ONLINE], [1]),
        ([ONLINE, COUNTY], [9]),
        ([ONLINE, SECRETARIES], [1, 9]),
        ([ONLINE, changed(SECRETARIES, amount=Decimal(40))], [1]),
        ([changed(ONLINE, roles=frozenset({"SECRETARY", "DIRECTOR"})), SECRETARIES], [1, 9]),
        ([changed(ONLINE, roles=frozenset({"SECRETARY"})), SECRETARIES], [9]),
        ([ONLINE, changed(COUNTY, slug="farming")], [1, 9]),
        ([ONLINE, changed(COUNTY, valid_from=date(2026, 7, 1))], [1]),
    ],
)
def test_version_binds_unless_a_higher_one_speaks_to_all_of_its_people(
    definitions: list[Definition], bound: list[int]
) -> None:
    assert [definition.pk for definition in binding(definitions, TODAY)] == bound


IN_DAYS = changed(ONLINE, pk=10, measure="DAYS", amount=Decimal(5))
IN_TERM = changed(ONLINE, pk=10, period="TERM", amount=Decimal(5))


@pytest.mark.parametrize("exchanged", [IN_DAYS, IN_TERM])
def test_raise_of_what_the_region_above_counts_no_more_binds_nobody(exchanged: Definition) -> None:
    assert [definition.pk for definition in binding([exchanged, COUNTY], TODAY)] == [10]
    (due,) = owed(post(), definitions=[COUNTY, exchanged]).values()
    assert (due.requirement, due.required) == (10, Decimal(5))
    again = changed(exchanged, pk=11, prefix="140728100", amount=Decimal(6))
    for definitions in permutations([exchanged, COUNTY, again]):
        (due,) = owed(post(), definitions=list(definitions)).values()
        assert due.requirement == 11
        assert [definition.pk for definition in binding(definitions, TODAY)] == [11]


def test_raise_still_binds_those_of_whom_the_region_above_asks_nothing_now() -> None:
    exchanged = changed(IN_DAYS, roles=frozenset({"DIRECTOR"}))
    (due,) = owed(post(), definitions=[COUNTY, exchanged]).values()
    assert due.requirement == COUNTY.pk


def test_region_may_add() -> None:
    added = changed(ONLINE, pk=9, slug="farming", prefix="140728")
    assert {slug for slug, _key in owed(post(), definitions=[ONLINE, added])} == {"online", "farming"}


@pytest.mark.parametrize(
    ("on", "required"), [(date(2026, 6, 30), Decimal(50)), (date(2026, 7, 1), Decimal(40))]
)
def test_version_holds_from_its_first_day_even_when_it_asks_less(on: date, required: Decimal) -> None:
    old = changed(ONLINE, valid_to=date(2026, 6, 30))
    new = changed(ONLINE, pk=9, amount=Decimal(40), valid_from=date(2026, 7, 1))
    (due,) = owed(post(), definitions=[old, new], on=on).values()
    assert due.required == required


@pytest.mark.parametrize(
    ("first", "last", "is_exempt"),
    [
        (date(2026, 6, 1), None, True),
        (date(2026, 6, 2), None, False),
        (date(2026, 1, 1), date(2026, 6, 1), True),
        (date(2026, 1, 1), date(2026, 5, 31), False),
    ],
)
def test_exemption_counts_on_its_days(first: date, last: date | None, is_exempt: bool) -> None:
    (due,) = owed(post(), definitions=[ONLINE], exemptions=((first, last),)).values()
    assert due.is_exempt is is_exempt


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 9, 15), 3, date(2026, 12, 15)),
    ],
)
def test_months_later_keeps_the_day_or_takes_the_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(
    st.permutations([ONLINE, ROTATION, ELECTED, changed(ONLINE, pk=9, prefix="140728", amount=Decimal(50))])
)
def test_order_of_definitions_does_not_matter(definitions: list[Definition]) -> None:
    posts = (post(is_newly_elected=True), post(pk=2, role="DIRECTOR"))
    found = owed(*posts, definitions=definitions)
    assert {due.slug: due.requirement for due in found.values()} == {
        "online": 9,
        "rotation": 2,
        "newly-elected": 3,
    }
