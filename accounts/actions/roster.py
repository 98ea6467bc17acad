"""People out of a spreadsheet: brought and judged, then written whole or not at all."""

import secrets
from datetime import date, datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction

from accounts import identity
from accounts.audit import audit
from accounts.models import AuditLine, Cadre, ImportStatus, PeopleImport, Post, Unit
from accounts.numbers import new_numbers
from accounts.roster.facts import Facts
from accounts.roster.imports import ImportPlan, plan_import
from accounts.roster.kept import pack, unpack
from accounts.roster.sheets import Row, Sheet
from accounts.roster.verdicts import Judged, Target, Verdict

from .people import BATCH, UnitNotInForce, lock_all, lock_units, mark_changed

IMPORTED = (
    "name",
    "phone",
    "is_phone_verified",
    "unit",
    "birth_year",
    "is_party_member",
    "identity_cipher",
    "identity_hash",
    "identity_last4",
)


class PlanHasErrors(Exception):
    """A plan with wrong rows is not written; leave them out on purpose, or correct them."""


class StalePlan(Exception):
    """Something changed since the plan was judged: judge it again. Nothing was written."""


class ImportFinished(Exception):
    """The import was written or dropped before."""


class NotNew(Exception):
    """A row that should bring one new person is wrong, or means somebody known; `judged` says which."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        super().__init__(judged.verdict.value)


@transaction.atomic
def bring_sheet(
    *, sheet: Sheet, file_name: str, scope: list[Unit], on: date, by: Cadre, at: datetime
) -> PeopleImport:
    """Judge a sheet and keep it, sealed, until its yes; writes nothing about people."""
    plan = plan_import(sheet.rows, scope=scope, on=on)
    brought = PeopleImport(file_name=file_name[-200:], encoding=sheet.encoding, by=by, at=at)
    _keep(brought, plan, sheet)
    brought.save()
    audit("people.sheet_brought", by=by, at=at, sheet=brought.pk, rows=brought.total)
    return brought


@transaction.atomic
def judge_again(*, brought: PeopleImport, scope: list[Unit], on: date) -> PeopleImport:
    """Judge a kept sheet anew, because the system has changed since; raises ImportFinished."""
    kept = _locked(brought)
    plan, sheet = unpack(kept.sheet_cipher, kept.encoding)
    _keep(kept, plan_import([row.row for row in plan.judged], scope=scope, on=on), sheet)
    kept.save()
    return kept


@transaction.atomic
def write_import(
    *, brought: PeopleImport, scope: list[Unit], leaves_out: bool, by: Cadre, at: datetime
) -> PeopleImport:
    """Write a kept sheet; wrong rows stop it unless they are left out on purpose.

    Raises PlanHasErrors, StalePlan (also when `scope` is no longer the one that was judged), ImportFinished;
    then nothing is written.
    """
    kept = _locked(brought)
    plan, _sheet = unpack(kept.sheet_cipher, kept.encoding)
    if set(plan.scope) != set(scope):
        raise StalePlan
    if leaves_out:
        kept.left_out = plan.counts[Verdict.ERROR]
        plan = plan.without_errors()
    _count(kept, import_people(plan=plan, by=by, at=at))
    return _finish(kept, ImportStatus.WRITTEN, at)


@transaction.atomic
def drop_import(*, brought: PeopleImport, at: datetime) -> PeopleImport:
    """Forget a kept sheet; raises ImportFinished."""
    return _finish(_locked(brought), ImportStatus.DROPPED, at)


def _locked(brought: PeopleImport) -> PeopleImport:
    kept = PeopleImport.objects.select_for_update().get(pk=brought.pk)
    if kept.status != ImportStatus.JUDGED:
        raise ImportFinished
    return kept


def _keep(brought: PeopleImport, plan: ImportPlan, sheet: Sheet) -> None:
    _count(brought, plan)
    brought.wrong = plan.counts[Verdict.ERROR]
    brought.sheet_cipher = pack(plan, sheet)


def _count(brought: PeopleImport, plan: ImportPlan) -> None:
    counts = plan.counts
    brought.new, brought.changed, brought.same = (
        counts[verdict] for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.SAME)
    )


def _finish(kept: PeopleImport, status: ImportStatus, at: datetime) -> PeopleImport:
    kept.status, kept.finished_at, kept.sheet_cipher = status, at, None
    kept.save()
    return kept


@transaction.atomic
def add_person(*, row: Row, scope: list[Unit], on: date, by: Cadre, at: datetime) -> Cadre:
    """Bring in one new person, judged as a row of a roster; raises NotNew, StalePlan."""
    plan = plan_import([row], scope=scope, on=on)
    if plan.judged[0].verdict is not Verdict.NEW:
        raise NotNew(plan.judged[0])
    import_people(plan=plan, by=by, at=at)
    # Judged once more, the row means the person that it has become.
    written = plan_import([row], scope=scope, on=on).judged[0]
    person: Cadre = Cadre.objects.get(pk=written.person_id)
    return person


def import_people(*, plan: ImportPlan, by: Cadre | None, at: datetime) -> ImportPlan:
    """Write a plan whole or not at all; raises PlanHasErrors, StalePlan.

    The rows are judged again under the locks, and what is written is that second judgement; a plan written
    twice finds everything the same. Nobody gets a password: the phone opens the door.
    """
    if plan.has_errors:
        raise PlanHasErrors
    try:
        with transaction.atomic():
            return _write_plan(plan, by=by, at=at)
    except IntegrityError as error:  # somebody else's row took the phone or the ID number meanwhile
        raise StalePlan from error


def _write_plan(plan: ImportPlan, *, by: Cadre | None, at: datetime) -> ImportPlan:
    lock_all(row.person_id for row in plan.judged if row.person_id)
    fresh = plan_import([row.row for row in plan.judged], scope=plan.scope, on=plan.on)
    if fresh.judged != plan.judged and not _is_written(fresh):
        raise StalePlan
    rows = [row for row in fresh.judged if row.verdict is not Verdict.SAME]
    try:
        lock_units((row.target.facts.unit_id for row in rows if row.target), on=plan.on)
    except UnitNotInForce as error:
        raise StalePlan from error
    people = write_people([row.target for row in rows if row.target])
    _write_posts([row.target for row in rows if row.target], people)
    mark_changed([person.pk for person in people], at=at)
    _audit_rows(rows, people, by=by, at=at)
    return fresh


def _is_written(fresh: ImportPlan) -> bool:
    """Whether the plan was written before: then everything is the same and nothing is left to do."""
    return all(row.verdict is Verdict.SAME for row in fresh.judged)


def write_people(targets: list[Target]) -> list[Cadre]:
    """Make the new people and correct the known ones; the people of the targets, in their order."""
    numbers = iter(new_numbers(sum(target.person is None for target in targets)))
    people = []
    for target in targets:
        person = target.person or Cadre(number=next(numbers), password=_no_password())
        _take_facts(person, target)
        people.append(person)
    Cadre.objects.bulk_create([person for person in people if not person.pk], batch_size=BATCH)
    known = [target.person for target in targets if target.person]
    Cadre.objects.bulk_create(
        known, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=IMPORTED
    )
    return people


def _no_password() -> str:
    """What make_password(None) gives, without its 40 draws a person."""
    return f"{UNUSABLE_PASSWORD_PREFIX}{secrets.token_hex(20)}"


def _take_facts(person: Cadre, target: Target) -> None:
    """Put on a person what the row says; an empty cell says nothing."""
    facts = target.facts
    person.name, person.unit_id = facts.name, facts.unit_id
    if facts.phone and facts.phone != person.phone:
        person.phone, person.is_phone_verified = facts.phone, False
    if facts.identity and not person.identity_hash:
        person.identity_cipher = identity.encrypt(facts.identity)
        person.identity_hash = facts.identity_hash
        person.identity_last4 = identity.last_four(facts.identity)
    if facts.birth_year:
        person.birth_year = facts.birth_year
    if facts.is_party_member is not None:
        person.is_party_member = facts.is_party_member


def _write_posts(targets: list[Target], people: list[Cadre]) -> None:
    """Begin the posts that are new, correct the running ones."""
    begun: list[Post] = []
    corrected: list[Post] = []
    for target, person in zip(targets, people, strict=True):
        facts = target.facts
        for role, running in target.running:
            if running is None and facts.from_on is not None:  # judging lets none through without its day
                begun.append(
                    Post(
                        person=person,
                        unit_id=facts.unit_id,
                        role=role,
                        from_on=facts.from_on,
                        is_newly_elected=bool(facts.is_newly_elected),
                    )
                )
            elif running is not None and _correct(running, facts):
                corrected.append(running)
    Post.objects.bulk_create(begun, batch_size=BATCH)
    Post.objects.bulk_update(corrected, ["from_on", "is_newly_elected"], batch_size=200)
    _end_posts(targets)


def _end_posts(targets: list[Target]) -> None:
    """End what people who move held in the unit that they leave."""
    ended: list[Post] = []
    for post, day in (pair for target in targets for pair in target.ending):
        post.to_on = day
        ended.append(post)
    Post.objects.bulk_update(ended, ["to_on"], batch_size=200)


def _correct(post: Post, facts: Facts) -> bool:
    """Put on a running post what the row says of it; whether anything is different."""
    before = post.from_on, post.is_newly_elected
    post.from_on = facts.from_on or post.from_on
    if facts.is_newly_elected is not None:
        post.is_newly_elected = facts.is_newly_elected
    return before != (post.from_on, post.is_newly_elected)


def _audit_rows(rows: list[Judged], people: list[Cadre], *, by: Cadre | None, at: datetime) -> None:
    """One line for the import with everybody who is new, and one for each person who was known.

    They name the columns that changed, not their values.
    """
    pairs = list(zip(rows, people, strict=True))
    new = [person.pk for row, person in pairs if row.verdict is Verdict.NEW]
    if pairs:
        audit("people.imported", by=by, at=at, new=new, changed=len(pairs) - len(new))
    AuditLine.objects.bulk_create(
        [
            AuditLine(
                at=at,
                by=by,
                action="person.imported",
                person=person,
                unit_id=person.unit_id,
                detail={"columns": sorted({change.column.value for change in row.changes})},
            )
            for row, person in pairs
            if row.verdict is Verdict.CHANGED
        ],
        batch_size=BATCH,
    )
