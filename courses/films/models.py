"""Films and sound recordings: the library behind film and audio lessons, and what is made of them."""

import mimetypes
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia

from courses.films.rungs import Rung, wanted_rungs
from lms.jobs.models import Job, JobStatus

# What a learner chooses between: the name in addresses and memories, its words, and where its bytes are.
CHOICES = (
    ("240", _("Saves data"), (Rung.HLS_240, Rung.MP4_240)),
    ("480", _("Clear picture"), (Rung.HLS_480,)),
    ("720", _("Very clear picture"), (Rung.HLS_720,)),
    ("audio", _("Sound only"), (Rung.HLS_AUDIO, Rung.M4A)),
)
# By their tags, each in its own words.
LANGUAGES = {
    "zh-Hans": "中文",
    "en": "English",
    "bo": "བོད་ཡིག",
    "mn-Mong": "ᠮᠣᠩᠭᠣᠯ",
    "ug": "ئۇيغۇرچە",
    "ii": "ꆈꌠꉙ",
    "za": "Vahcuengh",
}


class Size(NamedTuple):
    """Something to choose: its name in addresses, its words, its bytes."""

    choice: str
    label: str
    bytes: int


class Film(AbstractMedia):
    """A film or a sound recording; its length and fingerprint are read from the file, never typed."""

    length_ms = models.PositiveIntegerField(_("length in milliseconds"), default=0, editable=False)
    size_bytes = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    has_sound = models.BooleanField(default=True, editable=False)
    wants_720 = models.BooleanField(
        _("Also make a 720p version"),
        default=False,
        help_text=_("For films with fine detail, such as a screen or a leaf; it takes three times the data."),
    )

    admin_form_fields = ("title", "file", "wants_720", "collection", "thumbnail", "tags")

    class Meta(AbstractMedia.Meta):
        verbose_name = _("film or recording")
        verbose_name_plural = _("films and recordings")

    @property
    def seconds(self) -> int:
        """Whole seconds of the film; a trailing part of a second asks nothing of the learner."""
        return max(1, self.length_ms // 1000)

    @property
    def is_film(self) -> bool:
        """Whether there is a picture."""
        return bool(self.type == "video")

    @property
    def lines(self) -> int:
        """The shorter side of the picture: a phone held upright films 1080 lines too."""
        return min(self.width or 0, self.height or 0)

    @property
    def content_type(self) -> str:
        """What browsers are told that the file is."""
        return mimetypes.guess_type(self.file.name)[0] or "application/octet-stream"

    @property
    def url(self) -> str:
        """The protected address; the bare file is never served."""
        return reverse("films:play", args=[self.pk, self.digest or "0"])

    @property
    def poster_url(self) -> str:
        """The public address of the still picture, or nothing."""
        return reverse("films:poster", args=[self.pk, self.thumbnail_filename]) if self.thumbnail else ""

    @property
    def wanted(self) -> list[Rung]:
        """The rungs that should be made of this file."""
        return wanted_rungs(
            is_film=self.is_film, lines=self.lines, has_sound=self.has_sound, wants_720=self.wants_720
        )

    @cached_property
    def made(self) -> dict[str, "Rendition"]:
        """The rungs that can be played now, by their codes; one query, or none after a prefetch."""
        return {row.rung: row for row in self.renditions.all() if row.status == RenditionStatus.DONE}

    @property
    def sizes(self) -> list[Size]:
        """What a learner can choose to play now, for the page (the same for everybody)."""
        ready = [(choice, label, [self.made.get(rung) for rung in rungs]) for choice, label, rungs in CHOICES]
        return [
            Size(choice, str(label), next(row.size_bytes for row in rows if row))
            for choice, label, rows in ready
            if any(rows)
        ]

    @property
    def copies(self) -> list[Size]:
        """What a learner can keep on a phone now: the single files, smallest picture first."""
        whole = [("240", Rung.MP4_240), ("audio", Rung.M4A)]
        labels = {choice: str(label) for choice, label, _rungs in CHOICES}
        made = [
            Size(key, labels[key], self.made[rung].size_bytes) for key, rung in whole if rung in self.made
        ]
        return [*made, Size("original", gettext("As it was uploaded"), self.size_bytes)]

    @cached_property
    def captions(self) -> "list[Caption]":
        """The subtitles without their text, each with `language` and `label`."""
        return list(self.subtitles.all())


class RenditionStatus(models.TextChoices):
    """Where a rung stands."""

    WAITING = "WAITING", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")


class Trouble(models.TextChoices):
    """Why a rung could not be made, in the words that staff read."""

    BROKEN = "BROKEN", _("The file breaks off or cannot be decoded. Upload the film anew.")
    MISSING = "MISSING", _("The uploaded file is no longer there. Upload the film anew.")
    NO_ROOM = "NO_ROOM", _("The server's disk is full. Nothing was lost; make room and run it again.")
    KILLED = "KILLED", _("The conversion was stopped from outside, perhaps for want of memory. Run it again.")
    STALLED = "STALLED", _("The conversion stood still and was ended. Run it again.")
    OTHER = "OTHER", _("The conversion ended with an error, which has been noted. Run it again.")


class RenditionQuerySet(models.QuerySet["Rendition"]):
    """Reads of renditions."""

    def shown(self) -> Self:
        """With their jobs and in the order in which staff read them."""
        order = models.Case(
            *(models.When(rung=rung, then=place) for place, rung in enumerate(Rung.values)),
            output_field=models.SmallIntegerField(),
        )
        return self.select_related("job").order_by(order)


class Rendition(models.Model):
    """One rung of one film: where it stands, the job that makes it, and what came of it.

    `run` counts the attempts and names the folder of the last one; only the newest may write.
    """

    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="renditions")
    rung = models.CharField(max_length=10, choices=Rung)
    status = models.CharField(max_length=10, choices=RenditionStatus, default=RenditionStatus.WAITING)
    trouble = models.CharField(max_length=10, choices=Trouble, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    # The fingerprint of the file that it is made of.
    digest = models.CharField(max_length=64)
    run = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)
    # Bits a second of the heaviest piece, which players choose by.
    bandwidth = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)

    objects = RenditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["film", "rung"], name="rendition_one_per_film_and_rung"),
            models.CheckConstraint(
                condition=~Q(status="DONE") | Q(size_bytes__gt=0), name="rendition_done_has_bytes"
            ),
            models.CheckConstraint(
                condition=~Q(status="FAILED") | ~Q(trouble=""), name="rendition_failed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rung_display()} #{self.pk}"

    @property
    def folder(self) -> str:
        """Where the files of the last run lie in the storage."""
        return f"renditions/{self.film_id}/{self.rung}/{self.run}"

    @property
    def is_being_made(self) -> bool:
        """Whether it will change by itself: its job waits, runs, or will try again."""
        is_open = self.status != RenditionStatus.DONE
        return is_open and self.job is not None and not self.job.is_finished

    @property
    def has_failed(self) -> bool:
        """Whether nothing more happens until somebody asks for it; a dead worker leaves no word."""
        return self.status != RenditionStatus.DONE and not self.is_being_made

    @property
    def why(self) -> str:
        """Why it failed, in words."""
        if self.trouble:
            return self.get_trouble_display()
        return str(Trouble.KILLED.label) if self.has_failed else ""

    @property
    def percent(self) -> int:
        """How far the job is, 0 to 100."""
        if self.status == RenditionStatus.DONE:
            return 100
        return self.job.percent if self.job and self.job.status == JobStatus.RUNNING else 0


class CaptionManager(models.Manager["Caption"]):
    """Leaves the text in the database until somebody asks for it."""

    def get_queryset(self) -> "models.QuerySet[Caption]":
        """All subtitles in a steady order."""
        return super().get_queryset().defer("text").order_by("pk")


class Caption(models.Model):
    """The subtitles of a film in one language: WebVTT that was read and written anew."""

    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="subtitles")
    language = models.CharField(_("language"), max_length=10, choices=list(LANGUAGES.items()))
    text = models.TextField()
    digest = models.CharField(max_length=64)
    cues = models.PositiveIntegerField()

    objects = CaptionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["film", "language"], name="caption_one_per_film_and_language"),
            models.CheckConstraint(condition=Q(cues__gt=0), name="caption_says_something"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The language in its own words."""
        return LANGUAGES[self.language]
