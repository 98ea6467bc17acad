"""How a cell writes days, amounts and ledgers; pure, and the one place for a new way of writing."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from accounts.roster.headers import folded
from lms.hours.models import Ledger
from lms.training.claims.sheets.columns import LEDGER_WORDS

# 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日, 20260302; the hour that a spreadsheet adds is dropped.
WHOLE = r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
BETWEEN = r"\s*(?:至|到|~|-{1,2}|—{1,2}|–|―)\s*"
SPAN = re.compile(rf"{WHOLE}(?:{BETWEEN}(?:{WHOLE}|(?:(\d{{1,2}})[-/.月])?(\d{{1,2}})日?))?")
AMOUNT = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(?:学时|课时|小时|天|日|hours?|days?)?")
LEDGERS = {folded(word): Ledger(name) for name, words in LEDGER_WORDS.items() for word in words}


@lru_cache(maxsize=1000)
def span_of(text: str) -> tuple[date, date] | None:
    """The first and the last day that a cell names, one and the same where it names one.

    Of the last, the year and the month may be left out: 2026.3.2-3.4, 2026年3月2日至4日.
    """
    match = SPAN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    groups = [int(digits) if digits else 0 for digits in match.groups()]
    try:
        first = _day(*groups[:5])
        year, month, day = groups[5:10], groups[10], groups[11]
        last = _day(*year) if year[0] else date(first.year, month or first.month, day) if day else first
    except ValueError:
        return None
    return first, last


def _day(year: int, month: int, day: int, compact_month: int, compact_day: int) -> date:
    return date(year, month or compact_month, day or compact_day)


def day_of(text: str) -> date | None:
    """The one day that a cell names."""
    span = span_of(text)
    return span[0] if span and span[0] == span[1] else None


def amount_of(text: str) -> Decimal | None:
    """A number, with or without its unit behind it."""
    match = AMOUNT.fullmatch(folded(text))
    return Decimal(match[1]) if match else None


def ledger_of(text: str) -> Ledger | None:
    """The ledger that a cell names."""
    return LEDGERS.get(folded(text))
