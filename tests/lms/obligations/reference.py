"""A second, slow and obvious way to say what an obligation's figures are, to compare with."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Post
from lms.hours.models import HoursEntry, YearFreeze
from lms.obligations.models import Obligation


def figures(obligation: Obligation) -> tuple[Decimal, int, bool, date | None]:
    """Earned, classes, met and met on: each day of the window is asked in turn, from one line at a time."""
    counted = [
        entry for entry in HoursEntry.objects.filter(person=obligation.person) if counts(entry, obligation)
    ]
    days = sorted({entry.earned_on for entry in counted} | {obligation.starts_on})
    met_on = None
    last = None
    for day in days:
        is_late = day > obligation.due_on and obligation.requirement.period != "YEAR"
        if is_late and met_on is not None:
            break
        last = day
        so_far = [entry for entry in counted if entry.earned_on <= day]
        if not is_enough(so_far, obligation):
            met_on = None
        elif met_on is None:
            met_on = day
    considered = [entry for entry in counted if last is not None and entry.earned_on <= last]
    earned, classes = add_up(considered, obligation)
    return earned, classes, met_on is not None, met_on


def counts(entry: HoursEntry, obligation: Obligation) -> bool:
    """Whether one line belongs to the obligation's window and kind."""
    requirement = obligation.requirement
    if entry.ledger not in requirement.ledgers or waits(entry):
        return False
    if requirement.is_rotation and not is_rotation_in_post(entry, obligation):
        return False
    if requirement.period == "YEAR":
        return entry.year == obligation.starts_on.year
    if entry.earned_on < obligation.starts_on - timedelta(days=requirement.lead_days):
        return False
    return requirement.can_be_made_up or entry.earned_on <= obligation.due_on


def waits(entry: HoursEntry) -> bool:
    """Whether the line came after a freeze of its year that still holds at its place."""
    return any(
        freeze.reopened_at is None
        and freeze.year == entry.earned_on.year
        and freeze.frozen_at < entry.recorded_at
        and entry.unit.code.startswith(freeze.unit.code.rstrip("0"))
        for freeze in YearFreeze.objects.select_related("unit")
    )


def is_rotation_in_post(entry: HoursEntry, obligation: Obligation) -> bool:
    """Whether it is a rotation class that ended while an asked post was held, or before the period."""
    if entry.kind != "ROTATION":
        return False
    is_held = any(
        post.role in obligation.requirement.roles
        and post.from_on <= entry.earned_on
        and (post.to_on is None or entry.earned_on <= post.to_on)
        for post in Post.objects.filter(person=obligation.person)
    )
    return is_held or entry.earned_on < obligation.starts_on


def is_enough(entries: list[HoursEntry], obligation: Obligation) -> bool:
    """Whether these lines meet the amount and the number of classes."""
    earned, classes = add_up(entries, obligation)
    return earned >= obligation.required and classes >= obligation.requirement.min_classes


def add_up(entries: list[HoursEntry], obligation: Obligation) -> tuple[Decimal, int]:
    """The sum in the requirement's measure (with what was carried over), and the classes."""
    measure = {"HOURS": "hours", "DAYS": "days", "TIMES": "times"}[obligation.requirement.measure]
    earned = obligation.carried
    classes = 0
    for entry in entries:
        earned += Decimal(getattr(entry, measure))
        if entry.kind in ("CLASS", "ROTATION"):
            classes += entry.times
    return earned, classes
