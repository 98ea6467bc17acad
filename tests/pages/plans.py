"""Yearly plans."""

from tests.pages.rows import ANSWERED, FOREIGN, MANAGERS, RULERS, action, desk, staff
from tests.world import Who

PLANS = [
    staff("plans:list", desk()),
    staff(
        "plans:make",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.plan.unit.code, things.plan.year + 1),
    ),
    staff(
        "plans:detail",
        desk(outside=FOREIGN),
        arguments=lambda things: (things.plan.pk,),
    ),
    staff("plans:lacking", desk(outside=FOREIGN), arguments=lambda things: (things.plan.pk,)),
    staff("plans:history", desk(outside=FOREIGN), arguments=lambda things: (things.plan.pk,)),
    staff(
        "plans:approved",
        desk(outside=FOREIGN),
        arguments=lambda things: (things.plan.pk, things.plan.approved_version),
    ),
    staff("plans:focus", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.plan.pk,)),
    staff("plans:add_item", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.plan.pk,)),
    staff("plans:item", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.plan_item.pk,)),
    staff(
        "plans:drop_item",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.plan_item.pk,),
    ),
    action(
        "plans:submit",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.plan.pk,),
    ),
    staff(
        "plans:decide",
        desk(RULERS, outside=FOREIGN),
        Who.COUNTY,
        arguments=lambda things: (things.plan.pk,),
    ),
]
