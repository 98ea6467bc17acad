"""Merging units in a few words."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from accounts.mergers.actions import prepare_merger, write_merger
from accounts.mergers.lines import Line
from accounts.mergers.models import Merger
from accounts.mergers.plan import Plan, plan_of
from accounts.models import Cadre, Level, StaffRole, Unit
from tests.factories import StaffFactory
from tests.factories.people import CountyTree

AT = datetime(2026, 7, 10, 4, tzinfo=UTC)
TODAY = date(2026, 7, 10)
ON = date(2026, 7, 1)
LAST = date(2026, 6, 30)
NEW = "140728100210"


def ruler(tree: CountyTree) -> Cadre:
    """County staff."""
    person: Cadre = StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person
    return Cadre.objects.get(pk=person.pk)


def into(new: str, *olds: Unit, name: str = "新合村") -> list[Line]:
    """The lines by which units merge into one."""
    return [Line(old.code, new, name) for old in olds]


def prepared(tree: CountyTree, lines: Iterable[Line], by: Cadre, *, on: date = ON) -> Merger:
    return prepare_merger(over=tree.county, level=Level.VILLAGE, lines=list(lines), on=on, by=by, at=AT)


def judged(
    merger: Merger, by: Cadre, *, today: date = TODAY, choices: Mapping[str, int] | None = None
) -> Plan:
    return plan_of(
        merger, scope=by.scope_units("COUNTY", "CITY", "PROVINCE"), today=today, choices=choices or {}
    )


def written(
    merger: Merger, by: Cadre, *, choices: Mapping[str, int] | None = None, at: datetime = AT, seen: str = ""
) -> Merger:
    """The yes to what stands there now."""
    scope = by.scope_units("COUNTY", "CITY", "PROVINCE")
    digest = seen or plan_of(merger, scope=scope, today=at.date()).digest
    return write_merger(merger=merger, choices=choices or {}, seen=digest, scope=scope, by=by, at=at)
