"""A viewing from its start to its end: the server's clock, what the screen played, what was discussed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import lock_all
from accounts.audit import audit
from accounts.models import Cadre
from courses.models import LessonKind, LessonVersion
from lms.hours import coverage
from lms.hours.budget import NORMAL_SPEED
from lms.hours.rules import find_rule
from lms.training.models import Presence
from lms.training.presence import take_seat
from lms.training.viewings.actions.settling import settle_everybody
from lms.training.viewings.models import Viewing, ViewingState
from lms.training.viewings.worth import affordable

# What a screen plays; texts and quizzes are studied alone.
PLAYED = (LessonKind.FILM, LessonKind.AUDIO)


class WrongState(ValueError):
    """The viewing is not where this step begins: not started, over, closed or cancelled."""

    def __init__(self, viewing: Viewing) -> None:
        """Keep the viewing for the words."""
        super().__init__(viewing.state)
        self.viewing = viewing


class StationNotRun(ValueError):
    """The station was closed, or is not open yet."""


class ScreenBusy(ValueError):
    """Another viewing is running before the station's one screen."""

    def __init__(self, other: Viewing | None) -> None:
        """Keep the other for the words."""
        super().__init__(str(other))
        self.other = other


class NothingToShow(ValueError):
    """The lesson is not published any more, or has nothing that a screen could play."""


def lock_viewing(pk: int) -> Viewing:
    """The viewing as it is now, locked: whatever changes it or its roll goes through here, one at a time."""
    locked = Viewing.objects.select_for_update(no_key=True, of=("self",))
    return locked.with_facts().get(pk=pk)


@transaction.atomic
def start_viewing(*, viewing: Viewing, by: Cadre, at: datetime) -> Viewing:
    """Begin by the server's clock; pressed twice it began once.

    Raises WrongState, StationNotRun, ScreenBusy, NothingToShow.
    """
    kept = lock_viewing(viewing.pk)
    if kept.state == ViewingState.RUNNING:
        return kept
    if kept.state != ViewingState.PLANNED:
        raise WrongState(kept)
    today = timezone.localdate(at)
    if not kept.station.is_run_on(today):
        raise StationNotRun
    if (version := _version(kept)) is not None:
        kept.version, kept.seconds = version, version.seconds
    rule = find_rule(kept.station.unit, today)
    kept.speed = int(rule.study_speed * NORMAL_SPEED) if rule else NORMAL_SPEED
    kept.state, kept.started_at = ViewingState.RUNNING, at
    try:
        with transaction.atomic():
            kept.save(update_fields=["version", "seconds", "speed", "state", "started_at"])
    except IntegrityError as error:
        running = Viewing.objects.filter(station=kept.station_id, state=ViewingState.RUNNING)
        raise ScreenBusy(running.with_facts().first()) from error
    audit("viewing.start", by=by, at=at, unit=kept.station.unit, viewing=kept.pk)
    return kept


def _version(viewing: Viewing) -> LessonVersion | None:
    """What of a lesson is shown now; nothing of a broadcast. Raises NothingToShow."""
    lesson = viewing.programme.lesson
    if lesson is None:
        return None
    version = lesson.current_version() if lesson.is_open else None
    if version is None or version.kind not in PLAYED:
        raise NothingToShow
    return version


@transaction.atomic
def end_viewing(*, viewing: Viewing, by: Cadre, at: datetime) -> Viewing:
    """End by the server's clock, and give everybody's seat its true span; pressed twice it ended once.

    Raises WrongState for one that never began.
    """
    kept = lock_viewing(viewing.pk)
    if kept.is_over:
        return kept
    if kept.state != ViewingState.RUNNING or kept.started_at is None:
        raise WrongState(kept)
    kept.ended_at = max(kept.started_at + timedelta(seconds=1), min(at, kept.latest_end))
    kept.state = ViewingState.ENDED
    kept.save(update_fields=["state", "ended_at"])
    _span_seats(kept, by=by, at=at)
    audit("viewing.end", by=by, at=at, unit=kept.station.unit, viewing=kept.pk)
    return kept


def _span_seats(viewing: Viewing, *, by: Cadre, at: datetime) -> None:
    seats = list(Presence.objects.at_source(viewing.source).select_related("person").order_by("person"))
    lock_all(seat.person_id for seat in seats)
    for seat in seats:
        seat_at(viewing, seat.person, marked_at=seat.marked_at, by=by, at=at)


def seat_at(viewing: Viewing, person: Cadre, *, marked_at: datetime, by: Cadre, at: datetime) -> Presence:
    """A seat at the viewing, over the time that it took or, until it has ended, would take."""
    return take_seat(
        person=person,
        source=viewing.source,
        title=_("%(station)s: %(programme)s")
        % {"station": viewing.station.name, "programme": viewing.programme.title},
        starts_at=viewing.begins_at,
        ends_at=viewing.ends_at,
        marked_at=marked_at,
        by=by,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a lesson is kept for the station, and how many of the seconds told the clock has not paid."""

    viewing: Viewing
    bits: int
    unpaid: int

    @property
    def covered(self) -> int:
        """How many distinct seconds are kept."""
        return coverage.count(self.bits)


@transaction.atomic
def record_played(*, viewing: Viewing, segments: list[coverage.Segment], by: Cadre, at: datetime) -> Shown:
    """Keep the seconds of a lesson that the screen played, as far as the server's clock has paid for them.

    Late, twice and out of order are all the same; what comes after closing reaches everybody's hours by
    correcting lines. Raises WrongState for a viewing that has not begun, and what `settle` raises.
    """
    kept = lock_viewing(viewing.pk)
    if not kept.has_started or kept.is_broadcast:
        raise WrongState(kept)
    bits = coverage.from_bytes(kept.bits)
    wanted = coverage.missing(bits, coverage.from_segments(segments))
    most = max(0, affordable(kept, at) - coverage.count(bits))
    paid = coverage.earliest(wanted, most) if most else coverage.EMPTY
    if paid:
        bits = coverage.union(bits, paid)
        kept.bits = coverage.to_bytes(bits)
        kept.save(update_fields=["bits"])
        if kept.is_closed:
            reason = _("What the screen played was reported after closing.")
            settle_everybody(kept, reason=reason, by=by, at=at)
    return Shown(kept, bits, coverage.count(wanted) - coverage.count(paid))


@transaction.atomic
def note_discussion(*, viewing: Viewing, text: str, by: Cadre, at: datetime) -> Viewing:
    """Keep the few lines of a discussion with who wrote them; raises WrongState before it and once closed."""
    kept = lock_viewing(viewing.pk)
    if not kept.has_started or kept.is_closed:
        raise WrongState(kept)
    kept.discussion, kept.recorder = text, by
    kept.save(update_fields=["discussion", "recorder"])
    return kept
