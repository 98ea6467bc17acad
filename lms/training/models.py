"""What an organiser runs: face-to-face classes and who attended them."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Unit
from accounts.models.units import within_any
from lms.hours.models import Ledger


class ClassKind(models.TextChoices):
    """Whether a class also counts as the term's rotation."""

    ORDINARY = "ORDINARY", _("Ordinary class")
    ROTATION = "ROTATION", _("Rotation class")


class TrainingClassQuerySet(models.QuerySet["TrainingClass"]):
    """Reads of classes."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Classes recorded in the units of a staff member's scopes (of some roles, when they are named)."""
        return self.filter(within_any(user.scope_units(*roles), "unit__code"))

    def touching(self, first: date, last: date) -> Self:
        """Classes some of whose dates lie between two days."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def with_attendance(self) -> Self:
        """Each class with the number of its people, as `people`."""
        return self.annotate(people=Count("attendance"))


class TrainingClass(models.Model):
    """A class that was held, as its organiser recorded it."""

    title = models.CharField(_("title"), max_length=120)
    organiser = models.CharField(_("organiser"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="classes", verbose_name=_("recorded by"))
    kind = models.CharField(_("kind"), max_length=10, choices=ClassKind, default=ClassKind.ORDINARY)
    ledger = models.CharField(_("ledger"), max_length=12, choices=Ledger, default=Ledger.CONCENTRATED)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    # As many as a ledger line can hold.
    days = models.DecimalField(_("days"), max_digits=4, decimal_places=1)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
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
            models.CheckConstraint(condition=Q(hours__gt=0, days__gte=0), name="class_is_worth_something"),
            models.UniqueConstraint(fields=["by", "key"], name="class_one_per_form"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> str:
        """What its ledger lines name as their source."""
        return f"class:{self.pk}"


class Attendance(models.Model):
    """One person's part in a class: how many half-days were missed."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attendance")
    absent_half_days = models.PositiveSmallIntegerField(_("half-days absent"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["training_class", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.training_class_id} · {self.person_id}"
