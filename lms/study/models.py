"""What a person did alone: coverage of lessons, and the clock that pays for it."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import LessonPage, LessonVersion


class StudyClock(models.Model):
    """How far a person's wall clock has been spent on covered seconds, over all lessons and devices.

    Moments are milliseconds since 1970. Whoever changes a person's progress raises `revision` in the same
    statement, so that a report weighed against an older state notices it (see `store`).
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="study_clock"
    )
    spent_until = models.BigIntegerField(default=0)
    # Rows of [from, to]: unspent time before `spent_until`.
    gaps = models.JSONField(default=list)
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.spent_until}"


class ProgressQuerySet(models.QuerySet["Progress"]):
    """Reads of progress."""

    def of(self, person_id: int) -> Self:
        """The progress of one person."""
        return self.filter(person_id=person_id)

    def unfinished(self) -> Self:
        """Lessons begun and not finished, latest first."""
        return self.filter(finished_at=None).order_by("-updated_at")

    def open(self, on: date) -> Self:
        """Of lessons that can be opened, in the version and the year in which they are studied on a day."""
        version = LessonVersion.objects.current().filter(pk=OuterRef("version"))
        lesson = LessonPage.objects.open().filter(pk=OuterRef("version__lesson"))
        return self.filter(Exists(version), Exists(lesson), cycle__in=(0, on.year))


class Progress(models.Model):
    """The distinct seconds that a person really played of one version of a lesson.

    A row begins with the first second played: opening a page leaves no trace. `cycle` is 0, or the year in
    which a lesson is studied again where the rule grants it each year.
    """

    # The constraint below begins with the person, so the key needs no index of its own.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="progress", db_index=False
    )
    version = models.ForeignKey(LessonVersion, models.PROTECT, related_name="progress")
    cycle = models.PositiveSmallIntegerField(default=0)
    bits = models.BinaryField(_("coverage"), default=b"")
    covered = models.PositiveIntegerField(_("covered seconds"), default=0)
    position = models.PositiveIntegerField(_("resume point in seconds"), default=0)
    started_at = models.DateTimeField()
    # No index holds a column that a report changes, so that PostgreSQL rewrites the row in place (HOT).
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress")
        constraints = [
            models.UniqueConstraint(fields=["person", "version", "cycle"], name="progress_once_per_version"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(covered__gt=0), name="progress_finished_has_coverage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.version_id}: {self.covered} s"
