"""Several at once: two yeses write once, and what changes meanwhile is refused."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from accounts import actions as people_actions
from accounts.elections import actions
from accounts.elections.models import Election, VillageResult
from accounts.models import AuditLine, Cadre, Post, Role, Term
from tests.accounts.elections.county import AT, EAST, START, Eve, carry_on, facts, row
from tests.factories import StaffFactory, TermFactory, county_tree
from tests.parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")


def attempt(work: Callable[[], object]) -> str:
    """What came of it: the name of the refusal, or nothing."""
    try:
        work()
    except Exception as refused:
        return type(refused).__name__
    return ""


def test_two_yeses_at_once_write_once() -> None:
    eve = Eve()
    rows = [row(EAST, "李秀兰", "书记、主任"), row(EAST, "周新", "委员", "13812340001")]
    seen = eve.judged(*rows).seen
    answers = at_once([partial(attempt, partial(eve.write, *rows, seen=seen))] * 4)
    assert answers == [""] * 4
    assert VillageResult.objects.count() == 1
    assert Cadre.objects.filter(phone="13812340001").count() == 1
    assert AuditLine.objects.filter(action="post.began").count() == 2


def test_two_different_results_of_one_village_give_the_one_that_came_first() -> None:
    eve = Eve()
    one, two = carry_on(eve), [row(EAST, "李秀兰", "主任")]
    works = [partial(eve.write, *rows, seen=eve.judged(*rows).seen) for rows in (one, two)]
    at_once([partial(attempt, work) for work in works])
    assert VillageResult.objects.count() == 1
    secretary = Post.objects.filter(unit=eve.tree.village, role=Role.SECRETARY, to_on=None).exists()
    directors = set(
        Post.objects.filter(unit=eve.tree.village, role=Role.DIRECTOR, to_on=None).values_list(
            "person", flat=True
        )
    )
    assert directors == ({eve.director.pk} if secretary else {eve.secretary.pk})


def test_an_end_during_the_yes_is_either_before_or_after_it() -> None:
    eve = Eve()
    rows = [row(EAST, "李秀兰", "书记"), row(EAST, "赵小梅", "主任")]
    seen = eve.judged(*rows).seen
    post = Post.objects.get(person=eve.member)
    ending = partial(people_actions.end_post, post=post, to_on=START, by=eve.by, at=AT)
    writing, ended = at_once(
        [partial(attempt, work) for work in (partial(eve.write, *rows, seen=seen), ending)]
    )
    assert (writing, ended) in {("", "PostEnded"), ("StaleResult", "")}
    assert VillageResult.objects.exists() == (writing == "")


def test_two_openings_at_once_give_one_term() -> None:
    tree = county_tree()
    TermFactory(county=tree.county, number=12)
    by = StaffFactory(unit=tree.county, role="COUNTY").person
    opening = partial(actions.open_election, facts=facts(tree), by=by, at=AT)
    assert at_once([partial(attempt, opening)] * 4) == [""] * 4
    assert (Term.objects.count(), Election.objects.count()) == (2, 1)
