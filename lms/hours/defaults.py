"""The rule that the product ships with: the provincial academy's published table (domain §3)."""

from decimal import Decimal
from typing import TypedDict


class StoredStep(TypedDict):
    """A row of the online table as the database keeps it."""

    over: int
    or_equal: bool
    hours: str


class RuleFields(TypedDict):
    """What a version of a rule says, apart from where and when it holds."""

    online_steps: list[StoredStep]
    quiz_hours: Decimal
    online_daily_cap: Decimal
    day_hours: Decimal
    half_day_hours: Decimal
    class_cap: Decimal | None
    yearly_caps: dict[str, str]
    absence_divisor: int
    has_carry_over: bool
    grants_again_each_year: bool
    study_speed: Decimal


DEFAULT_RULE: RuleFields = {
    "online_steps": [
        {"over": 30 * 60, "or_equal": True, "hours": "1"},
        {"over": 15 * 60, "or_equal": False, "hours": "0.5"},
        {"over": 0, "or_equal": False, "hours": "0.25"},
    ],
    "quiz_hours": Decimal("0.5"),
    "online_daily_cap": Decimal(10),
    "day_hours": Decimal(6),
    "half_day_hours": Decimal(3),
    "class_cap": None,
    "yearly_caps": {},
    "absence_divisor": 7,
    "has_carry_over": False,
    "grants_again_each_year": False,
    "study_speed": Decimal(1),
}
