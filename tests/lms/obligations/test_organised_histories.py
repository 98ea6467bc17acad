"""Random years of a county in which people organise: every line, seat and figure is what the domain says."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from itertools import combinations
from random import Random

import time_machine
from django.core.management import call_command
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lms.hours.models import HoursEntry, Ledger, YearFreeze
from lms.obligations import actions
from lms.training.models import Presence
from tests.lms.obligations.county_life import PEOPLE, Life
from tests.lms.obligations.organised import lines_shown, seats_shown
from tests.lms.obligations.reference import shown, waits
from tests.lms.obligations.test_histories import EXAMPLES, ROLES, digest, ledger

# Each step is drawn from a number of its own: with some taken out, the others stay what they were.
histories = st.lists(st.integers(0, 2**32 - 1), min_size=10, max_size=22, unique=True)
# Each takes longer than a history of one person.
MOST = max(1, EXAMPLES * 2 // 3)
GAPS = [timedelta(minutes=n) for n in (0, 0, 7, 7, 25, 60)] + [timedelta(days=n) for n in (0.2, 1, 60)]
EVERYBODY = 2**PEOPLE - 1


def drawn(number: int) -> tuple[timedelta, tuple]:
    """How much later, and what happens then."""
    draw = Random(number)
    kinds = {course: 4, mark: 6, evening: 5, screen: 8, claim: 5, office: 4, person: 5}
    (kind,) = draw.choices(list(kinds), list(kinds.values()))
    return draw.choice(GAPS), kind(draw)


def flip(draw: Random) -> bool:
    return draw.random() < 0.5


def course(draw: Random) -> tuple:
    """A class from its call to its close, or told afterwards."""
    some, days = draw.choice([EVERYBODY, EVERYBODY, draw.randint(1, EVERYBODY)]), draw.randint(1, 5)
    missed = [(draw.randrange(PEOPLE), draw.randint(0, 9)) for _ in range(draw.choice([0, 1, 1, 2, 4]))]
    if draw.random() < 0.2:
        halves = [draw.choice([0, 0, 1, 3]) for _ in range(PEOPLE)]
        return "record", some, days, halves, draw.randint(0, 40), draw.choice([5, 24, 30]), flip(draw)
    called = some, days, draw.randint(-5, 1), draw.randint(0, 3), draw.random() < 0.3, flip(draw)
    if draw.random() < 0.3:
        return "class", *called
    return "course", called, missed, flip(draw), flip(draw)


def mark(draw: Random) -> tuple:
    """What becomes of a class."""
    index, who = draw.randint(0, 1), draw.randrange(PEOPLE)
    tick = (
        "tick", index, draw.randint(0, 9), who, draw.choice(["IN", "IN", "OUT"]), flip(draw),
        draw.choice([-30, 0, 3, 100]), draw.choice(["TICK", "TICK", "CORRECTION"]),
    )  # fmt: skip
    missed = [(draw.randrange(PEOPLE), draw.randint(0, 9)) for _ in range(draw.choice([0, 1, 2]))]
    attend = "attend", index, missed, flip(draw), flip(draw)
    again = "again", index, tick[1:]
    others = [("open", index), ("close", index), ("walk_in", index, who), ("reject", index, who)]
    return draw.choice([tick, tick, attend, again, again, again, *others])


def evening(draw: Random) -> tuple:
    """Both stations at once."""
    minutes = draw.choice([14, 20, 60, 90])
    rolls = [
        (draw.randint(0, 1), draw.randrange(PEOPLE), draw.randint(0, minutes))
        for _ in range(draw.randint(1, 6))
    ]
    late = [(draw.randint(0, 1), draw.randrange(PEOPLE), flip(draw)) for _ in range(draw.choice([0, 1, 3]))]
    return "evening", minutes, rolls, late


def screen(draw: Random) -> tuple:
    """One thing at one station."""
    index, late = draw.randint(0, 1), draw.choice([0, 1, 10, 45, 90, 1500])
    roll = "roll", index, draw.randrange(PEOPLE), flip(draw), late, draw.choice([0, 0, 1, 2])
    show = "show", draw.randint(0, 1), draw.choice([10, 40]), flip(draw)
    play = "play", index, draw.randint(0, 1500), draw.choice([100, 900, 2000])
    anew = "anew", index, roll[1:]
    others = [(name, index) for name in ("finish", "count", "recount", "strike")]
    return draw.choice([roll, roll, roll, anew, anew, anew, show, show, play, play, *others])


def claim(draw: Random) -> tuple:
    """Hours earned elsewhere, and second lines."""
    filed = (
        "claim", draw.randrange(PEOPLE), flip(draw), draw.choice(list(Ledger)), draw.randint(2, 20),
        draw.randint(0, 6), draw.randint(0, 60),
    )  # fmt: skip
    answer = draw.choice(["approve", "approve", "approve", "own", "refuse", "withdraw"])
    decided = "decide", draw.randint(0, 1), answer, draw.randint(0, 1)
    corrected = "correct", draw.randint(0, 30), draw.choice(["0.5", "2", "6", "12"])
    at_once = "at_once", filed[1:], decided[1:]
    return draw.choice([filed, decided, at_once, at_once, at_once, corrected])


def office(draw: Random) -> tuple:
    """Rules and years."""
    caps = {kind: draw.choice(["1.2", "7", "15"]) for kind in ("CLAIM", "VIEWING", "CLASS") if flip(draw)}
    rule = "rule", flip(draw), caps, draw.choice([None, "10"]), draw.choice([3, 7, 7, 100])
    freeze = "freeze", draw.choice(["county", "province"])
    require = "require", draw.randint(0, 40), draw.randint(51, 80), flip(draw)
    lower = "lower", draw.randint(0, 40), draw.randint(20, 70), flip(draw), flip(draw)
    return draw.choice([rule, rule, freeze, ("reopen", draw.randint(0, 3)), require, lower])


def person(draw: Random) -> tuple:
    """Who is what and where."""
    place, who = draw.randint(0, 3), draw.randrange(PEOPLE)
    seats = [(draw.randint(0, 3), draw.randint(0, 3)) for _ in range(PEOPLE)]
    shift = draw.randint(-60, 20)
    appoint = "appoint", shift, draw.choice(ROLES), place, flip(draw)
    own = [appoint, appoint, ("end", shift, place), ("move", place), ("join", flip(draw))]
    own.append(("excuse", shift, draw.choice([None, 20, 90])))
    answer = draw.choice(["accept", "accept", "accept", "decline", "withdraw"])
    return draw.choice(
        [
            ("offer", who, draw.randint(0, 20), draw.random() < 0.3, flip(draw)),
            ("answer", draw.randint(0, 1), answer, draw.choice(["", "DIRECTOR"])),
            ("answer", 0, answer, draw.choice(["", "DIRECTOR"])),
            ("merge", place, draw.randint(0, 3), draw.randint(0, 25), flip(draw), draw.randint(0, 3)),
            ("elect", draw.randint(0, 60), seats, draw.randint(0, 9)),
            *(("of", who, each) for each in own),
        ]
    )


FIRST = [
    ("of", 0, ("appoint", -300, "SECRETARY", 0, False)),
    ("of", 1, ("appoint", -30, "DIRECTOR", 1, True)),
    ("of", 2, ("appoint", -90, "COMMITTEE_MEMBER", 2, False)),
]


class OrganisedHistories(TestCase):
    """Classes, viewings, claims, mergers, elections and transfers, in any order."""

    @settings(max_examples=MOST, deadline=None, suppress_health_check=list(HealthCheck))
    # A mark that was taken back for a time, told late: the seat moves, and no line is written for nothing.
    @example([0, 320, 901, 2616, 2748, 4772, 156625, 1, 6291, 2143])
    @given(histories)
    def test_every_line_seat_and_figure_is_what_the_slow_and_obvious_way_says(
        self, history: list[int]
    ) -> None:
        life = Life()
        life.pass_time(timedelta(0))
        for name, *values in FIRST:
            life.live(name, *values)
        for gap, (name, *values) in map(drawn, history):
            note(f"{gap} later: {name} {values}")
            before = ledger()
            life.pass_time(gap)
            life.live(name, *values)
            assert digest(ledger()[: len(before)]) == digest(before), "no line ever changes"
            self.check_places(life)
        self.check_figures(life)
        self.check_rebuild(life)

    def check_places(self, life: Life) -> None:
        """Lines and seats are those of the books; nobody is in two places, nothing is granted twice."""
        assert seats_shown() == life.books.seats_said()
        assert lines_shown() == life.books.lines_said()
        grants = Counter(HoursEntry.objects.filter(corrects=None).values_list("person", "source"))
        assert set(grants.values()) <= {1}
        for one, other in combinations(Presence.objects.filter(lost_to=None), 2):
            if one.person_id == other.person_id:
                assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at

    def check_figures(self, life: Life) -> None:
        """What is shown is what a rebuild would say, and what the slow way says."""
        ids = [person.pk for person in life.people]
        assert list(actions.differences(ids, at=life.at)) == []
        for person, reference in zip(life.people, life.references, strict=True):
            assert shown(person) == reference.rows(life.today)
            assert years_shown(person.pk) == years_added_up(person.pk)

    def check_rebuild(self, life: Life) -> None:
        with time_machine.travel(life.at, tick=False):
            call_command("rebuild_standings", check=True, stdout=StringIO(), stderr=StringIO())


Sums = dict[tuple[int, str], Decimal]


def years_shown(person: int) -> Sums:
    """What the person's page says of each year."""
    return {
        (year.year, name): hours
        for year in HoursEntry.objects.of(person).by_year()
        for name, hours in (
            ("ONLINE", year.online), ("COLLECTIVE", year.collective), ("CONCENTRATED", year.concentrated),
            ("days", year.days),
        )
        if hours
    }  # fmt: skip


def years_added_up(person: int) -> Sums:
    """The same, line by line, without those that wait for their year to be reopened."""
    sums: Sums = {}
    has_freezes = YearFreeze.objects.exists()
    for entry in HoursEntry.objects.filter(person=person).select_related("unit"):
        if has_freezes and waits(entry):
            continue
        key = (entry.earned_on.year, entry.ledger)
        sums[key] = sums.get(key, Decimal(0)) + entry.hours
        if entry.ledger == "CONCENTRATED":
            days = (entry.earned_on.year, "days")
            sums[days] = sums.get(days, Decimal(0)) + entry.days
    return {key: hours for key, hours in sums.items() if hours}
