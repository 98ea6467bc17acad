from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import identity
from accounts.actions import import_people, set_identity
from accounts.models import Cadre, Post, StaffRole, Unit
from tests.accounts.rosters import AT, HEADER, ON, codes, id_number, line, plan_of, verdicts
from tests.factories import CadreFactory, PostFactory, StaffFactory, UnitFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db
NAMED = ["姓名", "乡镇", "村", "职务", "任职日期"]


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


def known(tree: CountyTree, **fields: object) -> Cadre:
    """王小明, who is 东城村's secretary since 1 March 2025."""
    values = {"name": "王小明", "phone": "13800000001", "unit": tree.village, "birth_year": None} | fields
    person = CadreFactory(**values)
    PostFactory(person=person, unit=tree.village, from_on=date(2025, 3, 1))
    return person


def test_plan_writes_nothing(tree: CountyTree) -> None:
    plan = plan_of(line(), line("赵平", "13800000002"), scope=[tree.county])
    assert verdicts(plan) == ["NEW", "NEW"]
    assert not Cadre.objects.exists()


def test_known_person_is_same_or_changed(tree: CountyTree) -> None:
    known(tree)
    assert verdicts(plan_of(line(), scope=[tree.county])) == ["SAME"]
    changed = plan_of(
        line("王小明", "13800000001", id_number(), "140728100202", "书记、主任"), scope=[tree.county]
    )
    assert verdicts(changed) == ["CHANGED"]
    columns = [change.column.value for change in changed.judged[0].changes]
    assert columns == ["identity", "village", "birth_year", "from_on", "from_on", "roles"]


def test_empty_cells_change_nothing(tree: CountyTree) -> None:
    known(tree, birth_year=1970, is_party_member=True)
    row = line("王小明", "13800000001", "", "140728100201", "书记", "")
    assert verdicts(plan_of(row, scope=[tree.county])) == ["SAME"]


def test_changes_show_phones_masked_and_id_numbers_by_four(tree: CountyTree) -> None:
    person = known(tree)
    set_identity(person=person, number=id_number(), by=None, at=AT)
    plan = plan_of(line("王小明", "13800000009", id_number()), scope=[tree.county])
    words = " ".join(str(change) for change in plan.judged[0].changes)
    assert "138****0001 → 138****0009" in words
    assert id_number() not in words


# --- units -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("140728100999", "place_unknown"),
        ("abc", "place_unknown"),
        ("140728101201", "place_outside"),
        ("410000000000", "place_outside"),
        ("", "place_empty"),
    ],
)
def test_unit_that_cannot_be_used_is_named(tree: CountyTree, unit: str, code: str) -> None:
    assert codes(plan_of(line(unit=unit), scope=[tree.township])) == [code]


def test_retired_unit_names_its_successor(tree: CountyTree) -> None:
    Unit.objects.filter(pk=tree.village.pk).update(valid_to=date(2026, 5, 31), successor=tree.other_village)
    plan = plan_of(line(), scope=[tree.county])
    assert codes(plan) == ["place_retired"]
    assert "西城村" in str(plan.judged[0].reasons[0])


@pytest.mark.parametrize(
    ("township", "village", "code"),
    [
        ("古陶镇", "东城村", None),
        ("古陶", "东城村委会", None),
        ("", "东城村", None),
        ("古陶镇", "", None),
        ("段村镇", "东城村", "place_unknown"),
        ("古陶镇", "无名村", "place_unknown"),
    ],
)
def test_unit_is_found_by_its_names(tree: CountyTree, township: str, village: str, code: str | None) -> None:
    Unit.objects.filter(pk=tree.village.pk).update(name="东城村民委员会")
    plan = plan_of(["王小明", township, village, "书记", "2025-03"], header=NAMED, scope=[tree.county])
    assert codes(plan) == ([code] if code else [])


def test_two_villages_of_one_name_need_the_township(tree: CountyTree) -> None:
    UnitFactory(code="140728101202", name="东城村", level="VILLAGE", parent=tree.other_township)
    plan = plan_of(
        ["王小明", "", "东城村", "书记", "2025-03"],
        ["赵平平", "段村镇", "东城村", "书记", "2025-03"],
        header=NAMED,
        scope=[tree.county],
    )
    assert [codes(plan, 0), codes(plan, 1)] == [["place_many"], []]


# --- people ------------------------------------------------------------------------------------------
def test_rows_of_one_file_that_clash_name_each_other(tree: CountyTree) -> None:
    plan = plan_of(
        line("甲甲", "13800000001"),
        line("乙乙", "13800000001"),
        line("丙丙", "13800000003", id_number(3)),
        line("丁丁", "13800000004", id_number(3)),
        line("戊戊", "13800000005"),
        line("戊戊", "13800000005", roles="主任"),
        line("己己", ""),
        line("己己", "", roles="主任"),
        scope=[tree.county],
    )
    assert [codes(plan, row) for row in range(8)] == [
        ["phone_twice"], ["phone_twice"], ["identity_twice"], ["identity_twice"],
        ["twice"], ["twice"], ["twice"], ["twice"],
    ]  # fmt: skip
    assert "3" in str(plan.judged[0].reasons[0])


def test_two_rows_that_mean_one_known_person_name_each_other(tree: CountyTree) -> None:
    person = known(tree)
    plan = plan_of(
        line("王小明", "13800000001"),
        ["王小明", "", "", "140728100201", "书记", "2025-03-01", "", "", ""],
        scope=[tree.county],
    )
    assert [codes(plan, 0), codes(plan, 1)] == [["twice"], ["twice"]]
    assert plan.judged[0].person_id == person.pk


def test_phone_of_somebody_else_is_refused(tree: CountyTree) -> None:
    known(tree)
    assert codes(plan_of(line("赵平"), scope=[tree.county])) == ["phone_taken"]


def test_id_number_of_somebody_else_is_refused(tree: CountyTree) -> None:
    set_identity(person=known(tree), number=id_number(), by=None, at=AT)
    CadreFactory(name="赵平", phone="13800000002", unit=tree.village)
    plan = plan_of(line("赵平", "13800000002", id_number()), scope=[tree.county])
    assert "phone_taken" in codes(plan)
    assert verdicts(plan) == ["ERROR"]


def test_id_number_that_is_not_the_one_on_file_is_refused(tree: CountyTree) -> None:
    set_identity(person=known(tree), number=id_number(1), by=None, at=AT)
    assert codes(plan_of(line(number=id_number(2)), scope=[tree.county])) == ["identity_differs"]


def test_id_number_finds_the_person_under_a_new_name_and_phone(tree: CountyTree) -> None:
    person = known(tree)
    set_identity(person=person, number=id_number(), by=None, at=AT)
    plan = plan_of(line("王晓明", "13800000009", id_number()), scope=[tree.county])
    assert (verdicts(plan), plan.judged[0].person_id) == (["CHANGED"], person.pk)


def test_account_number_finds_the_person_and_an_unknown_one_is_refused(tree: CountyTree) -> None:
    person = known(tree)
    header = ["账号", "姓名", "单位代码", "职务", "任职日期"]
    plan = plan_of(
        [person.number, "王晓明", "140728100201", "书记", "2025-03-01"],
        ["99999999", "赵平平", "140728100201", "书记", "2025-03-01"],
        header=header,
        scope=[tree.county],
    )
    assert [verdicts(plan)[0], *codes(plan, 1)] == ["CHANGED", "number_unknown"]


def test_person_of_another_area_is_out_of_reach(tree: CountyTree) -> None:
    CadreFactory(name="王小明", phone="13800000001", unit=tree.far_village)
    assert codes(plan_of(line(), scope=[tree.township])) == ["person_outside"]
    assert verdicts(plan_of(line(), scope=[tree.county])) == ["CHANGED"]


def test_namesake_without_other_marks_is_the_person_and_with_them_is_asked_about(tree: CountyTree) -> None:
    known(tree, phone=None)
    assert verdicts(plan_of(line(), scope=[tree.county])) == ["CHANGED"]
    Cadre.objects.update(phone="13800000008")
    assert codes(plan_of(line(), scope=[tree.county])) == ["same_name"]
    set_identity(person=Cadre.objects.get(), number=id_number(1), by=None, at=AT)
    assert verdicts(plan_of(line(number=id_number(2)), scope=[tree.county])) == ["NEW"]


# --- accounts that open more than a file ---------------------------------------------------------------
NUMBERED = ["账号", *HEADER]


def rows_that_set(person: Cadre) -> list[list[str]]:
    """Every way in which a row can mean a person and bring another phone, name or ID number."""
    number, other = person.number, "13811112222"
    return [
        [number, *line(person.name, other)],
        [number, *line("冒名", person.phone or "")],
        [number, *line(person.name, person.phone or "", id_number(9))],
        ["", *line(person.name, other, id_number(1))],
        ["", *line("冒名", "", id_number(1))],
        ["", *line(person.name, person.phone or "", id_number(9))],
        ["", *line(person.name, other)],
    ]


@pytest.mark.parametrize("phone", ["13800000001", None])
@pytest.mark.parametrize("has_identity", [True, False])
@pytest.mark.parametrize(
    ("role", "code"),
    [
        (None, "administrator"),
        (StaffRole.STATION, "staff_file"),
        (StaffRole.TOWNSHIP, "staff_file"),
        (StaffRole.COUNTY, "staff_file"),
        (StaffRole.TRAINER, "staff_file"),
    ],
)
def test_roster_never_sets_how_staff_and_administrators_come_in(
    tree: CountyTree, role: str | None, code: str, has_identity: bool, phone: str | None
) -> None:
    person = known(tree, phone=phone, is_superuser=role is None)
    if role:
        StaffFactory(person=person, unit=tree.village, role=role)
    if has_identity:
        set_identity(person=person, number=id_number(1), by=None, at=AT)
    seen = set()
    for row in rows_that_set(person):
        plan = plan_of(row, header=NUMBERED, scope=[tree.county])
        (judged,) = plan.judged
        seen.update(codes(plan))
        assert judged.verdict == "ERROR" or judged.person_id is None or not judged.changes, row
    assert code in seen


def test_roster_says_other_things_of_staff_and_nothing_of_administrators(tree: CountyTree) -> None:
    person = known(tree)
    StaffFactory(person=person, unit=tree.village, role=StaffRole.STATION)
    assert verdicts(plan_of(line(roles="书记、主任"), scope=[tree.county])) == ["CHANGED"]
    Cadre.objects.filter(pk=person.pk).update(is_superuser=True)
    assert codes(plan_of(line(), scope=[tree.county])) == ["administrator"]
    assert codes(plan_of(line(unit=tree.far_village.code), scope=[tree.other_township])) == ["person_outside"]


# --- posts -------------------------------------------------------------------------------------------
def test_new_post_needs_its_day(tree: CountyTree) -> None:
    assert codes(plan_of(line(since=""), scope=[tree.county])) == ["no_date"]


def test_post_that_ended_is_not_opened_again_by_an_old_sheet(tree: CountyTree) -> None:
    known(tree)
    Post.objects.update(to_on=date(2026, 1, 31))
    assert codes(plan_of(line(), scope=[tree.county])) == ["post_ended"]
    assert verdicts(plan_of(line(since="2026-02-01"), scope=[tree.county])) == ["CHANGED"]


def test_queries_do_not_grow_with_the_rows(tree: CountyTree) -> None:
    rows = [line("学员" + chr(0x4E00 + n), f"138{n:08d}", id_number(n)) for n in range(60)]
    few = plan_of(*rows[:5], scope=[tree.county])
    import_people(plan=few, by=None, at=AT)
    counts = []
    for number in (10, 60):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            plan_of(*rows[:number], scope=[tree.county])
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_plan_of_a_day_in_the_past_is_judged_as_of_that_day(tree: CountyTree) -> None:
    Unit.objects.filter(pk=tree.village.pk).update(valid_from=date(2026, 7, 1))
    assert date(2026, 7, 1) > ON
    assert codes(plan_of(line(), scope=[tree.county])) == ["place_retired"]
    assert identity.is_valid(id_number())
