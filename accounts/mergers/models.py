"""Mergers of units between their preparation and the yes, and what was written."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Level, Unit
from accounts.models.units import within_any


class MergerStatus(models.TextChoices):
    """Where a merger stands."""

    DRAFT = "DRAFT", _("Prepared, nothing written")
    WRITTEN = "WRITTEN", _("Written")
    DROPPED = "DROPPED", _("Dropped")


class MergerQuerySet(models.QuerySet["Merger"]):
    """Reads of mergers."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Mergers over units of a staff member's scopes (of some roles, when they are named)."""
        return self.filter(within_any(user.reach_units(*roles), "over__code"))

    def drafts(self) -> Self:
        """Mergers that wait for a yes."""
        return self.filter(status=MergerStatus.DRAFT)


class Merger(models.Model):
    """Units that are retired on a day, and those that go on in their place, as a table of codes.

    The table's rows are (old code, new code, name of the new unit); a code that is known goes on.
    """

    over = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("over"))
    level = models.CharField(_("level"), max_length=10, choices=Level)
    on = models.DateField(_("first day of the new unit"))
    lines = models.JSONField(default=list)
    # Who goes on where two hold what one can hold: "new code:role" → key of the post, or 0 for nobody.
    choices = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=MergerStatus, default=MergerStatus.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("prepared"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written"), null=True, blank=True)
    people = models.PositiveIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)

    objects = MergerQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("merger")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="WRITTEN", written_by__isnull=False, written_at__isnull=False)
                | (~Q(status="WRITTEN") & Q(written_by=None, written_at=None)),
                name="merger_written_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.over} {self.on}"

    @property
    def is_draft(self) -> bool:
        """Whether it waits for a yes."""
        return self.status == MergerStatus.DRAFT
