"""The bank of questions, and papers: rules by which questions are drawn from it."""

import hashlib
import json
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from courses.competencies.models import Competency
from courses.quizzes.kinds import KINDS, QuestionKind

MOST_QUESTIONS = 100


class Difficulty(models.IntegerChoices):
    """How hard its author takes a question to be."""

    EASY = 1, _("Easy")
    MEDIUM = 2, _("Medium")
    HARD = 3, _("Hard")


class QuestionQuerySet(models.QuerySet["Question"]):
    """Reads of the bank."""

    def in_use(self) -> Self:
        """Questions that new draws may take."""
        return self.filter(is_retired=False)


class Question(models.Model):
    """A question of the bank; what its `parts` look like depends on its kind (`courses.quizzes.kinds`)."""

    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind, default=QuestionKind.SINGLE)
    stem = models.TextField(_("question"), max_length=500)
    parts = models.JSONField(_("answers"))
    explanation = models.TextField(_("explanation"), max_length=1000, blank=True)
    topic = models.ForeignKey(
        "courses.Topic",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("topic"),
    )
    competency = models.ForeignKey(
        Competency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("competency"),
    )
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), choices=Difficulty, default=Difficulty.MEDIUM
    )
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("No new draw takes it; what was drawn stays.")
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.stem[:60]

    def clean(self) -> None:
        """Refuse parts that do not belong to the kind."""
        super().clean()
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValidationError({"kind": _("This kind of question is not known.")})
        try:
            kind.check(self.parts, self.stem)
        except ValidationError as error:
            raise ValidationError({"parts": error.messages}) from error


class Paper(ClusterableModel):
    """A paper: how many questions of what sort are drawn, what it takes to pass, whether time is limited."""

    title = models.CharField(_("title"), max_length=120)
    pass_percent = models.PositiveSmallIntegerField(
        _("percent to pass"), default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("limit in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Leave it empty where people may take their time."),
    )
    is_shuffled = models.BooleanField(_("mix the options"), default=True)

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_percent__gte=1, pass_percent__lte=100), name="paper_pass_percent_in_range"
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1), name="paper_minutes_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def size(self) -> int:
        """How many questions the rules ask for (one query)."""
        return sum(rule.count for rule in self.rules.all())

    @property
    def fingerprint(self) -> str:
        """What tells one version of a quiz from the next: rules and pass mark, not the bank behind them."""
        rules = [
            [rule.count, rule.topic_id, rule.competency_id, rule.difficulty] for rule in self.rules.all()
        ]
        told = json.dumps([self.pk, self.pass_percent, self.minutes, rules])
        return hashlib.sha256(told.encode()).hexdigest()


class PaperRule(models.Model):
    """So many questions of a topic, a competency and a difficulty; what is left empty may be any."""

    paper = ParentalKey(Paper, on_delete=models.CASCADE, related_name="rules")
    count = models.PositiveSmallIntegerField(
        _("questions"), validators=[MinValueValidator(1), MaxValueValidator(MOST_QUESTIONS)]
    )
    topic = models.ForeignKey(
        "courses.Topic", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    competency = models.ForeignKey(
        Competency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("competency")
    )
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), choices=Difficulty, null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("rule of a draw")
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="paper_rule_counts")]

    def __str__(self) -> str:
        return f"{self.count}"

    def candidates(self) -> QuestionQuerySet:
        """The questions that the rule may draw, in a fixed order."""
        asked = {"topic": self.topic_id, "competency": self.competency_id, "difficulty": self.difficulty}
        wanted = {name: value for name, value in asked.items() if value is not None}
        found: QuestionQuerySet = Question.objects.in_use().filter(**wanted).order_by("pk")
        return found
