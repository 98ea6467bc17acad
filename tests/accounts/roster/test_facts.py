from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from accounts.roster.columns import Column
from accounts.roster.facts import ROLE_NAMES, facts_of, parse_day
from accounts.roster.places import aliases
from accounts.roster.sheets import Row
from tests.accounts.rosters import ON, id_number


def complaints(**cells: str) -> list[str]:
    row = Row(2, {Column(name): cell for name, cell in ({"name": "王小明", "roles": "书记"} | cells).items()})
    return [code for code, _values in facts_of(row, on=ON)[1]]


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01",
        "2025/3/1",
        "2025.3.1",
        "2025年3月1日",
        "20250301",
        "2025-3",
        "2025年3月",
        "202503",
        "２０２５－０３－０１",
        "2025-03-01 00:00:00",
    ],
)
def test_day_is_read_as_people_write_it(text: str) -> None:
    assert parse_day(text) == date(2025, 3, 1)


@pytest.mark.parametrize("text", ["去年三月", "2025", "2025-13-01", "2025-02-30", "45717", "3/1/2025"])
def test_text_is_not_a_day(text: str) -> None:
    assert parse_day(text) is None


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)))
def test_day_written_in_any_way_is_the_same_day(day: date) -> None:
    for shape in ("{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}"):
        assert parse_day(shape.format(day)) == day


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": ""}, "empty"),
        ({"name": "王"}, "name"),
        ({"name": "王小明1"}, "name"),
        ({"name": "<b>王</b>"}, "name"),
        ({"name": "=1+1"}, "formula"),
        ({"name": "@王小明"}, "formula"),
        ({"roles": "+书记"}, "formula"),
        ({"phone": "=13800000001"}, "formula"),
        ({"phone": "0354-5620000"}, "phone"),
        ({"identity": "990000197501010010"}, "identity"),
        ({"identity": "9.90000197501010E+17"}, "identity_rounded"),
        ({"identity": "990000197501010000"}, "identity_rounded"),
        ({"birth_year": "七五年"}, "birth_year"),
        ({"birth_year": "1875"}, "birth_year"),
        ({"birth_year": "1976", "identity": id_number()}, "birth_differs"),
        ({"from_on": "去年三月"}, "date"),
        ({"from_on": "2025.1"}, "date_unclear"),
        ({"from_on": "２０２５．１"}, "date_unclear"),
        ({"from_on": "2125-03-01"}, "date_range"),
        ({"from_on": "1925-03-01"}, "date_range"),
        ({"party": "也许"}, "yes_no"),
        ({"newly_elected": "2"}, "yes_no"),
        ({"roles": "皇帝"}, "role"),
        ({"roles": "、"}, "empty"),
    ],
)
def test_wrong_cell_is_named(cells: dict[str, str], code: str) -> None:
    assert code in complaints(**cells)


@pytest.mark.parametrize(("text", "month"), [("2025.10", 10), ("2025.2", 2), ("2025.1.5", 1), ("2025-1", 1)])
def test_month_that_can_only_be_one_is_taken(text: str, month: int) -> None:
    facts, wrong = facts_of(Row(2, {Column.NAME: "王平", Column.ROLES: "书记", Column.FROM_ON: text}), on=ON)
    assert (facts.from_on is not None and facts.from_on.month, wrong) == (month, [])


def test_row_without_fault_has_no_complaints() -> None:
    assert (
        complaints(phone="+86 138 0000 0001", identity=id_number(), from_on="2025-03", party="中共党员") == []
    )


def test_name_spread_with_spaces_is_one_name() -> None:
    for written in ("王  平", "王　平", " 王平 "):
        facts, wrong = facts_of(Row(2, {Column.NAME: written, Column.ROLES: "书记"}), on=ON)
        assert (facts.name, wrong) == ("王平", [])
    facts, wrong = facts_of(Row(2, {Column.NAME: "阿依古丽·买买提", Column.ROLES: "书记"}), on=ON)
    assert (facts.name, wrong) == ("阿依古丽·买买提", [])


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("书记、主任", ("SECRETARY", "DIRECTOR")),
        ("支部书记兼村主任", ("SECRETARY", "DIRECTOR")),
        ("书记 主任", ("SECRETARY", "DIRECTOR")),
        ("党支部书记,村委会主任", ("SECRETARY", "DIRECTOR")),
        ("书记、支书", ("SECRETARY",)),
        ("Village party secretary, Grid worker", ("SECRETARY", "GRID_WORKER")),
    ],
)
def test_posts_are_read_as_people_write_them(text: str, roles: tuple[str, ...]) -> None:
    facts, wrong = facts_of(Row(2, {Column.NAME: "王平", Column.ROLES: text}), on=ON)
    assert (facts.roles, wrong) == (roles, [])


def test_every_role_has_names() -> None:
    assert set(ROLE_NAMES) == set(Role)


def test_year_of_birth_comes_out_of_the_id_number() -> None:
    row = Row(2, {Column.NAME: "王平", Column.ROLES: "书记", Column.IDENTITY: id_number(born="19680229")})
    assert facts_of(row, on=ON)[0].birth_year == 1968


@given(st.dictionaries(st.sampled_from(list(Column)), st.text(max_size=40)))
def test_no_cell_breaks_the_reading(cells: dict[Column, str]) -> None:
    facts_of(Row(2, cells), on=ON)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("南政村民委员会", "南政村"),
        ("南政村民委员会", "南政村委会"),
        ("里村村民委员会", "里村"),
        ("壁景堡社区居民委员会", "壁景堡社区"),
        ("绿柳居民委员会", "绿柳居委会"),
        ("古城街道", "古城街道办事处"),
        ("古陶镇", "古陶"),
    ],
)
def test_unit_is_known_by_the_names_that_people_write(name: str, written: str) -> None:
    assert written in aliases(name)
