"""The record of packages: attempts, with the statements, states and commits that they are made of."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from courses.h5p.models import Content
from courses.models import LessonVersion
from courses.scorm.models import Courseware
from lms.study.interactive.objects import Standing
from lms.study.interactive.statements import Score


class Scored(models.Model):
    """What has points; `scaled` is from -1 to 1."""

    score_raw = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    score_min = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    score_max = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    scaled = models.DecimalField(max_digits=7, decimal_places=6, null=True)

    class Meta:
        abstract = True

    @property
    def score(self) -> Score | None:
        """The points; None where there are none."""
        score = Score(self.scaled, self.score_raw, self.score_max, self.score_min)
        return score if any(points is not None for points in score) else None

    @score.setter
    def score(self, score: Score | None) -> None:
        told = score or Score(None, None, None, None)
        self.scaled, self.score_raw, self.score_max, self.score_min = told


# Of one attempt, for its page: more than a content asks, every question answered several times.
MOST_ANSWERS_READ = 200
MOST_SESSIONS_READ = 20
MOST_MOMENTS_READ = 500
LONG = (*Content.long_behind("content"), *Courseware.long_behind("courseware"))


class InteractiveAttemptQuerySet(models.QuerySet["InteractiveAttempt"]):
    """Reads of attempts."""

    def of(self, person_id: int, lesson_id: int) -> Self:
        """A person's attempts in a lesson, latest first."""
        return self.filter(person_id=person_id, version__lesson_id=lesson_id).order_by("-begun_at", "-pk")

    def with_something_done(self) -> Self:
        """Without those in which a content was opened and nothing answered."""
        answers = Statement.objects.answers().filter(attempt=OuterRef("pk"))
        has_result = Q(is_complete=True) | Q(scaled__isnull=False)
        return self.filter(Q(courseware__isnull=False) | has_result | Exists(answers))

    def with_answers(self) -> Self:
        """With the packages' titles and what was answered last, however much was told."""
        answers = Prefetch("statements", Statement.objects.newest_answers(), "newest_answers")
        moments = Prefetch("statements", Statement.objects.newest_moments(), "newest_moments")
        sessions = ScoSession.objects.order_by("-written_at", "-pk").only("attempt", "cmi")
        return (
            self.select_related("version", "content", "courseware")
            .defer("met", *LONG)
            .prefetch_related(answers, moments)
            .prefetch_related(Prefetch("sessions", sessions[:MOST_SESSIONS_READ], "newest_sessions"))
        )


class InteractiveAttempt(Scored):
    """One go of a person at a package in a published version of a lesson.

    Everything but the keys follows from its statements or sessions, in whatever order they come in, and can
    be made anew from them. `duration_seconds` is what the package says of itself,
    `met` says when each part was met first, {name: milliseconds since 1970}. `registration` is xAPI's word
    for the go. `is_main`: of what the lesson is made of, not of a block in its text; only that can finish it.
    `cycle` is as in `Progress`: what a new year brings of the same go is another attempt, of that year.
    """

    # The constraint below begins with the person, so the key needs no index of its own.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="interactive_attempts", db_index=False
    )
    version = models.ForeignKey(LessonVersion, models.PROTECT, related_name="interactive_attempts")
    cycle = models.PositiveSmallIntegerField(default=0)
    content = models.ForeignKey(Content, models.PROTECT, null=True, related_name="attempts")
    courseware = models.ForeignKey(Courseware, models.PROTECT, null=True, related_name="attempts")
    is_main = models.BooleanField(default=True)
    registration = models.UUIDField()
    begun_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_complete = models.BooleanField(default=False)
    is_success = models.BooleanField(null=True)
    # Of a courseware alone: of a content the statements say it.
    scored_at = models.DateTimeField(null=True)
    duration_seconds = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    met = models.JSONField(default=dict)

    objects = InteractiveAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt at a package")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "version", "cycle", "registration"], name="interactive_attempt_once"
            ),
            models.CheckConstraint(
                condition=Q(content=None, courseware__isnull=False)
                | Q(content__isnull=False, courseware=None),
                name="interactive_attempt_of_one_package",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.version_id} · {self.registration}"


class StatementQuerySet(models.QuerySet["Statement"]):
    """Reads of statements."""

    def of_person(self, person_id: int) -> Self:
        """What one person did."""
        return self.filter(attempt__person_id=person_id)

    def answers(self) -> Self:
        """Those that answer a question."""
        is_judged = Q(is_success__isnull=False) | Q(scaled__isnull=False)
        return self.filter(~Q(response="") | Q(is_child=True) & is_judged)

    def newest_answers(self) -> Self:
        """Of each attempt, with `prefetch_related`, the newest that answer a question; the latest first."""
        return self.answers().order_by("-occurred_at", "-pk")[:MOST_ANSWERS_READ]

    def newest_moments(self) -> Self:
        """Of each attempt, with `prefetch_related`, when it was told last that something was done."""
        told = self.only("attempt", "verb", "is_child", "occurred_at")
        return told.order_by("-occurred_at", "-pk")[:MOST_MOMENTS_READ]


class Statement(models.Model):
    """An xAPI statement, whole, with the server's actor, time and object, and our columns beside it."""

    # The index below begins with the attempt, so the key needs none of its own.
    attempt = models.ForeignKey(InteractiveAttempt, models.PROTECT, related_name="statements", db_index=False)
    statement_id = models.UUIDField(unique=True)
    statement = models.JSONField()
    verb = models.CharField(max_length=60)
    activity = models.CharField(max_length=400)
    # About a part of the content: kept, and never decides anything for the whole.
    is_child = models.BooleanField(default=False)
    response = models.TextField(blank=True)
    scaled = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    is_success = models.BooleanField(null=True)
    is_complete = models.BooleanField(null=True)
    occurred_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    device = models.CharField(max_length=64)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["occurred_at", "pk"]
        # By it the statements of the last hour are counted.
        indexes = [models.Index(fields=["attempt", "stored_at"], name="statement_attempt_stored")]

    def __str__(self) -> str:
        return f"{self.verb} {self.activity}"


class StateDocument(models.Model):
    """Where a content stood, as it said itself; of several the one that was written last counts.

    `key` is `<sub-content or 0>/<kind of data>`. Empty `data`: it was taken away, nothing older returns.
    """

    attempt = models.ForeignKey(InteractiveAttempt, models.PROTECT, related_name="states")
    key = models.CharField(max_length=120)
    data = models.TextField(blank=True)
    written_at = models.DateTimeField()
    device = models.CharField(max_length=64)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "key"], name="state_once_per_key")]

    def __str__(self) -> str:
        return self.key


class ScoSession(Scored):
    """One opening of a SCO, from its initialising to its end: the newest commit of it that came in.

    `cmi` is flat, as scorm-again writes it: {"cmi.core.lesson_location": …}. The attempt's total time is the
    sum of `session_seconds`; where it stands is what the session said that was written last. When it was
    completed first, whether it ever succeeded, the best score and when that was there first follow from every
    commit, also from one that came too late to be kept.
    """

    attempt = models.ForeignKey(InteractiveAttempt, models.PROTECT, related_name="sessions")
    sco = models.CharField(max_length=255)
    session = models.UUIDField()
    sequence = models.PositiveIntegerField()
    cmi = models.JSONField()
    session_seconds = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    written_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    is_success = models.BooleanField(null=True)
    scored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "session"], name="sco_session_once")]

    def __str__(self) -> str:
        return f"{self.sco} · {self.sequence}"

    @property
    def standing(self) -> Standing:
        """What follows from its commits for the object."""
        return Standing(self.completed_at, self.is_success, self.score, self.scored_at)

    @standing.setter
    def standing(self, standing: Standing) -> None:
        self.completed_at, self.is_success = standing.completed_at, standing.is_success
        self.score, self.scored_at = standing.score, standing.scored_at
