"""The yearly plan (年度培训计划): its items, where it stands, and every change that was made to it."""

from datetime import date
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Prefetch, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.codes import ancestors
from accounts.models import Cadre, Level, Role, Unit
from accounts.models.units import within_any
from courses.models import LessonPage
from lms.hours.models import Ledger

# The levels that draw up plans.
PLANNING = (Level.COUNTY, Level.TOWNSHIP)


class PlanStatus(models.TextChoices):
    """Where a plan stands between its township and its county."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Waits for approval")
    APPROVED = "APPROVED", _("Approved")
    RETURNED = "RETURNED", _("Returned")


class ItemKind(models.TextChoices):
    """What an item of a plan is to be."""

    ORDINARY = "ORDINARY", _("Ordinary class")
    ROTATION = "ROTATION", _("Rotation class")
    VIEWING = "VIEWING", _("Collective viewing")
    ONLINE = "ONLINE", _("Online self-study")


# The items that are classes: they alone count days, and a class.
CLASSES = (ItemKind.ORDINARY, ItemKind.ROTATION)
# The ledger of each kind that has but one.
LEDGERS = {
    ItemKind.ROTATION: Ledger.CONCENTRATED,
    ItemKind.VIEWING: Ledger.COLLECTIVE,
    ItemKind.ONLINE: Ledger.ONLINE,
}


class PlanQuerySet(models.QuerySet["Plan"]):
    """Reads of plans."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Plans of the units of a staff member's scopes (of some roles, when they are named)."""
        return self.filter(within_any(user.reach_units(*roles), "unit__code"))

    def open_to(self, user: Cadre) -> Self:
        """The same for whoever reads, and what was approved above them: it speaks of their people too."""
        units = user.reach_units()
        above = {code for unit in units for code in ancestors(unit.code)}
        approved_above = Q(unit__code__in=above, approved_at__isnull=False)
        return self.filter(within_any(units, "unit__code") | approved_above)

    def touching(self, unit: Unit, year: int) -> Self:
        """Approved plans of a year for some of the same people: those above a unit, its own, those below."""
        near = Q(unit__code__in=ancestors(unit.code)) | within_any([unit], "unit__code")
        return self.filter(near, year=year, approved_at__isnull=False)

    def with_sums(self) -> Self:
        """Each plan with the number of its items as `held`, and their days as `planned_days`."""
        kept = Q(items__is_dropped=False)
        return self.annotate(held=Count("items", filter=kept), planned_days=Sum("items__days", filter=kept))


class Plan(models.Model):
    """One unit's plan for one year; `version` counts every change, so that nobody writes over unseen ones."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    focus = models.TextField(max_length=2000, blank=True)
    status = models.CharField(max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    # The last approval; it stays when the plan is changed afterwards, and its text stays in the history.
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_version = models.PositiveIntegerField(null=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "unit__code"]
        verbose_name = _("yearly plan")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="plan_one_per_unit_and_year"),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None, approved_version=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, approved_version__isnull=False),
                name="plan_approval_whole_or_absent",
            ),
            models.CheckConstraint(
                condition=~Q(status="APPROVED")
                | Q(approved_at__isnull=False) & ~Q(approved_by=F("submitted_by")),
                name="plan_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="SUBMITTED") | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="plan_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="RETURNED") | Q(returned_by__isnull=False) & ~Q(return_reason=""),
                name="plan_returned_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"

    @property
    def was_approved(self) -> bool:
        """Whether some version of it has been approved: from then on every change gives its reason."""
        return self.approved_at is not None

    @property
    def is_changed_since(self) -> bool:
        """Whether it was approved, and something that matters has changed since."""
        return self.was_approved and self.status != PlanStatus.APPROVED


class PlanItemQuerySet(models.QuerySet["PlanItem"]):
    """Reads of items."""

    def standing(self) -> Self:
        """Items that are still meant to take place."""
        return self.filter(is_dropped=False)

    def ahead(self, today: date) -> Self:
        """Of those, the ones that have not ended before a day."""
        return self.standing().filter(ends_on__gte=today)

    def with_lessons(self) -> Self:
        """The same, with the lessons that belong to them, without their texts (one query more)."""
        lessons = LessonPage.objects.defer("body").order_by("title", "pk")
        return self.prefetch_related(Prefetch("lessons", lessons))


def _in_ledger_of_kind() -> Q:
    """The condition that an item of a kind with one ledger stands in it."""
    fitting = ~Q(kind__in=list(LEDGERS))
    for kind, ledger in LEDGERS.items():
        fitting |= Q(kind=kind, ledger=ledger)
    return fitting


class PlanItem(models.Model):
    """One thing that a plan holds; struck out with its reason once it was approved, never deleted."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items")
    title = models.CharField(_("title"), max_length=120)
    purpose = models.CharField(max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind, default=ItemKind.ORDINARY)
    roles = models.JSONField(_("posts"), default=list, blank=True)
    is_for_party_members = models.BooleanField(_("party members only"), default=False)
    ledger = models.CharField(_("ledger"), max_length=12, choices=Ledger, default=Ledger.CONCENTRATED)
    days = models.DecimalField(_("days"), max_digits=4, decimal_places=1, default=0)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    place = models.CharField(max_length=120, blank=True)
    teacher = models.CharField(max_length=120, blank=True)
    expected = models.PositiveIntegerField(null=True, blank=True)
    lessons = models.ManyToManyField(LessonPage, related_name="plan_items", blank=True)
    was_approved = models.BooleanField(default=False)
    is_dropped = models.BooleanField(default=False)
    drop_reason = models.CharField(max_length=300, blank=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "ends_on", "pk"]
        verbose_name = _("item of a plan")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="plan_item_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(days__gte=0, hours__gt=0), name="plan_item_is_worth_something"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CLASSES) | Q(days=0), name="plan_item_only_classes_count_days"
            ),
            models.CheckConstraint(condition=_in_ledger_of_kind(), name="plan_item_in_ledger_of_its_kind"),
            models.CheckConstraint(
                condition=Q(is_dropped=False) | ~Q(drop_reason=""), name="plan_item_dropped_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_class(self) -> bool:
        """Whether it is to be a class."""
        return self.kind in CLASSES

    @property
    def role_labels(self) -> list[str]:
        """The posts it is for, as words; none means every post."""
        return [str(Role(role).label) for role in self.roles]


class ChangeKind(models.TextChoices):
    """What was done to a plan."""

    MADE = "MADE", _("Drawn up")
    FOCUS = "FOCUS", _("Central work changed")
    ADDED = "ADDED", _("Item added")
    CHANGED = "CHANGED", _("Item changed")
    DROPPED = "DROPPED", _("Item struck out")
    REMOVED = "REMOVED", _("Item removed")
    SUBMITTED = "SUBMITTED", _("Handed in")
    APPROVED = "APPROVED", _("Approved")
    RETURNED = "RETURNED", _("Returned")


# Whoever did one of these wrote what another person has to approve.
WRITING = frozenset(ChangeKind) - {ChangeKind.APPROVED, ChangeKind.RETURNED}


class HistoryIsAppendOnly(TypeError):
    """What was done to a plan stays on record as it was done."""


class PlanChangeQuerySet(models.QuerySet["PlanChange"]):
    """Reads of changes; there is no way to alter or delete one."""

    def since(self, version: int) -> Self:
        """What came after a version, in the order in which it came."""
        return self.filter(version__gt=version).order_by("version")

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: what was done stays on record."""
        raise HistoryIsAppendOnly

    def delete(self) -> NoReturn:
        """Refused: what was done stays on record."""
        raise HistoryIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: what was done stays on record."""
        raise HistoryIsAppendOnly


class PlanChange(models.Model):
    """One line of a plan's history: what was said before and after, field by field, by whom and why.

    An approval keeps the whole text that was approved in `after`.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=ChangeKind)
    # A number, not a relation: an item that was never approved may be gone, its line stays.
    item_number = models.PositiveBigIntegerField(null=True)
    title = models.CharField(max_length=120, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = _("change of a plan")
        constraints = [
            models.UniqueConstraint(fields=["plan", "version"], name="plan_change_one_per_version"),
            models.CheckConstraint(
                condition=~Q(kind="RETURNED") | ~Q(reason=""), name="plan_change_return_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.version} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new line; refuse to change an old one."""
        if self.pk is not None:
            raise HistoryIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: what was done stays on record."""
        raise HistoryIsAppendOnly
