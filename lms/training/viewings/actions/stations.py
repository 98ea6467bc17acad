"""Stations: opened in a village, run by named keepers, closed with the village or before."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MANAGERS
from accounts.actions import grant_scope, remove_scope
from accounts.audit import audit
from accounts.models import Cadre, Level, StaffRole, StaffScope, Unit
from lms.training.viewings.models import Station, Viewing, ViewingState


class NotAVillage(ValueError):
    """Stations stand in villages and communities."""


class VillageNotInForce(ValueError):
    """The village does not exist on the station's first day."""


class AlreadyRun(ValueError):
    """The village has a station that is run already."""


class OutOfReach(PermissionError):
    """The village, or the person, is not of whoever decides about it."""


class EndsTooEarly(ValueError):
    """A station's last day is its first or later, and no viewing of it is running or later than that day."""


def _check_reach(by: Cadre, unit: Unit) -> None:
    if not any(own.contains(unit.code) for own in by.scope_units(*MANAGERS)):
        raise OutOfReach


@transaction.atomic
def add_station(*, unit: Unit, name: str, from_on: date, by: Cadre, at: datetime) -> Station:
    """Open a village's station; raises OutOfReach, NotAVillage, VillageNotInForce, AlreadyRun."""
    _check_reach(by, unit)
    if unit.level != Level.VILLAGE:
        raise NotAVillage
    if not Unit.objects.in_force(from_on).filter(pk=unit.pk).exists():
        raise VillageNotInForce
    try:
        with transaction.atomic():
            station = Station.objects.create(unit=unit, name=name, from_on=from_on)
    except IntegrityError as error:
        raise AlreadyRun from error
    audit("station.opened", by=by, at=at, unit=unit, station=station.pk)
    return station


@transaction.atomic
def close_station(*, station: Station, to_on: date, by: Cadre | None, at: datetime) -> Station:
    """End a station with its last day and strike out what was planned after it; twice is once.

    Raises OutOfReach, EndsTooEarly.
    """
    kept = (
        Station.objects.select_for_update(no_key=True, of=("self",)).select_related("unit").get(pk=station.pk)
    )
    if by is not None:
        _check_reach(by, kept.unit)
    if kept.to_on is not None:
        return kept
    open_still = (ViewingState.RUNNING, ViewingState.ENDED)
    if to_on < kept.from_on or kept.viewings.filter(state__in=open_still).exists():
        raise EndsTooEarly
    kept.to_on = to_on
    kept.save(update_fields=["to_on"])
    planned = kept.viewings.filter(state=ViewingState.PLANNED)
    for viewing in planned:
        if timezone.localdate(viewing.planned_at) > to_on:
            reason = _("The station was closed.")
            Viewing.objects.filter(pk=viewing.pk, state=ViewingState.PLANNED).update(
                state=ViewingState.CANCELLED, cancelled_why=reason
            )
    audit("station.closed", by=by, at=at, unit=kept.unit, station=kept.pk, to_on=to_on.isoformat())
    return kept


def close_stations_of_retired_villages(*, at: datetime) -> int:
    """Close stations whose village has been retired, with its last day; how many were closed.

    One with a viewing that is not closed yet waits until somebody closes that.
    """
    today = timezone.localdate(at)
    retired = Station.objects.filter(to_on=None, unit__valid_to__lt=today).select_related("unit")
    closed = 0
    for station in retired:
        last = max(station.from_on, station.unit.valid_to or today)
        try:
            close_station(station=station, to_on=last, by=None, at=at)
        except EndsTooEarly:
            continue
        closed += 1
    return closed


def name_keeper(*, station: Station, person: Cadre, by: Cadre, at: datetime) -> StaffScope:
    """Let somebody run a village's station; twice is once. Raises OutOfReach."""
    _check_reach(by, station.unit)
    if not Cadre.objects.visible_to(by, *MANAGERS).filter(pk=person.pk, is_active=True).exists():
        raise OutOfReach
    return grant_scope(person=person, unit=station.unit, role=StaffRole.STATION, by=by, at=at)


def dismiss_keeper(*, station: Station, scope: StaffScope, by: Cadre, at: datetime) -> None:
    """Somebody no longer runs a village's station; twice is once. Raises OutOfReach."""
    _check_reach(by, station.unit)
    if scope.unit_id != station.unit_id or scope.role != StaffRole.STATION:
        raise OutOfReach
    remove_scope(scope=scope, by=by, at=at)
