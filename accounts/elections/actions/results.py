"""Results: judged, then written whole or not at all; lists are kept sealed until their yes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import lock_all, mark_changed
from accounts.actions.people import BATCH
from accounts.actions.roster import write_people
from accounts.audit import audit
from accounts.elections.judging import Ask, judge
from accounts.elections.kept import pack, unpack
from accounts.elections.models import Election, ResultSheet, VillageResult
from accounts.elections.plans import Fate, ResultPlan, Seat, VillagePlan
from accounts.models import AuditLine, Cadre, ImportStatus, Post, Unit
from accounts.roster.sheets import Sheet

from .terms import ElectionClosed, lock_election

DAY = timedelta(days=1)


class ResultHasErrors(Exception):
    """Some townships wait for a correction; write the others on purpose, or correct first."""


class StaleResult(Exception):
    """Something changed since somebody looked: look again. Nothing was written; `plan` is how it stands."""

    def __init__(self, plan: ResultPlan | None = None) -> None:
        super().__init__()
        self.plan = plan


class SheetFinished(Exception):
    """The list was written or dropped before."""


def write_result(
    *,
    election: Election,
    ask: Ask,
    scope: Sequence[Unit],
    seen: str,
    leaves_out: bool = False,
    by: Cadre,
    at: datetime,
) -> ResultPlan:
    """Write a result whole or not at all, as long as it is still what was `seen`.

    Townships with something to correct stop it, unless they are left out on purpose. Villages whose result is
    in are passed by, so the same again writes nothing. Raises ElectionClosed, StaleResult, ResultHasErrors.
    """
    on = timezone.localdate(at)
    try:
        with transaction.atomic():
            return _write(election, ask, scope, seen, on, leaves_out=leaves_out, by=by, at=at)
    except IntegrityError as error:  # somebody else's row took the phone or the ID number meanwhile
        raise StaleResult from error


def _write(
    election: Election,
    ask: Ask,
    scope: Sequence[Unit],
    seen: str,
    on: date,
    *,
    leaves_out: bool,
    by: Cadre,
    at: datetime,
) -> ResultPlan:
    kept = lock_election(election)
    if not kept.is_open:
        raise ElectionClosed
    _hold(judge(election=kept, ask=ask, scope=scope, on=on))
    plan = judge(election=kept, ask=ask, scope=scope, on=on)
    if plan.done and not plan.to_write and not plan.held_up:
        return plan
    if plan.seen != seen:
        raise StaleResult(plan)
    if plan.held_up and not leaves_out:
        raise ResultHasErrors
    seats = [(village, seat) for village in plan.to_write for seat in village.seats]
    people = _write_people([seat for _village, seat in seats], by=by, at=at)
    touched = _write_posts(seats, people, kept, by=by, at=at)
    _write_villages(plan.to_write, kept, by=by, at=at)
    mark_changed({*touched, *(person.pk for person in people.values())}, at=at)
    return plan


def _hold(plan: ResultPlan) -> None:
    """Lock the people and then the villages of a result: none is merged away while posts begin there."""
    lock_all(plan.person_ids)
    villages = Unit.objects.filter(pk__in=[village.unit_id for village in plan.to_write])
    list(villages.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _write_people(seats: Iterable[Seat], *, by: Cadre, at: datetime) -> dict[int, Cadre]:
    """Make whoever is new and correct the files that the result corrects; by the seat that asked for it."""
    asking: dict[int, Seat] = {}
    for seat in seats:
        if seat.target is not None:
            # Somebody known with a row in two villages has one file: the first row corrects it.
            asking.setdefault(seat.person_id or -id(seat), seat)
    people = write_people([seat.target for seat in asking.values() if seat.target])
    pairs = list(zip(asking.values(), people, strict=True))
    new = [person.pk for seat, person in pairs if seat.is_new]
    if new:
        audit("people.imported", by=by, at=at, new=new, changed=len(pairs) - len(new))
    _audit(
        (
            (
                "person.edited",
                person.pk,
                person.unit_id,
                {"fields": [each.column.value for each in seat.changes]},
            )
            for seat, person in pairs
            if not seat.is_new
        ),
        by=by,
        at=at,
    )
    return {id(seat): person for seat, person in pairs}


def _write_posts(
    seats: Sequence[tuple[VillagePlan, Seat]],
    people: dict[int, Cadre],
    election: Election,
    *,
    by: Cadre,
    at: datetime,
) -> set[int]:
    """Begin, end and free posts; the people whose posts are not what they were."""
    begun, changed, lines = [], [], []
    for village, seat in seats:
        person_id = seat.person_id or (people[id(seat)].pk if id(seat) in people else 0)
        for post in _begun(village, seat, person_id):
            begun.append(post)
            lines.append(("post.began", post, post.from_on))
        for post in seat.moves.ended:
            if post.to_on is None or post.to_on >= village.begins_on:
                post.to_on = village.begins_on - DAY
                changed.append(post)
                lines.append(("post.ended", post, post.to_on))
        for post in seat.moves.freed:
            post.to_on = None
            changed.append(post)
            lines.append(("post.runs_on", post, village.begins_on))
    Post.objects.bulk_create(begun, batch_size=BATCH)
    Post.objects.bulk_update(changed, ["to_on"], batch_size=200)
    details = (
        (
            action,
            post.person_id,
            post.unit_id,
            {"role": post.role, "on": day.isoformat(), "election": election.pk},
        )
        for action, post, day in lines
    )
    _audit(details, by=by, at=at)
    return {post.person_id for post in (*begun, *changed)}


def _begun(village: VillagePlan, seat: Seat, person_id: int) -> Iterator[Post]:
    for role in seat.moves.begun:
        yield Post(
            person_id=person_id,
            unit_id=village.unit_id,
            role=role,
            from_on=village.begins_on,
            is_newly_elected=seat.moves.is_newly_elected,
        )


def _write_villages(villages: Sequence[VillagePlan], election: Election, *, by: Cadre, at: datetime) -> None:
    results = [
        VillageResult(
            election=election,
            unit_id=village.unit_id,
            begins_on=village.begins_on,
            carried=village.counts[Fate.CARRIES],
            changed=village.counts[Fate.CHANGES],
            begun=village.counts[Fate.BEGINS],
            ended=village.counts[Fate.ENDS],
            at=at,
            by=by,
        )
        for village in villages
    ]
    VillageResult.objects.bulk_create(results, batch_size=BATCH)
    detail: dict[str, object] = {"election": election.pk}
    _audit((("election.result", None, each.unit_id, detail) for each in villages), by=by, at=at)


Line = tuple[str, int | None, int, dict[str, object]]


def _audit(lines: Iterable[Line], *, by: Cadre, at: datetime) -> None:
    AuditLine.objects.bulk_create(
        [
            AuditLine(action=action, person_id=person_id, unit_id=unit_id, detail=detail, by=by, at=at)
            for action, person_id, unit_id, detail in lines
        ],
        batch_size=BATCH,
    )


# --- lists ------------------------------------------------------------------------------------------
@transaction.atomic
def bring_results(
    *,
    election: Election,
    sheet: Sheet,
    file_name: str,
    begins_on: date,
    scope: Sequence[Unit],
    by: Cadre,
    at: datetime,
) -> ResultSheet:
    """Judge a list and keep it, sealed, until its yes; writes nothing about people. Raises ElectionClosed."""
    if not election.is_open:
        raise ElectionClosed
    brought = ResultSheet(
        election=election, file_name=file_name[-200:], encoding=sheet.encoding, by=by, at=at
    )
    _keep(brought, Ask(sheet.rows, begins_on), sheet, scope, timezone.localdate(at))
    brought.save()
    audit("election.sheet_brought", by=by, at=at, sheet=brought.pk, rows=len(sheet.rows))
    return brought


@transaction.atomic
def judge_results_again(*, brought: ResultSheet, scope: Sequence[Unit], on: date) -> ResultSheet:
    """Judge a kept list anew, because something has changed since; raises SheetFinished."""
    locked = _locked(brought)
    kept = unpack(locked.sheet_cipher)
    sheet = Sheet(kept.ask.rows, kept.columns, locked.encoding, kept.has_merges)
    _keep(locked, kept.ask, sheet, scope, on)
    locked.save()
    return locked


@transaction.atomic
def write_results(
    *,
    brought: ResultSheet,
    scope: Sequence[Unit],
    seen: str,
    leaves_out: bool,
    by: Cadre,
    at: datetime,
) -> ResultSheet:
    """Write a kept list; raises SheetFinished and what `write_result` raises, and then nothing is written."""
    locked = _locked(brought)
    plan = write_result(
        election=locked.election,
        ask=unpack(locked.sheet_cipher).ask,
        scope=scope,
        seen=seen,
        leaves_out=leaves_out,
        by=by,
        at=at,
    )
    locked.villages = len(plan.to_write)
    locked.left_out = len(plan.held_up)
    return _finish(locked, ImportStatus.WRITTEN, at)


@transaction.atomic
def drop_results(*, brought: ResultSheet, at: datetime) -> ResultSheet:
    """Forget a kept list; raises SheetFinished."""
    return _finish(_locked(brought), ImportStatus.DROPPED, at)


def _locked(brought: ResultSheet) -> ResultSheet:
    kept = ResultSheet.objects.select_for_update(of=("self",)).select_related("election__term")
    locked = kept.get(pk=brought.pk)
    if locked.status != ImportStatus.JUDGED:
        raise SheetFinished
    return locked


def _keep(brought: ResultSheet, ask: Ask, sheet: Sheet, scope: Sequence[Unit], on: date) -> None:
    plan = judge(election=brought.election, ask=ask, scope=scope, on=on)
    brought.villages, brought.wrong = len(plan.to_write), len(plan.wrong)
    brought.sheet_cipher = pack(ask, sheet, plan.lines)


def _finish(locked: ResultSheet, status: ImportStatus, at: datetime) -> ResultSheet:
    locked.status, locked.finished_at, locked.sheet_cipher = status, at, None
    locked.save()
    return locked
