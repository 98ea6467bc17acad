"""Freezing a year's figures in a region, and reopening them with a reason."""

from datetime import datetime
from functools import partial

from django.db import transaction

from accounts.actions import mark_changed
from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.hours.actions.lines import is_after
from lms.hours.models import FREEZING, HoursEntry, YearFreeze


class NotARegion(ValueError):
    """A year is frozen by a county, a city or a province."""


class YearNotOver(ValueError):
    """Only a year that has ended in Shanghai is frozen."""


class FrozenAbove(ValueError):
    """A region above has frozen the year too: its freeze would hold whatever this one decides."""

    def __init__(self, freeze: YearFreeze) -> None:
        """Keep that freeze for the words."""
        super().__init__(str(freeze))
        self.freeze = freeze


class NotFrozen(ValueError):
    """The year was reopened before, for another reason."""


@transaction.atomic
def freeze_year(*, unit: Unit, year: int, by: Cadre, at: datetime) -> YearFreeze:
    """Close a year's figures in a region: what comes from now on waits; the same again changes nothing.

    Raises NotARegion, YearNotOver, or FrozenAbove.
    """
    if unit.level not in FREEZING:
        raise NotARegion
    if not is_after(year, at):
        raise YearNotOver
    holding = _freezes_over(unit, year)
    if holding and holding[0].unit_id != unit.pk:
        raise FrozenAbove(holding[0])
    if holding:
        return holding[0]
    freeze = YearFreeze.objects.create(unit=unit, year=year, frozen_at=at, by=by)
    audit("hours.freeze", by=by, at=at, unit=unit, year=year, freeze=freeze.pk)
    _mark_concerned(freeze, at=at)
    return freeze


@transaction.atomic
def reopen_year(*, freeze: YearFreeze, reason: str, by: Cadre, at: datetime) -> YearFreeze:
    """Let a frozen year's figures follow the ledger again, late lines included; the same again is the same.

    Raises FrozenAbove, or NotFrozen when it was reopened for another reason.
    """
    holding = _freezes_over(freeze.unit, freeze.year)
    freeze.refresh_from_db()
    if freeze.reopened_at is not None:
        if freeze.reason == reason:
            return freeze
        raise NotFrozen
    if holding[0].pk != freeze.pk:
        raise FrozenAbove(holding[0])
    # The clocks of two servers may differ; a freeze does not end before it began.
    freeze.reopened_at, freeze.reopened_by, freeze.reason = max(at, freeze.frozen_at), by, reason
    freeze.save(update_fields=["reopened_at", "reopened_by", "reason"])
    audit("hours.reopen", by=by, at=at, unit=freeze.unit, year=freeze.year, freeze=freeze.pk, reason=reason)
    _mark_concerned(freeze, at=at)
    return freeze


def _freezes_over(unit: Unit, year: int) -> list[YearFreeze]:
    """The freezes that hold for a region, the widest first, under the lock of the region's row."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return list(YearFreeze.objects.holding().over(unit).filter(year=year).select_related("unit"))


def _mark_concerned(freeze: YearFreeze, *, at: datetime) -> None:
    """Mark those whose lines came after the freeze: nobody else's figures change.

    Once more after the commit, because a line written meanwhile may have been counted by the old state.
    """
    _mark_late(freeze, at)
    transaction.on_commit(partial(_mark_late, freeze, at))


def _mark_late(freeze: YearFreeze, at: datetime) -> None:
    mark_changed(HoursEntry.objects.after(freeze).values_list("person_id", flat=True), at=at)
