"""Spreadsheets of people between their judgement and the yes."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .people import Cadre


class ImportStatus(models.TextChoices):
    """Where an import stands."""

    JUDGED = "JUDGED", _("Judged, nothing written")
    WRITTEN = "WRITTEN", _("Written")
    DROPPED = "DROPPED", _("Dropped")


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    """Reads of imports."""

    def visible_to(self, user: "Cadre") -> Self:
        """A person's own imports: a sheet on its way in is nobody else's business."""
        return self.filter(by=user)

    def waiting(self) -> Self:
        """Imports that have been judged and wait for a yes."""
        return self.filter(status=ImportStatus.JUDGED)

    def older_than(self, moment: datetime) -> Self:
        """Imports brought before a moment."""
        return self.filter(at__lt=moment)


class PeopleImport(models.Model):
    """One spreadsheet: who brought it and when, how its rows were judged, what became of it.

    The rows hold whole ID numbers, so they lie here as ciphertext and go when the import is written or
    dropped; only the counts stay.
    """

    file_name = models.CharField(_("file"), max_length=200)
    encoding = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="people_imports")
    at = models.DateTimeField(_("brought"))
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.JUDGED)
    finished_at = models.DateTimeField(null=True, blank=True)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    sheet_cipher = models.BinaryField(null=True, blank=True)

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import of people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="JUDGED") | models.Q(sheet_cipher=None),
                name="import_keeps_no_rows_when_finished",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def total(self) -> int:
        """How many rows the sheet had."""
        return self.new + self.changed + self.same + self.wrong
