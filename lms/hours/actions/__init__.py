"""Everything that writes the ledger, its rules and its frozen years."""

from .lines import (
    BelowNothing,
    LimitReached,
    NotCorrectable,
    NothingToCorrect,
    OwnLine,
    TooManyHours,
    Worth,
    YearFrozen,
    correct,
    grant,
    settle,
)
from .rules import (
    RuleNotLater,
    VersionTaken,
    install_default_rule,
    judge_rule,
    set_rule,
)
from .years import (
    FrozenAbove,
    NotARegion,
    NotFrozen,
    YearNotOver,
    freeze_year,
    reopen_year,
)

__all__ = [
    "BelowNothing",
    "FrozenAbove",
    "LimitReached",
    "NotARegion",
    "NotCorrectable",
    "NotFrozen",
    "NothingToCorrect",
    "OwnLine",
    "RuleNotLater",
    "TooManyHours",
    "VersionTaken",
    "Worth",
    "YearFrozen",
    "YearNotOver",
    "correct",
    "freeze_year",
    "grant",
    "install_default_rule",
    "judge_rule",
    "reopen_year",
    "set_rule",
    "settle",
]
