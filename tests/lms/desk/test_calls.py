"""The words of a reminder."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from lms.desk.calls import reminder
from lms.obligations.models import Measure, Obligation, Requirement

TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def owed(
    name: str, missing: str, *, measure: Measure = Measure.HOURS, due_on: date = date(2026, 12, 31)
) -> Obligation:
    requirement = Requirement(name=name, measure=measure)
    return Obligation(requirement=requirement, required=Decimal(missing), due_on=due_on)


def said(*obligations: Obligation) -> str:
    return reminder("Yang", obligations, sender="Gutao", today=TODAY)


def test_reminder_is_one_sentence_signed_by_the_unit() -> None:
    assert said(owed("Online", "26.00")) == (
        "Yang, you still need: Online 26 hours by December 31. "
        "Please call us if anything stands in the way. — Gutao"
    )


def test_reminder_names_everything_that_is_missing() -> None:
    things = "Online 0.25 hours by December 31; Rotation 1 times by Feb. 9, 2031"
    rotation = owed("Rotation", "1", measure=Measure.TIMES, due_on=date(2031, 2, 9))
    assert things in said(owed("Online", "0.25"), rotation)


def test_reminder_asks_for_a_class_where_the_hours_are_there() -> None:
    assert "Committee one class by" in said(owed("Committee", "0"))


def test_reminder_of_what_is_overdue_says_that_it_can_be_made_up() -> None:
    newly = owed("Newly elected", "3", measure=Measure.DAYS, due_on=date(2026, 5, 10))
    assert "Newly elected 3 days (was due May 10, can be made up)" in said(newly)
