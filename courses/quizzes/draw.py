"""Drawing a paper: which questions, in which order; a snapshot that outlives edits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random
from typing import TypedDict

from courses.quizzes.kinds import KINDS, Json
from courses.quizzes.models import Paper, Question


class Drawn(TypedDict):
    """A question as it was drawn: `shown` may be sent, `key` and `explanation` only after handing in."""

    question: int
    kind: str
    stem: str
    shown: Json
    key: Json
    explanation: str


def draw(paper: Paper, *, random: Random, avoid: Collection[int] = ()) -> list[Drawn]:
    """Draw by the paper's rules, each question once; what is to be avoided comes only where others are short.

    Where the bank has too few questions the draw is as large as it can be (two queries and one a rule).
    """
    rules = list(paper.rules.all())
    open_to: dict[int, list[int]] = {}
    for place, rule in enumerate(rules):
        for question in rule.candidates().values_list("pk", flat=True):
            open_to.setdefault(question, []).append(place)
    wanted = sorted(open_to)
    random.shuffle(wanted)
    wanted.sort(key=lambda question: question in avoid)
    chosen = choose(wanted, open_to, [rule.count for rule in rules])
    random.shuffle(chosen)
    found = Question.objects.in_bulk(chosen)
    return snapshots([found[question] for question in chosen], random if paper.is_shuffled else None)


def choose(wanted: Sequence[int], open_to: Mapping[int, Sequence[int]], counts: Sequence[int]) -> list[int]:
    """The largest draw there is, of the questions that are wanted first.

    `open_to` has the rules that may draw each question. One that finds them full moves another to a rule that
    has room: a matching, in which whoever was seated once is never unseated.
    """
    held: list[list[int]] = [[] for _ in counts]
    full: set[int] = set()
    for question in wanted:
        seen = set(full)
        if not _seat(question, open_to, counts, held, seen):
            full = seen  # nothing moves any more among the rules that were tried
    return sorted(question for each in held for question in each)


def _seat(
    question: int,
    open_to: Mapping[int, Sequence[int]],
    counts: Sequence[int],
    held: list[list[int]],
    seen: set[int],
) -> bool:
    for place in open_to[question]:
        if place in seen:
            continue
        seen.add(place)
        if len(held[place]) < counts[place]:
            held[place].append(question)
            return True
        for other in held[place]:
            if _seat(other, open_to, counts, held, seen):
                held[place].remove(other)
                held[place].append(question)
                return True
    return False


def snapshots(questions: Iterable[Question], mix: Random | None) -> list[Drawn]:
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
