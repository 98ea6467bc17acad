"""What was closed and can be opened again with a reason: both stay on record."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Reopenable(models.Model):
    """The second half of a closing: when, by whom and why it was opened again, all three or none."""

    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    HOLDING = Q(reopened_at=None)
    WHOLE_OR_ABSENT = Q(reopened_at=None, reopened_by=None, reason="") | (
        Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reason="")
    )

    class Meta:
        abstract = True


class Closable(Reopenable):
    """One time that something with many people was closed and, where something was wrong, reopened."""

    closed_at = models.DateTimeField(_("closed"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["closed_at", "pk"]
