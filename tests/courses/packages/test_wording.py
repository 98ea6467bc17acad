"""What a package asks for, in words."""

import pytest
from django.utils.translation import override

from courses.packages.completion import CompletionRule, Gate
from courses.packages.wording import finished_by


def rule(gate: str, percent: int = 0, parts: int = 0) -> CompletionRule:
    return CompletionRule(gate=gate, percent=percent, parts=[f"sub:{n}" for n in range(parts)])


@pytest.mark.parametrize(
    ("open_percent", "asked", "words"),
    [
        (50, rule(Gate.RESULT), "What finishes it: half of the time, and a completed result."),
        (
            50,
            rule(Gate.RESULT, 60),
            "What finishes it: half of the time, and a completed result with 60 % of the points.",
        ),
        (95, rule(Gate.RESULT), "What finishes it: the film inside to its end, and a completed result."),
        (100, rule(Gate.OPENED), "What finishes it: the whole time. Nothing else is asked."),
        (50, rule(Gate.PARTS, parts=3), "What finishes it: half of the time, and all its 3 parts met."),
        (50, rule(Gate.PARTS, parts=1), "What finishes it: half of the time, and its one part met."),
        (30, rule(Gate.OPENED), "What finishes it: 30 % of the time. Nothing else is asked."),
    ],
)
def test_what_finishes_a_package_is_said(open_percent: int, asked: CompletionRule, words: str) -> None:
    with override("en"):
        assert finished_by(open_percent, asked) == words
