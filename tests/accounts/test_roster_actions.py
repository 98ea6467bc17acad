from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from accounts import actions, identity
from accounts.actions import import_people
from accounts.models import AuditLine, Cadre, CadreChange, ImportStatus, PeopleImport, Post, StaffRole
from accounts.roster import kept
from accounts.roster.imports import ImportPlan
from accounts.roster.sheets import Row, read_rows
from accounts.roster.verdicts import Verdict
from accounts.tasks import drop_old_imports
from tests.accounts.rosters import AT, ON, csv_file, id_number, line, plan_of, verdicts
from tests.factories import CadreFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db
TWO = [
    line("王小明", "13800000001", id_number(1), "140728100201", "书记、主任"),
    line("赵平平", "13800000002", roles="委员"),
]


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def clerk(tree: CountyTree) -> Cadre:
    return CadreFactory(unit=tree.county, name="王敏敏")


def state() -> list[object]:
    people = Cadre.objects.order_by("pk").values(
        "pk", "name", "phone", "unit", "identity_hash", "is_party_member"
    )
    return [list(people), list(Post.objects.order_by("pk").values()), AuditLine.objects.count()]


def brought(tree: CountyTree, clerk: Cadre, *rows: list[str]) -> PeopleImport:
    file = csv_file(*rows)
    return actions.bring_sheet(
        sheet=read_rows(file), file_name=file.name, scope=[tree.county], on=ON, by=clerk, at=AT
    )


def write(
    kept_import: PeopleImport, tree: CountyTree, by: Cadre, *, leaves_out: bool = False
) -> PeopleImport:
    return actions.write_import(brought=kept_import, scope=[tree.county], leaves_out=leaves_out, by=by, at=AT)


def test_import_writes_people_posts_marks_and_lines(tree: CountyTree, clerk: Cadre) -> None:
    import_people(plan=plan_of(*TWO, scope=[tree.county]), by=clerk, at=AT)
    person = Cadre.objects.get(phone="13800000001")
    assert (person.name, person.unit, person.birth_year) == ("王小明", tree.village, 1975)
    assert identity.decrypt(person.identity_cipher) == id_number(1)
    assert not person.has_usable_password()
    assert sorted(Post.objects.of(person.pk).values_list("role", flat=True)) == ["DIRECTOR", "SECRETARY"]
    assert CadreChange.objects.count() == 2
    audit = AuditLine.objects.get()
    assert (audit.by, audit.action, len(audit.detail["new"])) == (clerk, "people.imported", 2)
    numbers = set(Cadre.objects.exclude(pk=clerk.pk).values_list("number", flat=True))
    assert len(numbers) == 2
    assert all(len(number) == 8 for number in numbers)


def test_the_same_file_again_is_all_same_and_writes_nothing(tree: CountyTree, clerk: Cadre) -> None:
    import_people(plan=plan_of(*TWO, scope=[tree.county]), by=clerk, at=AT)
    before = state()
    again = plan_of(*TWO, scope=[tree.county])
    assert verdicts(again) == ["SAME", "SAME"]
    import_people(plan=again, by=clerk, at=AT)
    assert state() == before


def test_a_plan_written_twice_is_written_once(tree: CountyTree, clerk: Cadre) -> None:
    plan = plan_of(*TWO, scope=[tree.county])
    import_people(plan=plan, by=clerk, at=AT)
    before = state()
    import_people(plan=plan, by=clerk, at=AT)
    assert state() == before


def test_changes_are_written(tree: CountyTree, clerk: Cadre) -> None:
    import_people(plan=plan_of(*TWO, scope=[tree.county]), by=clerk, at=AT)
    rows = [
        line("王晓明", "13800000009", id_number(1), "140728100202", "书记", "2026-01-01", "", "是", "是"),
        line("赵平平", "13800000002", "", "140728100201", "委员", "2025-04-01", "1980", "是", "是"),
    ]
    import_people(plan=plan_of(*rows, scope=[tree.county]), by=clerk, at=AT)
    person = Cadre.objects.get(phone="13800000009")
    assert (person.name, person.unit, person.is_party_member) == ("王晓明", tree.other_village, True)
    assert Post.objects.of(person.pk).running().count() == 1
    left = Post.objects.of(person.pk).filter(unit=tree.village)
    assert {post.to_on.isoformat() for post in left if post.to_on} == {"2025-12-31"}
    assert Post.objects.of(person.pk).get(unit=tree.other_village).is_newly_elected
    other = Post.objects.get(person__phone="13800000002")
    assert (other.from_on.isoformat(), other.is_newly_elected) == ("2025-04-01", True)
    line_of_change = AuditLine.objects.get(person=person)
    assert line_of_change.detail == {"columns": ["from_on", "name", "party", "phone", "roles", "village"]}
    assert CadreChange.objects.count() == 4


def test_a_plan_with_a_wrong_row_writes_nothing(tree: CountyTree, clerk: Cadre) -> None:
    before = state()
    plan = plan_of(*TWO, line("李强强", "138"), scope=[tree.county])
    with pytest.raises(actions.PlanHasErrors):
        import_people(plan=plan, by=clerk, at=AT)
    assert state() == before
    import_people(plan=plan.without_errors(), by=clerk, at=AT)
    assert Cadre.objects.count() == 3


def test_a_stale_plan_writes_nothing(tree: CountyTree, clerk: Cadre) -> None:
    plan = plan_of(*TWO, scope=[tree.county])
    CadreFactory(name="别人", phone="13800000002", unit=tree.village)
    before = state()
    with pytest.raises(actions.StalePlan):
        import_people(plan=plan, by=clerk, at=AT)
    assert state() == before


def test_a_clash_at_the_last_moment_writes_nothing(
    tree: CountyTree, clerk: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(*TWO, scope=[tree.county])
    before = state()
    monkeypatch.setattr("accounts.actions.roster.new_numbers", lambda count: [clerk.number] * count)
    with pytest.raises(actions.StalePlan):
        import_people(plan=plan, by=clerk, at=AT)
    assert state() == before


# --- one person --------------------------------------------------------------------------------------
def row(*cells: str) -> Row:
    return read_rows(csv_file(line(*cells))).rows[0]


def add(tree: CountyTree, clerk: Cadre, *cells: str) -> Cadre:
    return actions.add_person(row=row(*cells), scope=[tree.county], on=ON, by=clerk, at=AT)


def test_add_person_writes_one_person_like_a_roster(tree: CountyTree, clerk: Cadre) -> None:
    person = add(tree, clerk)
    assert (person.name, person.phone, person.unit) == ("王小明", "13800000001", tree.village)
    assert person.posts.get().role == "SECRETARY"
    assert AuditLine.objects.get(action="people.imported").detail["new"] == [person.pk]


def test_add_person_refuses_whom_a_roster_would_change_or_refuse(tree: CountyTree, clerk: Cadre) -> None:
    person = add(tree, clerk)
    before = state()
    for cells, reasons in (
        ((), []),
        (("王小明", "13800000001", "", "140728100202"), []),
        (("赵平平", "13800000001"), ["phone_taken"]),
        (("王小明", "13800000002"), ["same_name"]),
    ):
        with pytest.raises(actions.NotNew) as refused:
            add(tree, clerk, *cells)
        judged = refused.value.judged
        assert [reason.code for reason in judged.reasons] == reasons
        assert (judged.target is None) == bool(reasons)
        assert judged.target is None or judged.target.person == person
    assert state() == before


# --- kept sheets -------------------------------------------------------------------------------------
def test_brought_sheet_is_judged_kept_sealed_and_comes_back_the_same(tree: CountyTree, clerk: Cadre) -> None:
    kept_import = brought(tree, clerk, *TWO, line("李强强", "138"))
    assert (kept_import.new, kept_import.wrong, kept_import.total) == (2, 1, 3)
    assert "王小明".encode() not in bytes(kept_import.sheet_cipher)
    plan, sheet = kept.unpack(kept_import.sheet_cipher, kept_import.encoding)
    direct = plan_of(*TWO, line("李强强", "138"), scope=[tree.county])
    assert (plan.judged, plan.on, list(plan.scope)) == (direct.judged, ON, [tree.county])
    assert len(sheet.columns) == 9
    assert Cadre.objects.count() == 1


def test_write_import_ends_it_and_forgets_the_rows(tree: CountyTree, clerk: Cadre) -> None:
    kept_import = brought(tree, clerk, *TWO)
    done = write(kept_import, tree, clerk)
    assert (done.status, done.sheet_cipher, done.left_out) == (ImportStatus.WRITTEN, None, 0)
    for again in (
        lambda: write(kept_import, tree, clerk),
        lambda: actions.drop_import(brought=kept_import, at=AT),
        lambda: actions.judge_again(brought=kept_import, scope=[tree.county], on=ON),
    ):
        with pytest.raises(actions.ImportFinished):
            again()
    assert Cadre.objects.count() == 3


def test_write_import_with_wrong_rows_needs_them_left_out_on_purpose(tree: CountyTree, clerk: Cadre) -> None:
    kept_import = brought(tree, clerk, *TWO, line("李强强", "138"))
    with pytest.raises(actions.PlanHasErrors):
        write(kept_import, tree, clerk)
    assert Cadre.objects.count() == 1
    done = write(kept_import, tree, clerk, leaves_out=True)
    assert (done.left_out, Cadre.objects.count()) == (1, 3)


def test_stale_sheet_is_judged_again(tree: CountyTree, clerk: Cadre) -> None:
    kept_import = brought(tree, clerk, *TWO)
    CadreFactory(name="别人", phone="13800000002", unit=tree.village)
    with pytest.raises(actions.StalePlan):
        write(kept_import, tree, clerk)
    kept_import.refresh_from_db()
    assert kept_import.status == ImportStatus.JUDGED
    again = actions.judge_again(brought=kept_import, scope=[tree.county], on=ON)
    assert (again.new, again.wrong) == (1, 1)


def test_a_sheet_is_not_written_with_the_reach_of_yesterday(tree: CountyTree, clerk: Cadre) -> None:
    kept_import = brought(tree, clerk, line(unit=tree.far_village.code))
    narrow = {"brought": kept_import, "scope": [tree.township]}
    with pytest.raises(actions.StalePlan):
        actions.write_import(**narrow, leaves_out=False, by=clerk, at=AT)
    assert actions.judge_again(**narrow, on=ON).wrong == 1
    with pytest.raises(actions.PlanHasErrors):
        actions.write_import(**narrow, leaves_out=False, by=clerk, at=AT)
    assert Cadre.objects.count() == 1


def test_a_phone_is_not_set_for_somebody_who_came_into_office_after_the_judging(
    tree: CountyTree, clerk: Cadre
) -> None:
    person = CadreFactory(name="王小明", phone="13800000001", unit=tree.village)
    actions.set_identity(person=person, number=id_number(), by=None, at=AT)
    plan = plan_of(line(phone="13800000009", number=id_number()), scope=[tree.county])
    actions.grant_scope(person=person, unit=tree.village, role=StaffRole.STATION, by=None, at=AT)
    with pytest.raises(actions.StalePlan):
        import_people(plan=plan, by=clerk, at=AT)
    person.refresh_from_db()
    assert person.phone == "13800000001"


def test_dropped_and_forgotten_sheets_keep_no_rows(tree: CountyTree, clerk: Cadre) -> None:
    old, young = brought(tree, clerk, *TWO), brought(tree, clerk, *TWO)
    PeopleImport.objects.filter(pk=young.pk).update(at=AT + timedelta(days=3))
    for _ in range(2):
        drop_old_imports(AT + timedelta(days=7, seconds=1))
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.status, old.sheet_cipher) == (ImportStatus.DROPPED, None)
    assert young.status == ImportStatus.JUDGED
    with pytest.raises(IntegrityError, match="import_keeps_no_rows_when_finished"):
        PeopleImport.objects.filter(pk=young.pk).update(status=ImportStatus.WRITTEN)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_write_the_same_roster_at_once_write_it_once(tree: CountyTree, clerk: Cadre) -> None:
    plan = plan_of(*TWO, scope=[tree.county])

    def write_plan(_number: int) -> object:
        try:
            return import_people(plan=plan, by=clerk, at=AT)
        except actions.StalePlan as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(write_plan, range(4)))
    assert any(isinstance(result, ImportPlan) for result in results)
    assert (Cadre.objects.count(), Post.objects.count()) == (3, 3)
    written = [result for result in results if isinstance(result, ImportPlan)]
    assert sum(plan.counts[Verdict.NEW] == 2 for plan in written) == 1
