"""Writing the ledger: granting once, correcting by a second line, bringing a line to what holds now."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import lock, mark_changed
from accounts.audit import audit
from accounts.models import Cadre
from lms.hours.kinds import EntryKind, Ledger, Withheld
from lms.hours.models import HoursEntry, HoursRule, Totals, YearFreeze
from lms.hours.rules import Admitted, admitted, most_hours, place_on, rule_for


@dataclass(frozen=True)
class Worth:
    """What a piece of learning is worth; `withheld` hours were lost to absence, not to a limit."""

    hours: Decimal
    days: Decimal = Decimal(0)
    times: int = 0
    withheld: Decimal = Decimal(0)


class NotCorrectable(ValueError):
    """A correction names the first line of a grant, not another correction."""


class OwnLine(PermissionError):
    """Nobody raises a line of their own: somebody else enters it."""


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


class LimitReached(TooManyHours):
    """A limit of the line's rule leaves no room for so many hours; `most` is what it leaves."""

    def __init__(self, within: Admitted) -> None:
        """Keep the limit and its name for the words."""
        super().__init__(within.hours)
        self.why = within.why


class YearFrozen(ValueError):
    """The year is frozen where the line belongs, or by a region above: nothing of it is corrected."""

    def __init__(self, freeze: YearFreeze) -> None:
        """Keep the freeze of the widest region for the words."""
        super().__init__(str(freeze))
        self.freeze = freeze


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

    The period is Shanghai's day of `earned_at`; hours over a limit of the rule are withheld and named.
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
    entry.is_after_year = is_after(entry.year, entry.recorded_at)
    entry.unit, entry.post = place_on(person, entry.earned_on)
    entry.rule = rule or rule_for(entry.unit, entry.earned_on)
    _withhold_over_limits(entry)
    return _insert_once(entry)


def is_after(year: int, at: datetime) -> bool:
    """Whether a year has ended in Shanghai by a moment."""
    return timezone.localdate(at).year > year


def _withhold_over_limits(entry: HoursEntry) -> None:
    """Grant what the limits of the rule still admit, and name the one that stopped the rest."""
    within = admitted(entry, entry.hours)
    if within.hours < entry.hours:
        entry.withheld += entry.hours - within.hours
        entry.hours, entry.withheld_why = within


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

    Raises NotCorrectable for a correction's own line, OwnLine where it would rise for whoever enters it,
    BelowNothing, TooManyHours beyond what it could ever
    give, LimitReached where it would rise above a limit of its rule, YearFrozen while the line's year is
    frozen, NothingToCorrect when nothing would change.
    """
    if entry.corrects_id is not None:
        raise NotCorrectable
    _refuse_beyond(entry, worth)
    lock(entry.person_id)
    _refuse_frozen(entry)
    lines = HoursEntry.objects.about(entry)
    standing = lines.total()
    if by.pk == entry.person_id and _rises(standing, worth):
        raise OwnLine
    if standing == Totals(worth.hours, worth.days, worth.times):
        last = lines.exclude(pk=entry.pk).order_by("-pk").first()
        if last is None:
            raise NothingToCorrect
        return last
    if (within := _raised(entry, standing.hours, worth.hours)).hours < worth.hours:
        raise LimitReached(within)
    return _write_correction(_correction_of(entry, standing, worth), reason=reason, by=by, at=at)


def _write_correction(line: HoursEntry, *, reason: str, by: Cadre, at: datetime) -> HoursEntry:
    line.reason, line.by, line.recorded_at = reason, by, at
    line.is_after_year = is_after(line.year, at)
    line.save(force_insert=True)
    audit(
        "hours.correct",
        by=by,
        at=at,
        person=line.person,
        entry=line.corrects_id,
        hours=str(line.hours),
        days=str(line.days),
        times=line.times,
        reason=reason,
    )
    mark_changed([line.person_id], at=at)
    return line


def _rises(standing: Totals, worth: Worth) -> bool:
    return worth.hours > standing.hours or worth.days > standing.days or worth.times > standing.times


def _raised(entry: HoursEntry, standing: Decimal, hours: Decimal) -> Admitted:
    """Where a line may be brought to by its limits: it may always stay where it is, or be lowered."""
    if hours <= standing:
        return Admitted(hours)
    within = admitted(entry, hours)
    return Admitted(max(standing, within.hours), within.why)


class LineFields(TypedDict):
    """What a line of the ledger says, as `grant` takes it, with who is answerable for it."""

    person: Cadre
    source: str
    kind: EntryKind
    title: str
    ledger: Ledger
    worth: Worth
    earned_at: datetime
    at: datetime
    by: Cadre
    rule: NotRequired[HoursRule | None]


@transaction.atomic
def settle(*, reason: str, most: Decimal | None = None, **line: Unpack[LineFields]) -> HoursEntry | None:
    """Bring the line of a source to what the learning is worth now; asking the same again changes nothing.

    Where there is no line yet it is granted, unless it would say nothing at all; else, as in `correct`, a
    second line with the reason makes the difference, as far as the limits of its rule let it rise. `most` is
    what the source could give at all, where it knows: a class of evenings gives more than one long day.
    Raises NoRule, or what `correct` raises.
    """
    person = lock(line["person"].pk)
    granted = HoursEntry.objects.of(person.pk).filter(source=line["source"]).grants().first()
    if granted is None:
        return None if line["worth"] == Worth(Decimal(0)) else grant(**line)
    _bring(granted, line["worth"], most, reason=reason, by=line["by"], at=line["at"])
    return granted


def _bring(
    entry: HoursEntry, worth: Worth, most: Decimal | None, *, reason: str, by: Cadre, at: datetime
) -> None:
    """Correct a line to a worth as far as its limits let it rise; the correction says what they withheld."""
    standing = HoursEntry.objects.about(entry).total()
    within = _raised(entry, standing.hours, worth.hours)
    if standing == Totals(within.hours, worth.days, worth.times):
        return
    _refuse_beyond(entry, worth, most)
    _refuse_frozen(entry)
    line = _correction_of(entry, standing, replace(worth, hours=within.hours))
    line.withheld = worth.withheld + worth.hours - within.hours
    line.withheld_why = within.why or (Withheld.ABSENT if worth.withheld else Withheld.NOTHING)
    _write_correction(line, reason=reason, by=by, at=at)


def _refuse_beyond(entry: HoursEntry, worth: Worth, most: Decimal | None = None) -> None:
    if worth.hours < 0 or worth.days < 0 or worth.times < 0:
        raise BelowNothing
    bound = most_hours(entry, worth.days) if most is None else most
    if worth.hours > bound:
        raise TooManyHours(bound)


def _refuse_frozen(entry: HoursEntry) -> None:
    """A correction waits until the line's year is open again."""
    freezes = YearFreeze.objects.holding().over(entry.unit).filter(year=entry.year)
    frozen = freezes.select_related("unit").first()
    if frozen is not None:
        raise YearFrozen(frozen)


def _correction_of(entry: HoursEntry, standing: Totals, worth: Worth) -> HoursEntry:
    """The difference to the new totals, in the period, place and rule of the line it names."""
    return HoursEntry(
        person=entry.person,
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
