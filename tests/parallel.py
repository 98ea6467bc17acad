"""Work done at the same moment, each piece on its own connection."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Answer = TypeVar("Answer")


def at_once(works: Iterable[Callable[[], Answer]]) -> list[Answer]:
    """Run the works in threads that start together, each on its own connection."""
    works = list(works)
    start = Barrier(len(works))

    def run(work: Callable[[], Answer]) -> Answer:
        try:
            start.wait(timeout=20)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, work) for work in works]]
