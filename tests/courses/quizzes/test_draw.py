"""Which questions a paper draws."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from courses.models import Topic
from courses.quizzes.draw import choose, draw
from courses.quizzes.models import Paper, PaperRule, Question
from tests.factories import CompetencyFactory, QuestionFactory, TopicFactory, paper
from tests.rules import examples

pytestmark = pytest.mark.django_db


def rule(drawn_by: Paper, count: int, **wanted: object) -> PaperRule:
    return PaperRule.objects.create(paper=drawn_by, count=count, **wanted)


def numbers(drawn_by: Paper, seed: int = 1, avoid: set[int] | None = None) -> list[int]:
    return [each["question"] for each in draw(drawn_by, random=Random(seed), avoid=avoid or set())]


@pytest.fixture
def shelf() -> Topic:
    return TopicFactory(name="防汛")


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    seed=st.integers(0, 1000),
    avoided=st.integers(0, 8),
)
def test_no_draw_holds_a_question_twice_or_more_than_the_rules_ask(
    db: None, counts: list[int], seed: int, avoided: int
) -> None:
    Question.objects.all().delete()
    bank = QuestionFactory.create_batch(8)
    drawn_by = Paper.objects.create(title="测")
    for count in counts:
        rule(drawn_by, count)
    avoid = {question.pk for question in bank[:avoided]}
    found = numbers(drawn_by, seed, avoid)
    assert len(set(found)) == len(found) == min(8, sum(counts))
    assert len(set(found) & avoid) == max(0, len(found) - (8 - avoided))


def test_the_same_chance_draws_the_same_paper_and_another_one_another() -> None:
    drawn_by = paper(QuestionFactory.create_batch(30), draws=10)
    assert numbers(drawn_by, 3) == numbers(drawn_by, 3)
    assert numbers(drawn_by, 3) != numbers(drawn_by, 4)


def test_a_second_draw_avoids_the_first_where_the_bank_is_big_enough() -> None:
    drawn_by = paper(QuestionFactory.create_batch(10), draws=5)
    first = set(numbers(drawn_by, 1))
    assert not first & set(numbers(drawn_by, 2, first))


def test_too_few_questions_give_the_largest_draw_there_is() -> None:
    assert len(numbers(paper(QuestionFactory.create_batch(3), draws=9))) == 3


def test_a_rule_draws_by_topic_competency_and_difficulty_and_nothing_retired(shelf: Topic) -> None:
    ability = CompetencyFactory()
    wanted = QuestionFactory(topic=shelf, competency=ability, difficulty=3)
    QuestionFactory(topic=shelf, competency=ability, difficulty=1)
    QuestionFactory(topic=shelf, difficulty=3)
    QuestionFactory(competency=ability, difficulty=3)
    QuestionFactory(topic=shelf, competency=ability, difficulty=3, is_retired=True)
    drawn_by = Paper.objects.create(title="测")
    rule(drawn_by, 9, topic=shelf, competency=ability, difficulty=3)
    assert numbers(drawn_by) == [wanted.pk]


def test_a_wide_rule_leaves_the_questions_that_only_a_narrow_one_can_draw(shelf: Topic) -> None:
    """The largest possible draw, in whatever order the rules were written."""
    QuestionFactory.create_batch(3)
    QuestionFactory.create_batch(3, topic=shelf)
    drawn_by = Paper.objects.create(title="测")
    rule(drawn_by, 3)
    rule(drawn_by, 3, topic=shelf)
    assert {len(numbers(drawn_by, seed)) for seed in range(20)} == {6}


@given(
    counts=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    places=st.lists(st.sets(st.integers(0, 3), min_size=1), max_size=12),
    mix=st.randoms(use_true_random=False),
)
def test_a_choice_is_as_large_as_any_can_be(counts: list[int], places: list[set[int]], mix: Random) -> None:
    """What König's theorem allows: some rules filled, the others given all that they can draw."""
    open_to = {
        number: [place for place in sorted(open_places) if place < len(counts)]
        for number, open_places in enumerate(places)
    }
    wanted = mix.sample(sorted(open_to), len(open_to))
    chosen = choose(wanted, open_to, counts)
    largest = min(
        sum(counts[place] for place in range(len(counts)) if place not in short)
        + sum(bool(set(short) & set(open_places)) for open_places in open_to.values())
        for size in range(len(counts) + 1)
        for short in combinations(range(len(counts)), size)
    )
    assert len(chosen) == len(set(chosen)) == largest
    assert choose(wanted[: len(wanted) // 2], open_to, counts) == [
        number for number in chosen if number in wanted[: len(wanted) // 2]
    ]


def test_a_big_bank_is_drawn_from_in_a_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    drawn_by = paper(QuestionFactory.create_batch(40), draws=5)
    rule(drawn_by, 5, difficulty=2)
    with django_assert_num_queries(4):
        assert len(numbers(drawn_by)) == 10


def test_an_edited_question_leaves_what_was_drawn_as_it_was() -> None:
    question = QuestionFactory()
    [kept] = draw(paper([question], draws=1), random=Random(1))
    before = dict(kept)
    question.stem, question.parts = "改了", {"options": ["丁", "戊"], "right": [1]}
    question.save()
    assert kept == before
    assert "改了" not in kept["stem"]


def test_options_keep_their_order_where_the_paper_does_not_mix() -> None:
    [kept] = draw(paper([QuestionFactory()], draws=1, is_shuffled=False), random=Random(5))
    assert (kept["shown"], kept["key"]) == ({"options": ["甲", "乙", "丙"]}, [0])


def test_a_paper_without_rules_draws_nothing() -> None:
    assert draw(Paper.objects.create(title="空"), random=Random(1)) == []
