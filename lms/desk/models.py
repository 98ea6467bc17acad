"""What the desk keeps for itself: the files it exported."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.jobs.models import Job


class ExportKind(models.TextChoices):
    """What a file lists."""

    STANDINGS = "STANDINGS", _("Study records")
    CERTIFICATES = "CERTIFICATES", _("Certification records")


class Export(models.Model):
    """A file made in the background for one staff member."""

    kind = models.CharField(max_length=12, choices=ExportKind)
    suffix = models.CharField(max_length=4, choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    filters = models.JSONField(default=dict)
    # The filters in words, as they were when the file was asked for.
    about = models.CharField(max_length=300, blank=True)
    # Whole phone numbers leave the system only with a reason, which the audit line repeats.
    reason = models.CharField(_("reason for unmasked data"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    file = models.FileField(upload_to="exports", blank=True)
    rows = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localdate(self.created_at)}"

    @property
    def file_name(self) -> str:
        """The name under which the file is handed out: what it holds, and of which day."""
        return f"{self.get_kind_display()}-{timezone.localdate(self.created_at):%Y%m%d}.{self.suffix}"
