"""A merger beside appointments, moves and another yes, at the same moment."""

from datetime import date

import pytest
from django.db import connection

from accounts import actions
from accounts.mergers.actions import MergerFinished, StaleMerger, write_merger
from accounts.mergers.models import Merger, MergerStatus
from accounts.models import Cadre, Post, Role, Unit
from accounts.transfers.actions import OfferDecided, accept_offer, decline_offer, offer_person
from tests.accounts.mergers.merging import AT, NEW, into, judged, prepared, ruler
from tests.factories import CadreFactory, PostFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree
from tests.parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


def yes(merger: Merger, by: Cadre, seen: str) -> object:
    def write() -> object:
        try:
            return write_merger(
                merger=merger, choices={}, seen=seen, scope=by.scope_units("COUNTY"), by=by, at=AT
            ).status
        except (StaleMerger, MergerFinished) as error:
            return type(error).__name__

    return write


def test_two_yeses_write_one_merger(tree: CountyTree) -> None:
    by = ruler(tree)
    for _ in range(3):
        PostFactory(person=CadreFactory(unit=tree.village), role=Role.COMMITTEE_MEMBER)
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    write = yes(merger, by, judged(merger, by).digest)
    answers = at_once([write] * 4)
    assert sorted(map(str, answers)) == sorted([MergerStatus.WRITTEN, *["MergerFinished"] * 3])
    assert Post.objects.running().count() == 3


@pytest.mark.parametrize("turn", range(6))
def test_nobody_is_appointed_in_or_moved_to_what_ends_meanwhile(tree: CountyTree, turn: int) -> None:
    by = ruler(tree)
    people = [CadreFactory(unit=unit) for unit in (tree.village, tree.village, tree.far_village)]
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    write = yes(merger, by, judged(merger, by).digest)

    def appoint(person: Cadre) -> object:
        def work() -> object:
            try:
                return actions.appoint(
                    person=person,
                    unit=tree.village,
                    role=Role.RESERVE,
                    from_on=date(2026, 5, 1),
                    by=by,
                    at=AT,
                )
            except actions.UnitNotInForce as error:
                return error

        return work

    def move() -> object:
        try:
            return actions.transfer(person=people[2], unit=tree.village, on=AT.date(), by=by, at=AT)
        except actions.UnitNotInForce as error:
            return error

    works = [write, *map(appoint, people[:2]), move]
    answers = at_once(works[turn % 4 :] + works[: turn % 4])
    assert not any(
        isinstance(answer, Exception) and not isinstance(answer, actions.UnitNotInForce) for answer in answers
    )
    retired = Unit.objects.exclude(valid_to=None)
    assert not Post.objects.running().filter(unit__in=retired).exists()
    assert not Cadre.objects.filter(unit__in=retired).exists()


def test_an_offer_is_answered_once(tree: CountyTree) -> None:
    sender, receiver = (
        Cadre.objects.get(pk=StaffFactory(unit=unit).person.pk)
        for unit in (tree.township, tree.other_township)
    )
    offer = offer_person(
        person=CadreFactory(unit=tree.village),
        unit=tree.far_village,
        on=AT.date(),
        is_shared=False,
        ending=[],
        by=sender,
        at=AT,
    )

    def answer(accepts: bool) -> object:
        def work() -> object:
            try:
                if accepts:
                    return accept_offer(offer=offer, unit=tree.far_village, by=receiver, at=AT).status
                return decline_offer(offer=offer, reason="不", by=receiver, at=AT).status
            except OfferDecided:
                return "late"

        return work

    answers = at_once([answer(number % 2 == 0) for number in range(4)])
    assert answers.count("late") == 3
    moved = Cadre.objects.get(pk=offer.person_id).unit == tree.far_village
    assert moved == ("ACCEPTED" in answers)
