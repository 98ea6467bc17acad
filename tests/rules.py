"""With which examples rules are tried; RULES says it.

Unset: a third of those that a test names, the same in each run. "all": all of them, the same in each run, so
that what was green stays green (`.ci/run`). "fresh": all, others in each run, to find what nobody thought of.
"""

import os

ASKED = os.environ.get("RULES", "")
IS_FRESH = ASKED == "fresh"
IS_WHOLE = ASKED in ("all", "fresh")
# What is found is nearly always found by the first third.
SHARE, FEWEST = 3, 5


def examples(number: int) -> int:
    """A test's own number of examples, or its share of them."""
    return number if IS_WHOLE else max(FEWEST, number // SHARE)
