"""The wall clock that pays for covered seconds: one second of a person's time pays for one stream only.

All moments and lengths are whole milliseconds since 1970. Time is spent earliest first; what a later
launch steps over stays on the clock as a gap, so that a report that comes late from another phone is still
paid out of the time in which it was studied.
"""

from typing import NamedTuple

Gap = tuple[int, int]

# Time before a launch that still counts: the page was on the phone before the server wrote its token.
LEEWAY_MS = 2_000
# More gaps than this are forgotten, the shortest first: the row stays small.
MOST_GAPS = 24
NORMAL_SPEED = 100


class Clock(NamedTuple):
    """Up to when a person's time is spent, and the gaps before that which are not."""

    spent_until: int = 0
    gaps: tuple[Gap, ...] = ()


class Payment(NamedTuple):
    """How many seconds were paid, the clock afterwards, and the moment that paid the last of them."""

    seconds: int
    clock: Clock
    last_ms: int


def pay(clock: Clock, *, opened: int, now: int, wanted: int, speed: int, horizon: int) -> Payment:
    """Pay as many of the wanted seconds as the unspent time from a launch until now allows.

    `speed` is in hundredths: at 150, two seconds of clock pay for three seconds of film. No launch is
    older than `horizon`, so gaps before it can never be asked for again.
    """
    start = opened - LEEWAY_MS
    inside, outside = _split(clock, start, now)
    unspent = sum(end - begin for begin, end in inside)
    seconds = min(wanted, unspent * speed // (1000 * NORMAL_SPEED))
    if seconds <= 0:
        return Payment(0, clock, start)
    cost = -(-seconds * 1000 * NORMAL_SPEED // speed)
    left, last_ms = _spend(inside, cost)
    spent_until = max(last_ms, clock.spent_until)
    gaps = _gaps([*outside, *left], spent_until, horizon)
    return Payment(seconds, Clock(spent_until, gaps), last_ms)


def _split(clock: Clock, start: int, now: int) -> tuple[list[Gap], list[Gap]]:
    """The unspent stretches inside the window from `start` to `now`, and the pieces outside of it."""
    inside: list[Gap] = []
    outside: list[Gap] = []
    for begin, end in (*clock.gaps, (clock.spent_until, max(now, clock.spent_until))):
        first, last = max(begin, start), min(end, now)
        if first >= last:
            outside.append((begin, end))
        else:
            inside.append((first, last))
            outside += [(begin, first), (last, end)]
    return inside, outside


def _spend(stretches: list[Gap], cost: int) -> tuple[list[Gap], int]:
    """Take `cost` milliseconds off the stretches, earliest first: what is left, and where it ended."""
    for index, (begin, end) in enumerate(stretches):
        if cost <= end - begin:
            return [(begin + cost, end), *stretches[index + 1 :]], begin + cost
        cost -= end - begin
    return [], stretches[-1][1]


def _gaps(pieces: list[Gap], spent_until: int, horizon: int) -> tuple[Gap, ...]:
    """Unspent pieces before `spent_until`, joined where they touch; what lies after it is open anyway."""
    gaps: list[Gap] = []
    for begin, end in sorted(pieces):
        end = min(end, spent_until)
        if begin >= end or end <= horizon:
            continue
        if gaps and gaps[-1][1] == begin:
            gaps[-1] = (gaps[-1][0], end)
        else:
            gaps.append((begin, end))
    if len(gaps) > MOST_GAPS:
        longest = sorted(gaps, key=lambda gap: gap[0] - gap[1])[:MOST_GAPS]
        gaps = sorted(longest)
    return tuple(gaps)
