"""What can be run in the background: a room's `tasks.py` registers its jobs and its recurring ticks here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules


class GiveUp(Exception):
    """Raised by a handler that can never succeed: the job fails at once, in the words given."""


Report = Callable[[int, int], None]


def unheard(done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Work:
    """One run of a job as its handler sees it; `args` is the JSON object given to `enqueue`."""

    args: dict[str, Any]  # any JSON
    at: datetime
    # Notes how far the work is and keeps the lease; call it at least every few seconds, outside a
    # transaction of your own (nobody sees it before the commit).
    report: Report = field(default=unheard)


Handler = Callable[[Work], dict[str, Any]]  # any JSON
Tick = Callable[[datetime], None]


@dataclass(frozen=True)
class Recurring:
    """A tick and how often it comes round."""

    name: str
    seconds: float
    tick: Tick


class Registry:
    """The jobs by kind and the ticks by name."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.recurring: dict[str, Recurring] = {}
        self.long: set[str] = set()

    def job(self, kind: str, *, is_long: bool = False) -> Callable[[Handler], Handler]:
        """Register a handler, which must be safe to run twice; its answer is kept in `Job.result`.

        Long work takes minutes: it has a lane (and behind a broker a queue) of its own, so that somebody who
        waits for a list does not wait for a film. Its process may be stopped in the middle.
        """

        def register(handler: Handler) -> Handler:
            if self.handlers.setdefault(kind, handler) is not handler:
                raise ValueError(f"Two handlers for jobs of kind {kind!r}.")
            if is_long:
                self.long.add(kind)
            return handler

        return register

    def every(self, *, seconds: float, name: str) -> Callable[[Tick], Tick]:
        """Register a tick, which must be safe to run late, twice, and by two processes at once."""

        def register(tick: Tick) -> Tick:
            entry = Recurring(name, seconds, tick)
            if self.recurring.setdefault(name, entry) is not entry:
                raise ValueError(f"Two ticks named {name!r}.")
            return tick

        return register


registry = Registry()
job = registry.job
every = registry.every


@cache
def load() -> Registry:
    """The registry with every room's `tasks.py` read."""
    autodiscover_modules("tasks")
    return registry
