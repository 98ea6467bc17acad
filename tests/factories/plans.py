"""What an item of a plan says."""

from datetime import date
from decimal import Decimal

from lms.hours.models import Ledger
from lms.training.plans.items import ItemFacts
from lms.training.plans.models import ItemKind


def item_facts(**fields: object) -> ItemFacts:
    """A class of three days for secretaries and directors, in September 2026 unless told otherwise."""
    values: dict[str, object] = {
        "title": "秋季集中培训",
        "purpose": "防汛、集体经济",
        "kind": ItemKind.ORDINARY,
        "roles": ("SECRETARY", "DIRECTOR"),
        "is_for_party_members": False,
        "ledger": Ledger.CONCENTRATED,
        "days": Decimal(3),
        "hours": Decimal(18),
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2026, 9, 3),
        "place": "镇党校",
        "teacher": "王老师",
        "expected": 30,
        "lessons": (),
    }
    return ItemFacts(**{**values, **fields})  # type: ignore[arg-type]  # a test's own values
