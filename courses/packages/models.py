"""What every package has, whatever its format."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.contrib import admin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.packages.completion import Gate
from lms.jobs.models import Job, JobStatus

MOST_MINUTES = 240
TITLE_LENGTH = 255


class Package(models.Model):
    """An archive that somebody brought; it can be studied as soon as it is unpacked.

    `files` says of every unpacked file, by its path in the package, {"bytes", "type", "sha256"}; they lie
    below `folder` in the storage, and `digest` is of the archive that they come from. `parts` names what
    PARTS asks to have been met.
    """

    # The kind of job that unpacks it, and the folder of all of its format.
    unpacking: ClassVar[str]
    root: ClassVar[str]
    # What may have megabytes, and nobody looks at in lists and on pages: it is read where it is asked for.
    long: ClassVar[tuple[str, ...]]

    # Empty until the package is unpacked where nobody gave one: it brings its own.
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    # The archive as it was brought; empty again once it is unpacked or refused.
    upload = models.FileField(_("file"), upload_to="packages", blank=True)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    folder = models.CharField(max_length=120, blank=True, editable=False)
    files = models.JSONField(default=dict, editable=False)
    size_bytes = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    parts = models.JSONField(default=list, editable=False)
    minutes = models.PositiveSmallIntegerField(
        _("minutes it takes"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
        help_text=_("What an average learner needs. By it the hours are reckoned, and half of it must pass."),
    )
    gate = models.CharField(_("finished with"), max_length=10, choices=Gate, default=Gate.RESULT)
    pass_percent = models.PositiveSmallIntegerField(
        _("points needed, in percent"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("0: any completed result will do."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    job = models.ForeignKey(Job, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title or Path(self.upload.name or "").name

    @admin.display(description=_("title"), ordering="title")
    def name(self) -> str:
        """The title; before a package has told its own, the name of the file that was brought."""
        return str(self)

    @classmethod
    def long_behind(cls, relation: str) -> list[str]:
        """What is long, as rows name it that name a package by this relation."""
        return [f"{relation}__{name}" for name in cls.long]

    @property
    def is_ready(self) -> bool:
        """Whether it is unpacked."""
        return bool(self.folder)

    @property
    def is_refused(self) -> bool:
        """Whether it was refused for good; the job says why (one query)."""
        return not self.is_ready and self.job is not None and self.job.status == JobStatus.FAILED

    @property
    def seconds(self) -> int:
        """How long it asks for."""
        return self.minutes * 60
