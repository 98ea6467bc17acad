"""What is wrong with a table of codes."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.mergers.lines import Line, load_units, problems_of
from accounts.models import Level, Unit
from tests.accounts.mergers.merging import NEW, ON, TODAY, into
from tests.factories import UnitFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


def problems(lines: list[Line], *scope: Unit, on: date = ON, today: date = TODAY) -> list[tuple[str, str]]:
    found = problems_of(lines, load_units(lines), on=on, today=today, scope=scope)
    assert all(str(each) for each in found)
    return [(each.code, each.old) for each in found]


def test_two_villages_become_a_new_one(tree: CountyTree) -> None:
    assert problems(into(NEW, tree.village, tree.other_village), tree.county) == []


def test_villages_of_two_townships_need_somebody_above_both(tree: CountyTree) -> None:
    lines = into(NEW, tree.village, tree.far_village)
    assert problems(lines, tree.county) == []
    assert [code for code, _old in problems(lines, tree.township, tree.other_township)] == ["outside"] * 2


def test_one_of_the_villages_may_go_on(tree: CountyTree) -> None:
    assert problems(into(tree.other_village.code, tree.village, name=""), tree.county) == []


@pytest.mark.parametrize(("on", "code"), [(date(2026, 7, 11), "day_ahead"), (date(2025, 12, 31), "day_past")])
def test_a_day_to_come_or_of_another_year_is_refused(tree: CountyTree, on: date, code: str) -> None:
    assert (code, "") in problems(into(NEW, tree.village), tree.county, on=on)


@pytest.mark.parametrize(
    ("new", "name", "code"),
    [
        ("", "新村", "code_missing"),
        ("14072810021", "新村", "code_shape"),
        ("040728100210", "新村", "code_shape"),
        ("１40728100210", "新村", "code_shape"),
        ("140728102000", "新村", "code_level"),
        ("140728199210", "新村", "parent"),
        (NEW, "", "name_missing"),
        (NEW, "长" * 81, "name_long"),
    ],
)
def test_a_code_or_name_that_cannot_be_is_refused(tree: CountyTree, new: str, name: str, code: str) -> None:
    assert (code, tree.village.code) in problems([Line(tree.village.code, new, name)], tree.county)


def test_a_merged_unit_is_no_successor(tree: CountyTree) -> None:
    lines = [*into(tree.other_village.code, tree.village), *into(NEW, tree.other_village)]
    assert ("code_merged", tree.village.code) in problems(lines, tree.county)


def test_a_unit_that_is_unknown_retired_young_or_named_twice_is_refused(tree: CountyTree) -> None:
    Unit.objects.filter(pk=tree.village.pk).update(valid_to=date(2026, 1, 1))
    Unit.objects.filter(pk=tree.other_village.pk).update(valid_from=ON)
    lines = [*into(NEW, tree.village, tree.other_village, tree.far_village, tree.far_village)]
    found = problems([*lines, Line("140728100299", NEW, "新合村")], tree.county)
    assert ("retired", tree.village.code) in found
    assert ("too_young", tree.other_village.code) in found
    assert ("twice", tree.far_village.code) in found
    assert ("unknown", "140728100299") in found


def test_a_successor_that_is_not_in_force_is_refused(tree: CountyTree) -> None:
    Unit.objects.filter(pk=tree.other_village.pk).update(valid_from=date(2026, 7, 5))
    assert problems(into(tree.other_village.code, tree.village), tree.county) == [
        ("code_retired", tree.village.code)
    ]


def test_one_code_has_one_name(tree: CountyTree) -> None:
    lines = [*into(NEW, tree.village), *into(NEW, tree.other_village, name="别名村")]
    assert {code for code, _old in problems(lines, tree.county)} == {"name_differs"}


def test_a_township_leaves_no_village_behind(tree: CountyTree) -> None:
    township = Line(tree.township.code, "140728102000", "新镇")
    assert problems([township], tree.county) == [("left_behind", tree.township.code)] * 2
    villages = [
        Line(tree.village.code, "140728102201", "东城村"),
        Line(tree.other_village.code, "140728102202", "西城村"),
    ]
    assert problems([township, *villages], tree.county) == []
    # A code under the old township would leave the village there.
    stays = [township, Line(tree.village.code, NEW, "东城村"), villages[1]]
    assert problems(stays, tree.county) == [("parent", tree.village.code)]


def test_the_model_merges_counties_too(tree: CountyTree) -> None:
    other = UnitFactory(code="140729000000", name="灵石县", level=Level.COUNTY, parent=tree.city)
    lines = into("140730000000", other, name="新县")
    assert problems(lines, tree.city) == []
    assert problems(lines, tree.county) == [("outside", other.code)]


def test_an_empty_table_says_so(tree: CountyTree) -> None:
    assert problems([], tree.county) == [("no_lines", "")]


def test_judging_takes_two_queries(
    tree: CountyTree, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lines = into("140728102000", tree.township, tree.other_township)
    with django_assert_num_queries(2):
        load_units(lines)
