"""Sheets of questions between their judgement and the yes."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.quizzes.imports.columns import Column
from courses.quizzes.imports.reading import Line


class BroughtSheetQuerySet(models.QuerySet["BroughtSheet"]):
    """Reads of sheets."""

    def of(self, user: Any) -> Self:  # whoever is signed in
        """Somebody's own: a sheet on its way in is nobody else's business."""
        return self.filter(by=user)

    def waiting(self) -> Self:
        """Sheets that wait for a yes."""
        return self.filter(written_at=None)


class BroughtSheet(models.Model):
    """One spreadsheet of questions: who brought it and when, its rows until they are written."""

    file_name = models.CharField(_("file"), max_length=200)
    encoding = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="question_sheets")
    at = models.DateTimeField(_("brought"))
    rows = models.JSONField(default=list)
    written_at = models.DateTimeField(null=True, blank=True)
    written = models.PositiveIntegerField(default=0)

    objects = BroughtSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("sheet of questions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(written_at=None) | models.Q(rows=[]),
                name="question_sheet_keeps_no_rows_when_written",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def lines(self) -> list[Line]:
        """The rows as they were read."""
        return [
            Line(number, {Column(column): cell for column, cell in cells.items()})
            for number, cells in self.rows
        ]
