"""How an amount of hours, days or times is written, on pages, in files and on paper."""

from decimal import Decimal


def plain(amount: Decimal | float) -> str:
    """Without idle zeros and never as 5E+1: 50.00 is 50, 0.50 is 0.5."""
    return f"{Decimal(str(amount)).normalize():f}"
