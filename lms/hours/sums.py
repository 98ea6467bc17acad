"""Sums of the ledger's hundredths, exact on every database."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Sum
from django.utils.functional import cached_property

_HUNDREDTH = Decimal("0.01")


class ExactSum(Sum):
    """A sum of hours or days: SQLite adds up in floats, and 2.01 less 2.00 is not a hundredth there."""

    @cached_property
    def convert_value(self) -> Callable[..., Decimal | None]:
        """What the database gives, in hundredths."""
        return lambda value, *_: None if value is None else Decimal(value).quantize(_HUNDREDTH)
