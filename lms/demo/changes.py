"""The changes of places and posts in the demo: the election of the running term, and two villages merged."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from io import BytesIO, StringIO

from accounts.elections.actions import TermFacts, open_election, write_result
from accounts.elections.judging import Ask, judge
from accounts.elections.models import Election
from accounts.mergers.actions import prepare_merger, write_merger
from accounts.mergers.lines import Line
from accounts.mergers.plan import plan_of
from accounts.models import COMMITTEE_ROLES, Cadre, Level, Post, Role, Unit
from accounts.roster.sheets import read_rows
from lms.demo.county import County
from lms.demo.dates import Calendar
from lms.demo.diary import Event

TERM_NUMBER = 13
# The villages vote over some weeks after the term has begun.
VOTED_AFTER, RECORDED_AFTER = 14, 21
MERGED_AGO = 90
HEADER = ("单位代码", "姓名", "职务", "电话", "是否新当选")


def changes(county: County) -> Iterator[Event]:
    """Both, each at its time."""
    calendar = county.calendar
    voted = calendar.term.starts_on + timedelta(days=VOTED_AFTER)
    recorded = calendar.term.starts_on + timedelta(days=RECORDED_AFTER)
    if recorded <= calendar.today:
        yield Event(calendar.moment(recorded, 15), partial(_elect, county, voted))
    merged = max(date(calendar.year, 1, 1), calendar.opening, calendar.ago(MERGED_AGO))
    yield Event(calendar.moment(merged, 15), partial(_merge, county, merged))


def begin_term(county: Unit, calendar: Calendar, by: Cadre) -> Election:
    """Open the election with which the running term begins."""
    span = calendar.term
    facts = TermFacts(county, TERM_NUMBER, span.starts_on, span.ends_on)
    return open_election(facts=facts, by=by, at=calendar.moment(span.starts_on, 9))


def _villages(county: County, township: Unit) -> list[Unit]:
    """The villages of a township in the order of their codes."""
    prefix = township.code[:9]
    return [
        unit for unit in county.units.values() if unit.level == Level.VILLAGE and unit.code.startswith(prefix)
    ]


def _elect(county: County, voted: date) -> None:
    """Two villages of the last township: everybody carries on in one, a newcomer joins the other."""
    calendar, by = county.calendar, county.staff["county"]
    election = Election.objects.still_open().get(county=by.unit)
    first, second = _villages(county, county.townships[-1])[:2]
    rows = [*_carry_on(first, voted), *_carry_on(second, voted)]
    rows.append((second.code, "阎立新", "两委委员", "13800009901", "是"))
    ask = Ask(read_rows(_sheet(rows)).rows, voted)
    on = calendar.term.starts_on + timedelta(days=RECORDED_AFTER)
    scope = [by.unit]
    seen = judge(election=election, ask=ask, scope=scope, on=on).seen
    write_result(election=election, ask=ask, scope=scope, seen=seen, by=by, at=calendar.moment(on, 15))
    county.read_posts_again()


def _carry_on(village: Unit, on: date) -> list[tuple[str, ...]]:
    """The rows that say that everybody in an elected post stays."""
    held: dict[int, list[Post]] = {}
    posts = Post.objects.filter(unit=village, role__in=COMMITTEE_ROLES).held_on(on)
    for post in posts.select_related("person").order_by("person", "pk"):
        held.setdefault(post.person_id, []).append(post)
    return [
        (
            village.code,
            posts[0].person.name,
            "、".join(str(Role(post.role).label) for post in posts),
            posts[0].person.phone or "",
            "",
        )
        for posts in held.values()
    ]


def _sheet(rows: list[tuple[str, ...]]) -> BytesIO:
    text = StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return BytesIO(text.getvalue().encode())


def _merge(county: County, on: date) -> None:
    """The last two villages of the last township become one; of two in one office the first goes on."""
    calendar, by = county.calendar, county.staff["county"]
    at = calendar.moment(on, 15)
    one, other = _villages(county, county.townships[-1])[-2:]
    lines = [
        Line(unit.code, _free_code(other), f"{one.short_name[:-1]}{other.short_name[:1]}新村")
        for unit in (one, other)
    ]
    merger = prepare_merger(over=by.unit, level=Level.VILLAGE, lines=lines, on=on, by=by, at=at)
    scope = [by.unit]
    plan = plan_of(merger, scope=scope, today=on)
    choices = {contest.key: contest.posts[0].pk for contest in plan.offices.contests}
    write_merger(merger=merger, choices=choices, seen=plan.digest, scope=scope, by=by, at=at)
    county.read_posts_again()


def _free_code(last: Unit) -> str:
    """A code behind the last village of the township."""
    return f"{last.code[:9]}{int(last.code[9:]) + 50:03d}"
