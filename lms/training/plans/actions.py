"""Drawing up a yearly plan, handing it in, approving it, and changing it with a history."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.access import MANAGERS, RULERS
from accounts.audit import audit
from accounts.models import Cadre, Level, Unit
from lms.training.plans.items import WEIGHTY, Fault, ItemFacts, Told, differences, facts_of, faults_of
from lms.training.plans.models import (
    PLANNING,
    WRITING,
    ChangeKind,
    Plan,
    PlanChange,
    PlanItem,
    PlanStatus,
)


class NoPlanHere(ValueError):
    """Plans are drawn up by townships and counties whose code is in force in the year."""


class YearOutOfReach(ValueError):
    """A plan is drawn up for the present year or the next."""


class PlanExists(ValueError):
    """The unit has a plan for the year."""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan that is there."""
        super().__init__(str(plan))
        self.plan = plan


class PlanMoved(ValueError):
    """Somebody changed the plan after it was looked at; nothing was written."""

    def __init__(self, plan: Plan, seen: int) -> None:
        """Keep the plan as it is now, and the version that had been looked at."""
        super().__init__(f"{plan} v{plan.version}, seen v{seen}")
        self.plan = plan
        self.seen = seen


class ReasonMissing(ValueError):
    """What was once approved is changed, and a plan returned, with a reason."""


class BadItem(ValueError):
    """The item says what no item can."""

    def __init__(self, faults: list[Fault]) -> None:
        """Keep what is wrong."""
        super().__init__(", ".join(faults))
        self.faults = faults


class ItemDropped(ValueError):
    """The item was struck out of the plan."""


class NothingPlanned(ValueError):
    """A plan without an item is not handed in."""


class NotADraft(ValueError):
    """The plan has been handed in already."""


class NotWaiting(ValueError):
    """The plan does not wait for approval: somebody decided, or it was never handed in."""


class OwnPlan(PermissionError):
    """Nobody approves or returns what they wrote or handed in."""


class NotTheirs(PermissionError):
    """The unit is not one whose plan this person keeps, or decides on."""


class Line(TypedDict, total=False):
    """What a line of history says beside its kind."""

    item: PlanItem
    before: Told
    after: Told
    reason: str


@transaction.atomic
def make_plan(*, unit: Unit, year: int, focus: str, by: Cadre, at: datetime) -> Plan:
    """Begin the plan of a unit for a year; raises PlanExists where there is one."""
    if not any(scope.contains(unit.code) for scope in by.scope_units(*MANAGERS)):
        raise NotTheirs
    if unit.level not in PLANNING or (unit.valid_to and unit.valid_to < date(year, 1, 1)):
        raise NoPlanHere
    if year - timezone.localdate(at).year not in (0, 1):
        raise YearOutOfReach
    plan = Plan(unit=unit, year=year, focus=focus, made_by=by, made_at=at)
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise PlanExists(Plan.objects.get(unit=unit, year=year)) from None
    _note(plan, ChangeKind.MADE, after={"focus": focus}, by=by, at=at)
    return plan


@transaction.atomic
def change_focus(*, plan: Plan, focus: str, seen: int, reason: str, by: Cadre, at: datetime) -> Plan:
    """Say the central work in other words; `seen` is the version that was looked at."""
    kept = _locked(plan.pk, by)
    if _sent_before(kept, seen, (ChangeKind.FOCUS,), {"focus": focus}, by):
        return kept
    _check(kept, seen, reason)
    if kept.focus != focus:
        before: Told = {"focus": kept.focus}
        kept.focus = focus
        _move(kept, ChangeKind.FOCUS, before=before, after={"focus": focus}, reason=reason, by=by, at=at)
    return kept


@transaction.atomic
def add_item(*, plan: Plan, facts: ItemFacts, seen: int, reason: str, by: Cadre, at: datetime) -> PlanItem:
    """Add an item; an approved plan then waits for approval anew."""
    kept = _locked(plan.pk, by)
    told = facts.told()
    if before := _sent_before(kept, seen, (ChangeKind.ADDED,), told, by):
        return PlanItem.objects.get(pk=before.item_number or 0)
    _check(kept, seen, reason)
    _check_facts(facts, kept)
    item = PlanItem(plan=kept)
    _fill(item, facts)
    _hand_in_anew(kept, by, at)
    _move(kept, ChangeKind.ADDED, item=item, after=told, reason=reason, by=by, at=at)
    return item


@transaction.atomic
def change_item(
    *, item: PlanItem, facts: ItemFacts, seen: int, reason: str, by: Cadre, at: datetime
) -> PlanItem:
    """Change an item. Of an approved plan, words stay approved; what is WEIGHTY is approved anew."""
    plan = _locked(item.plan_id, by)
    told = facts.told()
    kept = PlanItem.objects.get(pk=item.pk)
    if facts_of(kept).told() == told and _sent_before(plan, seen, (ChangeKind.CHANGED,), None, by, kept.pk):
        return kept
    _check(plan, seen, reason)
    if kept.is_dropped:
        raise ItemDropped
    _check_facts(facts, plan)
    before = facts_of(kept).told()
    changed = differences(before, told)
    if changed:
        _fill(kept, facts)
        if changed & WEIGHTY:
            _hand_in_anew(plan, by, at)
        line: Line = {
            "item": kept,
            "before": {name: before[name] for name in changed},
            "after": {name: told[name] for name in changed},
            "reason": reason,
        }
        _move(plan, ChangeKind.CHANGED, by=by, at=at, **line)
    return kept


@transaction.atomic
def drop_item(*, item: PlanItem, seen: int, reason: str, by: Cadre, at: datetime) -> None:
    """Take an item out: what was once approved, or has led to more, is struck out and stays readable."""
    plan = _locked(item.plan_id, by)
    if _sent_before(plan, seen, (ChangeKind.DROPPED, ChangeKind.REMOVED), {}, by, item.pk):
        return
    _check(plan, seen, reason)
    kept = PlanItem.objects.get(pk=item.pk)
    if kept.is_dropped:
        raise ItemDropped
    before, number = facts_of(kept).told(), kept.pk
    kind = ChangeKind.REMOVED if not kept.was_approved and _removed(kept) else ChangeKind.DROPPED
    if kind == ChangeKind.DROPPED:
        if not reason:
            raise ReasonMissing
        kept.is_dropped, kept.drop_reason = True, reason
        kept.save(update_fields=["is_dropped", "drop_reason"])
    kept.pk = number  # which a deletion takes from it
    _hand_in_anew(plan, by, at)
    _move(plan, kind, item=kept, before=before, reason=reason, by=by, at=at)


def _removed(item: PlanItem) -> bool:
    """Delete an item of which nothing was made yet."""
    try:
        item.delete()
    except ProtectedError:
        return False
    return True


@transaction.atomic
def submit(*, plan: Plan, seen: int, by: Cadre, at: datetime) -> Plan:
    """Hand a plan in for approval; twice is once."""
    kept = _locked(plan.pk, by)
    if _sent_before(kept, seen, (ChangeKind.SUBMITTED,), {}, by):
        return kept
    if kept.status not in (PlanStatus.DRAFT, PlanStatus.RETURNED):
        raise NotADraft
    _check(kept, seen)
    if not kept.items.standing().exists():
        raise NothingPlanned
    _hand_in(kept, by, at)
    _move(kept, ChangeKind.SUBMITTED, by=by, at=at)
    return kept


@transaction.atomic
def approve(*, plan: Plan, seen: int, by: Cadre, at: datetime) -> Plan:
    """Approve exactly the version that was looked at; its whole text stays in the history."""
    kept = _to_decide(plan.pk, seen, by)
    items = list(kept.items.standing().with_lessons())
    kept.status = PlanStatus.APPROVED
    kept.approved_by, kept.approved_at, kept.approved_version = by, at, kept.version + 1
    kept.items.standing().update(was_approved=True)
    text: Told = {
        "focus": kept.focus,
        "items": [{"number": item.pk, **facts_of(item).told()} for item in items],
    }
    _move(kept, ChangeKind.APPROVED, after=text, by=by, at=at)
    return kept


@transaction.atomic
def return_plan(*, plan: Plan, seen: int, reason: str, by: Cadre, at: datetime) -> Plan:
    """Give a plan back with the reason; what was approved before stays so."""
    kept = _to_decide(plan.pk, seen, by)
    if not reason:
        raise ReasonMissing
    kept.status = PlanStatus.RETURNED
    kept.returned_by, kept.returned_at, kept.return_reason = by, at, reason
    _move(kept, ChangeKind.RETURNED, reason=reason, by=by, at=at)
    return kept


def may_decide(unit: Unit, by: Cadre) -> bool:
    """Whether somebody decides for a region that holds the unit; a county also for itself."""
    return any(
        scope.contains(unit.code) and (scope.code != unit.code or unit.level != Level.TOWNSHIP)
        for scope in by.scope_units(*RULERS)
    )


def wrote(plan: Plan, by: Cadre) -> bool:
    """Whether somebody wrote or handed in what is to be approved now (one query)."""
    return plan.changes.since(plan.approved_version or 0).filter(by=by, kind__in=WRITING).exists()


def _to_decide(pk: int, seen: int, by: Cadre) -> Plan:
    plan = Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    if not may_decide(plan.unit, by):
        raise NotTheirs
    if plan.status != PlanStatus.SUBMITTED:
        raise NotWaiting
    if plan.version != seen:
        raise PlanMoved(plan, seen)
    if wrote(plan, by):
        raise OwnPlan
    return plan


def _locked(pk: int, by: Cadre) -> Plan:
    """The plan as it is now, for whoever keeps it; two who write wait for each other here."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    if not any(scope.contains(plan.unit.code) for scope in by.scope_units(*MANAGERS)):
        raise NotTheirs
    return plan


def _sent_before(
    plan: Plan,
    seen: int,
    kinds: tuple[ChangeKind, ...],
    after: Told | None,
    by: Cadre,
    number: int | None = None,
) -> PlanChange | None:
    """The line that this very form has left already, if nothing came after it."""
    if plan.version != seen + 1:
        return None
    made = plan.changes.filter(version=plan.version, kind__in=kinds, by=by).first()
    is_same = made and after in (None, made.after) and number in (None, made.item_number)
    return made if is_same else None


def _check(plan: Plan, seen: int, reason: str | None = None) -> None:
    if plan.version != seen:
        raise PlanMoved(plan, seen)
    if plan.was_approved and reason == "":
        raise ReasonMissing


def _check_facts(facts: ItemFacts, plan: Plan) -> None:
    if faults := faults_of(facts, plan.year):
        raise BadItem(faults)


def _fill(item: PlanItem, facts: ItemFacts) -> None:
    values = {**vars(facts), "roles": list(facts.roles)}
    lessons = values.pop("lessons")
    for name, value in values.items():
        setattr(item, name, value)
    item.save()
    item.lessons.set(lessons)


def _hand_in(plan: Plan, by: Cadre, at: datetime) -> None:
    plan.status = PlanStatus.SUBMITTED
    plan.submitted_by, plan.submitted_at = by, at


def _hand_in_anew(plan: Plan, by: Cadre, at: datetime) -> None:
    """What was approved and is changed in what matters waits for approval without being asked."""
    if plan.status == PlanStatus.APPROVED:
        _hand_in(plan, by, at)


def _move(plan: Plan, kind: ChangeKind, *, by: Cadre, at: datetime, **line: Unpack[Line]) -> None:
    """The plan one version on, and the line that says what was done."""
    plan.version += 1
    plan.save()
    _note(plan, kind, by=by, at=at, **line)


def _note(plan: Plan, kind: ChangeKind, *, by: Cadre, at: datetime, **line: Unpack[Line]) -> None:
    item = line.get("item")
    PlanChange.objects.create(
        plan=plan,
        version=plan.version,
        kind=kind,
        item_number=item.pk if item else None,
        title=item.title if item else "",
        before=line.get("before", {}),
        after=line.get("after", {}),
        reason=line.get("reason", ""),
        by=by,
        at=at,
    )
    audit(f"plan.{kind.lower()}", by=by, at=at, unit=plan.unit, plan=plan.pk, version=plan.version)
