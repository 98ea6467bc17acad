"""What a person did alone: coverage of lessons, the clock that pays for it, and attempts at quizzes."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import LessonPage, LessonVersion
from courses.quizzes.models import Paper, Question
from lms.study.attempts.sums import Sums


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
    # Since when enough of it has been played; a package has to report a result beside that.
    covered_at = models.DateTimeField(null=True, blank=True)
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


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Reads of attempts."""

    def of(self, person_id: int, lesson_id: int) -> Self:
        """A person's attempts at a lesson's quiz, latest first."""
        return self.filter(person_id=person_id, lesson_id=lesson_id).order_by("-number")

    def handed_in(self) -> Self:
        """Those that are over and marked."""
        return self.exclude(submitted_at=None)

    def open(self) -> Self:
        """Those that still take answers."""
        return self.filter(submitted_at=None)

    def uncounted(self) -> Self:
        """Those that are over and not yet in the figures of their questions."""
        return self.handed_in().filter(is_counted=False)

    def overdue(self, at: datetime) -> Self:
        """Open ones whose limit has passed, the grace for a lost connection included."""
        return self.open().filter(deadline__lt=at - timedelta(seconds=settings.QUIZ_GRACE_SECONDS))


class Attempt(models.Model):
    """One sitting of a person at a quiz: what was drawn, what was answered, and what came of it.

    `drawn` is the snapshot of the questions with their keys, `answers` by the place in it:
    {"0": {"value": …, "at": milliseconds, "said": …}} (see `lms.study.attempts.answers`).
    `points` are of `len(drawn)`; `marks` are hundredths of a point.
    """

    # The constraint below begins with the person, so the key needs no index of its own.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts", db_index=False
    )
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="attempts")
    version = models.ForeignKey(LessonVersion, models.PROTECT, related_name="attempts")
    cycle = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField(_("attempt"))
    pass_percent = models.PositiveSmallIntegerField()
    drawn = models.JSONField()
    answers = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    marks = models.JSONField(default=list)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    is_passed = models.BooleanField(default=False)
    # Whether its marks are in the figures of their questions.
    is_counted = models.BooleanField(default=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt at a quiz")
        constraints = [
            models.UniqueConstraint(fields=["person", "lesson", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["person", "lesson"], condition=Q(submitted_at=None), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, points=None, is_passed=False)
                | Q(submitted_at__isnull=False, points__isnull=False),
                name="attempt_marked_when_over",
            ),
        ]
        indexes = [
            # What the tick that closes them looks for.
            models.Index(fields=["deadline"], condition=Q(submitted_at=None), name="attempt_open_deadline"),
            # What the tick that counts them looks for.
            models.Index(
                fields=["id"],
                condition=Q(submitted_at__isnull=False, is_counted=False),
                name="attempt_uncounted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.lesson_id} · {self.number}"

    @property
    def of(self) -> int:
        """How many questions it has, each worth a point."""
        return len(self.drawn)

    @property
    def percent(self) -> int:
        """What was reached of all points, rounded down; 0 while it is open."""
        return sum(self.marks) // self.of if self.of else 0

    @property
    def unanswered(self) -> list[int]:
        """The places of the questions that have no answer yet."""
        return [place for place in range(self.of) if self.value(place) is None]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return self.of - len(self.unanswered)

    def value(self, place: int) -> Any:  # of the shape that the question's kind asks for
        """The answer to the question at a place, or None."""
        kept = self.answers.get(str(place))
        return kept["value"] if kept else None


class QuestionFigureQuerySet(models.QuerySet["QuestionFigure"]):
    """Reads of figures."""

    def of_paper(self, paper: Paper) -> Self:
        """Of the questions that a paper can draw now."""
        wanted = Q(pk__in=[])
        for rule in paper.rules.all():
            wanted |= Q(question__in=rule.candidates())
        return self.filter(wanted)


class QuestionFigure(models.Model):
    """The sums over all answers to a question (`lms.study.attempts.sums`); knows nothing of people.

    It can be dropped and is made again out of the attempts.
    """

    question = models.OneToOneField(Question, models.PROTECT, primary_key=True, related_name="figure")
    answers = models.PositiveIntegerField(_("answers"), default=0)
    points = models.BigIntegerField(default=0)
    blank = models.PositiveIntegerField(default=0)
    pairs = models.PositiveIntegerField(default=0)
    x = models.BigIntegerField(default=0)
    xx = models.BigIntegerField(default=0)
    y = models.BigIntegerField(default=0)
    yy = models.BigIntegerField(default=0)
    xy = models.BigIntegerField(default=0)

    objects = QuestionFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a question")

    def __str__(self) -> str:
        return f"{self.question_id}: {self.answers}"

    @property
    def sums(self) -> Sums:
        """As the arithmetic takes them."""
        return Sums(
            self.answers,
            self.points,
            self.blank,
            self.pairs,
            self.x,
            self.xx,
            self.y,
            self.yy,
            self.xy,
        )
