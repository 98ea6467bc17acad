"""Moves of people, and last days that were wrong."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import actions
from accounts.models import AuditLine, Cadre, Post, Role, Unit
from tests.accounts.rosters import AT, ON
from tests.factories import CadreFactory, PostFactory, county_tree
from tests.factories.people import CountyTree
from tests.rules import examples

pytestmark = pytest.mark.django_db
MOVED = date(2026, 5, 1)


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def person(tree: CountyTree) -> Cadre:
    return CadreFactory(unit=tree.village)


def move(person: Cadre, unit: Unit, *ending: Post, on: date = MOVED, role: str = "") -> Cadre:
    return actions.move_person(
        person=person, unit=unit, on=on, ending=[post.pk for post in ending], role=role, by=None, at=AT
    )


def test_a_move_ends_posts_and_begins_one(tree: CountyTree, person: Cadre) -> None:
    post, stays = PostFactory(person=person), PostFactory(person=person, unit=tree.other_village)
    for _ in range(2):
        move(person, tree.far_village, post, role=Role.DIRECTOR)
    person.refresh_from_db()
    assert person.unit == tree.far_village
    found = {each.unit: each for each in person.posts.all()}
    assert found[tree.village].to_on == date(2026, 4, 30)
    assert found[tree.other_village] == stays
    assert found[tree.other_village].to_on is None
    assert (found[tree.far_village].role, found[tree.far_village].from_on) == (Role.DIRECTOR, MOVED)
    lines = AuditLine.objects.filter(person=person).order_by("pk").values_list("action", flat=True)
    assert list(lines) == ["post.ended", "person.moved", "post.began"]


def test_a_post_with_a_later_last_day_ends_with_the_move(tree: CountyTree, person: Cadre) -> None:
    post = PostFactory(person=person, to_on=date(2026, 12, 31))
    move(person, tree.far_village, post)
    post.refresh_from_db()
    assert post.to_on == date(2026, 4, 30)


def test_a_move_that_cannot_be_is_refused_whole(tree: CountyTree, person: Cadre) -> None:
    young = PostFactory(person=person, from_on=date(2026, 5, 1))
    over = PostFactory(person=person, role=Role.DIRECTOR, to_on=date(2026, 1, 31))
    foreign = PostFactory(unit=tree.village)
    Unit.objects.filter(pk=tree.other_village.pk).update(valid_to=date(2026, 1, 1))
    cases = [
        (actions.EndsBeforeStart, tree.far_village, (young,), MOVED),
        (actions.PostEnded, tree.far_village, (over,), MOVED),
        (actions.PostEnded, tree.far_village, (foreign,), MOVED),
        (actions.UnitNotInForce, tree.other_village, (), MOVED),
        (actions.NotYet, tree.far_village, (), date(2026, 6, 2)),
        (actions.UnlikelyStart, tree.far_village, (), date(1949, 1, 1)),
    ]
    for error, unit, ending, on in cases:
        with pytest.raises(error):
            move(person, unit, *ending, on=on)
    person.refresh_from_db()
    assert person.unit == tree.village
    assert not AuditLine.objects.exists()


# --- last days -----------------------------------------------------------------------------------------
def correct(post: Post, to_on: date | None) -> Post:
    return actions.correct_end(post=post, to_on=to_on, reason="写错", by=None, at=AT)


def test_a_last_day_is_corrected_or_taken_back(person: Cadre) -> None:
    post = PostFactory(person=person, to_on=date(2062, 7, 1))
    for _ in range(2):
        correct(post, date(2026, 7, 1))
    assert correct(post, None).to_on is None
    lines = AuditLine.objects.filter(action="post.end_corrected").order_by("pk")
    assert [line.detail["after"] for line in lines] == ["2026-07-01", ""]
    assert lines[0].detail["before"] == "2062-07-01"


def test_a_last_day_that_cannot_be_is_refused(tree: CountyTree, person: Cadre) -> None:
    post = PostFactory(person=person, to_on=date(2026, 1, 31))
    PostFactory(person=person, from_on=date(2026, 3, 1))
    with pytest.raises(actions.EndsBeforeStart):
        correct(post, date(2024, 12, 31))
    for day in (None, date(2026, 3, 1)):
        with pytest.raises(actions.AlreadyHeld):
            correct(post, day)
    assert correct(post, date(2026, 2, 28)).to_on == date(2026, 2, 28)
    running = PostFactory(person=person, role=Role.DIRECTOR)
    with pytest.raises(actions.PostRuns):
        correct(running, date(2026, 1, 1))
    Unit.objects.filter(pk=tree.village.pk).update(valid_to=date(2026, 2, 28))
    with pytest.raises(actions.UnitNotInForce):
        correct(post, date(2026, 3, 1))


def test_a_post_that_goes_on_elsewhere_does_not_run_again(tree: CountyTree, person: Cadre) -> None:
    post = PostFactory(person=person, to_on=date(2026, 1, 31))
    PostFactory(person=person, unit=tree.far_village, from_on=date(2026, 2, 1), continues=post)
    with pytest.raises(actions.PostGoesOn):
        correct(post, None)


def test_end_post_keeps_the_reason(person: Cadre) -> None:
    post = PostFactory(person=person)
    actions.end_post(post=post, to_on=ON, reason="退休", by=None, at=AT)
    assert AuditLine.objects.get().detail["reason"] == "退休"


class Ends(TestCase):
    """Whatever last days are given one after the other, posts of one role at one place never overlap."""

    @settings(deadline=None, max_examples=examples(40))
    @given(st.lists(st.tuples(st.integers(0, 2), st.none() | st.integers(0, 500)), max_size=12))
    def test_corrected_posts_never_overlap(self, steps: list[tuple[int, int | None]]) -> None:
        tree = county_tree()
        person = CadreFactory(unit=tree.village)
        posts = [
            PostFactory(person=person, from_on=date(2024, 1, 1), to_on=date(2024, 6, 30)),
            PostFactory(person=person, from_on=date(2024, 9, 1), to_on=date(2024, 12, 31)),
            PostFactory(person=person, from_on=date(2025, 3, 1), to_on=date(2025, 3, 31)),
        ]
        refused = (actions.AlreadyHeld, actions.EndsBeforeStart, actions.PostRuns)
        for number, days in steps:
            day = None if days is None else date.fromordinal(date(2024, 1, 1).toordinal() + days)
            try:
                correct(posts[number], day)
            except refused:
                continue
        spans = sorted((post.from_on, post.to_on or date.max) for post in person.posts.all())
        assert all(first[1] < second[0] for first, second in pairwise(spans))
