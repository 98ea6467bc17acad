"""New versions of the rules of hours; lines granted never change."""

from datetime import date, datetime
from typing import Unpack

from django.db import transaction
from django.utils import timezone

from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.hours.defaults import DEFAULT_RULE, RuleFields
from lms.hours.kinds import validate_caps
from lms.hours.models import HoursRule
from lms.hours.steps import validate_steps


class RuleNotLater(ValueError):
    """A new version starts today or later, and after the version that it follows."""


class VersionTaken(ValueError):
    """The region has a version of this name already."""


def install_default_rule(unit: Unit, valid_from: date) -> HoursRule:
    """The shipped rule for a region that has none from that day; the existing one if it has."""
    rule, _is_new = HoursRule.objects.get_or_create(
        unit=unit,
        valid_from=valid_from,
        defaults={"version": f"{valid_from:%Y}-1", **DEFAULT_RULE},
    )
    return rule


def judge_rule(*, unit: Unit, version: str, valid_from: date, at: datetime) -> HoursRule | None:
    """The region's own version that a new one would follow, if any, or the error with which it is refused."""
    own = HoursRule.objects.filter(unit=unit).order_by("valid_from")
    last = own.last()
    if valid_from < timezone.localdate(at) or (last is not None and valid_from <= last.valid_from):
        raise RuleNotLater
    if own.filter(version=version).exists():
        raise VersionTaken
    return last


@transaction.atomic
def set_rule(
    *,
    unit: Unit,
    version: str,
    valid_from: date,
    document: str,
    by: Cadre,
    at: datetime,
    **fields: Unpack[RuleFields],
) -> HoursRule:
    """A region's first own rule, or the next version of it, from a day on; lines granted never change.

    Raises RuleNotLater, VersionTaken, or ValidationError for a table that cannot be read.
    """
    # The region's row serialises its versions: two never follow the same one.
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    last = judge_rule(unit=unit, version=version, valid_from=valid_from, at=at)
    validate_steps(fields["online_steps"])
    validate_caps(fields["yearly_caps"])
    rule = HoursRule.objects.create(
        unit=unit, version=version, valid_from=valid_from, document=document, **fields
    )
    audit("hours.rule", by=by, at=at, unit=unit, rule=rule.pk, follows=last.pk if last else None)
    return rule
