"""The people of the demo who have a part to play: each shows one case on the pages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from accounts.models import Role
from lms.demo import names
from lms.demo.dates import Calendar
from lms.demo.shapes import PersonPlan, PostPlan

EAST, WEST, SOUTH, NORTH = "140728100200", "140728100201", "140728100202", "140728100203"
GANKENG, NINETEEN = "140728100204", "140728100205"
DUAN, CHENXI = "140728101200", "140728101202"
FENGYAN, CHUNLEI = "140728003001", "140728003002"

BOTH = (Role.SECRETARY, Role.DIRECTOR)


@dataclass(frozen=True)
class Part:
    """One part: who plays it, where, and since when (days before loading, or the term's first day)."""

    key: str
    name: str
    age: int
    unit: str
    roles: tuple[Role, ...]
    is_woman: bool = False
    is_party_member: bool = True
    days_in_post: int | None = None
    has_phone: bool = True
    has_password: bool = False
    was_in: tuple[str, ...] = field(default=())
    # Where the post is, if not where the file lies: a party member on the move.
    guest_at: str = ""


PARTS = (
    Part("learner", "梁晓燕", 48, EAST, BOTH, is_woman=True, has_password=True),
    Part("fresh", "冀小军", 41, WEST, (Role.COMMITTEE_MEMBER,), is_party_member=False, has_password=True),
    Part("exempt", "武保田", 78, SOUTH, (Role.COMMITTEE_MEMBER,), has_phone=False),
    Part("helper", "霍志敏", 36, SOUTH, (Role.GRID_WORKER,)),
    Part("certified", "郭堃", 52, SOUTH, BOTH, was_in=(NORTH,)),
    Part("replaced", "刘䶮", 45, NORTH, (Role.SECRETARY,)),
    Part("revoked", "王喆", 50, NORTH, (Role.DIRECTOR,)),
    Part("corrected", "李昇", 55, GANKENG, (Role.COMMITTEE_MEMBER,)),
    Part("expelled", "张旻", 43, NINETEEN, (Role.COMMITTEE_MEMBER,)),
    Part("mover", "侯永刚", 49, GANKENG, (Role.DEPUTY_SECRETARY,)),
    Part("left", "曹贵生", 59, NINETEEN, (Role.DEPUTY_DIRECTOR,)),
    Part("upcoming", "任丽娟", 34, WEST, (Role.DEPUTY_DIRECTOR,), is_woman=True, days_in_post=-10),
    Part("elected", "裴慧敏", 38, EAST, (Role.COMMITTEE_MEMBER,), is_woman=True, days_in_post=30),
    Part("late", "温俊杰", 40, DUAN, (Role.DEPUTY_DIRECTOR,), days_in_post=150),
    Part("made-up", "令狐瑞", 37, CHENXI, (Role.COMMITTEE_MEMBER,), days_in_post=170),
    Part("capped", "程海涛", 44, FENGYAN, BOTH),
    Part("half-way", "欧阳洁", 33, CHUNLEI, (Role.COMMITTEE_MEMBER,), is_woman=True),
    Part("guest", "慕容海", 35, DUAN, (Role.MOBILE_MEMBER,), guest_at=WEST),
)


def account_number(serial: int) -> str:
    """The account number of a cadre of the county."""
    return f"140728{serial:04d}"


def phone_number(serial: int) -> str:
    """A mobile number that is easy to remember and plainly nobody's."""
    return f"1380000{serial:04d}"


def cast(calendar: Calendar, random: Random) -> Iterator[PersonPlan]:
    """The people of the parts, numbered from 1."""
    for serial, part in enumerate(PARTS, 1):
        birth_year = calendar.year - part.age
        yield PersonPlan(
            key=part.key,
            number=account_number(serial),
            name=part.name,
            unit=part.unit,
            birth_year=birth_year,
            is_party_member=part.is_party_member,
            phone=phone_number(serial) if part.has_phone else None,
            identity=names.identity(random, is_woman=part.is_woman, birth_year=birth_year, serial=serial),
            posts=tuple(_posts(part, calendar)),
            has_password=part.has_password,
        )


def _posts(part: Part, calendar: Calendar) -> Iterator[PostPlan]:
    start = _start(part, calendar)
    for unit in part.was_in:
        before = start - timedelta(days=1)
        first = calendar.served_before.starts_on
        yield PostPlan(unit=unit, role=Role.COMMITTEE_MEMBER, from_on=first, to_on=before)
    for role in part.roles:
        is_newly_elected = part.days_in_post is not None
        unit = part.guest_at or part.unit
        yield PostPlan(unit=unit, role=role, from_on=start, is_newly_elected=is_newly_elected)


def _start(part: Part, calendar: Calendar) -> date:
    if part.days_in_post is None:
        return calendar.served.starts_on
    return calendar.ago(part.days_in_post)
