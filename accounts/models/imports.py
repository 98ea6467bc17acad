"""Spreadsheets of people between their judgement and the yes."""

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

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


Brought = TypeVar("Brought", bound="BroughtSheet")


class BroughtSheetQuerySet(models.QuerySet[Brought]):
    """Reads of sheets of any kind."""

    def visible_to(self, user: "Cadre") -> Self:
        """A person's own: a sheet on its way in is nobody else's business."""
        return self.filter(by=user)

    def waiting(self) -> Self:
        """Those that have been judged and wait for a yes."""
        return self.filter(status=ImportStatus.JUDGED)

    def older_than(self, moment: datetime) -> Self:
        """Those brought before a moment."""
        return self.filter(at__lt=moment)


class BroughtSheet(models.Model):
    """One spreadsheet of people: who brought it and when, what was wrong, what became of it.

    The rows hold whole ID numbers, so they lie here as ciphertext and go when the sheet is written or
    dropped; only the counts stay.
    """

    file_name = models.CharField(_("file"), max_length=200)
    encoding = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("brought"))
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.JUDGED)
    finished_at = models.DateTimeField(null=True, blank=True)
    wrong = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    sheet_cipher = models.BinaryField(null=True, blank=True)

    ROWS_ONLY_WHILE_JUDGED = models.Q(status="JUDGED") | models.Q(sheet_cipher=None)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


class PeopleImportQuerySet(BroughtSheetQuerySet["PeopleImport"]):
    """Reads of imports of people."""


class PeopleImport(BroughtSheet):
    """A roster, with how many of its rows are new, changed or the same."""

    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)

    objects = PeopleImportQuerySet.as_manager()

    class Meta(BroughtSheet.Meta):
        verbose_name = _("import of people")
        constraints = [
            models.CheckConstraint(
                condition=BroughtSheet.ROWS_ONLY_WHILE_JUDGED, name="import_keeps_no_rows_when_finished"
            )
        ]

    @property
    def total(self) -> int:
        """How many rows the sheet had."""
        return self.new + self.changed + self.same + self.wrong
