"""Writing results: whole or not at all, once, and only what was looked at."""

import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts import actions as people_actions
from accounts.elections import actions
from accounts.elections.kept import unpack
from accounts.elections.models import ResultSheet, VillageResult
from accounts.elections.tasks import drop_old_sheets
from accounts.elections.wagtail_hooks import results_that_wait
from accounts.models import AuditLine, Cadre, CadreChange, ImportStatus, Post, Role, Unit
from accounts.roster.sheets import read_rows
from tests.accounts.elections.county import (
    AT,
    EAST,
    EVE,
    FAR,
    HEADER,
    ON,
    START,
    WEST,
    Eve,
    carry_on,
    held,
    row,
)
from tests.accounts.elections.large import large_list
from tests.accounts.rosters import csv_file, id_number, xlsx

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEW = "13812340001"


@pytest.fixture
def eve() -> Eve:
    made = Eve()
    CadreChange.objects.all().delete()
    return made


def result() -> list[list[str]]:
    """The secretary takes both posts, the director ends, the member carries on, somebody new comes in."""
    return [
        row(EAST, "李秀兰", "书记、主任"),
        row(EAST, "赵小梅", "委员"),
        row(EAST, "周新", "副主任", NEW, id_number()),
    ]


def test_who_was_entered_anew_for_the_term_by_hand_carries_on_in_that_post_alone(eve: Eve) -> None:
    """The old post has ended already: it does not run on beside the new one, nor end a second time."""
    Post.objects.filter(person=eve.secretary).update(to_on=EVE)
    Post.objects.create(person=eve.secretary, unit=eve.tree.village, role=Role.SECRETARY, from_on=START)
    seats = {seat.name: seat for seat in eve.village(*carry_on(eve)).seats}
    assert [post.from_on for post in seats["李秀兰"].moves.kept] == [START]
    eve.write(*carry_on(eve))
    ends = Post.objects.filter(person=eve.secretary).order_by("from_on").values_list("to_on", flat=True)
    assert list(ends) == [EVE, None]


def test_a_result_ends_and_begins_posts_on_the_edge(eve: Eve) -> None:
    before = held(EVE)
    kept = Post.objects.get(person=eve.secretary)
    eve.write(*result())
    assert held(EVE) == before
    assert held(START) == {
        (EAST, "李秀兰", "SECRETARY"),
        (EAST, "李秀兰", "DIRECTOR"),
        (EAST, "赵小梅", "COMMITTEE_MEMBER"),
        (EAST, "周新", "DEPUTY_DIRECTOR"),
        (WEST, "张有财", "SECRETARY"),
        (FAR, "刘远山", "SECRETARY"),
    }
    kept.refresh_from_db()
    assert (kept.from_on, kept.to_on) == (date(2021, 6, 1), None)
    new = Cadre.objects.get(phone=NEW)
    assert new.posts.get().is_newly_elected
    assert (new.unit, new.has_usable_password(), new.identity_last4) == (
        eve.tree.village,
        False,
        id_number()[-4:],
    )


def test_everybody_touched_is_marked_and_audited_and_the_village_is_counted(eve: Eve) -> None:
    eve.write(*result())
    new = Cadre.objects.get(phone=NEW)
    marked = set(CadreChange.objects.values_list("person_id", flat=True))
    assert marked == {eve.secretary.pk, eve.director.pk, new.pk}
    lines = AuditLine.objects.exclude(action="election.opened")
    assert set(lines.values_list("action", "person")) == {
        ("people.imported", None),
        ("post.began", eve.secretary.pk),
        ("post.began", new.pk),
        ("post.ended", eve.director.pk),
        ("election.result", None),
    }
    written = VillageResult.objects.get()
    assert (written.carried, written.changed, written.begun, written.ended) == (1, 1, 1, 1)
    assert id_number() not in str(list(AuditLine.objects.values_list("detail", flat=True)))


def test_the_same_result_again_writes_nothing(eve: Eve) -> None:
    plan = eve.judged(*result())
    eve.write(*result())
    state = (held(START), Post.objects.count(), AuditLine.objects.count(), CadreChange.objects.count())
    again = eve.write(*result(), seen=plan.seen)
    assert not again.to_write
    assert [village.name for village in again.done] == [EAST]
    assert state == (
        held(START),
        Post.objects.count(),
        AuditLine.objects.count(),
        CadreChange.objects.count(),
    )


def test_a_result_that_differs_is_passed_by_once_the_village_has_one(eve: Eve) -> None:
    eve.write(*carry_on(eve))
    before = held(START)
    eve.write(row(EAST, "李秀兰", "书记"), row(WEST, "张有财", "书记、主任"))
    assert held(START) == before | {(WEST, "张有财", "DIRECTOR")}


def test_a_post_that_changed_meanwhile_is_refused_by_name(eve: Eve) -> None:
    seen = eve.judged(*result(), row(FAR, "刘远山", "书记"))
    people_actions.end_post(
        post=Post.objects.get(person=eve.member), to_on=date(2026, 5, 1), by=eve.by, at=AT
    )
    before = held(START)
    with pytest.raises(actions.StaleResult) as refused:
        eve.write(*result(), row(FAR, "刘远山", "书记"), seen=seen.seen)
    assert refused.value.plan is not None
    assert refused.value.plan.differing(seen.lines) == [f"{EAST} 赵小梅"]
    assert held(START) == before
    assert not VillageResult.objects.exists()


def test_a_phone_that_somebody_took_meanwhile_is_refused(eve: Eve) -> None:
    seen = eve.judged(*result()).seen
    people_actions.edit_person(person=eve.far, phone=NEW, by=None, at=AT)
    with pytest.raises(actions.StaleResult):
        eve.write(*result(), seen=seen)
    assert not VillageResult.objects.exists()


def test_wrong_townships_wait_whole_and_the_others_are_written_on_purpose(eve: Eve) -> None:
    rows = [row(EAST, "李秀兰", "村长"), row(WEST, "张有财", "书记"), row(FAR, "刘远山", "主任")]
    with pytest.raises(actions.ResultHasErrors):
        eve.write(*rows)
    assert not VillageResult.objects.exists()
    eve.write(*rows, leaves_out=True)
    assert [each.unit.name for each in VillageResult.objects.all()] == [FAR]


def test_a_village_where_nobody_is_left_ends_everybody(eve: Eve) -> None:
    plan = eve.write(days={eve.tree.village.code: START})
    assert plan.to_write[0].cautions[0].code == "nobody"
    assert {name for village, name, _role in held(START) if village == EAST} == set()
    assert not Post.objects.filter(unit=eve.tree.village).exclude(to_on=EVE).exists()


def test_a_planned_end_at_the_edge_is_taken_away(eve: Eve) -> None:
    Post.objects.filter(unit=eve.tree.village).update(to_on=EVE)
    eve.write(*carry_on(eve))
    assert not Post.objects.exclude(to_on=None).exists()
    assert AuditLine.objects.filter(action="post.runs_on").count() == 3


def test_a_known_person_with_rows_in_two_villages_is_corrected_once(eve: Eve) -> None:
    header = (*HEADER, "出生年份")
    rows = [[*row(village, "张有财", "书记", eve.west.phone), "1968"] for village in (EAST, WEST)]
    eve.write(*rows, header=header)
    assert Cadre.objects.get(pk=eve.west.pk).birth_year == 1968
    assert Post.objects.filter(person=eve.west, to_on=None).count() == 2


def test_a_day_of_its_own_ends_posts_the_day_before_it(eve: Eve) -> None:
    rows = [[*row(EAST, "周新", "书记", NEW), "2026-05-28"]]
    eve.write(*rows, header=(*HEADER, "当选日期"))
    day = date(2026, 5, 28)
    assert {name for village, name, _role in held(day - DAY) if village == EAST} == {
        "李秀兰",
        "王建国",
        "赵小梅",
    }
    assert {name for village, name, _role in held(day) if village == EAST} == {"周新"}


def test_the_database_keeps_one_result_a_village(eve: Eve) -> None:
    eve.write(*carry_on(eve))
    with (
        pytest.raises(IntegrityError, match=r"village_result_once_per_election|unit_id"),
        transaction.atomic(),
    ):
        VillageResult.objects.create(
            election=eve.election,
            unit=eve.tree.village,
            begins_on=START,
            carried=0,
            changed=0,
            begun=0,
            ended=0,
            at=AT,
            by=eve.by,
        )


@pytest.mark.parametrize("villages", [5, 40])
def test_queries_of_the_yes_do_not_grow_with_the_list(
    eve: Eve, villages: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = large_list(eve.tree.township, villages)
    seen = eve.judged(*rows).seen
    with django_assert_max_num_queries(70):
        eve.write(*rows, seen=seen)
    assert VillageResult.objects.count() == villages


# --- lists ------------------------------------------------------------------------------------------
def bring(eve: Eve, file: io.BytesIO) -> ResultSheet:
    return actions.bring_results(
        election=eve.election,
        sheet=read_rows(file),
        file_name="换届结果.csv",
        begins_on=START,
        scope=[eve.tree.county],
        by=eve.by,
        at=AT,
    )


def write(eve: Eve, brought: ResultSheet, *, leaves_out: bool = False) -> ResultSheet:
    seen = eve.judged(*result()).seen
    return actions.write_results(
        brought=brought, scope=[eve.tree.county], seen=seen, leaves_out=leaves_out, by=eve.by, at=AT
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_lists_come_in_any_encoding(eve: Eve, encoding: str) -> None:
    brought = bring(eve, csv_file(*result(), header=HEADER, encoding=encoding))
    assert (brought.villages, brought.wrong) == (1, 0)


def test_a_workbook_with_a_title_and_merged_villages_is_read(eve: Eve) -> None:
    title = ["平遥县村(社区)两委换届结果"]
    rows = [list(HEADER), *result()]
    rows[2][0] = rows[3][0] = ""
    brought = bring(eve, xlsx(*rows, header=title, merged=["A1:F1", "A3:A5"]))
    assert (brought.villages, brought.wrong) == (1, 0)
    assert unpack(brought.sheet_cipher).has_merges


def test_a_kept_list_is_sealed_written_once_and_forgotten(eve: Eve) -> None:
    brought = bring(eve, csv_file(*result(), header=HEADER))
    assert id_number().encode() not in bytes(brought.sheet_cipher)
    assert not VillageResult.objects.exists()
    written = write(eve, brought)
    assert (written.status, written.villages, written.sheet_cipher) == (ImportStatus.WRITTEN, 1, None)
    with pytest.raises(actions.SheetFinished):
        write(eve, brought)
    with pytest.raises(actions.SheetFinished):
        actions.drop_results(brought=brought, at=AT)


def test_a_stale_list_stays_to_be_looked_at_again(eve: Eve) -> None:
    brought = bring(eve, csv_file(*result(), header=HEADER))
    with pytest.raises(actions.StaleResult):
        actions.write_results(
            brought=brought, scope=[eve.tree.county], seen="other", leaves_out=False, by=eve.by, at=AT
        )
    again = actions.judge_results_again(brought=brought, scope=[eve.tree.county], on=AT.date())
    assert (again.status, again.villages) == (ImportStatus.JUDGED, 1)


def test_a_closed_election_takes_no_list(eve: Eve) -> None:
    closed = actions.close_election(election=eve.election, by=eve.by, at=AT)
    eve.election = closed
    with pytest.raises(actions.ElectionClosed):
        bring(eve, csv_file(*result(), header=HEADER))


def test_lists_that_nobody_answers_are_forgotten_after_a_week(eve: Eve) -> None:
    brought = bring(eve, csv_file(*result(), header=HEADER))
    drop_old_sheets(AT + timedelta(days=6))
    brought.refresh_from_db()
    assert brought.status == ImportStatus.JUDGED
    drop_old_sheets(AT + timedelta(days=8))
    brought.refresh_from_db()
    assert (brought.status, brought.sheet_cipher) == (ImportStatus.DROPPED, None)


def test_the_database_keeps_no_rows_of_a_finished_list(eve: Eve) -> None:
    brought = bring(eve, csv_file(*result(), header=HEADER))
    kept = ResultSheet.objects.filter(pk=brought.pk)
    with pytest.raises(IntegrityError, match="result_sheet_keeps_no_rows"), transaction.atomic():
        kept.update(status=ImportStatus.WRITTEN)


def test_a_list_that_is_dropped_leaves_no_trace(eve: Eve) -> None:
    brought = bring(eve, csv_file(*result(), header=HEADER))
    dropped = actions.drop_results(brought=brought, at=AT)
    assert (dropped.status, dropped.sheet_cipher) == (ImportStatus.DROPPED, None)
    assert Post.objects.filter(role=Role.DIRECTOR, to_on=None).count() == 1


def test_a_village_that_is_merged_away_meanwhile_gets_no_posts(
    eve: Eve, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = Post.objects.count()

    def merge_away(person_ids: object) -> None:
        """A merger that was written while the result waited for the people's locks."""
        Unit.objects.filter(pk=eve.tree.village.pk).update(valid_to=EVE, successor=eve.tree.other_village)

    monkeypatch.setattr("accounts.elections.actions.results.lock_all", merge_away)
    with pytest.raises(actions.StaleResult):
        eve.write(*result())
    assert (Post.objects.count(), VillageResult.objects.count()) == (posts, 0)


def test_a_merger_is_told_of_lists_that_wait(eve: Eve) -> None:
    assert results_that_wait([eve.tree.village], on=ON) == []
    sheet = ResultSheet.objects.create(
        election=eve.election, file_name="名单.csv", encoding="utf-8", by=eve.by, at=AT
    )
    (told,) = results_that_wait([eve.tree.village], on=ON)
    assert eve.by.name in told.words
    assert told.url == reverse("elections:detail", args=[eve.election.pk])
    actions.drop_results(brought=sheet, at=AT)
    assert results_that_wait([eve.tree.village], on=ON) == []
