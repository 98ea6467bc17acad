"""What the people of a class are given and told: material, changes, and a notice for each."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from courses.documents.models import Document
from lms.hours.models import Ledger

from .held import ClassKind, ClassState, TrainingClass


class Material(models.Model):
    """A document that goes with a class."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="material")
    document = models.ForeignKey(Document, models.PROTECT, related_name="class_material")
    added_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name = _("material of a class")
        constraints = [
            models.UniqueConstraint(fields=["training_class", "document"], name="material_once_per_class"),
        ]

    def __str__(self) -> str:
        return str(self.training_class)


class What(models.TextChoices):
    """What about a class was changed."""

    TITLE = "TITLE", _("title")
    ORGANISER = "ORGANISER", _("organiser")
    KIND = "KIND", _("kind")
    LEDGER = "LEDGER", _("ledger")
    DATES = "DATES", _("dates")
    TIMETABLE = "TIMETABLE", _("timetable")
    PLACE = "PLACE", _("place")
    CONTACT = "CONTACT", _("whom to ask")
    PURPOSE = "PURPOSE", _("purpose")
    NAMES_DUE = "NAMES_DUE", _("names until")
    HOURS = "HOURS", _("hours")
    ROLES = "ROLES", _("for whom")
    SIGN_OUT = "SIGN_OUT", _("roll at the end too")
    PLACES = "PLACES", _("places")
    STATE = "STATE", _("state")


# What whoever has a place, and whoever is choosing names, has to know.
TELLING = (What.DATES, What.TIMETABLE, What.PLACE)

# What is kept as a code and said in words.
LABELS = {
    What.STATE: dict(ClassState.choices),
    What.KIND: dict(ClassKind.choices),
    What.LEDGER: dict(Ledger.choices),
    What.ROLES: dict(Role.choices),
    What.SIGN_OUT: {"True": _("yes"), "": _("no")},
}


class ClassChangeQuerySet(models.QuerySet["ClassChange"]):
    """Reads of changes."""

    def telling(self) -> Self:
        """Those of time and place."""
        return self.filter(what__in=TELLING)

    def after(self, seen: int) -> Self:
        """Those later than the one that somebody saw last (0: none)."""
        return self.filter(pk__gt=seen)


class ClassChange(models.Model):
    """One thing about a class that somebody changed, with what it was before."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    old = models.CharField(max_length=400, blank=True)
    new = models.CharField(max_length=400, blank=True)

    objects = ClassChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.what}"

    @property
    def before(self) -> str:
        """What it was, in words."""
        return self._said(self.old)

    @property
    def after(self) -> str:
        """What it is since, in words; empty where something was taken away."""
        return self._said(self.new)

    def _said(self, text: str) -> str:
        labels = LABELS.get(What(self.what), {})
        return str(_(", ")).join(str(labels.get(part, part)) for part in text.split(", ")) if labels else text


class NoticeKind(models.TextChoices):
    """What a notice says."""

    CALLED = "CALLED", _("You have a place.")
    LOST = "LOST", _("You no longer have a place.")
    CHANGED = "CHANGED", _("Time or place changed.")
    CANCELLED = "CANCELLED", _("The class is cancelled.")
    LEAVE_GRANTED = "LEAVE_YES", _("Your leave is granted.")
    LEAVE_REFUSED = "LEAVE_NO", _("Your leave is refused.")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of notices."""

    def of(self, person_id: int) -> Self:
        """One person's."""
        return self.filter(person_id=person_id)

    def unseen(self) -> Self:
        """Those that the person has not opened yet."""
        return self.filter(seen_at=None)

    def unsent(self) -> Self:
        """Those of which no message went to a phone."""
        return self.filter(sent_at=None)

    def sendable(self) -> Self:
        """Those that are news still and whose person has a phone."""
        return self.unseen().unsent().exclude(person__phone=None)


class Notice(models.Model):
    """One thing that somebody is told about a class; it stands on the person's pages until opened."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="class_notices")
    what = models.CharField(max_length=9, choices=NoticeKind)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    # When a message about it was handed to the provider.
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("notice")
        indexes = [models.Index(fields=["person", "seen_at"], name="notice_person")]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.person_id} {self.what}"
