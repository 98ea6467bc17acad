"""How an amount is written."""

from decimal import Decimal

import pytest

from lms.hours.figures import plain


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1.00"), "1"),
        (Decimal("0.50"), "0.5"),
        (Decimal("0.25"), "0.25"),
        (Decimal("50.00"), "50"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.50"), "-0.5"),
        (Decimal("1E+2"), "100"),
        (3, "3"),
        (4.5, "4.5"),
    ],
)
def test_an_amount_has_no_idle_zeros_and_no_exponent(amount: Decimal | float, text: str) -> None:
    assert plain(amount) == text
