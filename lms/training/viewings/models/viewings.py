"""Programmes and their viewings: what a station shows, when it ran, and who was marked present."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Cadre, Unit
from accounts.models.units import within_any
from courses.models import LessonPage, LessonVersion
from lms.hours.reopening import Closable
from lms.training.models import Presence

from .stations import Station

# How long after its planned end a viewing that nobody ends is taken to have gone on at most.
LONGEST_OVERRUN = timedelta(hours=2)


class Platform(models.TextChoices):
    """Whose broadcast it is; none for a lesson of the catalogue."""

    PROVINCE = "PROVINCE", _("Provincial platform")
    CITY = "CITY", _("City platform")
    OTHER = "OTHER", _("Another source")


class Programme(models.Model):
    """What was scheduled at once for one station or many: a lesson, or a broadcast that brings no file."""

    title = models.CharField(_("title"), max_length=255)
    lesson = models.ForeignKey(LessonPage, models.PROTECT, null=True, blank=True, related_name="programmes")
    platform = models.CharField(_("platform"), max_length=8, choices=Platform, blank=True)
    seconds = models.PositiveIntegerField(_("length in seconds"))
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Made with the form, so that a form sent twice is one programme.
    key = models.CharField(max_length=36, null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("programme")
        constraints = [
            models.CheckConstraint(
                condition=Q(lesson__isnull=False, platform="") | (Q(lesson=None) & ~Q(platform="")),
                name="programme_lesson_or_broadcast",
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="programme_has_length"),
            models.UniqueConstraint(fields=["by", "key"], name="programme_one_per_form"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source_words(self) -> str:
        """Where it comes from, as the register says it."""
        return str(self.get_platform_display() or _("Course library"))


class ViewingState(models.TextChoices):
    """How far a viewing has come."""

    PLANNED = "PLANNED", _("Planned")
    RUNNING = "RUNNING", _("Running")
    ENDED = "ENDED", _("Ended, not closed yet")
    CLOSED = "CLOSED", pgettext_lazy("viewing", "Closed")
    CANCELLED = "CANCELLED", _("Cancelled")


class ViewingQuerySet(models.QuerySet["Viewing"]):
    """Reads of viewings."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Those of stations in a staff member's units (of some roles, when they are named)."""
        return self.filter(within_any(user.reach_units(*roles), "station__unit__code"))

    def within(self, unit: Unit) -> Self:
        """Those of stations in a unit's subtree."""
        return self.filter(within_any([unit], "station__unit__code"))

    def held(self) -> Self:
        """Those that were shown to the end, whether closed or not."""
        return self.filter(state__in=(ViewingState.ENDED, ViewingState.CLOSED))

    def closed(self) -> Self:
        """Those whose hours are in the ledger."""
        return self.filter(state=ViewingState.CLOSED)

    def unfinished(self) -> Self:
        """Those that somebody still has to start, end or close."""
        return self.filter(state__in=(ViewingState.PLANNED, ViewingState.RUNNING, ViewingState.ENDED))

    def started_between(self, first: date, last: date) -> Self:
        """Those that began on one of the days from the first to the last, by Shanghai's calendar."""
        return self.filter(started_at__gte=midnight(first), started_at__lt=midnight(last + timedelta(1)))

    def with_facts(self) -> Self:
        """With programme, station and village read along."""
        return self.select_related("programme", "station__unit")

    def with_present(self) -> Self:
        """Each with how many people were there, as `present` (one query)."""
        seats = (
            Presence.objects.standing().filter(source=_source_of(OuterRef("pk"))).order_by().values("source")
        )
        counted = Subquery(seats.annotate(n=Count("pk")).values("n"))
        return self.annotate(present=Coalesce(counted, 0))

    def sources(self) -> models.QuerySet["Viewing", str]:
        """What presences and ledger lines at these name as their source, for a query to look in."""
        return self.order_by().annotate(its_source=_source_of(F("pk"))).values_list("its_source", flat=True)


def _source_of(key: F | OuterRef) -> Concat:
    return Concat(Value("viewing:"), Cast(key, models.CharField()))


def midnight(day: date) -> datetime:
    """When a day begins in Shanghai."""
    return timezone.make_aware(datetime.combine(day, time.min))


class Viewing(models.Model):
    """One showing of a programme at a station; its start and end are the server's clock."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="viewings")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="viewings")
    planned_at = models.DateTimeField(_("planned for"))
    state = models.CharField(_("state"), max_length=9, choices=ViewingState, default=ViewingState.PLANNED)
    # The version that was shown, and its length; known when it starts.
    version = models.ForeignKey(LessonVersion, models.PROTECT, null=True, blank=True, related_name="viewings")
    seconds = models.PositiveIntegerField(_("length in seconds"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Hundredths of a second of film for a second of clock, by the rule in force at the start.
    speed = models.PositiveSmallIntegerField(default=100)
    # The distinct seconds of the lesson that the station's screen really played.
    bits = models.BinaryField(_("coverage"), default=b"")
    discussion = models.TextField(_("discussion"), max_length=2000, blank=True)
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_why = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ViewingQuerySet.as_manager()

    # Told by `with_present()`.
    present = 0

    class Meta:
        ordering = ["-planned_at", "-pk"]
        verbose_name = _("viewing")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "programme", "planned_at"], name="viewing_scheduled_once"
            ),
            # A station has one screen.
            models.UniqueConstraint(
                fields=["station"], condition=Q(state="RUNNING"), name="viewing_one_running_per_station"
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="viewing_has_length"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")), name="viewing_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state="CANCELLED")
                | Q(state="PLANNED", started_at=None, ended_at=None)
                | Q(state="RUNNING", started_at__isnull=False, ended_at=None)
                | Q(state__in=("ENDED", "CLOSED"), started_at__isnull=False, ended_at__isnull=False),
                name="viewing_times_fit_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="CANCELLED") | ~Q(cancelled_why=""), name="viewing_cancelled_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["station", "planned_at"], name="viewing_station_planned"),
            models.Index(fields=["started_at"], name="viewing_started"),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} · {self.planned_at:%Y-%m-%d %H:%M}"

    @property
    def source(self) -> str:
        """What its presences and ledger lines name as their source."""
        return f"viewing:{self.pk}"

    @property
    def has_started(self) -> bool:
        """Whether a roll can be taken: it runs, or ran."""
        return self.state in (ViewingState.RUNNING, ViewingState.ENDED, ViewingState.CLOSED)

    @property
    def is_over(self) -> bool:
        """Whether it ran to its end."""
        return self.state in (ViewingState.ENDED, ViewingState.CLOSED)

    @property
    def is_closed(self) -> bool:
        """Whether its hours are in the ledger, so that whatever changes has to reach them."""
        return self.state == ViewingState.CLOSED

    @property
    def is_broadcast(self) -> bool:
        """Whether it was shown from elsewhere, so that only the server's clock says how long."""
        return self.version_id is None

    @property
    def begins_at(self) -> datetime:
        """When it began, or is planned to."""
        return self.started_at or self.planned_at

    @property
    def ends_at(self) -> datetime:
        """When it ended or, until it has, would end if it ran its length."""
        return self.ended_at or self.begins_at + timedelta(seconds=self.seconds)

    @property
    def latest_end(self) -> datetime:
        """The moment after which a viewing that nobody ended is taken to be over."""
        return self.begins_at + timedelta(seconds=self.seconds) + LONGEST_OVERRUN


class Closing(Closable):
    """One time that a viewing was closed and, where something was wrong, reopened with a reason."""

    viewing = models.ForeignKey(Viewing, models.PROTECT, related_name="closings")

    class Meta(Closable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["viewing"], condition=Closable.HOLDING, name="viewing_closed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Closable.WHOLE_OR_ABSENT,
                name="viewing_reopened_with_reason_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.viewing_id} · {self.closed_at:%Y-%m-%d}"


class RollTick(models.Model):
    """One tick of a roll, kept for good; all together, in the order of their events, say who was there."""

    viewing = models.ForeignKey(Viewing, models.PROTECT, related_name="ticks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_present = models.BooleanField()
    marked_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The phone and its counter: what comes again is the same tick. Empty for a page without scripts.
    device = models.CharField(max_length=64, blank=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["marked_at", "number", "device", "pk"]
        verbose_name = _("tick of a roll")
        constraints = [
            models.UniqueConstraint(
                fields=["viewing", "device", "number"],
                condition=Q(number__gt=0),
                name="roll_tick_once_per_phone",
            ),
        ]
        indexes = [models.Index(fields=["viewing", "person"], name="roll_tick_person")]

    def __str__(self) -> str:
        return f"{self.viewing_id} · {self.person_id} {self.is_present}"
