"""The table of background work."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, ForeignObjectRel, OuterRef, Q
from django.utils.translation import gettext_lazy as _

# A message that did not arrive is sent again after this long.
RESEND_AFTER = timedelta(seconds=60)
WORDS_LENGTH = 300


class JobStatus(models.TextChoices):
    """Where a job stands."""

    QUEUED = "QUEUED", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of the job table."""

    def ready(self, at: datetime) -> Self:
        """Jobs that may start at `at`: waiting ones whose time has come, running ones whose lease ran out."""
        waiting = Q(status=JobStatus.QUEUED, next_at__lte=at)
        abandoned = Q(status=JobStatus.RUNNING, lease_until__lt=at)
        return self.filter(waiting | abandoned).order_by("next_at", "pk")

    def unsent(self, at: datetime) -> Self:
        """Ready jobs of which the broker holds no fresh message."""
        return self.ready(at).filter(Q(sent_at=None) | Q(sent_at__lt=at - RESEND_AFTER))

    def unfinished(self) -> Self:
        """Jobs that have not ended, well or badly."""
        return self.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])

    def ended_before(self, at: datetime) -> Self:
        """Jobs that ended, well or badly, before a moment."""
        return self.filter(status__in=[JobStatus.DONE, JobStatus.FAILED], finished_at__lt=at)

    def unnamed(self) -> Self:
        """Jobs that no row of any other table names: whoever names one shows how it went."""
        found = self
        for relation in Job._meta.get_fields(include_hidden=True):
            if isinstance(relation, ForeignObjectRel):
                rows = relation.related_model._base_manager
                found = found.exclude(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
        return found


class Job(models.Model):
    """One piece of background work, written in the transaction that asks for it."""

    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, blank=True)
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    # What the person who asked is told; `error` is for whoever operates the machine.
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            # One unfinished job per key: asking twice is asking once.
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(status__in=["QUEUED", "RUNNING"]),
                name="job_one_unfinished_per_key",
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="job_done_within_total"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(status__in=["QUEUED", "RUNNING"]),
                name="job_ready",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def percent(self) -> int:
        """How far the job is, 0 to 100."""
        if self.status == JobStatus.DONE:
            return 100
        return self.done * 100 // self.total if self.total else 0

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to this job."""
        return self.status in {JobStatus.DONE, JobStatus.FAILED}
