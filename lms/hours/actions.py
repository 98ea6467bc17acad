"""Writing the ledger: granting once, correcting by a second line, and new versions of rules."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import lock, mark_changed
from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.hours.defaults import DEFAULT_RULE, RuleFields
from lms.hours.models import STUDY_KINDS, EntryKind, HoursEntry, HoursRule, Ledger, Totals, Withheld
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
    entry.unit, entry.post = place_on(person, entry.earned_on)
    entry.rule = rule or rule_for(entry.unit, entry.earned_on)
    _withhold_over_cap(entry)
    return _insert_once(entry)


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
    give, NothingToCorrect when nothing would change.
    """
    if entry.corrects_id is not None:
        raise NotCorrectable
    if worth.hours < 0 or worth.days < 0 or worth.times < 0:
        raise BelowNothing
    if worth.hours > (most := most_hours(entry, worth.days)):
        raise TooManyHours(most)
    lock(entry.person_id)
    lines = HoursEntry.objects.about(entry)
    standing = lines.total()
    if standing == Totals(worth.hours, worth.days, worth.times):
        last = lines.exclude(pk=entry.pk).order_by("-pk").first()
        if last is None:
            raise NothingToCorrect
        return last
    line = _correction_of(entry, standing, worth)
    line.reason, line.by, line.recorded_at = reason, by, at
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
