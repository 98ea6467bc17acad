"""Sharing a yearly amount by the months in post: the pure rule, the rows, the pages, the certificate."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions import appoint, end_post
from accounts.models import Cadre
from lms.certificates.actions import issue
from lms.hours.models import EntryKind, Ledger
from lms.obligations import actions
from lms.obligations.definitions import PostFact, binding
from lms.obligations.models import Obligation, Requirement
from lms.obligations.pro_rata import months_held, share_of
from tests.factories import CadreFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, TODAY, earn, standing, under_the_defaults
from tests.lms.obligations.test_due import ONLINE, owed, post
from tests.lms.obligations.test_rebuild import REQUIREMENT

SHARED = replace(ONLINE, is_pro_rata=True)


def held(first: tuple[int, int, int], last: tuple[int, int, int] | None = None, pk: int = 1) -> PostFact:
    return post(pk=pk, from_on=date(*first), to_on=date(*last) if last else None)


@pytest.mark.parametrize(
    ("posts", "months"),
    [
        ([held((2023, 1, 1))], 12),
        ([held((2026, 1, 1))], 12),
        ([held((2026, 1, 31))], 12),
        ([held((2026, 5, 1))], 8),
        ([held((2026, 5, 31))], 8),
        ([held((2026, 12, 31))], 1),
        ([held((2026, 12, 5), (2026, 12, 20))], 1),
        ([held((2023, 1, 1), (2026, 8, 31))], 8),
        ([held((2023, 1, 1), (2026, 8, 30))], 7),
        ([held((2023, 1, 1), (2026, 3, 31)), held((2026, 9, 10), pk=2)], 7),
        ([held((2026, 2, 1), (2026, 5, 10)), held((2026, 5, 12), pk=2)], 11),
        ([held((2026, 3, 1)), held((2026, 4, 1), pk=2), held((2026, 6, 1), pk=3)], 10),
        ([held((2025, 1, 1), (2025, 12, 31)), held((2026, 11, 2), pk=2)], 2),
    ],
)
def test_months_of_the_year_are_those_held_at_their_end(posts: list[PostFact], months: int) -> None:
    assert months_held(posts, 2026) == months


@pytest.mark.parametrize(
    ("amount", "measure", "months", "share"),
    [
        ("50", "HOURS", 12, "50"),
        ("50", "HOURS", 8, "33.5"),
        ("50", "HOURS", 6, "25"),
        ("5", "DAYS", 8, "3.5"),
        ("5", "DAYS", 1, "0.5"),
        ("1", "TIMES", 1, "1"),
        ("4", "TIMES", 7, "3"),
        ("5.25", "DAYS", 12, "5.25"),
        ("0.25", "DAYS", 1, "0.25"),
    ],
)
def test_share_is_rounded_up_to_a_half_and_never_above_the_whole(
    amount: str, measure: str, months: int, share: str
) -> None:
    assert share_of(Decimal(amount), measure, months) == Decimal(share)


@given(
    st.decimals("0.01", 200, places=2),
    st.decimals(0, 50, places=2),
    st.sampled_from(["HOURS", "DAYS", "TIMES"]),
    st.integers(1, 12),
)
def test_more_months_or_a_raise_never_ask_less(
    amount: Decimal, more: Decimal, measure: str, months: int
) -> None:
    share = share_of(amount, measure, months)
    assert amount * months / 12 <= share <= amount
    assert share <= share_of(amount + more, measure, months)
    assert months == 12 or share <= share_of(amount, measure, months + 1)


def test_who_takes_office_in_the_year_owes_the_share_and_classes_stay_whole() -> None:
    shared = replace(SHARED, min_classes=1)
    (due,) = owed(post(from_on=date(2026, 5, 12)), definitions=[shared]).values()
    assert (due.required, due.share_months, due.requirement) == (Decimal("33.5"), 8, 1)
    assert (due.starts_on, due.due_on) == (date(2026, 1, 1), date(2026, 12, 31))
    (whole,) = owed(post(from_on=date(2020, 5, 12)), definitions=[shared]).values()
    assert (whole.required, whole.share_months) == (Decimal(50), 12)
    (off,) = owed(post(from_on=date(2026, 5, 12)), definitions=[ONLINE]).values()
    assert (off.required, off.share_months) == (Decimal(50), None)


def test_only_months_of_the_asked_posts_count_and_those_that_ended_too() -> None:
    asked = replace(SHARED, roles=frozenset({"SECRETARY", "DIRECTOR"}))
    posts = (
        post(role="GRID_WORKER", from_on=date(2020, 1, 1)),
        post(pk=2, role="DIRECTOR", from_on=date(2026, 1, 1), to_on=date(2026, 2, 28)),
        post(pk=3, from_on=date(2026, 5, 12)),
    )
    (due,) = owed(*posts, definitions=[asked]).values()
    assert (due.share_months, due.post) == (10, 3)


def test_share_of_a_raise_never_binds_instead_of_a_whole_above() -> None:
    """The region above asked a share when the county raised it, and asks the whole since."""
    raised = replace(SHARED, pk=9, prefix="140728", amount=Decimal(60))
    late, early = post(from_on=date(2026, 5, 20)), post(from_on=date(2026, 1, 1))
    for above, expected in ((ONLINE, 1), (SHARED, 9)):
        (due,) = owed(late, definitions=[above, raised]).values()
        assert due.requirement == expected
    (due,) = owed(early, definitions=[ONLINE, raised]).values()
    assert due.requirement == 9
    assert [item.pk for item in binding([ONLINE, raised], TODAY)] == [1, 9]
    assert [item.pk for item in binding([SHARED, raised], TODAY)] == [9]


def share(tree: CountyTree, *, unit: Any = None, **fields: Any) -> Requirement:
    values = {**REQUIREMENT, "amount": Decimal(60), "is_pro_rata": True, **fields}
    staff = StaffFactory(unit=tree.county, role="COUNTY").person
    return actions.set_requirement(
        slug=values.pop("slug", ""), unit=unit or tree.county, valid_from=TODAY, by=staff, at=AT, **values
    )


@pytest.fixture
def tree(db: None) -> CountyTree:
    return under_the_defaults()


def newcomer(tree: CountyTree, from_on: date = date(2026, 5, 12)) -> Cadre:
    person: Cadre = CadreFactory(unit=tree.village)
    staff = StaffFactory(unit=tree.township).person
    appoint(person=person, unit=tree.village, role="SECRETARY", from_on=from_on, by=staff, at=AT)
    return person


def test_default_requirements_are_not_shared(tree: CountyTree) -> None:
    assert not Requirement.objects.filter(is_pro_rata=True).exists()
    assert standing(newcomer(tree), "online").required == 50


def test_raise_shares_only_what_is_shared_above(tree: CountyTree) -> None:
    with pytest.raises(actions.LowerThanAbove) as refused:
        share(tree, slug="online")
    assert refused.value.field == "is_pro_rata"
    Requirement.objects.filter(slug="online").update(is_pro_rata=True)
    assert share(tree, slug="online").is_pro_rata
    stricter = share(tree, slug="online", unit=tree.township, is_pro_rata=False)
    assert not stricter.is_pro_rata


def test_row_follows_the_posts_while_the_year_is_open_and_keeps_its_amount_when_it_is_closed(
    tree: CountyTree,
) -> None:
    own = share(tree, name="实用技术")
    person, staff = newcomer(tree), StaffFactory(unit=tree.township).person
    row = standing(person, own.slug)
    assert (row.required, row.share_months, row.is_shared) == (40, 8, True)
    end_post(post=person.posts.get(), to_on=date(2026, 8, 31), by=staff, at=AT)
    row = standing(person, own.slug)
    assert (row.required, row.share_months) == (20, 4)
    appoint(
        person=person, unit=tree.other_village, role="DIRECTOR", from_on=date(2026, 11, 3), by=staff, at=AT
    )
    for at in (datetime(2026, 12, 20, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)):
        actions.refresh([person.pk], at=at)
        row = Obligation.objects.get(person=person, slug=own.slug, period_key="2026")
        assert (row.required, row.share_months, row.released_on) == (30, 6, None)
    appoint(
        person=person, unit=tree.village, role="COMMITTEE_MEMBER", from_on=date(2026, 9, 1), by=staff, at=AT
    )
    actions.refresh([person.pk], at=datetime(2027, 2, 2, tzinfo=UTC))
    row.refresh_from_db()
    assert (row.required, row.share_months) == (30, 6)
    following = Obligation.objects.get(person=person, slug=own.slug, period_key="2027")
    assert (following.required, following.share_months, following.is_shared) == (60, 12, False)


def test_person_desk_and_certificate_name_the_same_share(tree: CountyTree, client: Client) -> None:
    own = share(tree, name="实用技术", min_classes=1, ledgers=["CONCENTRATED"])
    person = newcomer(tree)
    earn(person, 40, ledger=Ledger.CONCENTRATED, kind=EntryKind.CLASS, days=5, on=date(2026, 5, 20))
    row = standing(person, own.slug)
    assert (row.is_met, row.required) == (True, 40)
    pages = {}
    for who, url in (
        (person, "/"),
        (StaffFactory(unit=tree.township).person, reverse("desk:person", args=[person.pk])),
    ):
        client.force_login(who)
        with override("en"):
            pages[url] = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert all("8 of 12 months" in page or "12 个月中的 8 个月" in page for page in pages.values())
    snapshot = issue(obligation=row, at=AT).snapshot
    assert snapshot["required"] == "40"
    assert "8" in snapshot["period_label"]
    assert "12" in snapshot["period_label"]


@pytest.mark.parametrize("months", [0, 13])
def test_database_keeps_a_share_within_the_year(tree: CountyTree, months: int) -> None:
    row = standing(newcomer(tree), "online")
    with pytest.raises(IntegrityError, match="obligation_share_within_year"), transaction.atomic():
        Obligation.objects.filter(pk=row.pk).update(share_months=months)
    with pytest.raises(IntegrityError, match="requirement_shared_by_year_only"), transaction.atomic():
        Requirement.objects.filter(slug="rotation").update(is_pro_rata=True)
