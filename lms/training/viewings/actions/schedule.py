"""Scheduling: one programme for one station or for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.access import MANAGERS
from accounts.audit import audit
from accounts.models import Cadre, StaffRole
from courses.models import LessonPage
from lms.training.once import insert_once
from lms.training.viewings.models import Programme, Station, Viewing

from .running import PLAYED, NothingToShow

FURTHEST = timedelta(days=366)


class NoStation(ValueError):
    """Nothing is scheduled for nobody."""


class NotYourStations(PermissionError):
    """Stations that are not run by whoever schedules, or not run on that day."""

    def __init__(self, names: list[str]) -> None:
        """Keep the names for the words."""
        super().__init__(", ".join(names))
        self.names = names


class NotOnThatDay(ValueError):
    """A viewing is planned for today or later, within a year."""


class ScreenTaken(ValueError):
    """Stations whose screen shows something else at that time."""

    def __init__(self, names: list[str]) -> None:
        """Keep the names for the words."""
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True)
class ProgrammeFacts:
    """What is to be shown: a lesson, or a broadcast by its title, its source and its length."""

    title: str = ""
    lesson: LessonPage | None = None
    platform: str = ""
    seconds: int = 0


@transaction.atomic
def schedule(
    *,
    facts: ProgrammeFacts,
    stations: Iterable[Station],
    planned_at: datetime,
    by: Cadre,
    at: datetime,
    key: str | None = None,
) -> Programme:
    """Plan a programme at stations; the same key twice is one programme.

    Raises NoStation, NotYourStations, NotOnThatDay, NothingToShow, ScreenTaken.
    """
    if before := _scheduled(key, by):
        return before
    kept = _locked(stations, by=by, planned_at=planned_at)
    if not timezone.localdate(at) <= timezone.localdate(planned_at) <= timezone.localdate(at + FURTHEST):
        raise NotOnThatDay
    programme = _programme(facts, by=by, at=at, key=key)
    _refuse_taken(kept, planned_at, planned_at + timedelta(seconds=programme.seconds))
    programme, is_new = insert_once(programme, lambda: _scheduled(key, by))
    if not is_new:
        return programme
    Viewing.objects.bulk_create(
        Viewing(
            station=station,
            programme=programme,
            planned_at=planned_at,
            seconds=programme.seconds,
            created_at=at,
            by=by,
        )
        for station in kept
    )
    audit("viewing.schedule", by=by, at=at, unit=by.unit, programme=programme.pk, stations=len(kept))
    return programme


def _scheduled(key: str | None, by: Cadre) -> Programme | None:
    return Programme.objects.filter(key=key, by=by).first() if key else None


def _locked(stations: Iterable[Station], *, by: Cadre, planned_at: datetime) -> list[Station]:
    """The stations, locked in one order, so that two who plan at once see each other."""
    wanted = {station.pk: station for station in stations}
    if not wanted:
        raise NoStation
    ours = Station.objects.visible_to(by, StaffRole.STATION, *MANAGERS)
    ours = ours.open(timezone.localdate(planned_at)).filter(pk__in=wanted).order_by("pk")
    kept = list(ours.select_related("unit").select_for_update(no_key=True, of=("self",)))
    foreign = set(wanted) - {station.pk for station in kept}
    if foreign:
        raise NotYourStations(sorted(wanted[pk].name for pk in foreign))
    return kept


def _programme(facts: ProgrammeFacts, *, by: Cadre, at: datetime, key: str | None) -> Programme:
    programme = Programme(
        title=facts.title, platform=facts.platform, seconds=facts.seconds, created_at=at, by=by, key=key
    )
    if facts.lesson is not None:
        version = facts.lesson.current_version() if facts.lesson.is_open else None
        if version is None or version.kind not in PLAYED:
            raise NothingToShow
        programme.lesson, programme.title, programme.seconds = facts.lesson, version.title, version.seconds
        programme.platform = ""
    return programme


def _refuse_taken(stations: list[Station], starts_at: datetime, ends_at: datetime) -> None:
    near = Viewing.objects.unfinished().filter(station__in=stations, planned_at__lt=ends_at)
    near = near.filter(planned_at__gt=starts_at - timedelta(days=1)).select_related("station")
    taken = {
        viewing.station.name
        for viewing in near
        if viewing.planned_at + timedelta(seconds=viewing.seconds) > starts_at
    }
    if taken:
        raise ScreenTaken(sorted(taken))
