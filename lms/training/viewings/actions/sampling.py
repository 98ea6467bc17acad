"""Sample checks: a draw at random among closed viewings, and what was found."""

from datetime import date, datetime
from random import Random

from django.db import transaction

from accounts.access import MANAGERS
from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.training.viewings.models import Finding, Sample, SampleDraw, Viewing

MOST_SAMPLES = 100


class NothingToDraw(ValueError):
    """No closed viewing of the period is left that was not drawn before."""


class NotYourUnit(PermissionError):
    """Samples are drawn by those who keep the unit's record."""


class CheckedBefore(ValueError):
    """A result is written once; what it led to stands on the record."""


@transaction.atomic
def draw_samples(
    *, unit: Unit, from_on: date, to_on: date, wanted: int, seed: int, by: Cadre, at: datetime
) -> SampleDraw:
    """Draw some of the closed viewings of a period, by a seed that is kept so that anybody can repeat it.

    What was drawn before is not drawn again. Raises NotYourUnit, NothingToDraw.
    """
    if not any(own.contains(unit.code) for own in by.scope_units(*MANAGERS)):
        raise NotYourUnit
    # The unit's row serialises its draws: two never draw the same viewing.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    found = Viewing.objects.closed().within(unit).started_between(from_on, to_on)
    found = found.filter(sample=None).with_present().order_by("pk")
    present = {viewing.pk: viewing.present for viewing in found}
    if not present:
        raise NothingToDraw
    draw = SampleDraw.objects.create(
        unit=unit,
        from_on=from_on,
        to_on=to_on,
        wanted=wanted,
        seed=seed,
        among=list(present),
        drawn_at=at,
        by=by,
    )
    keys = drawn(list(present), wanted=wanted, seed=seed)
    Sample.objects.bulk_create(Sample(draw=draw, viewing_id=pk, on_roll=present[pk]) for pk in keys)
    audit("viewing.sample", by=by, at=at, unit=unit, draw=draw.pk, seed=seed, viewings=keys)
    return draw


def drawn(among: list[int], *, wanted: int, seed: int) -> list[int]:
    """Which of some keys a seed draws, always the same."""
    return sorted(Random(seed).sample(among, min(wanted, len(among))))  # noqa: S311  # repeatable on purpose


@transaction.atomic
def record_finding(
    *, sample: Sample, found: int, finding: Finding, note: str, by: Cadre, at: datetime
) -> Sample:
    """Write down what a check found; the same again changes nothing. Raises CheckedBefore."""
    kept = Sample.objects.select_for_update(no_key=True, of=("self",)).get(pk=sample.pk)
    told = (found, finding, note)
    if kept.finding:
        if (kept.found, kept.finding, kept.note) == told:
            return kept
        raise CheckedBefore
    kept.found, kept.finding, kept.note = told
    kept.checked_at, kept.checked_by = at, by
    kept.save(update_fields=["found", "finding", "note", "checked_at", "checked_by"])
    audit("viewing.checked", by=by, at=at, viewing=kept.viewing_id, sample=kept.pk, finding=finding)
    return kept
