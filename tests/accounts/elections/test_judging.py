"""Judging results: who carries on, changes, begins and ends, and why a row is wrong."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.elections.plans import Fate, Seat, VillagePlan
from accounts.models import Cadre, Post, Role, StaffScope
from tests.accounts.elections.county import (
    EAST,
    EVE,
    FAR,
    HEADER,
    START,
    WEST,
    Eve,
    carry_on,
    holder,
    row,
)
from tests.accounts.elections.large import large_list
from tests.accounts.rosters import id_number
from tests.factories import CadreFactory, PostFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve() -> Eve:
    return Eve()


def fates(village: VillagePlan) -> dict[str, str]:
    return {seat.name: seat.fate.value for seat in village.seats}


def reasons(seat: Seat) -> list[str]:
    return [reason.code for reason in seat.reasons]


def cautions(village: VillagePlan) -> list[str]:
    return [caution.code for caution in village.cautions]


# --- fates ------------------------------------------------------------------------------------------
def test_the_same_people_in_the_same_posts_carry_on(eve: Eve) -> None:
    village = eve.village(*carry_on(eve))
    assert set(fates(village).values()) == {Fate.CARRIES}
    assert not village.cautions
    assert not any(seat.moves.begun or seat.moves.ended for seat in village.seats)


def test_whoever_is_not_on_the_list_ends_by_name(eve: Eve) -> None:
    village = eve.village(row(EAST, "李秀兰", "书记"))
    assert fates(village) == {"李秀兰": "CARRIES", "王建国": "ENDS", "赵小梅": "ENDS"}
    assert cautions(village) == ["no_director"]


def test_another_post_is_a_change_and_not_newly_elected(eve: Eve) -> None:
    village = eve.village(row(EAST, "李秀兰", "书记"), row(EAST, "赵小梅", "主任"))
    seat = village.seats[1]
    assert (seat.fate, seat.moves.begun, [post.role for post in seat.moves.ended]) == (
        Fate.CHANGES,
        (Role.DIRECTOR,),
        [Role.COMMITTEE_MEMBER],
    )
    assert not seat.moves.is_newly_elected


def test_one_person_may_hold_both_posts(eve: Eve) -> None:
    village = eve.village(row(EAST, "李秀兰", "书记、主任"))
    seat = village.seats[0]
    assert (seat.fate, seat.held) == (Fate.CHANGES, (Role.SECRETARY, Role.DIRECTOR))
    assert not cautions(village)


def test_a_new_person_is_newly_elected_unless_the_list_says_no(eve: Eve) -> None:
    village = eve.village(
        row(EAST, "李秀兰", "书记"),
        row(EAST, "周新", "主任", "13812340001"),
        row(EAST, "吴旧", "委员", "13812340002", new="否"),
    )
    assert [seat.moves.is_newly_elected for seat in village.seats[:3]] == [False, True, False]
    assert [seat.is_new for seat in village.seats[:3]] == [False, True, True]


def test_a_secretary_of_another_village_is_not_newly_elected(eve: Eve) -> None:
    village = eve.village(row(EAST, "张有财", "主任", eve.west.phone))
    assert village.seats[0].fate is Fate.BEGINS
    assert not village.seats[0].moves.is_newly_elected
    assert {"file_elsewhere", "elsewhere"} <= set(cautions(village))


def test_whoever_changes_village_within_the_list_sits_in_one(eve: Eve) -> None:
    plan = eve.judged(row(EAST, "张有财", "书记", eve.west.phone), row(WEST, "周新", "书记", "13812340001"))
    east, west = plan.townships[0].villages
    assert "elsewhere" not in cautions(east)
    assert fates(west) == {"周新": "BEGINS", "张有财": "ENDS"}


def test_one_person_may_sit_in_two_villages_of_a_list_and_is_named(eve: Eve) -> None:
    plan = eve.judged(
        row(EAST, "张有财", "书记", eve.west.phone), row(WEST, "张有财", "书记", eve.west.phone)
    )
    east, west = plan.townships[0].villages
    assert plan.right
    assert "elsewhere" in cautions(east)
    assert "elsewhere" in cautions(west)


def test_posts_that_nobody_elects_stay_as_they_are(eve: Eve) -> None:
    grid = holder(eve.tree.village, "钱网格", Role.GRID_WORKER)
    village = eve.village(*carry_on(eve), row(EAST, "钱网格", "网格员"))
    assert fates(village)["钱网格"] == Fate.ALONE
    without = eve.village(*carry_on(eve))
    assert "钱网格" not in fates(without)
    assert Post.objects.get(person=grid).to_on is None


def test_a_post_planned_to_end_with_the_old_term_runs_on(eve: Eve) -> None:
    Post.objects.filter(person=eve.secretary).update(to_on=EVE)
    seat = eve.village(*carry_on(eve)).seats[0]
    assert seat.fate is Fate.CARRIES
    assert len(seat.moves.freed) == 1


def test_a_planned_end_within_the_term_stays_and_is_shown(eve: Eve) -> None:
    Post.objects.filter(person=eve.secretary).update(to_on=date(2026, 9, 30))
    village = eve.village(*carry_on(eve))
    assert not village.seats[0].moves.freed
    assert cautions(village) == ["planned_end"]


def test_villages_vote_on_days_of_their_own(eve: Eve) -> None:
    header = (*HEADER, "当选日期")
    plan = eve.judged(
        [*row(EAST, "周新", "书记", "13812340001"), "2026-05-28"],
        [*row(WEST, "张有财", "书记"), "2019-03-01"],
        header=header,
    )
    assert [village.begins_on for village in plan.townships[0].villages] == [date(2026, 5, 28), START]


# --- what is wrong ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (row(EAST, "李秀兰", "书记", new="是"), "carries_on"),
        (row(EAST, "李秀兰", "村长"), "role"),
        (row(EAST, "李秀兰", ""), "empty"),
        (row(EAST, "=1+1", "书记"), "formula"),
        (row(EAST, "李秀兰", "书记", "123"), "phone"),
        (row(EAST, "李秀兰", "书记", "13899999999"), "same_name"),
        (row(EAST, "周新", "主任", "", "140728197501010000"), "identity_rounded"),
        (row(EAST, "周新", "主任", new="也许"), "yes_no"),
    ],
)
def test_a_wrong_row_gives_its_reason_and_holds_up_the_township(
    eve: Eve, wrong: list[str], expected: str
) -> None:
    plan = eve.judged(wrong, row(FAR, "刘远山", "书记"))
    east, far = plan.townships
    assert expected in reasons(east.villages[0].seats[0])
    assert not east.is_right
    assert plan.right == (far,)
    assert all(str(reason) for reason in east.villages[0].seats[0].reasons)


def test_a_row_without_a_village_holds_up_its_township_or_everything(eve: Eve) -> None:
    header = ("乡镇", *HEADER)
    known = eve.judged(
        ["古陶镇", *row("东成村", "李秀兰", "书记")], ["段村镇", *row(FAR, "刘远山", "书记")], header=header
    )
    assert [township.is_right for township in known.townships] == [False, True]
    lost = eve.judged(row("东成村", "李秀兰", "书记"), row(FAR, "刘远山", "书记"))
    assert not lost.right
    assert [seat.name for seat in lost.stray] == ["李秀兰"]


def test_a_township_is_no_village(eve: Eve) -> None:
    plan = eve.judged(["140728100000", "李秀兰", "书记"], header=("单位代码", "姓名", "职务"))
    assert [reasons(seat) for seat in plan.wrong] == [["no_village"]]


def test_two_days_in_one_village_are_refused(eve: Eve) -> None:
    rows = [
        [*row(EAST, "周新", "书记", "13812340001"), "2026-05-28"],
        [*row(EAST, "吴旧", "主任", "13812340002"), "2026-05-29"],
    ]
    assert reasons(eve.village(*rows, header=(*HEADER, "当选日期")).seats[1]) == ["two_days"]


def test_a_post_that_begins_outside_the_term_is_refused(eve: Eve) -> None:
    rows = [[*row(EAST, "周新", "书记", "13812340001"), "2025-05-28"]]
    assert reasons(eve.village(*rows, header=(*HEADER, "当选日期")).seats[0]) == ["own_day"]


def test_two_rows_of_one_person_in_a_village_name_each_other(eve: Eve) -> None:
    village = eve.village(row(EAST, "李秀兰", "书记"), row(EAST, "李秀兰", "主任"))
    assert [reasons(seat) for seat in village.seats[:2]] == [["twice"], ["twice"]]


def test_a_new_person_in_two_villages_is_brought_one_by_one(eve: Eve) -> None:
    plan = eve.judged(row(EAST, "周新", "书记", "13812340001"), row(WEST, "周新", "书记", "13812340001"))
    assert [reasons(seat) for seat in plan.wrong] == [["new_twice"]]


def test_no_post_begins_before_the_village_was_there(eve: Eve) -> None:
    eve.tree.village.valid_from = date(2026, 5, 25)
    eve.tree.village.save()
    assert [problem.code for problem in eve.village(*carry_on(eve)).problems] == ["not_there"]
    later = eve.judged(*carry_on(eve), days={eve.tree.village.code: date(2026, 5, 25)})
    assert later.right


def test_somebody_entered_meanwhile_from_the_same_day_must_be_on_the_list(eve: Eve) -> None:
    late = holder(eve.tree.village, "孙早到", Role.DEPUTY_DIRECTOR, from_on=START)
    village = eve.village(*carry_on(eve))
    assert [problem.code for problem in village.problems] == ["not_in_result"]
    with_them = eve.village(*carry_on(eve), row(EAST, "孙早到", "副主任"))
    assert with_them.is_right
    assert fates(with_them)["孙早到"] == Fate.CARRIES
    assert Post.objects.filter(person=late).count() == 1


def test_somebody_entered_from_a_later_day_is_named(eve: Eve) -> None:
    holder(eve.tree.village, "孙以后", Role.DEPUTY_DIRECTOR, from_on=date(2026, 8, 1))
    assert cautions(eve.village(*carry_on(eve))) == ["begins_later"]
    again = eve.village(*carry_on(eve), row(EAST, "孙以后", "副主任"))
    assert reasons(again.seats[3]) == ["held_later"]


# --- whose files are kept elsewhere -----------------------------------------------------------------
def test_a_holder_whose_file_is_kept_elsewhere_is_found_by_name_and_not_changed(eve: Eve) -> None:
    city: Cadre = CadreFactory(unit=eve.tree.city, name="高市派")
    PostFactory(person=city, unit=eve.tree.village, role=Role.DEPUTY_SECRETARY, from_on=date(2024, 1, 1))
    village = eve.village(*carry_on(eve), row(EAST, "高市派", "副书记"))
    seat = village.seats[3]
    assert (seat.fate, seat.person_id, seat.changes) == (Fate.CARRIES, city.pk, ())
    assert cautions(village) == ["out_of_reach"]


def test_a_stranger_whose_file_is_kept_elsewhere_is_refused(eve: Eve) -> None:
    city: Cadre = CadreFactory(unit=eve.tree.city, name="高市派")
    village = eve.village(*carry_on(eve), row(EAST, "高市派", "副书记", city.phone))
    assert reasons(village.seats[3]) == ["person_outside"]


def test_the_phone_of_a_staff_member_is_not_changed_by_a_list(eve: Eve) -> None:
    number = id_number()
    person = eve.secretary
    person.identity_hash, person.identity_cipher = "h", b"c"
    StaffScope.objects.create(person=person, unit=eve.tree.village, role="STATION")
    village = eve.village(row(EAST, "李秀兰", "书记", person.phone, number))
    assert reasons(village.seats[0]) == ["staff_file"]


def test_staff_of_a_township_judge_their_own_villages_only(eve: Eve) -> None:
    plan = eve.judged(row(FAR, "刘远山", "书记"), scope=[eve.tree.township])
    assert reasons(plan.stray[0]) == ["place_unknown"]


def test_of_a_place_in_another_county_nothing_is_judged(eve: Eve) -> None:
    other = UnitFactory(code="140726000000", name="太谷区", level="COUNTY", parent=eve.tree.city)
    village = UnitFactory(code="140726100201", name="外村", level="VILLAGE", parent=other)
    rows = [[village.code, "李秀兰", "书记"]]
    plan = eve.judged(*rows, header=("单位代码", "姓名", "职务"), scope=[eve.tree.city])
    assert [reasons(seat) for seat in plan.wrong] == [["no_village"]]


def test_queries_do_not_grow_with_the_list(
    eve: Eve, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = large_list(eve.tree.township, 30)
    with django_assert_max_num_queries(18):
        plan = eve.judged(*rows)
    assert len(plan.to_write) == 30
    assert plan.townships[0].counts == {"CARRIES": 60, "BEGINS": 30, "ENDS": 30}
