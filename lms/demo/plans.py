"""The demo's yearly plans: one approved and changed since, one that waits for the county."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from accounts.models import COMMITTEE_ROLES, Cadre, Role, Unit
from lms.demo.county import County
from lms.demo.diary import Event
from lms.hours.models import Ledger
from lms.training.plans.actions import add_item, approve, change_item, make_plan, submit
from lms.training.plans.items import ItemFacts, facts_of
from lms.training.plans.models import ItemKind, Plan, PlanItem

LEADERS = (Role.SECRETARY.value, Role.DIRECTOR.value)
AUTUMN = "秋季“两委”成员集中培训班"


def plans(county: County) -> Iterator[Event]:
    """The township's plan was approved and changed once since; the neighbour's waits for the county."""
    calendar = county.calendar
    drawn_up = max(date(calendar.year, 1, 1), calendar.ago(300))
    yield Event(calendar.moment(drawn_up, 10), partial(_plan, county, "township", is_approved=True))
    neighbour = max(drawn_up, calendar.ago(6))
    yield Event(calendar.moment(neighbour, 10), partial(_plan, county, "other-township", is_approved=False))


def _plan(county: County, key: str, *, is_approved: bool) -> None:
    calendar, by = county.calendar, county.staff[key]
    on = max(date(calendar.year, 1, 1), calendar.ago(300 if is_approved else 6))
    at = calendar.moment(on, 10)
    focus = "防汛备汛、壮大村级集体经济、换届后新任村干部培训"
    plan = make_plan(unit=by.unit, year=calendar.year, focus=focus, by=by, at=at)
    for seen, facts in enumerate(_items(calendar.year, by.unit), plan.version):
        add_item(plan=plan, facts=facts, seen=seen, reason="", by=by, at=at)
    submit(plan=plan, seen=_version(plan), by=by, at=at)
    if is_approved:
        approve(plan=plan, seen=_version(plan), by=county.staff["county"], at=at)
        _put_off(plan, by, at)
        approve(plan=plan, seen=_version(plan), by=county.staff["county"], at=at)


def _version(plan: Plan) -> int:
    plan.refresh_from_db()
    return plan.version


def _put_off(plan: Plan, by: Cadre, at: datetime) -> None:
    """The autumn class begins two days later, because of the harvest."""
    item = PlanItem.objects.get(plan=plan, title=AUTUMN)
    facts = facts_of(item)
    wait = timedelta(days=2)
    later = replace(facts, starts_on=facts.starts_on + wait, ends_on=facts.ends_on + wait)
    change_item(item=item, facts=later, seen=_version(plan), reason="避开秋收", by=by, at=at)


def _items(year: int, unit: Unit) -> list[ItemFacts]:
    where = f"{unit.name}党校"
    spring = _item("春季“两委”成员集中培训班", date(year, 3, 16), 2)
    autumn = _item(AUTUMN, date(year, 10, 19), 3)
    rotation = _item("书记、主任轮训（县委党校）", date(year, 12, 7), 5)
    rotation = replace(rotation, kind=ItemKind.ROTATION, roles=LEADERS, purpose="任期轮训")
    evening = replace(
        _item("冬季夜校集体收看", date(year, 12, 18), 1),
        kind=ItemKind.VIEWING,
        roles=(),
        ledger=Ledger.COLLECTIVE,
        days=Decimal(0),
        hours=Decimal(2),
        purpose="政策和实用技术",
    )
    return [replace(facts, place=where) for facts in (spring, autumn, rotation, evening)]


def _item(title: str, first: date, days: int) -> ItemFacts:
    """A class of so many days for the two committees."""
    return ItemFacts(
        title=title,
        purpose="防汛、集体经济和财务公开",
        kind=ItemKind.ORDINARY,
        roles=tuple(role.value for role in COMMITTEE_ROLES),
        is_for_party_members=False,
        ledger=Ledger.CONCENTRATED,
        days=Decimal(days),
        hours=Decimal(days * 6),
        starts_on=first,
        ends_on=first + timedelta(days=days - 1),
        place="",
        teacher="县委党校教师",
        expected=40,
        lessons=(),
    )
