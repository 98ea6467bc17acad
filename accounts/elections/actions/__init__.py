"""Everything that opens and closes elections and writes their results."""

from .results import (
    ResultHasErrors,
    SheetFinished,
    StaleResult,
    bring_results,
    drop_results,
    judge_results_again,
    write_result,
    write_results,
)
from .terms import (
    DAY,
    ElectionClosed,
    ElectionOpen,
    NumberTaken,
    StartsTooEarly,
    TermFacts,
    TermPlan,
    TermsOverlap,
    UnlikelyTerm,
    close_election,
    open_election,
    plan_term,
)

__all__ = [
    "DAY",
    "ElectionClosed",
    "ElectionOpen",
    "NumberTaken",
    "ResultHasErrors",
    "SheetFinished",
    "StaleResult",
    "StartsTooEarly",
    "TermFacts",
    "TermPlan",
    "TermsOverlap",
    "UnlikelyTerm",
    "bring_results",
    "close_election",
    "drop_results",
    "judge_results_again",
    "open_election",
    "plan_term",
    "write_result",
    "write_results",
]
