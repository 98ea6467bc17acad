"""A class from its first draft to its announcement, or to its end before it began."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.access import MANAGERS, RULERS
from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.hours.models import HoursEntry, HoursRule, Ledger
from lms.hours.rules import LONGEST_DAY, rule_for
from lms.training.classes.actions.changes import half_days_of, lock_own, note_changes
from lms.training.classes.actions.notices import tell
from lms.training.classes.actions.refusals import (
    Granted,
    NoReason,
    NotCalling,
    NoTimetable,
    NotInReach,
    NotOfPlan,
    OutsideDates,
    OverAlready,
    QuotaTaken,
    RotationByTownship,
    TooManyHours,
)
from lms.training.classes.models import (
    ClassKind,
    ClassState,
    NoticeKind,
    Quota,
    TrainingClass,
    What,
)
from lms.training.classes.reach import covers
from lms.training.classes.timetable import worth_of_timetable
from lms.training.once import insert_once
from lms.training.plans.models import Plan, PlanItem

MOST_PLACES = 500


@dataclass(frozen=True)
class CallingFacts:
    """A class as its organiser plans it; without `hours` they follow from its half-days."""

    title: str
    organiser: str
    unit: Unit
    kind: ClassKind
    ledger: Ledger
    starts_on: date
    ends_on: date
    purpose: str = ""
    venue: str = ""
    contact: str = ""
    names_due_on: date | None = None
    has_sign_out: bool = False
    roles: tuple[str, ...] = ()
    hours: Decimal | None = None
    plan_item: PlanItem | None = None


# Which change a field of the facts is; the days and hours are looked at by themselves.
TOLD_AS = {
    "title": What.TITLE,
    "organiser": What.ORGANISER,
    "kind": What.KIND,
    "ledger": What.LEDGER,
    "purpose": What.PURPOSE,
    "venue": What.PLACE,
    "contact": What.CONTACT,
    "roles": What.ROLES,
    "names_due_on": What.NAMES_DUE,
    "has_sign_out": What.SIGN_OUT,
}


@transaction.atomic
def call_class(*, facts: CallingFacts, by: Cadre, at: datetime, key: str | None = None) -> TrainingClass:
    """Begin a class; the same key twice is one.

    Raises NotInReach, RotationByTownship, NotOfPlan, TooManyHours, NoRule.
    """
    if before := _begun(key, by):
        return before
    held = TrainingClass(by=by, recorded_at=at, key=key, days=Decimal(0), hours=Decimal(0))
    rule = _judge(facts, by)
    _check_item(facts, by)
    _write_facts(held, facts)
    _reckon(held, rule)
    held, is_new = insert_once(held, lambda: _begun(key, by))
    if is_new:
        audit("class.begin", by=by, at=at, unit=held.unit, training_class=held.pk)
    return held


def _begun(key: str | None, by: Cadre) -> TrainingClass | None:
    return TrainingClass.objects.filter(key=key, by=by).first() if key else None


def _judge(facts: CallingFacts, by: Cadre) -> HoursRule:
    if not covers(by, facts.unit, *MANAGERS):
        raise NotInReach
    if facts.kind == ClassKind.ROTATION and not covers(by, facts.unit, *RULERS):
        raise RotationByTownship
    return rule_for(facts.unit, facts.ends_on)


def _check_item(facts: CallingFacts, by: Cadre) -> None:
    """A class comes out of an item that stands in a plan one reads, of its own place or one around or in it.

    The plan is locked, so that the item is not taken out of it meanwhile; a class is never locked after it.
    """
    if facts.plan_item is None:
        return
    plans = Plan.objects.open_to(by).select_for_update(of=("self",)).select_related("unit")
    plan = plans.filter(pk=facts.plan_item.plan_id).first()
    item = PlanItem.objects.standing().filter(plan=plan, pk=facts.plan_item.pk).first() if plan else None
    if plan is None or item is None or not item.is_class:
        raise NotOfPlan
    if not plan.unit.contains(facts.unit.code) and not facts.unit.contains(plan.unit.code):
        raise NotOfPlan


def _write_facts(held: TrainingClass, facts: CallingFacts) -> None:
    for field in fields(CallingFacts):
        if field.name not in ("hours", "roles"):
            setattr(held, field.name, getattr(facts, field.name))
    held.roles = list(facts.roles)
    held.has_own_hours = facts.hours is not None
    if facts.hours is not None:
        held.hours = facts.hours


def _reckon(held: TrainingClass, rule: HoursRule) -> None:
    """The days that the half-days make, and the hours unless the organiser said them; raises TooManyHours."""
    half_days = half_days_of(held) if held.pk else []
    held.days, hours = worth_of_timetable(half_days, rule)
    if not held.has_own_hours:
        held.hours = hours
    span = (held.ends_on - held.starts_on).days + 1
    # Evenings may fill many hours and count as no day; before there is a timetable the dates must do.
    if held.hours > LONGEST_DAY * (held.days if held.days > 0 else span):
        raise TooManyHours


def follow_timetable(held: TrainingClass) -> Iterator[tuple[What, str, str]]:
    """Bring days and hours of a locked class to its half-days; gives what changed by that."""
    before = _worth(held)
    _reckon(held, rule_for(held.unit, held.ends_on))
    held.save(update_fields=["days", "hours"])
    yield What.HOURS, before, _worth(held)


def _worth(held: TrainingClass) -> str:
    return f"{Decimal(held.days):.1f} / {Decimal(held.hours):.2f}"


@transaction.atomic
def edit_class(
    *, training_class: TrainingClass, facts: CallingFacts, by: Cadre, at: datetime
) -> TrainingClass:
    """Change an open class, except for its unit and the item of a plan out of which it came.

    Raises also OutsideDates for a half-day left outside, and Granted where lines of the ledger, which stay as
    they were written, would then say another kind, ledger or year than the class.
    """
    held = lock_own(training_class, by)
    if facts.unit.pk != held.unit_id:
        raise NotInReach
    _refuse_other_lines(held, facts)
    rule = _judge(facts, by)
    for half_day in half_days_of(held):
        if not facts.starts_on <= half_day.on <= facts.ends_on:
            raise OutsideDates(half_day.on)
    before = _told(held)
    _write_facts(held, replace(facts, plan_item=held.plan_item))
    _reckon(held, rule)
    held.save()
    changes = [(what, before[what], new) for what, new in _told(held).items() if before[what] != new]
    note_changes(held, changes, by=by, at=at)
    if changes:
        audit(
            "class.edit",
            by=by,
            at=at,
            unit=held.unit,
            training_class=held.pk,
            changes={what: [old, new] for what, old, new in changes},
        )
    return held


def _refuse_other_lines(held: TrainingClass, facts: CallingFacts) -> None:
    """A class that was closed once and reopened keeps what its lines were entered as."""
    said = (facts.kind, facts.ledger, facts.ends_on.year)
    has_changed = said != (held.kind, held.ledger, held.ends_on.year)
    if has_changed and HoursEntry.objects.filter(source=held.source).exists():
        raise Granted


def _told(held: TrainingClass) -> dict[What, str]:
    told = {what: str(getattr(held, name) or "") for name, what in TOLD_AS.items()}
    told[What.ROLES] = ", ".join(held.roles)
    told[What.DATES] = f"{held.starts_on} – {held.ends_on}"
    told[What.HOURS] = _worth(held)
    return told


@transaction.atomic
def set_quotas(*, training_class: TrainingClass, places: Mapping[Unit, int], by: Cadre, at: datetime) -> None:
    """Give units their places; none takes the quota away. Raises QuotaTaken, NotInReach."""
    held = lock_own(training_class, by)
    if any(not held.unit.contains(unit.code) or not 0 <= n <= MOST_PLACES for unit, n in places.items()):
        raise NotInReach
    changes = []
    for unit, number in sorted(places.items(), key=lambda item: item[0].code):
        before = held.quotas.filter(unit=unit).values_list("places", flat=True).first() or 0
        taken = held.places.counting().filter(quota_unit=unit).count()
        if number < taken:
            raise QuotaTaken(unit, taken)
        if number != before:
            changes.append((What.PLACES, f"{unit.name} {before}", f"{unit.name} {number}"))
            _set_quota(held, unit, number)
    note_changes(held, changes, by=by, at=at)
    if changes:
        told = {unit.code: number for unit, number in places.items()}
        audit("class.places", by=by, at=at, unit=held.unit, training_class=held.pk, places=told)


def _set_quota(held: TrainingClass, unit: Unit, number: int) -> None:
    if number:
        Quota.objects.update_or_create(training_class=held, unit=unit, defaults={"places": number})
    else:
        held.quotas.filter(unit=unit).delete()


@transaction.atomic
def announce(*, training_class: TrainingClass, by: Cadre, at: datetime) -> TrainingClass:
    """Let units propose names and people be called; raises NoTimetable, OverAlready. Twice is once."""
    held = lock_own(training_class, by)
    if held.state == ClassState.CALLING:
        return held
    if not held.half_days.exists():
        raise NoTimetable
    if held.ends_on < timezone.localdate(at):
        raise OverAlready
    _move(held, ClassState.CALLING, by=by, at=at)
    return held


@transaction.atomic
def cancel_class(*, training_class: TrainingClass, reason: str, by: Cadre, at: datetime) -> TrainingClass:
    """End a class that gave nobody anything; whoever had a place is told. Raises NoReason, Granted."""
    held = lock_own(training_class, by)
    reason = reason.strip()[:300]
    if not reason:
        raise NoReason
    if HoursEntry.objects.filter(source=held.source).exists():
        raise Granted
    called = list(held.places.accepted().values_list("person", flat=True))
    held.cancelled_why = reason
    _move(held, ClassState.CANCELLED, by=by, at=at)
    tell(called, training_class=held, what=NoticeKind.CANCELLED, at=at, note=reason)
    return held


def _move(held: TrainingClass, state: ClassState, *, by: Cadre, at: datetime) -> None:
    before, held.state = held.state, state
    held.save(update_fields=["state", "cancelled_why"])
    note_changes(held, [(What.STATE, before, state)], by=by, at=at)
    audit(f"class.{state.lower()}", by=by, at=at, unit=held.unit, training_class=held.pk)


def check_calling(held: TrainingClass) -> None:
    """Names are taken by an announced class only; raises NotCalling."""
    if held.state != ClassState.CALLING:
        raise NotCalling
