"""Mergers: prepared, changed, and written whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.actions import lock_all, mark_changed
from accounts.audit import audit
from accounts.codes import ancestors, depth_of, is_code, prefix_of
from accounts.mergers.lines import LEVELS, Line, Problem
from accounts.mergers.models import Merger, MergerStatus
from accounts.mergers.offices import Fate, day_before
from accounts.mergers.plan import Plan, lines_of, plan_of
from accounts.models import AuditLine, Cadre, Level, Post, StaffScope, Unit
from accounts.models.units import within_any
from accounts.transfers.models import OfferStatus, TransferOffer

BATCH = 200
ENDING = (Fate.GOES_ON, Fate.JOINS, Fate.ENDS)


class MergerFinished(Exception):
    """The merger was written or dropped before; nothing happens twice."""


class NotReady(Exception):
    """Something speaks against it, or a choice is missing; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(", ".join(each.code for each in problems))


class StaleMerger(Exception):
    """Something changed since it was looked at; nothing was written."""


@transaction.atomic
def prepare_merger(
    *, over: Unit, level: Level, lines: Sequence[Line], on: date, by: Cadre, at: datetime
) -> Merger:
    """Keep the table of a merger until its yes; the same table again is the same one."""
    table = [[line.old, line.new, line.name] for line in lines]
    waiting = Merger.objects.drafts().filter(over=over, level=level, on=on, by=by)
    for same in waiting:
        if same.lines == table:
            return same
    return Merger.objects.create(over=over, level=level, lines=table, on=on, by=by, at=at)


@transaction.atomic
def set_codes(*, merger: Merger, lines: Sequence[Line]) -> Merger:
    """Fill in the new codes and names of a merger's table; raises MergerFinished."""
    kept = _draft(merger)
    kept.lines = [[line.old, line.new, line.name] for line in lines]
    kept.save(update_fields=["lines"])
    return kept


@transaction.atomic
def drop_merger(*, merger: Merger) -> Merger:
    """Forget a merger that was prepared; raises MergerFinished."""
    kept = _draft(merger)
    kept.status = MergerStatus.DROPPED
    kept.save(update_fields=["status"])
    return kept


@transaction.atomic
def write_merger(
    *, merger: Merger, choices: Mapping[str, int], seen: str, scope: Sequence[Unit], by: Cadre, at: datetime
) -> Merger:
    """Retire the old units and let everybody go on in the new ones; judged again under the locks.

    `seen` is the digest of the plan that was looked at, before any choice. Records stay with the old units.
    Raises MergerFinished, NotReady, StaleMerger; then nothing is written.
    """
    kept = _draft(merger)
    today = timezone.localdate(at)
    # People before units, as everywhere; what came in between makes the second judgement differ.
    lock_all(plan_of(kept, scope=scope, today=today).person_ids)
    _lock_units(kept)
    if plan_of(kept, scope=scope, today=today, choices={}).digest != seen:
        raise StaleMerger
    plan = plan_of(kept, scope=scope, today=today, choices=choices)
    if not plan.is_ready:
        raise NotReady(plan.problems)
    units = _write_units(plan)
    begun = _write_posts(plan, units)
    _move_people(plan, units)
    _move_scopes(plan, units, by=by, at=at)
    _move_offers(plan, units, by=by, at=at)
    mark_changed(plan.person_ids, at=at)
    _audit(kept, plan, units, by=by, at=at)
    kept.choices = dict(choices)
    kept.people = sum(len(people) for people in plan.people.values())
    kept.status, kept.written_by, kept.written_at, kept.posts = MergerStatus.WRITTEN, by, at, begun
    kept.save()
    return kept


def _draft(merger: Merger) -> Merger:
    kept = Merger.objects.select_for_update().get(pk=merger.pk)
    if not kept.is_draft:
        raise MergerFinished
    return kept


def _lock_units(merger: Merger) -> None:
    """Hold the old units with all below them, those that go on, and those above."""
    lines = lines_of(merger)
    codes = {code for line in lines for code in (line.old, line.new) if is_code(code)}
    above = {ancestors(code)[-2] for code in codes if depth_of(code)}
    wide = [Unit(code=line.old) for line in lines if is_code(line.old) and len(prefix_of(line.old)) < 12]
    units = Unit.objects.filter(code__in=codes | above) | Unit.objects.filter(within_any(wide))
    list(units.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _write_units(plan: Plan) -> dict[str, Unit]:
    """Make the new units, the higher first, and retire the old; the new ones by code."""
    units = dict(plan.units.by_code)
    for target in sorted(plan.targets, key=lambda target: depth_of(target.code)):
        if target.unit is None:
            depth = depth_of(target.code)
            parent = units[ancestors(target.code)[-2]] if depth else None
            units[target.code] = Unit.objects.create(
                code=target.code, name=target.name, level=LEVELS[depth], parent=parent, valid_from=plan.on
            )
    retired = []
    for target in plan.targets:
        for old in target.olds:
            old.valid_to, old.successor = day_before(plan.on), units[target.code]
            retired.append(old)
    Unit.objects.bulk_update(retired, ["valid_to", "successor"], batch_size=BATCH)
    return units


def _write_posts(plan: Plan, units: Mapping[str, Unit]) -> int:
    """End, begin and move posts; how many begin."""
    offices = plan.offices
    ended = [held.post for held in offices.held if held.fate in ENDING]
    for post in ended:
        post.to_on = day_before(plan.on)
    moved = [held for held in offices.held if held.fate is Fate.MOVES]
    for held in moved:
        held.post.unit = units[held.new]
    for post, to_on in offices.longer:
        post.to_on = to_on
    for post, first in offices.rests:
        post.continues = first
    Post.objects.bulk_update(ended, ["to_on"], batch_size=BATCH)
    Post.objects.bulk_update([held.post for held in moved], ["unit"], batch_size=BATCH)
    Post.objects.bulk_update([post for post, _to_on in offices.longer], ["to_on"], batch_size=BATCH)
    Post.objects.bulk_update([post for post, _first in offices.rests], ["continues"], batch_size=BATCH)
    begun = [
        Post(
            person_id=begin.rest_of.person_id,
            unit=units[begin.new],
            role=begin.rest_of.role,
            from_on=plan.on,
            to_on=begin.to_on,
            continues=begin.rest_of,
        )
        for begin in offices.begins
    ]
    return len(Post.objects.bulk_create(begun, batch_size=BATCH))


def _move_people(plan: Plan, units: Mapping[str, Unit]) -> None:
    for target in plan.targets:
        for old in target.olds:
            Cadre.objects.filter(unit=old).update(unit=units[target.code])


def _move_scopes(plan: Plan, units: Mapping[str, Unit], *, by: Cadre, at: datetime) -> None:
    """Staff of a retired unit have their say in the one that took its place; who had it already, once."""
    new = {scope.pk: units[plan.new_code[scope.unit_id]] for scope in plan.scopes}
    there = StaffScope.objects.filter(unit__in=new.values()).values_list("person_id", "unit_id", "role")
    held = set(there)
    for scope in plan.scopes:
        before, unit = scope.unit, new[scope.pk]
        key = (scope.person_id, unit.pk, scope.role)
        if key in held:
            StaffScope.objects.filter(pk=scope.pk).delete()
        else:
            StaffScope.objects.filter(pk=scope.pk).update(unit=unit)
            held.add(key)
        audit(
            "scope.moved", by=by, at=at, person=scope.person, unit=unit, role=scope.role, before=before.code
        )


def _move_offers(plan: Plan, units: Mapping[str, Unit], *, by: Cadre, at: datetime) -> None:
    """Offered transfers follow both units; where these have become one, the offer is withdrawn."""
    codes = plan.new_code
    for offer in plan.offers:
        if offer.from_unit_id in codes:
            offer.from_unit = units[codes[offer.from_unit_id]]
        if offer.to_unit_id in codes:
            offer.to_unit = units[codes[offer.to_unit_id]]
    gone = [offer.pk for offer in plan.offers if offer.from_unit_id == offer.to_unit_id]
    rest = [offer for offer in plan.offers if offer.pk not in gone]
    TransferOffer.objects.bulk_update(rest, ["from_unit", "to_unit"], batch_size=BATCH)
    TransferOffer.objects.filter(pk__in=gone).update(
        status=OfferStatus.WITHDRAWN, decided_by=by, decided_at=at
    )


def _audit(merger: Merger, plan: Plan, units: Mapping[str, Unit], *, by: Cadre, at: datetime) -> None:
    """One line for the merger with its table, one for each retired unit, one for each person who moved."""
    audit("merger.written", by=by, at=at, unit=merger.over, merger=merger.pk, lines=merger.lines)
    lines = []
    for target in plan.targets:
        new = units[target.code]
        for old in target.olds:
            detail = {"merger": merger.pk, "before": old.code, "after": new.code}
            lines.append(AuditLine(at=at, by=by, action="unit.retired", unit=old, detail=detail))
            for person in plan.people.get(old.code, ()):
                lines.append(
                    AuditLine(at=at, by=by, action="person.moved", person=person, unit=new, detail=detail)
                )
    for held in plan.offices.held:
        if held.fate is not Fate.STAYS:
            detail = {"merger": merger.pk, "role": held.post.role, "fate": held.fate.value, "unit": held.new}
            post = held.post
            action = "post.moved" if held.fate is Fate.MOVES else "post.ended"
            lines.append(
                AuditLine(at=at, by=by, action=action, person=post.person, unit=post.unit, detail=detail)
            )
    AuditLine.objects.bulk_create(lines, batch_size=BATCH)
