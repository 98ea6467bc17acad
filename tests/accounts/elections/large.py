"""A long list for a whole township."""

from accounts.models import Role, Unit
from tests.accounts.elections.county import holder, row
from tests.factories import UnitFactory


def large_list(township: Unit, villages: int) -> list[list[str]]:
    """Villages with a secretary, a director and a member each; the member ends and somebody new begins."""
    rows = []
    for number in range(300, 300 + villages):
        unit = UnitFactory(code=f"140728100{number}", name=f"第{number}村", level="VILLAGE", parent=township)
        first = holder(unit, "甲书记", Role.SECRETARY)
        second = holder(unit, "乙主任", Role.DIRECTOR)
        holder(unit, "丙委员", Role.COMMITTEE_MEMBER)
        rows.append(row(unit.name, first.name, "书记", first.phone))
        rows.append(row(unit.name, second.name, "主任", second.phone))
        rows.append(row(unit.name, "丁新人", "委员", f"1371000{number:04d}"))
    return rows
