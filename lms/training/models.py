"""Who was where: the seats that people took at classes and viewings, so that nobody sits in two at once."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Reads of presences."""

    def of(self, person_id: int) -> Self:
        """Those of one person."""
        return self.filter(person_id=person_id)

    def at_source(self, source: str) -> Self:
        """Those of one half-day or viewing."""
        return self.filter(source=source)

    def standing(self) -> Self:
        """Those that count: nobody was marked earlier somewhere else at that time."""
        return self.filter(lost_to=None)

    def meeting(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Those that share some time with a span."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Presence(models.Model):
    """A person marked present at a half-day or a viewing; `lost_to` is where they were already."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="presences")
    # `class:<half-day>` or `viewing:<key>`, the two that know what a presence is worth.
    source = models.CharField(max_length=80)
    title = models.CharField(_("title"), max_length=255)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    # When the person was marked: of two places at once the earlier mark stands (domain §4, case 10).
    marked_at = models.DateTimeField(_("marked"))
    recorded_at = models.DateTimeField(_("recorded"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lost_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="beaten")

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("presence")
        constraints = [
            models.UniqueConstraint(fields=["person", "source"], name="presence_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="presence_ends_after_start"),
            models.CheckConstraint(
                condition=Q(lost_to=None) | ~Q(lost_to=F("pk")), name="presence_never_lost_to_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["source"], name="presence_source"),
            models.Index(fields=["person", "starts_at"], name="presence_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.title}"
