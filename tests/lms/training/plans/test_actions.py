"""Drawing up, handing in, approving and changing a plan: each success, each refusal, and twice in a row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import ProtectedError

from accounts.models import AuditLine, StaffRole
from lms.training.plans import actions
from lms.training.plans.items import Fault
from lms.training.plans.models import ChangeKind, Plan, PlanChange, PlanItem, PlanStatus
from tests.factories import StaffFactory, article
from tests.factories.plans import item_facts
from tests.lms.training.plans.conftest import NOW, World


def change(item: PlanItem, world: World, *, seen: int, reason: str = "农忙", **fields: object) -> PlanItem:
    """Change an item as the township."""
    facts = item_facts(**fields)
    return actions.change_item(item=item, facts=facts, seen=seen, reason=reason, by=world.township, at=NOW)


def now(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


def test_plan_is_begun_once_per_unit_and_year(world: World) -> None:
    plan = world.draft()
    assert (plan.status, plan.version, plan.made_by) == (PlanStatus.DRAFT, 1, world.township)
    with pytest.raises(actions.PlanExists) as there:
        actions.make_plan(unit=plan.unit, year=2026, focus="", by=world.colleague, at=NOW)
    assert there.value.plan == plan
    assert Plan.objects.count() == PlanChange.objects.count() == 1
    actions.make_plan(unit=plan.unit, year=2027, focus="", by=world.colleague, at=NOW)


def test_plan_is_drawn_up_where_and_when_one_can_be(world: World) -> None:
    places = world.places
    with pytest.raises(actions.NotTheirs):
        actions.make_plan(unit=places.other_township, year=2026, focus="", by=world.township, at=NOW)
    with pytest.raises(actions.NoPlanHere):
        actions.make_plan(unit=places.village, year=2026, focus="", by=world.township, at=NOW)
    with pytest.raises(actions.NoPlanHere):
        actions.make_plan(unit=places.city, year=2026, focus="", by=world.city, at=NOW)
    for year in (2025, 2028):
        with pytest.raises(actions.YearOutOfReach):
            actions.make_plan(unit=places.township, year=year, focus="", by=world.township, at=NOW)
    places.township.valid_to = date(2026, 6, 30)
    places.township.save()
    with pytest.raises(actions.NoPlanHere):
        actions.make_plan(unit=places.township, year=2027, focus="", by=world.township, at=NOW)
    actions.make_plan(unit=places.township, year=2026, focus="", by=world.township, at=NOW)


def test_auditor_and_keeper_write_nothing(world: World) -> None:
    for role in (StaffRole.AUDITOR, StaffRole.STATION, StaffRole.TRAINER):
        person = StaffFactory(unit=world.places.county, role=role).person
        with pytest.raises(actions.NotTheirs):
            actions.make_plan(unit=world.places.township, year=2026, focus="", by=person, at=NOW)


def test_item_is_written_with_its_line_of_history_and_lessons(world: World) -> None:
    lesson = article(title="防汛知识")
    plan = world.draft()
    item = actions.add_item(
        plan=plan, facts=item_facts(lessons=(lesson,)), seen=1, reason="", by=world.township, at=NOW
    )
    assert list(item.lessons.all()) == [lesson]
    line = plan.changes.get(version=2)
    assert (line.kind, line.item_number, line.by) == (ChangeKind.ADDED, item.pk, world.township)
    assert line.after["lessons"] == ["防汛知识"]
    assert (line.after["days"], line.after["starts_on"]) == ("3.0", "2026-09-01")
    assert AuditLine.objects.filter(action="plan.added", unit=plan.unit, by=world.township).exists()


def test_item_that_cannot_be_is_refused_whole(world: World) -> None:
    plan = world.draft()
    facts = item_facts(ends_on=date(2027, 1, 2), days=Decimal(200))
    with pytest.raises(actions.BadItem) as refused:
        actions.add_item(plan=plan, facts=facts, seen=1, reason="", by=world.township, at=NOW)
    assert set(refused.value.faults) == {Fault.OUTSIDE_YEAR, Fault.MORE_DAYS}
    assert (now(plan).version, PlanItem.objects.count()) == (1, 0)


def test_form_sent_twice_writes_once(world: World) -> None:
    plan = world.draft()
    first, second = (
        actions.add_item(plan=plan, facts=item_facts(), seen=1, reason="", by=world.township, at=NOW)
        for _ in range(2)
    )
    assert first == second
    for _ in range(2):
        change(first, world, seen=2, title="改名")
    for _ in range(2):
        actions.change_focus(plan=plan, focus="集体经济", seen=3, reason="", by=world.township, at=NOW)
    for _ in range(2):
        actions.submit(plan=plan, seen=4, by=world.township, at=NOW)
    assert now(plan).version == 5
    assert plan.changes.count() == 5


def test_nobody_writes_over_what_they_have_not_seen(world: World) -> None:
    item = world.with_item()
    actions.change_item(
        item=item, facts=item_facts(place="县党校"), seen=2, reason="", by=world.colleague, at=NOW
    )
    with pytest.raises(actions.PlanMoved) as moved:
        change(item, world, seen=2, teacher="李老师")
    assert (moved.value.plan.version, moved.value.seen) == (3, 2)
    item.refresh_from_db()
    assert (item.place, item.teacher) == ("县党校", "王老师")
    for act in (
        lambda: actions.drop_item(item=item, seen=2, reason="", by=world.township, at=NOW),
        lambda: actions.submit(plan=item.plan, seen=2, by=world.township, at=NOW),
        lambda: actions.change_focus(plan=item.plan, focus="", seen=2, reason="", by=world.township, at=NOW),
        lambda: actions.add_item(
            plan=item.plan, facts=item_facts(title="又"), seen=2, reason="", by=world.township, at=NOW
        ),
        # Not even a version that is still to come.
        lambda: change(item, world, seen=9),
    ):
        with pytest.raises(actions.PlanMoved):
            act()


def test_same_words_leave_no_line(world: World) -> None:
    item = world.with_item()
    change(item, world, seen=2)
    actions.change_focus(plan=item.plan, focus="防汛", seen=2, reason="", by=world.township, at=NOW)
    assert now(item.plan).version == 2


def test_item_of_a_draft_goes_and_its_line_stays(world: World) -> None:
    item = world.with_item()
    plan, number = item.plan, item.pk
    actions.drop_item(item=item, seen=2, reason="", by=world.township, at=NOW)
    assert not PlanItem.objects.exists()
    line = plan.changes.get(version=3)
    assert (line.kind, line.item_number, line.title) == (ChangeKind.REMOVED, number, "秋季集中培训")
    assert line.before["days"] == "3.0"


def test_item_of_which_more_was_made_is_struck_out_with_a_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = world.with_item()

    def protected(self: PlanItem) -> None:
        raise ProtectedError("a class of it", set())

    monkeypatch.setattr(PlanItem, "delete", protected)
    with pytest.raises(actions.ReasonMissing):
        actions.drop_item(item=item, seen=2, reason="", by=world.township, at=NOW)
    actions.drop_item(item=item, seen=2, reason="并入县班", by=world.township, at=NOW)
    item.refresh_from_db()
    assert (item.is_dropped, item.drop_reason) == (True, "并入县班")


def test_empty_plan_is_not_handed_in_and_one_in_the_hand_not_again(world: World) -> None:
    plan = world.draft()
    with pytest.raises(actions.NothingPlanned):
        actions.submit(plan=plan, seen=1, by=world.township, at=NOW)
    actions.add_item(plan=plan, facts=item_facts(), seen=1, reason="", by=world.township, at=NOW)
    actions.submit(plan=plan, seen=2, by=world.township, at=NOW)
    with pytest.raises(actions.NotADraft):
        actions.submit(plan=plan, seen=3, by=world.colleague, at=NOW)
    assert now(plan).submitted_by == world.township


def test_approval_keeps_the_whole_text_and_marks_the_items(world: World) -> None:
    item = world.approved()
    plan = item.plan
    assert (plan.status, plan.approved_by, plan.approved_version) == (PlanStatus.APPROVED, world.county, 4)
    assert item.was_approved
    text = plan.changes.get(version=4).after
    assert text["focus"] == "防汛"
    assert [(told["number"], told["title"]) for told in text["items"]] == [(item.pk, "秋季集中培训")]


def test_county_approves_its_townships_and_nobody_else_does(world: World) -> None:
    plan = world.waiting().plan
    elsewhere = StaffFactory(
        unit__code="140726000000", unit__parent=world.places.city, role=StaffRole.COUNTY
    ).person
    on_the_spot = StaffFactory(unit=world.places.township, role=StaffRole.COUNTY).person
    for person in (world.colleague, world.other_township, elsewhere, on_the_spot):
        with pytest.raises(actions.NotTheirs):
            actions.approve(plan=plan, seen=3, by=person, at=NOW)
        with pytest.raises(actions.NotTheirs):
            actions.return_plan(plan=plan, seen=3, reason="不", by=person, at=NOW)
    actions.approve(plan=plan, seen=3, by=world.city, at=NOW)


def test_nobody_approves_what_they_wrote(world: World) -> None:
    item = world.waiting()
    plan = item.plan
    actions.change_item(
        item=item, facts=item_facts(days=Decimal(2)), seen=3, reason="", by=world.county, at=NOW
    )
    for decide in (
        lambda by: actions.approve(plan=plan, seen=4, by=by, at=NOW),
        lambda by: actions.return_plan(plan=plan, seen=4, reason="改", by=by, at=NOW),
    ):
        with pytest.raises(actions.OwnPlan):
            decide(world.county)
    actions.approve(plan=plan, seen=4, by=world.second_county, at=NOW)
    # What was approved is no longer in question: who wrote it then may decide on what others changed since.
    change(item, world, seen=5, days=Decimal("2.5"))
    actions.approve(plan=plan, seen=6, by=world.county, at=NOW)


def test_county_plan_is_approved_by_a_second_person_or_the_city(world: World) -> None:
    for year, approver in ((2026, world.second_county), (2027, world.city)):
        plan = actions.make_plan(unit=world.places.county, year=year, focus="", by=world.county, at=NOW)
        facts = item_facts(starts_on=date(year, 9, 1), ends_on=date(year, 9, 3))
        actions.add_item(plan=plan, facts=facts, seen=1, reason="", by=world.county, at=NOW)
        actions.submit(plan=plan, seen=2, by=world.county, at=NOW)
        with pytest.raises(actions.OwnPlan):
            actions.approve(plan=plan, seen=3, by=world.county, at=NOW)
        with pytest.raises(actions.NotTheirs):
            actions.approve(plan=plan, seen=3, by=world.township, at=NOW)
        assert actions.approve(plan=plan, seen=3, by=approver, at=NOW).status == PlanStatus.APPROVED


def test_plan_is_approved_once_and_only_as_it_was_seen(world: World) -> None:
    item = world.waiting()
    plan = item.plan
    change(item, world, seen=3, hours=Decimal(12))
    with pytest.raises(actions.PlanMoved):
        actions.approve(plan=plan, seen=3, by=world.county, at=NOW)
    actions.approve(plan=plan, seen=4, by=world.county, at=NOW)
    for by in (world.county, world.second_county):
        with pytest.raises(actions.NotWaiting):
            actions.approve(plan=plan, seen=4, by=by, at=NOW)
        with pytest.raises(actions.NotWaiting):
            actions.return_plan(plan=plan, seen=4, reason="改", by=by, at=NOW)
    assert now(plan).version == 5


def test_draft_is_not_approved(world: World) -> None:
    with pytest.raises(actions.NotWaiting):
        actions.approve(plan=world.with_item().plan, seen=2, by=world.county, at=NOW)


def test_plan_is_returned_with_a_reason_and_handed_in_again(world: World) -> None:
    plan = world.waiting().plan
    with pytest.raises(actions.ReasonMissing):
        actions.return_plan(plan=plan, seen=3, reason="", by=world.county, at=NOW)
    actions.return_plan(plan=plan, seen=3, reason="没有轮训", by=world.county, at=NOW)
    kept = now(plan)
    assert (kept.status, kept.return_reason, kept.returned_by) == ("RETURNED", "没有轮训", world.county)
    facts = item_facts(title="补一期")
    actions.add_item(plan=plan, facts=facts, seen=4, reason="", by=world.township, at=NOW)
    assert now(plan).status == PlanStatus.RETURNED
    actions.submit(plan=plan, seen=5, by=world.colleague, at=NOW)
    assert now(plan).status == PlanStatus.SUBMITTED
    assert PlanChange.objects.get(version=4).reason == "没有轮训"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"title": "改名", "place": "县党校", "teacher": "李", "expected": 3, "purpose": ""}, "APPROVED"),
        ({"days": Decimal(2)}, "SUBMITTED"),
        ({"hours": Decimal(12)}, "SUBMITTED"),
        ({"ends_on": date(2026, 9, 4)}, "SUBMITTED"),
        ({"starts_on": date(2026, 8, 31)}, "SUBMITTED"),
        ({"roles": ("SECRETARY",)}, "SUBMITTED"),
        ({"is_for_party_members": True}, "SUBMITTED"),
        ({"kind": "ROTATION"}, "SUBMITTED"),
        ({"ledger": "COLLECTIVE"}, "SUBMITTED"),
    ],
)
def test_what_matters_of_an_approved_plan_is_approved_anew(
    world: World, fields: dict[str, object], status: str
) -> None:
    item = world.approved()
    plan = item.plan
    with pytest.raises(actions.ReasonMissing):
        change(item, world, seen=4, reason="", **fields)
    change(item, world, seen=4, **fields)
    kept = now(plan)
    assert (kept.status, kept.version, kept.was_approved) == (status, 5, True)
    line = plan.changes.get(version=5)
    assert set(line.before) == set(line.after) == set(fields)
    assert line.reason == "农忙"
    assert plan.changes.get(version=4).after["items"][0]["title"] == "秋季集中培训"


def test_items_of_an_approved_plan_are_added_and_struck_out_never_deleted(world: World) -> None:
    item = world.approved()
    plan = item.plan
    facts = item_facts(title="加一期")
    added = actions.add_item(plan=plan, facts=facts, seen=4, reason="新增任务", by=world.township, at=NOW)
    assert now(plan).status == PlanStatus.SUBMITTED
    with pytest.raises(actions.ReasonMissing):
        actions.drop_item(item=item, seen=5, reason="", by=world.township, at=NOW)
    for _ in range(2):
        actions.drop_item(item=item, seen=5, reason="并入县班", by=world.township, at=NOW)
    item.refresh_from_db()
    assert item.is_dropped
    with pytest.raises(actions.ItemDropped):
        change(item, world, seen=6, title="又来")
    with pytest.raises(actions.ItemDropped):
        actions.drop_item(item=item, seen=6, reason="又", by=world.township, at=NOW)
    # What no approval has spoken of yet may go.
    actions.drop_item(item=added, seen=6, reason="不办了", by=world.township, at=NOW)
    assert list(plan.items.all()) == [item]


def test_second_item_is_not_taken_for_the_first_when_both_are_dropped_from_one_page(world: World) -> None:
    item = world.with_item()
    other = actions.add_item(
        plan=item.plan, facts=item_facts(title="二"), seen=2, reason="", by=world.township, at=NOW
    )
    actions.drop_item(item=item, seen=3, reason="", by=world.township, at=NOW)
    with pytest.raises(actions.PlanMoved):
        actions.drop_item(item=other, seen=3, reason="", by=world.township, at=NOW)


def test_returned_change_leaves_the_approved_text_readable(world: World) -> None:
    item = world.approved()
    change(item, world, seen=4, days=Decimal("2.5"))
    later = NOW + timedelta(days=1)
    actions.return_plan(plan=item.plan, seen=5, reason="天数太少", by=world.county, at=later)
    kept = now(item.plan)
    assert (kept.status, kept.approved_version, kept.is_changed_since) == ("RETURNED", 4, True)
    assert kept.changes.get(version=kept.approved_version).after["items"][0]["days"] == "3.0"


def test_every_step_leaves_an_audit_line(world: World) -> None:
    item = world.approved()
    actions.drop_item(item=item, seen=4, reason="停", by=world.township, at=NOW)
    lines = AuditLine.objects.filter(action__startswith="plan.").order_by("pk")
    assert [line.action for line in lines] == [
        "plan.made",
        "plan.added",
        "plan.submitted",
        "plan.approved",
        "plan.dropped",
    ]
    assert [line.detail["version"] for line in lines] == [1, 2, 3, 4, 5]
