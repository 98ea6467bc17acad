"""Who is called to a class: names proposed and decided, leave, and the marks of each half-day."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Unit
from accounts.models.units import within_any

from .held import ClassState, HalfDay, PlaceStatus, TrainingClass


class PlaceQuerySet(models.QuerySet["Place"]):
    """Reads of places."""

    def accepted(self) -> Self:
        """Those of people who are called to the class."""
        return self.filter(status=PlaceStatus.ACCEPTED)

    def counting(self) -> Self:
        """Those that fill a quota: proposed or accepted."""
        return self.filter(status__in=(PlaceStatus.PROPOSED, PlaceStatus.ACCEPTED))

    def of(self, person_id: int) -> Self:
        """One person's."""
        return self.filter(person_id=person_id)

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Those of classes, and of people, whom a staff member's scopes cover."""
        classes = within_any(user.reach_units(*roles), "training_class__unit__code")
        return self.filter(classes | user.reach("person", *roles))

    def ahead(self, today: date) -> Self:
        """Those in announced classes that are not over, the next first."""
        held = self.filter(training_class__state=ClassState.CALLING, training_class__ends_on__gte=today)
        return held.order_by("training_class__starts_on", "pk")

    def held_between(self, first: date, last: date) -> Self:
        """Those in classes some of whose dates lie between two days."""
        return self.filter(training_class__starts_on__lte=last, training_class__ends_on__gte=first)


class Place(models.Model):
    """One person's place in a class; `absent_half_days` is counted from the marks when the class closes."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="places")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="places")
    # Whose quota it fills; none where the organiser called the person without quotas.
    quota_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("status"), max_length=9, choices=PlaceStatus, default=PlaceStatus.PROPOSED)
    absent_half_days = models.PositiveSmallIntegerField(_("half-days absent"), default=0)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["training_class", "person__unit__code", "person"]
        verbose_name = _("place in a class")
        constraints = [models.UniqueConstraint(fields=["training_class", "person"], name="place_once")]
        indexes = [models.Index(fields=["person", "status"], name="place_person")]

    def __str__(self) -> str:
        return f"{self.training_class_id} · {self.person_id}"

    @property
    def is_counting(self) -> bool:
        """Whether it fills a quota."""
        return self.status in (PlaceStatus.PROPOSED, PlaceStatus.ACCEPTED)


class PlaceStep(models.Model):
    """One decision about a place, kept for good: proposed, accepted, rejected with a reason, and again."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="steps")
    status = models.CharField(_("status"), max_length=9, choices=PlaceStatus)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=PlaceStatus.REJECTED) | ~Q(reason=""), name="place_rejected_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.status}"


class LeaveStatus(models.TextChoices):
    """What has become of a request for leave."""

    ASKED = "ASKED", _("Asked for")
    GRANTED = "GRANTED", _("Granted")
    REFUSED = "REFUSED", _("Refused")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class Leave(models.Model):
    """A request to stay away from some half-days; granted leave is excused and still an absence."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="leaves")
    half_days = models.ManyToManyField(HalfDay, related_name="leaves")
    reason = models.CharField(_("reason"), max_length=200)
    status = models.CharField(_("status"), max_length=9, choices=LeaveStatus, default=LeaveStatus.ASKED)
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("leave")
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(status=LeaveStatus.ASKED), name="leave_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=(LeaveStatus.ASKED, LeaveStatus.WITHDRAWN))
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="leave_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=LeaveStatus.REFUSED) | ~Q(answer=""), name="leave_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.status}"


class MarkHow(models.TextChoices):
    """How a mark was made."""

    TICK = "TICK", _("The organiser's tick")
    CODE = "CODE", _("The code on the screen")
    CORRECTION = "CORRECTION", _("Corrected with a reason")


class Edge(models.TextChoices):
    """The two ends of a half-day at which the roll is taken."""

    IN = "IN", _("in")
    OUT = "OUT", _("out")


class MarkQuerySet(models.QuerySet["Mark"]):
    """Reads of marks."""

    def of_class(self, training_class: TrainingClass) -> Self:
        """Those of one class."""
        return self.filter(half_day__training_class=training_class)

    def waiting(self) -> Self:
        """Those about which something arrived after the class was closed."""
        return self.filter(is_waiting=True)


class Mark(models.Model):
    """Somebody's half-day: when they were marked as come and, where that is taken, as gone.

    Both moments follow from the changes, those of marking and not of walking in: somebody whose coming is
    put right afterwards is marked as gone before.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="marks")
    half_day = models.ForeignKey(HalfDay, models.PROTECT, related_name="marks")
    in_at = models.DateTimeField(_("in"), null=True, blank=True)
    out_at = models.DateTimeField(_("out"), null=True, blank=True)
    # A change arrived after the class was closed: kept, and followed once the class is reopened.
    is_waiting = models.BooleanField(default=False)

    objects = MarkQuerySet.as_manager()

    class Meta:
        ordering = ["half_day", "place"]
        constraints = [
            models.UniqueConstraint(fields=["place", "half_day"], name="mark_once_per_half_day"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.half_day_id}"


class MarkChange(models.Model):
    """One change of a mark, kept for good: who, when by the event and by the server, how, and why."""

    mark = models.ForeignKey(Mark, models.PROTECT, related_name="changes")
    edge = models.CharField(max_length=3, choices=Edge)
    is_present = models.BooleanField()
    how = models.CharField(max_length=10, choices=MarkHow)
    marked_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # The phone and its counter: what comes again is the same tick. Empty for everything but a phone's roll.
    device = models.CharField(max_length=64, blank=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["marked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mark", "edge", "is_present", "how", "marked_at", "by"], name="mark_change_once"
            ),
            # Its age is told anew each time, so that the moment of the same tick differs a little.
            models.UniqueConstraint(
                fields=["mark", "device", "number"],
                condition=Q(number__gt=0),
                name="mark_change_once_per_phone",
            ),
            models.CheckConstraint(
                condition=~Q(how=MarkHow.CORRECTION) | ~Q(reason=""), name="mark_corrected_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mark_id} {self.edge} {self.is_present}"
