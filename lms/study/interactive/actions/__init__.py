"""Keeping what people do inside packages; a lesson ends once its time and its result are there."""

from lms.study.interactive.actions.attempts import (
    Kept,
    OtherPackage,
    TooMany,
    TooManyAttempts,
    attempt_for,
    settle_gate,
)
from lms.study.interactive.actions.commits import Committed, NoSuchObject, OtherObject, keep_commit
from lms.study.interactive.actions.statements import Recorded, StatementTaken, record_statement
from lms.study.interactive.actions.states import TooLarge, keep_state

__all__ = [
    "Committed",
    "Kept",
    "NoSuchObject",
    "OtherObject",
    "OtherPackage",
    "Recorded",
    "StatementTaken",
    "TooLarge",
    "TooMany",
    "TooManyAttempts",
    "attempt_for",
    "keep_commit",
    "keep_state",
    "record_statement",
    "settle_gate",
]
