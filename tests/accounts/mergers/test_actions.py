"""Writing a merger: whole or not at all, once, and nothing lost."""

from datetime import date

import pytest

from accounts.actions import UnitNotInForce, appoint, transfer
from accounts.mergers.actions import (
    MergerFinished,
    NotReady,
    StaleMerger,
    drop_merger,
    prepare_merger,
    set_codes,
)
from accounts.mergers.lines import Line
from accounts.mergers.models import Merger, MergerStatus
from accounts.mergers.offices import Fate
from accounts.models import AuditLine, Cadre, CadreChange, Level, Post, Role, StaffRole, StaffScope, Unit
from accounts.transfers.models import OfferStatus, TransferOffer
from tests.accounts.mergers.merging import AT, LAST, NEW, ON, into, judged, prepared, ruler, written
from tests.factories import CadreFactory, PostFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def by(tree: CountyTree) -> Cadre:
    return ruler(tree)


def person(unit: Unit, role: str = Role.COMMITTEE_MEMBER, **post: object) -> Cadre:
    found: Cadre = CadreFactory(unit=unit)
    PostFactory(person=found, unit=unit, role=role, **post)
    return found


def merge(tree: CountyTree, by: Cadre, **choices: int) -> Merger:
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    return written(merger, by, choices={f"{NEW}:{role}": pk for role, pk in choices.items()})


def test_two_villages_become_one(tree: CountyTree, by: Cadre) -> None:
    east, west = person(tree.village), person(tree.other_village)
    far = person(tree.far_village)
    merger = merge(tree, by)
    new = Unit.objects.get(code=NEW)
    assert (new.name, new.level, new.parent, new.valid_from) == ("新合村", Level.VILLAGE, tree.township, ON)
    for old in Unit.objects.filter(pk__in=[tree.village.pk, tree.other_village.pk]):
        assert (old.valid_to, old.successor) == (LAST, new)
    for each in (east, west):
        each.refresh_from_db()
        assert each.unit == new
        before, after = each.posts.order_by("from_on")
        assert (before.to_on, after.from_on, after.to_on) == (LAST, ON, None)
        assert (after.unit, after.role, after.continues) == (new, before.role, before)
    far.refresh_from_db()
    assert far.unit == tree.far_village
    assert set(CadreChange.objects.values_list("person_id", flat=True)) == {east.pk, west.pk}
    merger.refresh_from_db()
    assert (merger.status, merger.people, merger.posts, merger.written_by) == (MergerStatus.WRITTEN, 2, 2, by)
    lines = AuditLine.objects.values_list("action", flat=True)
    assert {"merger.written", "unit.retired", "person.moved", "post.ended"} <= set(lines)


def test_written_twice_is_written_once(tree: CountyTree, by: Cadre) -> None:
    person(tree.village)
    merger = merge(tree, by)
    before = list(Post.objects.order_by("pk").values())
    with pytest.raises(MergerFinished):
        written(merger, by)
    with pytest.raises(MergerFinished):
        drop_merger(merger=merger)
    with pytest.raises(MergerFinished):
        set_codes(merger=merger, lines=[])
    assert list(Post.objects.order_by("pk").values()) == before


def test_prepared_twice_is_one_draft(tree: CountyTree, by: Cadre) -> None:
    lines = into(NEW, tree.village, tree.other_village)
    assert prepared(tree, lines, by) == prepared(tree, lines, by)
    other = prepare_merger(over=tree.county, level=Level.VILLAGE, lines=lines[:1], on=ON, by=by, at=AT)
    drop_merger(merger=other)
    assert Merger.objects.drafts().count() == 1


def test_what_came_in_between_stops_it(tree: CountyTree, by: Cadre) -> None:
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    seen = judged(merger, by).digest
    person(tree.village)
    with pytest.raises(StaleMerger):
        written(merger, by, seen=seen)
    with pytest.raises(StaleMerger):
        written(merger, by, seen="made up")
    assert not Unit.objects.filter(code=NEW).exists()
    assert written(merger, by).status == MergerStatus.WRITTEN


def test_two_secretaries_are_chosen_between_and_never_guessed(tree: CountyTree, by: Cadre) -> None:
    east, west = person(tree.village, Role.SECRETARY), person(tree.other_village, Role.SECRETARY)
    post = west.posts.get()
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    (contest,) = judged(merger, by).offices.contests
    assert {each.person for each in contest.posts} == {east, west}
    for choices in ({}, {contest.key: 999999}, {"elsewhere": post.pk}):
        with pytest.raises(NotReady):
            written(merger, by, choices=choices)
    written(merger, by, choices={contest.key: post.pk})
    assert Post.objects.running().get(role=Role.SECRETARY).person == west
    assert east.posts.get().to_on == LAST
    east.refresh_from_db()
    assert east.unit.code == NEW


def test_nobody_may_go_on(tree: CountyTree, by: Cadre) -> None:
    person(tree.village, Role.DIRECTOR)
    person(tree.other_village, Role.DIRECTOR)
    merge(tree, by, DIRECTOR=0)
    assert not Post.objects.running().exists()


def test_one_who_was_secretary_of_both_is_so_once(tree: CountyTree, by: Cadre) -> None:
    both = person(tree.village, Role.SECRETARY)
    PostFactory(person=both, unit=tree.other_village, role=Role.SECRETARY, from_on=date(2024, 1, 1))
    merge(tree, by)
    running = Post.objects.running().get()
    assert (running.unit.code, running.continues.unit) == (NEW, tree.other_village)


def test_a_village_is_taken_in_by_one_that_goes_on(tree: CountyTree, by: Cadre) -> None:
    east, west = person(tree.village), person(tree.other_village)
    stays = west.posts.get()
    written(prepared(tree, into(tree.other_village.code, tree.village, name=""), by), by)
    east.refresh_from_db()
    stays.refresh_from_db()
    assert (east.unit, stays.to_on, west.posts.count()) == (tree.other_village, None, 1)
    assert east.posts.running().get().unit == tree.other_village
    tree.other_village.refresh_from_db()
    assert tree.other_village.valid_to is None


def test_who_holds_the_same_in_both_keeps_the_later_end(tree: CountyTree, by: Cadre) -> None:
    both = person(tree.village)
    PostFactory(person=both, unit=tree.other_village, role=Role.COMMITTEE_MEMBER, to_on=date(2026, 8, 1))
    written(prepared(tree, into(tree.other_village.code, tree.village, name=""), by), by)
    assert Post.objects.running().get().unit == tree.other_village


def test_the_secretary_of_the_village_that_goes_on_may_end(tree: CountyTree, by: Cadre) -> None:
    east, west = person(tree.village, Role.SECRETARY), person(tree.other_village, Role.SECRETARY)
    new = tree.other_village.code
    choices = {f"{new}:SECRETARY": east.posts.get().pk}
    written(prepared(tree, into(new, tree.village, name=""), by), by, choices=choices)
    assert Post.objects.running().get().person == east
    assert west.posts.get().to_on == LAST


def test_a_post_that_ends_later_ends_then_in_the_new_unit(tree: CountyTree, by: Cadre) -> None:
    last = date(2026, 9, 30)
    each = person(tree.village, to_on=last)
    merge(tree, by)
    assert [post.to_on for post in each.posts.order_by("from_on")] == [LAST, last]


def test_a_post_that_ended_before_stays_as_it_was(tree: CountyTree, by: Cadre) -> None:
    each = person(tree.village, to_on=date(2026, 3, 1))
    merge(tree, by)
    assert each.posts.get().to_on == date(2026, 3, 1)


def test_a_post_of_afterwards_is_counted_in_the_new_unit(tree: CountyTree, by: Cadre) -> None:
    each = person(tree.village, from_on=date(2026, 7, 5))
    merge(tree, by)
    post = each.posts.get()
    assert (post.unit.code, post.from_on) == (NEW, date(2026, 7, 5))


def test_posts_of_one_person_that_would_overlap_stop_it(tree: CountyTree, by: Cadre) -> None:
    each = person(tree.village)
    PostFactory(person=each, unit=tree.other_village, role=Role.COMMITTEE_MEMBER, from_on=date(2026, 7, 5))
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    assert [held.fate for held in judged(merger, by).offices.blocked] == [Fate.CLASHES]
    with pytest.raises(NotReady):
        written(merger, by)


def test_a_loser_who_began_afterwards_stops_it(tree: CountyTree, by: Cadre) -> None:
    person(tree.village, Role.SECRETARY)
    late = person(tree.other_village, Role.SECRETARY, from_on=date(2026, 7, 5))
    merger = prepared(tree, into(NEW, tree.village, tree.other_village), by)
    first = Post.objects.exclude(person=late).get()
    with pytest.raises(NotReady):
        written(merger, by, choices={f"{NEW}:SECRETARY": first.pk})


def test_staff_and_offers_move_along(tree: CountyTree, by: Cadre) -> None:
    keeper = StaffFactory(unit=tree.village, role=StaffRole.STATION)
    twice = StaffFactory(unit=tree.other_village, role=StaffRole.STATION, person=keeper.person)
    each = person(tree.village)
    offer = TransferOffer.objects.create(
        person=each, from_unit=tree.village, to_unit=tree.far_village, on=ON, by=by, at=AT
    )
    inside = TransferOffer.objects.create(
        person=keeper.person, from_unit=tree.village, to_unit=tree.other_village, on=ON, by=by, at=AT
    )
    merge(tree, by)
    scope = StaffScope.objects.get(person=keeper.person)
    assert (scope.unit.code, scope.role) == (NEW, StaffRole.STATION)
    assert twice.person == keeper.person
    offer.refresh_from_db()
    inside.refresh_from_db()
    assert (offer.from_unit.code, offer.status) == (NEW, OfferStatus.OPEN)
    assert inside.status == OfferStatus.WITHDRAWN


def test_a_keeper_reads_what_is_kept_under_the_old_villages(tree: CountyTree, by: Cadre) -> None:
    scope = StaffFactory(unit=tree.village, role=StaffRole.STATION)
    merge(tree, by)
    keeper = Cadre.objects.get(pk=scope.person_id)
    assert {unit.code for unit in keeper.reach_units()} == {
        NEW, tree.village.code, tree.other_village.code,
    }  # fmt: skip
    assert [unit.code for unit in keeper.scope_units()] == [NEW]


def township_lines(tree: CountyTree) -> list[Line]:
    return [
        Line(tree.township.code, "140728102000", "新镇"),
        Line(tree.other_township.code, "140728102000", "新镇"),
        Line(tree.village.code, "140728102201", "东城村"),
        Line(tree.other_village.code, "140728102202", "西城村"),
        Line(tree.far_village.code, "140728102203", "段村"),
    ]


def test_townships_merge_with_their_villages(tree: CountyTree, by: Cadre) -> None:
    each = person(tree.far_village, Role.SECRETARY)
    clerk = StaffFactory(unit=tree.other_township).person
    written(prepared(tree, township_lines(tree), by), by)
    each.refresh_from_db()
    assert (each.unit.code, each.unit.parent.code) == ("140728102203", "140728102000")
    assert each.posts.running().get().unit == each.unit
    clerk = Cadre.objects.get(pk=clerk.pk)
    assert clerk.unit.code == "140728102000"
    assert Cadre.objects.visible_to(clerk).filter(pk=each.pk).exists()
    assert Unit.objects.visible_to(clerk).filter(pk=tree.village.pk).exists()


def test_mergers_follow_each_other(tree: CountyTree, by: Cadre) -> None:
    each = person(tree.village)
    merge(tree, by)
    new = Unit.objects.get(code=NEW)
    scope = StaffFactory(unit=new, role=StaffRole.STATION)
    second = prepared(tree, into("140728100211", new, name="大合村"), by, on=date(2026, 7, 8))
    written(second, by)
    running = each.posts.running().get()
    assert (running.unit.code, running.continues.continues.unit) == ("140728100211", tree.village)
    keeper = Cadre.objects.get(pk=scope.person_id)
    assert len(keeper.reach_units()) == 4


def test_somebody_without_a_say_over_it_writes_nothing(tree: CountyTree, by: Cadre) -> None:
    merger = prepared(tree, into(NEW, tree.village, tree.far_village), by)
    clerk = StaffFactory(unit=tree.township, role=StaffRole.COUNTY).person
    with pytest.raises((NotReady, StaleMerger)):
        written(merger, Cadre.objects.get(pk=clerk.pk))
    assert not Unit.objects.filter(code=NEW).exists()


def test_nobody_is_appointed_in_or_moved_to_a_retired_unit(tree: CountyTree, by: Cadre) -> None:
    each = person(tree.far_village)
    merge(tree, by)
    for since in (date(2026, 3, 1), date(2026, 7, 2)):
        with pytest.raises(UnitNotInForce):
            appoint(person=each, unit=tree.village, role=Role.RESERVE, from_on=since, by=by, at=AT)
        with pytest.raises(UnitNotInForce):
            transfer(person=each, unit=tree.village, on=since, by=by, at=AT)
