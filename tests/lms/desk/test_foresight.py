"""What is foreseen comes true: after everybody came to what was planned, the obligations say the same."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cadre, Post, StaffRole
from lms.desk.foresight import Missing, Outlook, Owed, Planned, foresee, owed_in
from lms.hours.actions import Worth, grant
from lms.hours.models import EntryKind
from lms.obligations.actions import exempt, refresh
from lms.obligations.definitions import Definition, Holder, PostFact
from lms.obligations.models import Obligation
from lms.obligations.rows import Row
from tests.factories import CadreFactory, PostFactory, StaffFactory
from tests.lms.obligations.people import AT, TODAY, earn, secretary, under_the_defaults
from tests.rules import examples

ROLES = ("SECRETARY", "DIRECTOR", "COMMITTEE_MEMBER", "GRID_WORKER")
LEDGER = {"ORDINARY": "CONCENTRATED", "ROTATION": "CONCENTRATED", "VIEWING": "COLLECTIVE", "ONLINE": "ONLINE"}
GATHERED = ("concentrated", "rotation", "committee", "party", "newly-elected")
KINDS = {"ORDINARY": EntryKind.CLASS, "ROTATION": EntryKind.ROTATION}


@st.composite
def items(draw: st.DrawFn) -> Planned:
    """Anything a township could plan for the rest of the year."""
    kind = draw(st.sampled_from(["ORDINARY", "ORDINARY", "ROTATION", "VIEWING", "ONLINE"]))
    is_class = kind in KINDS
    return Planned(
        prefix=draw(st.sampled_from(["140728100", "140728100", "140728", "140728101"])),
        kind=kind,
        roles=frozenset(draw(st.sets(st.sampled_from(ROLES), max_size=2))),
        is_for_party_members=draw(st.booleans()),
        ledger=LEDGER[kind],
        days=Decimal(draw(st.integers(1, 8))) / 2 if is_class else Decimal(0),
        hours=Decimal(draw(st.sampled_from([2, 6, 14, 30, 56]))),
        ends_on=TODAY + timedelta(days=draw(st.integers(0, 210))),
    )


@st.composite
def people(draw: st.DrawFn) -> dict[str, object]:
    """Somebody with posts that begin, end and overlap, and some learning."""
    posts = st.tuples(
        st.sampled_from(ROLES),
        st.sampled_from([date(2023, 1, 1), date(2026, 1, 10), date(2026, 4, 20)]),
        st.sampled_from([None, None, date(2026, 8, 15)]),
        st.booleans(),
    )
    return {
        "is_party_member": draw(st.booleans()),
        "posts": draw(st.lists(posts, min_size=1, max_size=2, unique_by=lambda post: post[0])),
        "earned": draw(
            st.lists(
                st.tuples(
                    st.sampled_from(sorted(LEDGER)), st.sampled_from([3, 12, 30]), st.sampled_from([1, 2, 5])
                ),
                max_size=2,
            )
        ),
        "is_exempt": draw(st.integers(0, 5)) == 0,
    }


def came_to(person: Cadre, item: Planned) -> bool:
    """Whether somebody is of an item's audience, read off the database post by post."""
    return (not item.is_for_party_members or person.is_party_member) and any(
        post.from_on <= item.ends_on
        and (post.to_on is None or post.to_on >= item.ends_on)
        and post.unit.code[: len(item.prefix)] == item.prefix
        and (not item.roles or post.role in item.roles)
        for post in Post.objects.filter(person=person).select_related("unit")
    )


def attend(person: Cadre, item: Planned, number: int) -> None:
    """The line that the ledger would get; the day's cap, which foresight leaves out, does not bind it."""
    kind = KINDS.get(item.kind, EntryKind.VIEWING)
    earned_at = datetime.combine(item.ends_on, time(12), tzinfo=UTC)
    grant(
        person=person,
        source=f"item:{number}",
        kind=kind,
        title="班",
        ledger=item.ledger,
        worth=Worth(item.hours, item.days, int(item.kind in KINDS)),
        earned_at=earned_at,
        at=earned_at,
    )


class ForesightComesTrue(TestCase):
    """The slow reference is the product itself: grant all of it, make the obligations anew, and count."""

    @settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(people(), min_size=1, max_size=4), st.lists(items(), max_size=4))
    def test_after_everybody_came_the_obligations_say_what_was_foreseen(
        self, cast: list[dict[str, object]], plan: list[Planned]
    ) -> None:
        tree = under_the_defaults()
        reader = StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person
        persons = [self.enter(told, tree) for told in cast]
        refresh([person.pk for person in persons], at=AT)
        foreseen = {
            outlook.slug: outlook for outlook in foresee(owed_in(tree.township, 2026, reader, TODAY), plan)
        }
        before = self.standing()
        for number, item in enumerate(plan):
            for person in persons:
                if came_to(person, item):
                    attend(person, item, number)
        refresh([person.pk for person in persons], at=AT)
        assert self.summed(foreseen) == self.counted(before)

    def enter(self, told: dict[str, object], tree: object) -> Cadre:
        person: Cadre = CadreFactory(unit=tree.village, is_party_member=told["is_party_member"])
        for role, start, end, is_new in told["posts"]:
            PostFactory(
                person=person, unit=tree.village, role=role, from_on=start, to_on=end, is_newly_elected=is_new
            )
        for kind, hours, days in told["earned"]:
            is_class = kind in KINDS
            earn(
                person, hours, on=date(2026, 5, 4), ledger=LEDGER[kind],
                kind=KINDS.get(kind, EntryKind.VIEWING), days=days if is_class else 0,
            )  # fmt: skip
        if told["is_exempt"]:
            exempt(person=person, reason="病", from_on=date(2026, 1, 1), to_on=None, by=person, at=AT)
        return person

    def standing(self) -> list[tuple[int, str, str, bool]]:
        rows = Obligation.objects.running(TODAY).filter(slug__in=GATHERED, is_exempt=False)
        return [(row.person_id, row.slug, row.period_key, row.is_met) for row in rows]

    def counted(self, before: list[tuple[int, str, str, bool]]) -> dict[str, tuple[int, int, list[int]]]:
        """For each requirement: met before, met by the plan, and who still lacks it."""
        found: dict[str, tuple[int, int, list[int]]] = {}
        for person, slug, key, was_met in before:
            row = Obligation.objects.get(person=person, slug=slug, period_key=key)
            met, helped, lacking = found.get(slug, (0, 0, []))
            found[slug] = (
                met + was_met,
                helped + (row.is_met and not was_met),
                lacking if row.is_met else [*lacking, person],
            )
        return {slug: (met, helped, sorted(lacking)) for slug, (met, helped, lacking) in found.items()}

    def summed(self, foreseen: dict[str, Outlook]) -> dict[str, tuple[int, int, list[int]]]:
        return {
            slug: (outlook.met, outlook.helped, sorted(lack.owed.row.person_id for lack in outlook.lacks))
            for slug, outlook in foreseen.items()
        }


def obligation(**changes: object) -> Owed:
    """A secretary's yearly five days, nothing done."""
    definition = Definition(
        1, "days", "140728", "YEAR", "DAYS", Decimal(5), frozenset({"CONCENTRATED"}), date(2026, 1, 1),
        roles=frozenset({"SECRETARY"}),
    )  # fmt: skip
    row = Row(
        person_id=7,
        slug="days",
        period_key="2026",
        requirement_id=1,
        post_id=3,
        term_id=None,
        starts_on=date(2026, 1, 1),
        due_on=date(2026, 12, 31),
        required=Decimal(5),
        share_months=None,
        carried=Decimal(0),
        earned=Decimal(0),
        classes=0,
        is_met=False,
        met_on=None,
        is_exempt=False,
        released_on=None,
    )
    holder = Holder(7, True, (PostFact(3, "140728100201", "SECRETARY", date(2023, 1, 1)),))
    values = {"row": row, "name": "五天", "definition": definition, "holder": holder, "code": "140728100201"}
    return Owed(**{**values, **changes})


def a_class(**changes: object) -> Planned:
    values = {
        "prefix": "140728100", "kind": "ORDINARY", "roles": frozenset(), "is_for_party_members": False,
        "ledger": "CONCENTRATED", "days": Decimal(3), "hours": Decimal(18), "ends_on": date(2026, 9, 3),
    }  # fmt: skip
    return Planned(**{**values, **changes})


@given(st.lists(st.integers(1, 9), max_size=6), st.integers(0, 12))
def test_days_of_all_items_add_to_what_was_earned(halves: list[int], earned: int) -> None:
    mine = obligation()
    mine = mine._replace(row=mine.row._replace(earned=Decimal(earned) / 2))
    days = [Decimal(half) / 2 for half in halves]
    missing = Decimal(5) - mine.row.earned
    for each in days:
        missing -= each
    left = mine.missing_after([a_class(days=each) for each in days])
    assert left == Missing(max(Decimal(0), missing), 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"prefix": "140728101"},
        {"roles": frozenset({"DIRECTOR"})},
        {"ledger": "COLLECTIVE"},
        {"ends_on": date(2027, 1, 1)},
    ],
)
def test_item_for_others_elsewhere_or_of_another_time_changes_nothing(changes: dict[str, object]) -> None:
    assert obligation().missing_after([a_class(days=Decimal(5), **changes)]) == Missing(Decimal(5), 0)


def changed(mine: Owed, **fields: object) -> Owed:
    """The same under another definition."""
    definition = mine.definition
    values = {name: getattr(definition, name) for name in definition.__slots__}
    return mine._replace(definition=Definition(**{**values, **fields}))


def once(**fields: object) -> Owed:
    """Three days within three months of 1 June, as somebody newly elected owes them."""
    mine = obligation()
    row = mine.row._replace(starts_on=date(2026, 6, 1), due_on=date(2026, 9, 1), required=Decimal(3))
    return changed(mine._replace(row=row), period="ONCE", **fields)


@pytest.mark.parametrize(
    ("ends_on", "fields", "counts"),
    [
        (date(2026, 9, 1), {}, True),
        (date(2026, 9, 2), {}, False),
        (date(2026, 9, 2), {"can_be_made_up": True}, True),
        (date(2026, 6, 1), {}, True),
        (date(2026, 5, 31), {}, False),
        (date(2026, 5, 31), {"lead_days": 1}, True),
        (date(2026, 5, 30), {"lead_days": 1}, False),
    ],
)
def test_item_counts_inside_the_time_of_the_obligation(
    ends_on: date, fields: dict[str, object], counts: bool
) -> None:
    assert once(**fields).gains_by(a_class(ends_on=ends_on)) is counts


@pytest.mark.parametrize(
    ("post", "counts"),
    [
        ({}, True),
        ({"to_on": date(2026, 9, 3)}, True),
        ({"to_on": date(2026, 9, 2)}, False),
        ({"from_on": date(2026, 9, 4)}, False),
        ({"code": "140728101201"}, False),
        # Invited as a committee member, and not one of those who owe the rotation.
        ({"role": "COMMITTEE_MEMBER"}, False),
    ],
)
def test_rotation_counts_for_whoever_holds_the_post_on_its_last_day(
    post: dict[str, object], counts: bool
) -> None:
    mine = changed(obligation(), period="TERM", is_rotation=True, measure="TIMES")
    values = {"pk": 3, "code": "140728100201", "role": "SECRETARY", "from_on": date(2023, 1, 1)}
    holder = Holder(7, True, (PostFact(**{**values, **post}),))
    mine = mine._replace(holder=holder, row=mine.row._replace(period_key="140728-12", required=Decimal(1)))
    assert mine.gains_by(a_class(kind="ROTATION")) is counts
    assert not mine.gains_by(a_class())


def test_whoever_keeps_another_post_is_invited_and_not_rotated_as_secretary() -> None:
    mine = changed(obligation(), period="TERM", is_rotation=True, measure="TIMES")
    ended = PostFact(3, "140728100201", "SECRETARY", date(2023, 1, 1), date(2026, 8, 31))
    kept = PostFact(4, "140728100201", "COMMITTEE_MEMBER", date(2023, 1, 1))
    mine = mine._replace(holder=Holder(7, True, (ended, kept)), row=mine.row._replace(period_key="140728-12"))
    item = a_class(kind="ROTATION")
    assert item.invites(mine.holder)
    assert not mine.gains_by(item)
    assert not item.invites(Holder(7, True, (ended,)))


def test_item_for_party_members_is_for_them_alone() -> None:
    mine = obligation()
    item = a_class(is_for_party_members=True)
    assert mine.gains_by(item)
    assert not mine._replace(holder=mine.holder.__class__(7, False, mine.holder.posts)).gains_by(item)


def test_amount_alone_is_not_a_class() -> None:
    mine = obligation()
    both = frozenset({"CONCENTRATED", "COLLECTIVE"})
    mine = changed(mine, measure="HOURS", ledgers=both, min_classes=1)
    evening = a_class(kind="VIEWING", ledger="COLLECTIVE", days=Decimal(0), hours=Decimal(9))
    assert mine.missing_after([evening]) == Missing(Decimal(0), 1)
    assert mine.missing_after([evening, a_class(hours=Decimal(1))]) == Missing(Decimal(0), 0)


def test_other_plans_are_told_apart_from_this_one() -> None:
    (outlook,) = foresee([obligation()], [a_class()], [a_class(days=Decimal(2))])
    assert (outlook.short, outlook.helped, len(outlook.lacks), outlook.elsewhere) == (1, 0, 1, 1)
    assert outlook.left == []
    (alone,) = foresee([obligation()], [a_class()], [a_class(days=Decimal(1))])
    assert (alone.elsewhere, alone.left[0].missing.amount) == (0, Decimal(2))


def test_online_requirement_is_not_of_a_plan() -> None:
    mine = obligation()
    assert foresee([changed(mine, ledgers=frozenset({"ONLINE"}))], [a_class()]) == []


@pytest.mark.django_db
def test_next_year_is_reckoned_by_what_will_hold_on_its_first_day() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    leaver: Cadre = CadreFactory(unit=tree.village)
    PostFactory(person=leaver, role="SECRETARY", to_on=date(2026, 12, 31))
    reader = StaffFactory(unit=tree.township).person
    refresh([person.pk, leaver.pk], at=AT)
    earn(person, 30, kind=EntryKind.CLASS, ledger="CONCENTRATED", days=5)
    owed = owed_in(tree.township, 2027, reader, TODAY)
    assert {mine.row.person_id for mine in owed} == {person.pk}
    found = {mine.row.slug: mine.row for mine in owed}
    assert (found["concentrated"].period_key, found["concentrated"].earned) == ("2027", 0)
    assert found["rotation"].due_on == date(2030, 11, 30)
    refresh([person.pk, leaver.pk], at=datetime(2027, 1, 1, 4, tzinfo=UTC))
    in_january = Obligation.objects.running(date(2027, 1, 1)).filter(released_on=None)
    assert {(row.person_id, row.slug, row.required, row.earned) for row in in_january} == {
        (mine.row.person_id, mine.row.slug, mine.row.required, mine.row.earned) for mine in owed
    }


@pytest.mark.django_db
def test_reader_learns_only_of_the_people_that_one_may_see() -> None:
    tree = under_the_defaults()
    far = CadreFactory(unit=tree.far_village)
    PostFactory(person=far)
    near = secretary(tree)
    refresh([far.pk, near.pk], at=AT)
    county = StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person
    township = StaffFactory(unit=tree.township).person
    for year in (2026, 2027):
        seen = {
            reader: {mine.row.person_id for mine in owed_in(tree.county, year, reader, TODAY)}
            for reader in (county, township)
        }
        assert seen == {county: {far.pk, near.pk}, township: {near.pk}}


@pytest.mark.django_db
@pytest.mark.parametrize("year", [2026, 2027])
def test_reading_costs_the_same_for_one_and_for_many(
    year: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tree = under_the_defaults()
    reader = StaffFactory(unit=tree.township).person
    refresh([secretary(tree).pk], at=AT)
    owed_in(tree.township, year, reader, TODAY)
    with django_assert_num_queries(4 if year == 2026 else 11):
        owed_in(tree.township, year, reader, TODAY)
    refresh([secretary(tree).pk for _ in range(20)], at=AT)
    with django_assert_num_queries(4 if year == 2026 else 11):
        assert len({mine.row.person_id for mine in owed_in(tree.township, year, reader, TODAY)}) == 21
