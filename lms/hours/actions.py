"""Writing the ledger: granting once, correcting by a second line, and new versions of rules."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import lock, mark_changed
from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.hours.defaults import DEFAULT_RULE, RuleFields
from lms.hours.models import (
    FREEZING,
    STUDY_KINDS,
    EntryKind,
    HoursEntry,
    HoursRule,
    Ledger,
    Totals,
    Withheld,
    YearFreeze,
)
from lms.hours.rules import most_hours, place_on, rule_for, within_cap
from lms.hours.steps import validate_steps


@dataclass(frozen=True)
class Worth:
    """What a piece of learning is worth; `withheld` hours were lost to absence, not to a daily cap."""

    hours: Decimal
    days: Decimal = Decimal(0)
    times: int = 0
    withheld: Decimal = Decimal(0)


class NotCorrectable(ValueError):
    """A correction names the first line of a grant, not another correction."""


class NothingToCorrect(ValueError):
    """The line already stands at these totals and was never corrected."""


class BelowNothing(ValueError):
    """A line stands at nothing at least: no hours, no days, no class."""


class TooManyHours(ValueError):
    """Its kind of learning could never give a line so many hours."""

    def __init__(self, most: Decimal) -> None:
        """Keep the limit for the words."""
        super().__init__(str(most))
        self.most = most


class YearFrozen(ValueError):
    """The year is frozen where the line belongs, or by a region above: nothing of it is corrected."""

    def __init__(self, freeze: YearFreeze) -> None:
        """Keep the freeze of the widest region for the words."""
        super().__init__(str(freeze))
        self.freeze = freeze


class NotARegion(ValueError):
    """A year is frozen by a county, a city or a province."""


class YearNotOver(ValueError):
    """Only a year that has ended in Shanghai is frozen."""


class FrozenAbove(ValueError):
    """A region above has frozen the year too: its freeze would hold whatever this one decides."""

    def __init__(self, freeze: YearFreeze) -> None:
        """Keep that freeze for the words."""
        super().__init__(str(freeze))
        self.freeze = freeze


class NotFrozen(ValueError):
    """The year was reopened before, for another reason."""


class RuleNotLater(ValueError):
    """A new version starts today or later, and after the version that it follows."""


class VersionTaken(ValueError):
    """The region has a version of this name already."""


@transaction.atomic
def grant(
    *,
    person: Cadre,
    source: str,
    kind: EntryKind,
    title: str,
    ledger: Ledger,
    worth: Worth,
    earned_at: datetime,
    at: datetime,
    rule: HoursRule | None = None,
    by: Cadre | None = None,
) -> HoursEntry | None:
    """Write the one line of a person for a source; None when this source was already granted.

    The period is Shanghai's day of `earned_at`; online hours over the day's cap are withheld and named.
    A line of a frozen year is written like any other and waits until the year is reopened (ADR 0017).
    Raises NoRule when no rule holds for the person's unit on that day.
    """
    entry = HoursEntry(
        person=person,
        source=source,
        kind=kind,
        title=title[:255],
        ledger=ledger,
        hours=worth.hours,
        days=worth.days,
        times=worth.times,
        withheld=worth.withheld,
        withheld_why=Withheld.ABSENT if worth.withheld else Withheld.NOTHING,
        earned_at=earned_at,
        recorded_at=at,
        by=by,
    )
    return _enter(entry, rule)


def _enter(entry: HoursEntry, rule: HoursRule | None) -> HoursEntry | None:
    """Place the line in its day, unit, post and rule, and write it under the person's lock."""
    person = lock(entry.person_id)
    if HoursEntry.objects.of(person.pk).grants().filter(source=entry.source).exists():
        return None
    entry.earned_on = timezone.localdate(entry.earned_at)
    entry.year = entry.earned_on.year
    entry.is_after_year = _is_after(entry.year, entry.recorded_at)
    entry.unit, entry.post = place_on(person, entry.earned_on)
    entry.rule = rule or rule_for(entry.unit, entry.earned_on)
    _withhold_over_cap(entry)
    return _insert_once(entry)


def _is_after(year: int, at: datetime) -> bool:
    return timezone.localdate(at).year > year


def _withhold_over_cap(entry: HoursEntry) -> None:
    if entry.ledger != Ledger.ONLINE or entry.kind not in STUDY_KINDS:
        return
    that_day = HoursEntry.objects.of(entry.person_id).filter(
        ledger=Ledger.ONLINE, kind__in=STUDY_KINDS, earned_on=entry.earned_on
    )
    admitted = within_cap(entry.rule, entry.hours, that_day.total().hours)
    if admitted < entry.hours:
        entry.withheld, entry.withheld_why = entry.hours - admitted, Withheld.DAILY_CAP
        entry.hours = admitted


def _insert_once(entry: HoursEntry) -> HoursEntry | None:
    """The constraint has the last word: a line that got in first makes this one nothing."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        same = HoursEntry.objects.of(entry.person_id).grants().filter(source=entry.source)
        if same.exists():
            return None
        raise
    mark_changed([entry.person_id], at=entry.recorded_at)
    return entry


@transaction.atomic
def correct(*, entry: HoursEntry, worth: Worth, reason: str, by: Cadre, at: datetime) -> HoursEntry:
    """Write a second line that brings a grant to new totals; asking the same again changes nothing.

    Raises NotCorrectable for a correction's own line, BelowNothing, TooManyHours beyond what it could ever
    give, YearFrozen while the line's year is frozen, NothingToCorrect when nothing would change.
    """
    if entry.corrects_id is not None:
        raise NotCorrectable
    if worth.hours < 0 or worth.days < 0 or worth.times < 0:
        raise BelowNothing
    if worth.hours > (most := most_hours(entry, worth.days)):
        raise TooManyHours(most)
    lock(entry.person_id)
    _refuse_frozen(entry)
    lines = HoursEntry.objects.about(entry)
    standing = lines.total()
    if standing == Totals(worth.hours, worth.days, worth.times):
        last = lines.exclude(pk=entry.pk).order_by("-pk").first()
        if last is None:
            raise NothingToCorrect
        return last
    line = _correction_of(entry, standing, worth)
    line.reason, line.by, line.recorded_at = reason, by, at
    line.is_after_year = _is_after(line.year, at)
    line.save(force_insert=True)
    audit(
        "hours.correct",
        by=by,
        at=at,
        person=entry.person,
        entry=entry.pk,
        hours=str(line.hours),
        days=str(line.days),
        times=line.times,
        reason=reason,
    )
    mark_changed([entry.person_id], at=at)
    return line


@transaction.atomic
def settle(
    *,
    person: Cadre,
    source: str,
    kind: EntryKind,
    title: str,
    ledger: Ledger,
    worth: Worth,
    earned_at: datetime,
    reason: str,
    by: Cadre,
    at: datetime,
    rule: HoursRule | None = None,
) -> HoursEntry | None:
    """Bring the line of a source to what the learning is worth now; asking the same again changes nothing.

    Where there is no line yet it is granted, unless it would say nothing at all; else, as in `correct`, a
    second line with the reason makes the difference. Raises NoRule, or what `correct` raises.
    """
    lock(person.pk)
    lines = HoursEntry.objects.of(person.pk).filter(source=source)
    granted = lines.grants().first()
    if granted is None:
        if worth == Worth(Decimal(0)):
            return None
        return grant(
            person=person,
            source=source,
            kind=kind,
            title=title,
            ledger=ledger,
            worth=worth,
            earned_at=earned_at,
            at=at,
            rule=rule,
            by=by,
        )
    if lines.total() != Totals(worth.hours, worth.days, worth.times):
        correct(entry=granted, worth=worth, reason=reason, by=by, at=at)
    return granted


def _refuse_frozen(entry: HoursEntry) -> None:
    """A correction waits until the line's year is open again."""
    freezes = YearFreeze.objects.holding().over(entry.unit).filter(year=entry.year)
    frozen = freezes.select_related("unit").first()
    if frozen is not None:
        raise YearFrozen(frozen)


def _correction_of(entry: HoursEntry, standing: Totals, worth: Worth) -> HoursEntry:
    """The difference to the new totals, in the period, place and rule of the line it names."""
    return HoursEntry(
        person_id=entry.person_id,
        source=entry.source,
        kind=entry.kind,
        title=entry.title,
        ledger=entry.ledger,
        hours=worth.hours - standing.hours,
        days=worth.days - standing.days,
        times=worth.times - standing.times,
        earned_at=entry.earned_at,
        earned_on=entry.earned_on,
        year=entry.year,
        rule_id=entry.rule_id,
        unit_id=entry.unit_id,
        post_id=entry.post_id,
        corrects=entry,
    )


def install_default_rule(unit: Unit, valid_from: date) -> HoursRule:
    """The shipped rule for a region that has none from that day; the existing one if it has."""
    rule, _is_new = HoursRule.objects.get_or_create(
        unit=unit,
        valid_from=valid_from,
        defaults={"version": f"{valid_from:%Y}-1", **DEFAULT_RULE},
    )
    return rule


@transaction.atomic
def set_rule(
    *,
    unit: Unit,
    version: str,
    valid_from: date,
    document: str,
    by: Cadre,
    at: datetime,
    **fields: Unpack[RuleFields],
) -> HoursRule:
    """A region's first own rule, or the next version of it, from a day on; lines granted never change.

    Raises RuleNotLater, VersionTaken, or ValidationError for a table that cannot be read.
    """
    # The region's row serialises its versions: two never follow the same one.
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    own = HoursRule.objects.filter(unit=unit).order_by("valid_from")
    last = own.last()
    if valid_from < timezone.localdate(at) or (last is not None and valid_from <= last.valid_from):
        raise RuleNotLater
    if own.filter(version=version).exists():
        raise VersionTaken
    validate_steps(fields["online_steps"])
    rule = HoursRule.objects.create(
        unit=unit, version=version, valid_from=valid_from, document=document, **fields
    )
    audit("hours.rule", by=by, at=at, unit=unit, rule=rule.pk, follows=last.pk if last else None)
    return rule


@transaction.atomic
def freeze_year(*, unit: Unit, year: int, by: Cadre, at: datetime) -> YearFreeze:
    """Close a year's figures in a region: what comes from now on waits; the same again changes nothing.

    Raises NotARegion, YearNotOver, or FrozenAbove.
    """
    if unit.level not in FREEZING:
        raise NotARegion
    if not _is_after(year, at):
        raise YearNotOver
    holding = _freezes_over(unit, year)
    if holding and holding[0].unit_id != unit.pk:
        raise FrozenAbove(holding[0])
    if holding:
        return holding[0]
    freeze = YearFreeze.objects.create(unit=unit, year=year, frozen_at=at, by=by)
    audit("hours.freeze", by=by, at=at, unit=unit, year=year, freeze=freeze.pk)
    _mark_concerned(freeze, at=at)
    return freeze


@transaction.atomic
def reopen_year(*, freeze: YearFreeze, reason: str, by: Cadre, at: datetime) -> YearFreeze:
    """Let a frozen year's figures follow the ledger again, late lines included; the same again is the same.

    Raises FrozenAbove, or NotFrozen when it was reopened for another reason.
    """
    holding = _freezes_over(freeze.unit, freeze.year)
    freeze.refresh_from_db()
    if freeze.reopened_at is not None:
        if freeze.reason == reason:
            return freeze
        raise NotFrozen
    if holding[0].pk != freeze.pk:
        raise FrozenAbove(holding[0])
    # The clocks of two servers may differ; a freeze does not end before it began.
    freeze.reopened_at, freeze.reopened_by, freeze.reason = max(at, freeze.frozen_at), by, reason
    freeze.save(update_fields=["reopened_at", "reopened_by", "reason"])
    audit("hours.reopen", by=by, at=at, unit=freeze.unit, year=freeze.year, freeze=freeze.pk, reason=reason)
    _mark_concerned(freeze, at=at)
    return freeze


def _freezes_over(unit: Unit, year: int) -> list[YearFreeze]:
    """The freezes that hold for a region, the widest first, under the lock of the region's row."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return list(YearFreeze.objects.holding().over(unit).filter(year=year).select_related("unit"))


def _mark_concerned(freeze: YearFreeze, *, at: datetime) -> None:
    """Mark those whose lines came after the freeze: nobody else's figures change.

    Once more after the commit, because a line written meanwhile may have been counted by the old state.
    """
    _mark_late(freeze, at)
    transaction.on_commit(partial(_mark_late, freeze, at))


def _mark_late(freeze: YearFreeze, at: datetime) -> None:
    mark_changed(HoursEntry.objects.after(freeze).values_list("person_id", flat=True), at=at)
