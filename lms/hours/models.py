"""The append-only ledger of hours and the versioned rules that say what learning is worth."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import ancestors, subtree
from accounts.models import Cadre, Level, Post, Unit
from accounts.models.units import within_any
from lms.hours.kinds import CLASS_KINDS as CLASS_KINDS
from lms.hours.kinds import STUDY_KINDS as STUDY_KINDS
from lms.hours.kinds import EntryKind as EntryKind
from lms.hours.kinds import Ledger as Ledger
from lms.hours.kinds import Withheld as Withheld
from lms.hours.kinds import read_caps, validate_caps
from lms.hours.reopening import Reopenable
from lms.hours.steps import validate_steps
from lms.hours.sums import ExactSum


class HoursRuleQuerySet(models.QuerySet["HoursRule"]):
    """Reads of rules; which one holds for a unit is `lms.hours.rules.rule_for`."""

    def valid_on(self, on: date) -> Self:
        """Versions that have begun by a day; of one region the latest start goes before the others."""
        return self.filter(valid_from__lte=on)

    def of_the_platform(self, on: date) -> "HoursRule | None":
        """The rule of the widest region, which pages that are the same for everybody show (one query)."""
        return self.valid_on(on).order_by("unit__code", "-valid_from").first()


class HoursRule(models.Model):
    """One version of a region's rule, until the next begins; one that granted something is never edited."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="hours_rules")
    version = models.CharField(_("version"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    # Rows of {"over": seconds, "or_equal": bool, "hours": "0.5"}, longest first.
    online_steps = models.JSONField(_("online table"), validators=[validate_steps])
    quiz_hours = models.DecimalField(_("hours for a passed quiz"), max_digits=4, decimal_places=2)
    online_daily_cap = models.DecimalField(_("online hours a day at most"), max_digits=4, decimal_places=2)
    day_hours = models.DecimalField(_("hours of a class day"), max_digits=4, decimal_places=2)
    half_day_hours = models.DecimalField(
        _("hours of half a class day"), max_digits=4, decimal_places=2, default=Decimal(3)
    )
    class_cap = models.DecimalField(
        _("hours of one class at most"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    # {kind of learning: "hours"}; a kind that is not named has no limit.
    yearly_caps = models.JSONField(
        _("hours of a kind a year at most"), default=dict, blank=True, validators=[validate_caps]
    )
    absence_divisor = models.PositiveSmallIntegerField(
        _("out of the class when absent over 1/n"), default=7, validators=[MaxValueValidator(100)]
    )
    has_carry_over = models.BooleanField(_("excess counts for next year"), default=False)
    grants_again_each_year = models.BooleanField(_("a lesson counts again in a new year"), default=False)
    study_speed = models.DecimalField(
        _("seconds of film paid by a second of clock"), max_digits=3, decimal_places=2, default=Decimal(1)
    )
    document = models.CharField(_("source document"), max_length=200, blank=True)

    objects = HoursRuleQuerySet.as_manager()

    class Meta:
        ordering = ["unit__code", "valid_from"]
        verbose_name = _("hours rule")
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="hours_rule_one_start_per_unit"),
            models.UniqueConstraint(fields=["unit", "version"], name="hours_rule_version_once"),
            models.CheckConstraint(
                condition=Q(class_cap=None) | Q(class_cap__gt=0), name="hours_rule_class_cap_above_nothing"
            ),
            models.CheckConstraint(
                condition=Q(half_day_hours__gt=0, half_day_hours__lte=F("day_hours")),
                name="hours_rule_half_day_within_day",
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def caps_by_kind(self) -> list[tuple[str, Decimal]]:
        """The yearly limits, each with its kind in words, in the order of the kinds."""
        caps = read_caps(self.yearly_caps)
        return [(str(kind.label), caps[kind]) for kind in EntryKind if kind in caps]


class LedgerIsAppendOnly(TypeError):
    """Somebody tried to change or delete a ledger line; a correction is a second line."""


@dataclass(frozen=True)
class Totals:
    """The sums of ledger lines, corrections included."""

    hours: Decimal = Decimal(0)
    days: Decimal = Decimal(0)
    times: int = 0


@dataclass(frozen=True)
class YearFigures:
    """What one year holds: the hours of each ledger beside each other, never added up, and class days."""

    year: int
    online: Decimal = Decimal(0)
    collective: Decimal = Decimal(0)
    concentrated: Decimal = Decimal(0)
    days: Decimal = Decimal(0)


# The levels at which a year is frozen.
FREEZING = (Level.PROVINCE, Level.CITY, Level.COUNTY)


class YearFreezeQuerySet(models.QuerySet["YearFreeze"]):
    """Reads of freezes; a region's holds for everything below it."""

    def holding(self) -> Self:
        """Freezes that have not been reopened."""
        return self.filter(reopened_at=None)

    def over(self, unit: Unit) -> Self:
        """Those of a unit and of everything above it, widest region first."""
        return self.filter(unit__code__in=ancestors(unit.code)).order_by("unit__code", "frozen_at")

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Those of regions that a staff member's scopes cover (of some roles, when they are named)."""
        return self.filter(within_any(user.scope_units(*roles), "unit__code"))

    def concerning(self, user: Cadre, *roles: str) -> Self:
        """These and those of the regions above; each says whether the staff member decides (`is_within`)."""
        units = user.scope_units(*roles)
        within = within_any(units, "unit__code")
        above = {code for unit in units for code in ancestors(unit.code)}
        found = self.filter(within | Q(unit__code__in=above))
        return found.annotate(is_within=ExpressionWrapper(within, models.BooleanField()))


class YearFreeze(Reopenable):
    """A year whose figures a region has closed, until it reopens them with a reason; both stay on record."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="year_freezes")
    year = models.PositiveSmallIntegerField(_("year"))
    frozen_at = models.DateTimeField(_("frozen"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = YearFreezeQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "unit__code", "-frozen_at"]
        verbose_name = _("frozen year")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit"], condition=Reopenable.HOLDING, name="year_frozen_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Reopenable.WHOLE_OR_ABSENT,
                name="year_reopened_with_reason_and_person",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | Q(reopened_at__gte=F("frozen_at")),
                name="year_reopened_after_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.unit_id}"


def _met(freezes: Q) -> Q:
    """The condition on lines that came after some freeze of their year, at their place or above it."""
    digits = (level.digits for level in FREEZING)
    regions = [Concat(Substr("code", 1, many), Value("0" * (12 - many))) for many in digits]
    over = YearFreeze.objects.filter(
        freezes,
        year=OuterRef(OuterRef("year")),
        frozen_at__lt=OuterRef(OuterRef("recorded_at")),
        unit__code__in=[OuterRef(f"region_{number}") for number in range(len(regions))],
    )
    places = Unit.objects.filter(pk=OuterRef("unit"))
    places = places.annotate(**{f"region_{number}": region for number, region in enumerate(regions)})
    # Only lines written after their year can have met a freeze: for all others nothing is looked up.
    return Q(is_after_year=True) & Q(Exists(places.filter(Exists(over))))


def _waits() -> Q:
    return _met(Q(reopened_at=None))


class HoursEntryQuerySet(models.QuerySet["HoursEntry"]):
    """Reads of the ledger; writing goes through `lms.hours.actions` only."""

    def of(self, person_id: int) -> Self:
        """The lines of one person."""
        return self.filter(person_id=person_id)

    def in_year(self, year: int) -> Self:
        """The lines of one year, as stored when they were written."""
        return self.filter(year=year)

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Lines of people whom a staff member's scopes cover (of some roles, when they are named).

        The person's present unit decides, not the unit of the line.
        """
        return self.filter(user.reach("person", *roles))

    def grants(self) -> Self:
        """The lines that granted something, without the corrections that name them."""
        return self.filter(corrects=None)

    def about(self, entry: "HoursEntry") -> Self:
        """A line and the corrections that name it."""
        return self.filter(Q(pk=entry.pk) | Q(corrects=entry))

    def besides(self, entry: "HoursEntry") -> Self:
        """All others; of a line that is not written yet, all."""
        return self.exclude(Q(pk=entry.pk) | Q(corrects=entry)) if entry.pk else self

    def waiting(self) -> Self:
        """Lines that came after their year was frozen at their place: kept, counted once it is reopened."""
        return self.filter(_waits())

    def counted(self) -> Self:
        """All other lines: those that figures are made of."""
        return self.filter(~_waits())

    def after_freeze(self) -> Self:
        """Lines that met a frozen year when they came, whether it was reopened since or not."""
        closed_then = Q(reopened_at=None) | Q(reopened_at__gte=OuterRef(OuterRef("recorded_at")))
        return self.filter(_met(closed_then))

    def after(self, freeze: YearFreeze) -> Self:
        """Lines of its year and region that came after a freeze."""
        inside = Q(unit__code__range=subtree(freeze.unit.code))
        return self.filter(inside, year=freeze.year, is_after_year=True, recorded_at__gt=freeze.frozen_at)

    def with_waiting(self) -> Self:
        """The same lines, each knowing whether it waits (`is_waiting`)."""
        return self.annotate(is_waiting=ExpressionWrapper(_waits(), models.BooleanField()))

    def total(self) -> Totals:
        """The sum of these lines in hours, days and times (one query)."""
        sums = self.aggregate(hours=ExactSum("hours"), days=ExactSum("days"), times=Sum("times"))
        return Totals(sums["hours"] or Decimal(0), sums["days"] or Decimal(0), sums["times"] or 0)

    def by_person(self) -> dict[int, Totals]:
        """The sum of these lines for each person who has one, by the person's key (one query)."""
        sums = (
            self.order_by()
            .values("person_id")
            .annotate(sum_hours=ExactSum("hours"), sum_days=ExactSum("days"), sum_times=Sum("times"))
        )
        return {row["person_id"]: Totals(row["sum_hours"], row["sum_days"], row["sum_times"]) for row in sums}

    def by_year(self) -> list[YearFigures]:
        """The years of these lines side by side with what counts in them, latest first (one query)."""
        sums = self.counted().order_by().values("year", "ledger")
        rows = sums.annotate(sum_hours=ExactSum("hours"), sum_days=ExactSum("days"))
        years: dict[int, dict[str, Decimal]] = {}
        for row in rows:
            figures = years.setdefault(row["year"], {})
            figures[row["ledger"].lower()] = row["sum_hours"]
            if row["ledger"] == Ledger.CONCENTRATED:
                figures["days"] = row["sum_days"]
        return [YearFigures(year, **years[year]) for year in sorted(years, reverse=True)]

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: a correction is a second line."""
        raise LedgerIsAppendOnly

    def delete(self) -> NoReturn:
        """Refused: a correction is a second line."""
        raise LedgerIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: a correction is a second line."""
        raise LedgerIsAppendOnly


class HoursEntry(models.Model):
    """One line of the append-only ledger."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="hours_entries")
    source = models.CharField(_("source"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    title = models.CharField(_("title"), max_length=255)
    ledger = models.CharField(_("ledger"), max_length=12, choices=Ledger)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
    days = models.DecimalField(_("days"), max_digits=5, decimal_places=2, default=Decimal(0))
    times = models.SmallIntegerField(_("times"), default=0)
    withheld = models.DecimalField(_("withheld hours"), max_digits=6, decimal_places=2, default=Decimal(0))
    withheld_why = models.CharField(max_length=10, choices=Withheld, default=Withheld.NOTHING, blank=True)
    earned_at = models.DateTimeField(_("earned"))
    earned_on = models.DateField(_("earned on"))
    year = models.PositiveSmallIntegerField(_("year"))
    recorded_at = models.DateTimeField(_("recorded"))
    rule = models.ForeignKey(HoursRule, models.PROTECT, related_name="entries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="hours_entries")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="hours_entries")
    # Written after its year had ended in Shanghai: a freeze of the year can have come before it.
    is_after_year = models.BooleanField(default=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HoursEntryQuerySet.as_manager()

    # Told by `with_waiting()`; the lines behind a figure never wait.
    is_waiting = False

    class Meta:
        ordering = ["earned_at", "pk"]
        verbose_name = _("ledger line")
        constraints = [
            # The promise that an hour is never granted twice.
            models.UniqueConstraint(
                fields=["person", "source"], condition=Q(corrects=None), name="entry_granted_once"
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | (~Q(reason="") & Q(by__isnull=False)),
                name="entry_correction_names_reason_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(corrects=None) | (Q(hours__gte=0) & Q(days__gte=0) & Q(times__gte=0)),
                name="entry_grant_not_negative",
            ),
            models.CheckConstraint(condition=Q(withheld__gte=0), name="entry_withheld_not_negative"),
        ]
        indexes = [
            models.Index(fields=["person", "year", "ledger"], name="entry_person_year"),
            models.Index(fields=["person", "ledger", "earned_on"], name="entry_person_day"),
            models.Index(fields=["year", "unit"], condition=Q(is_after_year=True), name="entry_after_year"),
            models.Index(fields=["person"], condition=Q(is_after_year=True), name="entry_person_after_year"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.hours}"

    @property
    def is_late(self) -> bool:
        """Whether it came in after its day, for study, or after its year, for what staff write down.

        A correction names its line and is never late by itself.
        """
        if self.corrects_id is not None:
            return False
        if self.kind in STUDY_KINDS:
            return timezone.localdate(self.recorded_at) > self.earned_on
        return self.is_after_year

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new line; refuse to change an old one."""
        if self.pk is not None:
            raise LedgerIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: a correction is a second line."""
        raise LedgerIsAppendOnly
