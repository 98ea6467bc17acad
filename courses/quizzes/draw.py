"""Drawing a paper: which questions, in which order; a snapshot that outlives edits."""

from collections.abc import Collection, Iterable
from random import Random
from typing import TYPE_CHECKING, TypedDict

from courses.quizzes.kinds import KINDS, Json

if TYPE_CHECKING:
    from courses.quizzes.models import Paper, Question


class Drawn(TypedDict):
    """A question as it was drawn: `shown` may be sent, `key` and `explanation` only after handing in."""

    question: int
    kind: str
    stem: str
    shown: Json
    key: Json
    explanation: str


def draw(paper: "Paper", *, random: Random, avoid: Collection[int] = ()) -> list[Drawn]:
    """Draw by the paper's rules, each question once; what is to be avoided comes only where others are short.

    Where the bank has too few questions the draw is as large as it can be.
    """
    chosen: dict[int, Question] = {}
    for rule in paper.rules.all():
        candidates = [question for question in rule.candidates() if question.pk not in chosen]
        random.shuffle(candidates)
        candidates.sort(key=lambda question: question.pk in avoid)
        chosen.update((question.pk, question) for question in candidates[: rule.count])
    questions = list(chosen.values())
    random.shuffle(questions)
    return snapshots(questions, random if paper.is_shuffled else None)


def snapshots(questions: "Iterable[Question]", mix: Random | None) -> list[Drawn]:
    """Questions as they stand now, their options mixed if there is something to mix with."""
    drawn = []
    for question in questions:
        shown, key = KINDS[question.kind].show(question.parts, mix)
        drawn.append(
            Drawn(
                question=question.pk,
                kind=question.kind,
                stem=question.stem,
                shown=shown,
                key=key,
                explanation=question.explanation,
            )
        )
    return drawn


def asked(drawn: Drawn) -> Drawn:
    """What may be sent before handing in: nothing of the key, nothing of the explanation."""
    return Drawn(
        question=drawn["question"],
        kind=drawn["kind"],
        stem=drawn["stem"],
        shown=drawn["shown"],
        key=None,
        explanation="",
    )
