"""About 1,200 village cadres of one county, planned as pure data from a fixed seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random

from accounts.models import COMMITTEE_ROLES, Role
from lms.demo import names
from lms.demo.cast import account_number, cast
from lms.demo.dates import Calendar
from lms.demo.shapes import PersonPlan, PostPlan

SEED = 140728
FIRST_SERIAL = 101
# One is enough for a village; the others may sit several to a committee.
SINGLE = (Role.SECRETARY, Role.DIRECTOR)
ELECTED_DAYS_AGO = (8, 19, 27, 41, 56, 68, 80, 87, 104, 118, 133, 149, 165, 183, 201, 226)
MOVED_EVERY, RARE_EVERY = 59, 83


@dataclass(frozen=True)
class Habit:
    """How the holders of a role usually are."""

    age: float
    spread: float
    women: float
    party: float


HABITS = {
    Role.SECRETARY: Habit(52, 7, 0.12, 1),
    Role.DIRECTOR: Habit(50, 7, 0.15, 0.85),
    Role.DEPUTY_SECRETARY: Habit(49, 8, 0.2, 1),
    Role.DEPUTY_DIRECTOR: Habit(49, 8, 0.25, 0.6),
    Role.COMMITTEE_MEMBER: Habit(51, 8, 0.42, 0.55),
    Role.RESERVE: Habit(33, 4, 0.4, 0.6),
    Role.FIRST_SECRETARY: Habit(43, 6, 0.25, 1),
    Role.GRADUATE: Habit(26, 1.5, 0.5, 0.8),
    Role.GRID_WORKER: Habit(44, 8, 0.6, 0.25),
}
YOUNGEST, OLDEST = 22, 69


def plan_people(villages: Sequence[str], calendar: Calendar) -> list[PersonPlan]:
    """Everybody: those with a part to play, then the crowd, village by village."""
    random = Random(SEED)  # noqa: S311 - invented people, nothing secret
    parts = list(cast(calendar, random))
    taken = {(post.unit, post.role) for person in parts for post in person.posts}
    serials = count(FIRST_SERIAL)
    crowd = []
    for village in villages:
        for seat in _seats(random):
            roles = tuple(role for role in seat if role not in SINGLE or (village, role) not in taken)
            if roles:
                crowd.append(_person(random, calendar, village, roles, next(serials)))
    return parts + _named_rarely(_by_elected(_moved(crowd, calendar), calendar))


def _seats(random: Random) -> Iterator[tuple[Role, ...]]:
    """The seats of one village: usually one person leads both committees (一肩挑)."""
    if random.random() < 0.7:
        yield (Role.SECRETARY, Role.DIRECTOR)
    else:
        yield (Role.SECRETARY,)
        yield (Role.DIRECTOR,)
    for role, share in ((Role.DEPUTY_SECRETARY, 0.35), (Role.DEPUTY_DIRECTOR, 0.25)):
        if random.random() < share:
            yield (role,)
    for _ in range(random.choice((2, 2, 2, 3, 3))):
        yield (Role.COMMITTEE_MEMBER,)
    for role, share in (
        (Role.RESERVE, 0.3),
        (Role.GRID_WORKER, 0.35),
        (Role.FIRST_SECRETARY, 0.14),
        (Role.GRADUATE, 0.12),
    ):
        if random.random() < share:
            yield (role,)


def _person(
    random: Random, calendar: Calendar, village: str, roles: tuple[Role, ...], serial: int
) -> PersonPlan:
    habit = HABITS[roles[0]]
    age = min(OLDEST, max(YOUNGEST, round(random.gauss(habit.age, habit.spread))))
    is_woman, birth_year = random.random() < habit.women, calendar.year - age
    has_phone, has_identity = random.random() < 0.94, random.random() < 0.4
    identity = names.identity(random, is_woman=is_woman, birth_year=birth_year, serial=serial)
    return PersonPlan(
        number=account_number(serial),
        name=names.name(random, is_woman=is_woman, age=age),
        unit=village,
        birth_year=birth_year,
        is_party_member=random.random() < habit.party,
        phone=names.phone(serial) if has_phone else None,
        identity=identity if has_identity else None,
        posts=tuple(_posts(random, calendar, village, roles)),
    )


def _posts(random: Random, calendar: Calendar, village: str, roles: tuple[Role, ...]) -> Iterator[PostPlan]:
    """The present posts, and for those who were elected again the same ones of the term before."""
    if not set(roles) & set(COMMITTEE_ROLES):
        since = calendar.opening - timedelta(days=random.randint(30, 900))
        yield from (PostPlan(unit=village, role=role, from_on=since) for role in roles)
        return
    start, was_there = calendar.served.starts_on, random.random() < 0.8
    for role in roles:
        if was_there:
            yield _before(village, role, calendar)
        yield PostPlan(unit=village, role=role, from_on=start, is_newly_elected=not was_there)


def _before(village: str, role: Role, calendar: Calendar) -> PostPlan:
    span = calendar.served_before
    return PostPlan(unit=village, role=role, from_on=span.starts_on, to_on=span.ends_on)


def _moved(crowd: list[PersonPlan], calendar: Calendar) -> list[PersonPlan]:
    """Every so many, somebody served in the next village of the list before."""
    moved = list(crowd)
    for place in range(MOVED_EVERY, len(crowd), MOVED_EVERY):
        person, elsewhere = crowd[place], crowd[place - 8].unit
        if len(person.posts) == 1 and person.posts[0].role in COMMITTEE_ROLES:
            before = _before(elsewhere, Role.COMMITTEE_MEMBER, calendar)
            moved[place] = replace(person, posts=(before, *person.posts))
    return moved


def _by_elected(crowd: list[PersonPlan], calendar: Calendar) -> list[PersonPlan]:
    """Some sit since a by-election: the latest still have time for their first training."""
    result, days = list(crowd), iter(ELECTED_DAYS_AGO)
    for place in range(30, len(crowd), 70):
        index = next(index for index in range(place, place + 40) if crowd[index].posts[-1].is_newly_elected)
        won_on = next(days, None)
        if won_on is None:
            break
        result[index] = _since(crowd[index], calendar.ago(won_on))
    return result


def _since(person: PersonPlan, won_on: date) -> PersonPlan:
    posts = tuple(replace(post, from_on=won_on) if post.is_newly_elected else post for post in person.posts)
    return replace(person, posts=posts)


def _named_rarely(crowd: list[PersonPlan]) -> list[PersonPlan]:
    """Give a few people a given name that small fonts lack."""
    result = list(crowd)
    for turn, place in enumerate(range(RARE_EVERY, len(crowd), RARE_EVERY)):
        person, rare = crowd[place], names.RARE[turn % len(names.RARE)]
        result[place] = replace(person, name=person.name[:-1] + rare)
    return result
