"""A class, its timetable by half-days, and how many places each unit has."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import MANAGERS, RULERS
from accounts.codes import ancestors
from accounts.models import Cadre, Role, Unit
from accounts.models.units import within_any
from courses.models import LessonPage
from lms.hours.models import Ledger
from lms.hours.reopening import Closable
from lms.training.plans.models import PlanItem


class ClassKind(models.TextChoices):
    """Whether a class also counts as the term's rotation."""

    ORDINARY = "ORDINARY", _("Ordinary class")
    ROTATION = "ROTATION", _("Rotation class")


class ClassState(models.TextChoices):
    """How far a class has come; one that was recorded after it was held is closed from the start."""

    DRAFT = "DRAFT", _("Being prepared")
    CALLING = "CALLING", _("Calling people")
    CLOSED = "CLOSED", _("Closed")
    CANCELLED = "CANCELLED", _("Cancelled")


OPEN = (ClassState.DRAFT, ClassState.CALLING)


class TrainingClassQuerySet(models.QuerySet["TrainingClass"]):
    """Reads of classes."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Classes of the units of a staff member's scopes (of some roles, when they are named)."""
        return self.filter(within_any(user.reach_units(*roles), "unit__code"))

    def inviting(self, user: Cadre, *roles: str) -> Self:
        """Classes in which a staff member's units, or the units around them, have places."""
        quotas = Quota.objects.open_to(user, *roles)
        return self.filter(pk__in=quotas.values("training_class"))

    def known_to(self, user: Cadre) -> Self:
        """Classes of a staff member's units, and announced ones in which these units have places."""
        own = within_any(user.reach_units(), "unit__code")
        quotas = Quota.objects.open_to(user)
        invited = Q(pk__in=quotas.values("training_class")) & ~Q(state=ClassState.DRAFT)
        return self.filter(own | invited)

    def of_person(self, person_id: int) -> Self:
        """Classes in which somebody has a place, or had one and was told what became of it."""
        placed = Q(places__person=person_id, places__status=PlaceStatus.ACCEPTED)
        return self.filter(placed | Q(notices__person=person_id)).exclude(state=ClassState.DRAFT).distinct()

    def run_by(self, user: Cadre) -> Self:
        """Classes that a staff member organises: of own units; rotation only by counties and above."""
        own = within_any(user.scope_units(*MANAGERS), "unit__code")
        ruled = within_any(user.scope_units(*RULERS), "unit__code")
        return self.filter(own, ~Q(kind=ClassKind.ROTATION) | ruled)

    def open(self) -> Self:
        """Classes that are neither closed nor cancelled."""
        return self.filter(state__in=OPEN)

    def touching(self, first: date, last: date) -> Self:
        """Classes some of whose dates lie between two days."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def with_attendance(self) -> Self:
        """Each class with the number of the people who have a place in it, as `people`."""
        accepted = Q(places__status=PlaceStatus.ACCEPTED)
        return self.annotate(people=Count("places", filter=accepted))

    def with_room(self) -> Self:
        """Each class with the number of its places, as `room`; none where no unit has any."""
        places = Quota.objects.filter(training_class=OuterRef("pk")).order_by().values("training_class")
        return self.annotate(room=Subquery(places.annotate(all=Sum("places")).values("all")))


class TrainingClass(models.Model):
    """A face-to-face class: called, held and closed here, or recorded after it was held."""

    title = models.CharField(_("title"), max_length=120)
    organiser = models.CharField(_("organiser"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="classes", verbose_name=_("recorded by"))
    kind = models.CharField(_("kind"), max_length=10, choices=ClassKind, default=ClassKind.ORDINARY)
    ledger = models.CharField(_("ledger"), max_length=12, choices=Ledger, default=Ledger.CONCENTRATED)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    # As many as a ledger line can hold; of a class with a timetable they follow from its half-days.
    days = models.DecimalField(_("days"), max_digits=4, decimal_places=1)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
    # Whether the organiser said the hours; otherwise they too follow from the half-days.
    has_own_hours = models.BooleanField(default=False)
    # What the yearly plan said of it, where the class came out of one.
    plan_item = models.ForeignKey(
        PlanItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="classes",
        verbose_name=_("item of a plan"),
    )
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    venue = models.CharField(_("place"), max_length=120, blank=True)
    contact = models.CharField(_("whom to ask"), max_length=60, blank=True)
    # The roles of posts whose holders are asked first; none: whoever is in post.
    roles = models.JSONField(_("for whom"), default=list, blank=True)
    names_due_on = models.DateField(_("names until"), null=True, blank=True)
    # Whether leaving is ticked too: then a half-day counts with both marks.
    has_sign_out = models.BooleanField(_("take the roll at the end of a half-day too"), default=False)
    lessons = models.ManyToManyField(
        LessonPage, blank=True, related_name="+", verbose_name=_("online lessons")
    )
    state = models.CharField(_("state"), max_length=9, choices=ClassState, default=ClassState.DRAFT)
    cancelled_why = models.CharField(_("reason"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Made with the form, so that a form sent twice is one class.
    key = models.CharField(max_length=36, null=True, blank=True, editable=False)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-pk"]
        verbose_name = _("training class")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="class_ends_after_start"),
            # Without hours nobody could miss a share of them.
            models.CheckConstraint(
                condition=Q(days__gte=0, hours__gte=0) & (~Q(state=ClassState.CLOSED) | Q(hours__gt=0)),
                name="class_is_worth_something",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClassState.CANCELLED) | ~Q(cancelled_why=""),
                name="class_cancelled_with_reason",
            ),
            models.UniqueConstraint(fields=["by", "key"], name="class_one_per_form"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> str:
        """What its ledger lines name as their source."""
        return f"class:{self.pk}"

    @property
    def audience(self) -> str:
        """For whom it is, in words; empty where it is for whoever is in post."""
        return str(_(", ")).join(str(Role(role).label) for role in self.roles if role in Role.values)

    @property
    def names_until(self) -> date:
        """The last day on which units propose names; the organiser may call people later too."""
        return self.names_due_on or self.starts_on

    @property
    def is_open(self) -> bool:
        """Whether names, leave and marks can still change without reopening it."""
        return self.state in OPEN


class Part(models.TextChoices):
    """The parts of a day; an evening adds hours and counts as no half-day of training."""

    MORNING = "MORNING", _("Morning")
    AFTERNOON = "AFTERNOON", _("Afternoon")
    EVENING = "EVENING", _("Evening")


class HalfDay(models.Model):
    """One line of a class's timetable: what is taught on a morning, an afternoon or an evening."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="half_days")
    on = models.DateField(_("day"))
    part = models.CharField(_("part of the day"), max_length=9, choices=Part)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    topic = models.CharField(_("topic"), max_length=120)
    teacher = models.CharField(_("teacher"), max_length=60, blank=True)
    venue = models.CharField(_("place, if another"), max_length=120, blank=True)

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("half-day")
        constraints = [
            models.UniqueConstraint(fields=["training_class", "on", "part"], name="half_day_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="half_day_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_part_display()}"

    @property
    def source(self) -> str:
        """What a presence at it names as its source."""
        return f"class:{self.pk}"

    @property
    def fact(self) -> str:
        """The line in short, the same in every language: 2026-03-02 08:30–11:30 topic, place."""
        starts, ends = (timezone.localtime(moment) for moment in (self.starts_at, self.ends_at))
        where = f", {self.venue}" if self.venue else ""
        return f"{self.on} {starts:%H:%M}–{ends:%H:%M} {self.topic}{where}"

    def is_running(self, at: datetime) -> bool:
        """Whether it is on this half-day that somebody would be marked now."""
        return self.on == timezone.localdate(at) and at <= self.ends_at


class QuotaQuerySet(models.QuerySet["Quota"]):
    """Reads of quotas."""

    def open_to(self, user: Cadre, *roles: str) -> Self:
        """Those of units in a staff member's scopes, and of the units around these scopes."""
        units = user.scope_units(*roles)
        around = {code for unit in units for code in ancestors(unit.code)}
        return self.filter(within_any(units, "unit__code") | Q(unit__code__in=around))

    def with_taken(self) -> Self:
        """Each with the number of names that fill it, as `taken`."""
        counting = Q(training_class__places__quota_unit=F("unit")) & Q(
            training_class__places__status__in=(PlaceStatus.PROPOSED, PlaceStatus.ACCEPTED)
        )
        return self.annotate(taken=Count("training_class__places", filter=counting))


class Quota(models.Model):
    """How many places a unit has in a class; its staff propose names for them."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="quotas")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="quotas")
    places = models.PositiveSmallIntegerField(_("places"))
    # Only where `with_taken` has counted.
    taken: int

    objects = QuotaQuerySet.as_manager()

    class Meta:
        ordering = ["unit__code"]
        verbose_name = _("places of a unit")
        constraints = [
            models.UniqueConstraint(fields=["training_class", "unit"], name="quota_once_per_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} · {self.places}"


class Closing(Closable):
    """One time that a class was closed and, where something was wrong, reopened with a reason."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="closings")

    class Meta(Closable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["training_class"], condition=Closable.HOLDING, name="class_closed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Closable.WHOLE_OR_ABSENT,
                name="class_reopened_with_reason_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} · {self.closed_at:%Y-%m-%d}"


class PlaceStatus(models.TextChoices):
    """What has become of a name: the organiser decides, the unit that proposed may withdraw."""

    PROPOSED = "PROPOSED", _("Proposed")
    ACCEPTED = "ACCEPTED", _("Has a place")
    REJECTED = "REJECTED", _("Not accepted")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
