"""What is kept of the answers to one question: merging is commutative and idempotent. Pure.

A phone's own counter says which of its answers is its last, whatever order they come in; between phones the
moment decides. A repeated answer keeps its earliest moment, because the way only ever adds to it.

{"value": …, "at": milliseconds, "said": {device: [counter, milliseconds, value]}}: the first two are those of
the phone that said it last.
"""

from typing import Any, TypedDict

Json = Any  # an answer of whatever kind
# So many phones nobody has; a forger's next one takes the place of the one that spoke longest ago.
MOST_DEVICES = 8


class Answer(TypedDict):
    """The answer that counts, and what each phone said last."""

    value: Json
    at: int
    said: dict[str, list[Json]]


def merged(kept: Answer | None, *, device: str, number: int, at: int, value: Json) -> Answer:
    """What is kept once a phone has said `value` under its counter `number` at a moment."""
    said = dict(kept["said"]) if kept else {}
    before = said.get(device)
    if before is None or number > before[0]:
        said[device] = [number, at, value]
    elif number == before[0]:
        said[device] = [number, min(at, before[1]), before[2]]
    latest = sorted(said, key=lambda name: (said[name][1], name))[-MOST_DEVICES:]
    last = said[latest[-1]]
    return Answer(value=last[2], at=last[1], said={name: said[name] for name in sorted(latest)})
