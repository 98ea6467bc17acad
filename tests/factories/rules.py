"""Rules of hours."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts.models import Level
from lms.hours.models import HoursRule

from .people import UnitFactory

STEPS = [
    {"over": 1800, "or_equal": True, "hours": "1"},
    {"over": 900, "or_equal": False, "hours": "0.5"},
    {"over": 0, "or_equal": False, "hours": "0.25"},
]


class RuleFactory(DjangoModelFactory):
    class Meta:
        model = HoursRule

    unit = factory.SubFactory(UnitFactory, code="140000000000", name="山西省", level=Level.PROVINCE)
    version = factory.Sequence(lambda n: f"2026-{n}")
    valid_from = date(2020, 1, 1)
    online_steps = STEPS
    quiz_hours = Decimal("0.5")
    online_daily_cap = Decimal(10)
    day_hours = Decimal(6)
    half_day_hours = Decimal(3)
