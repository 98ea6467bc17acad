"""Keeping obligations true to posts, requirements and the ledger; exemptions; new requirements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions import lock, mark_changed
from accounts.audit import audit
from accounts.codes import ancestors
from accounts.models import Cadre, CadreChange, Unit
from lms.jobs.actions import enqueue
from lms.obligations import store
from lms.obligations.defaults import DEFAULT_REQUIREMENTS, RequirementFields
from lms.obligations.facts import batch_facts
from lms.obligations.helping import may_help
from lms.obligations.models import Exemption, Period, Requirement
from lms.obligations.rows import Row, rows_of
from lms.obligations.slugs import own_slug

BATCH = 1_000
MARKS_AT_ONCE = 2_000
REFRESH_UNIT = "obligations.refresh_unit"


class ExemptionOverlaps(ValueError):
    """The person is exempt on some of these days already."""


class ExemptionEnded(ValueError):
    """The exemption ended before, or would end before it began."""


class CannotHelp(ValueError):
    """A helper is somebody else of the same township whose account is open."""


class LowerThanAbove(ValueError):
    """A region may add to what is set above it, never ask less."""

    def __init__(self, higher: Requirement, field: str) -> None:
        """Keep the binding requirement, and the field in which less would be asked, for the words."""
        super().__init__(f"{higher.pk} {field}")
        self.higher = higher
        self.field = field


class NotComparable(ValueError):
    """A raise counts the same things in the same time as the requirement that it raises."""


class NameTaken(ValueError):
    """The region asks something of this name already: that is changed by a new version of it."""


class VersionNotLater(ValueError):
    """A new version starts after the version that it follows, and not before the present year."""


class EndsTooEarly(ValueError):
    """A requirement ends today or later, and not before it began."""


class EndsTooLate(ValueError):
    """A requirement with an end may end earlier, never later: another version may follow it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that does not say what the facts say; `shown` is None for a row that is missing."""

    person_id: int
    shown: Row | None
    right: Row


def refresh(
    person_ids: Iterable[int], *, at: datetime, on: date | None = None, since: int | None = None
) -> int:
    """Bring the obligations of these people up to date on a day, that of `at` unless another is named.

    Gives how many rows changed. A constant number of queries for each batch; the people's rows are locked
    in the order of their keys, so that grants and other refreshes of the same people wait. `since` is the
    first of the closed years whose missing rows are made anew, by the facts of each year's last day.
    """
    written = 0
    for batch in _batches(person_ids):
        with transaction.atomic():
            found = _differences(batch, on or timezone.localdate(at), since)
            store.write([difference.right for difference in found], at=at)
            written += len(found)
    return written


def differences(person_ids: Iterable[int], *, at: datetime, since: int | None = None) -> Iterator[Difference]:
    """What a refresh would change, changing nothing; people with a change still to be read are left out."""
    for batch in _batches(person_ids):
        with transaction.atomic():
            found = _differences(batch, timezone.localdate(at), since)
            waiting = set(CadreChange.objects.filter(person__in=batch).values_list("person_id", flat=True))
        yield from (difference for difference in found if difference.person_id not in waiting)


def _batches(person_ids: Iterable[int]) -> Iterator[Sequence[int]]:
    # Locks taken in one order never wait for each other in a circle.
    ids = iter(sorted(set(person_ids)))
    while batch := list(islice(ids, BATCH)):
        yield batch


def _differences(person_ids: Sequence[int], today: date, since: int | None) -> list[Difference]:
    book, people = batch_facts(person_ids)
    closed_days = [date(year, 12, 31) for year in range(since or today.year, today.year)]
    found = []
    for facts in people:
        shown = {row.key: row for row in facts.rows}
        for row in rows_of(facts, book, today, closed_days):
            if shown.get(row.key) != row:
                found.append(Difference(facts.holder.pk, shown.get(row.key), row))
    return found


def refresh_changed(*, at: datetime, limit: int = MARKS_AT_ONCE) -> int:
    """Refresh the people whose marks were waiting, oldest first, and take exactly those marks away.

    A mark written meanwhile keeps its own line. A change made before midnight and read after it is
    applied to the day on which it was made, so that it still reaches a year that has closed since.
    """
    marks = list(CadreChange.objects.order_by("pk").values_list("pk", "person_id", "at")[:limit])
    today = timezone.localdate(at)
    earlier: dict[date, set[int]] = {}
    for _pk, person_id, made_at in marks:
        day = timezone.localdate(made_at)
        if day < today:
            earlier.setdefault(day, set()).add(person_id)
    for day in sorted(earlier):
        refresh(earlier[day], at=at, on=day)
    refresh((person_id for _pk, person_id, _at in marks), at=at)
    CadreChange.objects.filter(pk__in=[pk for pk, *_rest in marks]).delete()
    return len(marks)


@transaction.atomic
def exempt(
    *,
    person: Cadre,
    reason: str,
    from_on: date,
    to_on: date | None,
    by: Cadre,
    at: datetime,
    helper: Cadre | None = None,
) -> Exemption:
    """Write down that study is not a hard requirement for a person; the same again is the same one.

    Raises ExemptionOverlaps when other days of another exemption are touched, or CannotHelp.
    """
    kept = lock(person.pk)
    touching = [item for item in kept.exemptions.all() if item.overlaps(from_on, to_on)]
    for same in touching:
        if (same.reason, same.from_on, same.to_on, same.helper) == (reason, from_on, to_on, helper):
            return same
    if touching:
        raise ExemptionOverlaps
    _check_helper(kept, helper)
    exemption = Exemption.objects.create(
        person=kept, reason=reason, from_on=from_on, to_on=to_on, helper=helper, by=by, recorded_at=at
    )
    audit("obligations.exempt", by=by, at=at, person=kept, exemption=exemption.pk, reason=reason)
    mark_changed([kept.pk], at=at)
    return exemption


def _check_helper(person: Cadre, helper: Cadre | None) -> None:
    if helper is not None and not may_help(person).filter(pk=helper.pk).exists():
        raise CannotHelp


@transaction.atomic
def set_helper(*, exemption: Exemption, helper: Cadre | None, by: Cadre, at: datetime) -> Exemption:
    """Name who teaches an exempt person at home, or nobody; the same again changes nothing.

    Who it was before stays in the audit line. Raises CannotHelp.
    """
    person = lock(exemption.person_id)
    exemption.refresh_from_db()
    if exemption.helper == helper:
        return exemption
    _check_helper(person, helper)
    before, exemption.helper = exemption.helper_id, helper
    exemption.save(update_fields=["helper"])
    after = helper.pk if helper else None
    audit(
        "obligations.helper", by=by, at=at, person=person, exemption=exemption.pk, before=before, after=after
    )
    return exemption


@transaction.atomic
def end_exemption(*, exemption: Exemption, to_on: date, by: Cadre, at: datetime) -> Exemption:
    """Let an exemption end with a day; ending it again with the same day changes nothing.

    Raises ExemptionEnded when it ended earlier or had not begun.
    """
    lock(exemption.person_id)
    exemption.refresh_from_db()
    if exemption.to_on == to_on:
        return exemption
    if to_on < exemption.from_on or (exemption.to_on is not None and exemption.to_on < to_on):
        raise ExemptionEnded
    exemption.to_on = to_on
    exemption.save(update_fields=["to_on"])
    audit("obligations.end_exemption", by=by, at=at, person=exemption.person, exemption=exemption.pk)
    mark_changed([exemption.person_id], at=at)
    return exemption


def install_default_requirements(unit: Unit, valid_from: date) -> list[Requirement]:
    """The shipped requirements (domain §2) for a region, each unless it is there already."""
    installed = []
    for position, default in enumerate(DEFAULT_REQUIREMENTS):
        requirement, _is_new = Requirement.objects.get_or_create(
            slug=default.slug,
            unit=unit,
            valid_from=valid_from,
            defaults={**default.fields(), "position": position},
        )
        installed.append(requirement)
    return installed


def judge_requirement(
    *, slug: str, unit: Unit, valid_from: date, at: datetime, **fields: Unpack[RequirementFields]
) -> Requirement | None:
    """The version that says the same already, if one does, or the error with which it would be refused."""
    own = _newest_own(slug or own_slug(unit, fields["name"]), unit)
    if own is not None and own.valid_from == valid_from and own.says(fields):
        return own
    if not slug and own is not None and (own.valid_to is None or own.valid_to >= valid_from):
        raise NameTaken
    if valid_from < timezone.localdate(at).replace(month=1, day=1):
        raise VersionNotLater
    if own is not None and valid_from <= own.valid_from:
        raise VersionNotLater
    _compare_with_above(slug, unit, valid_from, fields)
    return None


def _newest_own(slug: str, unit: Unit) -> Requirement | None:
    return Requirement.objects.filter(slug=slug, unit=unit).order_by("valid_from").last()


@transaction.atomic
def set_requirement(
    *,
    slug: str,
    unit: Unit,
    valid_from: date,
    by: Cadre,
    at: datetime,
    **fields: Unpack[RequirementFields],
) -> Requirement:
    """A region's new requirement, raise, or new version from a day on; the same again changes nothing.

    Without a short name it is one of the region's own, and gets its short name from its name. Periods that
    are open follow, closed ones never do. Raises LowerThanAbove, NotComparable, NameTaken or VersionNotLater.
    """
    # The region's row serialises its definitions: two versions never follow the same one.
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if same := judge_requirement(slug=slug, unit=unit, valid_from=valid_from, at=at, **fields):
        return same
    slug = slug or own_slug(unit, fields["name"])
    own = _newest_own(slug, unit)
    requirement = Requirement.objects.create(
        slug=slug, unit=unit, valid_from=valid_from, position=_position(slug), **fields
    )
    if own is not None and (own.valid_to is None or own.valid_to >= valid_from):
        own.valid_to = valid_from - timedelta(days=1)
        own.save(update_fields=["valid_to"])
    audit("obligations.requirement", by=by, at=at, unit=unit, requirement=requirement.pk, slug=slug)
    enqueue(REFRESH_UNIT, {"unit": unit.code}, at=at, key=f"{REFRESH_UNIT}:requirement-{requirement.pk}")
    return requirement


def _position(slug: str) -> int:
    """Where the requirement stands in lists: beside its other versions, else after all others."""
    same = Requirement.objects.filter(slug=slug).values_list("position", flat=True).first()
    if same is not None:
        return same
    last = Requirement.objects.order_by("position").values_list("position", flat=True).last()
    return 0 if last is None else last + 1


def _compare_with_above(slug: str, unit: Unit, valid_from: date, fields: RequirementFields) -> None:
    above = Requirement.objects.filter(slug=slug, unit__code__in=ancestors(unit.code)[:-1])
    for higher in above.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from)).select_related("unit"):
        if not higher.counts_like(fields):
            raise NotComparable
        if lowered := _lowered(fields, higher):
            raise LowerThanAbove(higher, lowered)


def _lowered(fields: RequirementFields, higher: Requirement) -> str:
    """The first field in which the values ask less of somebody than the higher version; empty where none.

    Fewer posts lower nothing, because the higher version still binds the others. More posts do where a
    term is asked for: it begins with the first of them, and what was learned in that one would count.
    """
    others = not fields["roles"] or set(fields["roles"]) - set(higher.roles)
    less = {
        "amount": fields["amount"] < higher.amount,
        "min_classes": fields["min_classes"] < higher.min_classes,
        "months": higher.months is not None and (fields["months"] or 0) > higher.months,
        "is_pro_rata": fields["is_pro_rata"] and not higher.is_pro_rata,
        "lead_days": fields["lead_days"] > higher.lead_days,
        "roles": higher.period == Period.TERM and higher.roles and others,
    }
    return next((name for name, is_less in less.items() if is_less), "")


@transaction.atomic
def end_requirement(*, requirement: Requirement, to_on: date, by: Cadre, at: datetime) -> Requirement:
    """Let a region's own requirement or raise end with a day; what is set above it holds on.

    Raises EndsTooEarly or EndsTooLate.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=requirement.unit_id)
    requirement.refresh_from_db()
    if requirement.valid_to == to_on:
        return requirement
    if to_on < timezone.localdate(at) or to_on < requirement.valid_from:
        raise EndsTooEarly
    if requirement.valid_to is not None and to_on > requirement.valid_to:
        raise EndsTooLate
    requirement.valid_to = to_on
    requirement.save(update_fields=["valid_to"])
    audit("obligations.end_requirement", by=by, at=at, unit=requirement.unit, requirement=requirement.pk)
    return requirement
