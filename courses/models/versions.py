"""Published versions of lessons: what a completion names."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from courses.finishing import FINISHED_PERCENT
from courses.h5p.models import Content
from courses.scorm.models import Courseware


class LessonKind(models.TextChoices):
    """What a lesson is made of."""

    FILM = "FILM", _("Film")
    AUDIO = "AUDIO", _("Audio")
    ARTICLE = "ARTICLE", _("Article")
    DOCUMENT = "DOCUMENT", _("Document")
    QUIZ = "QUIZ", _("Quiz")
    H5P = "H5P", _("Interactive content")
    SCORM = "SCORM", _("SCORM courseware")


# Kinds of lessons that play packages of others, on the content origin.
PACKAGED = (LessonKind.H5P, LessonKind.SCORM)


class LessonVersionQuerySet(models.QuerySet["LessonVersion"]):
    """Reads of versions."""

    def current(self) -> Self:
        """The newest version of each lesson, which learners study now."""
        newer = self.model._default_manager.filter(lesson=OuterRef("lesson"), number__gt=OuterRef("number"))
        return self.filter(~Exists(newer))

    def under(self, path: str) -> Self:
        """Versions of a page and of every page below it, named by its tree path."""
        return self.filter(lesson__path__startswith=path)


class LessonVersion(models.Model):
    """What a lesson was when it was published: its length and fingerprint, never changed afterwards."""

    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    kind = models.CharField(max_length=10, choices=LessonKind)
    title = models.CharField(max_length=255)
    seconds = models.PositiveIntegerField(_("length in seconds"))
    # How much of its seconds must have been played, read or open.
    percent = models.PositiveSmallIntegerField(default=FINISHED_PERCENT)
    # What a package has to report beside that (`courses.packages.completion`); {} where nothing.
    rule = models.JSONField(default=dict)
    # The package that it is made of: what phones bring late of an older version is still about it.
    h5p = models.ForeignKey(Content, models.PROTECT, null=True, related_name="versions")
    scorm = models.ForeignKey(Courseware, models.PROTECT, null=True, related_name="versions")
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"))

    objects = LessonVersionQuerySet.as_manager()

    class Meta:
        ordering = ["lesson", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "number"], name="lesson_version_number_once"),
            # A quiz takes as long as it takes.
            models.CheckConstraint(
                condition=models.Q(seconds__gt=0) | models.Q(kind="QUIZ"), name="lesson_version_has_length"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="H5P", h5p__isnull=False, scorm=None)
                | models.Q(kind="SCORM", h5p=None, scorm__isnull=False)
                | (~models.Q(kind__in=["H5P", "SCORM"]) & models.Q(h5p=None, scorm=None)),
                name="lesson_version_names_its_package",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"
