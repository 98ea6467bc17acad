"""Classes: recorded, called, held, closed."""

from tests.pages.rows import (
    ANSWERED,
    FOREIGN,
    MANAGERS,
    MISSING,
    action,
    desk,
    learner,
    owner,
    signed_in,
    staff,
)
from tests.world import Who

CLASSES = [
    staff("classes:list", desk()),
    staff("classes:record", desk(MANAGERS)),
    staff(
        "classes:detail",
        desk(outside=FOREIGN | {Who.STATION}),
        arguments=lambda things: (things.training.pk,),
    ),
    staff("classes:new", desk(MANAGERS)),
    *[
        staff(
            f"classes:{name}",
            desk(MANAGERS, outside=FOREIGN),
            arguments=lambda things: (things.calling.held.pk,),
        )
        for name in ("edit", "timetable", "quotas", "names", "review", "leaves", "material", "notices")
    ],
    *[
        action(
            f"classes:{name}",
            desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
            arguments=lambda things: (things.calling.held.pk,),
        )
        for name in ("announce", "cancel", "decide")
    ],
    # Without a lesson's number there is nothing to attach.
    action("classes:lesson", desk(MANAGERS, ok=MISSING), arguments=lambda things: (things.calling.held.pk,)),
    staff(
        "classes:half_day",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.calling.half_day.pk,),
    ),
    action(
        "classes:drop_half_day",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.calling.half_day.pk,),
    ),
    action(
        "classes:withdraw",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.calling.place.pk,),
    ),
    action(
        "classes:decide_leave",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.calling.leave.pk,),
    ),
    action(
        "classes:drop_material",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.calling.material.pk,),
    ),
    learner("my_classes:list", signed_in()),
    learner("my_classes:detail", owner(), arguments=lambda things: (things.calling.held.pk,)),
    action("my_classes:leave", owner(ok=ANSWERED), arguments=lambda things: (things.calling.held.pk,)),
    action(
        "my_classes:withdraw_leave",
        owner(ok=ANSWERED),
        arguments=lambda things: (things.calling.leave.pk,),
    ),
    staff(
        "roll:class",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.taught.training_class.pk,),
    ),
    staff(
        "classes:code",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.taught.training_class.pk,),
    ),
    staff(
        "classes:marks",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.taught.training_class.pk,),
    ),
    staff(
        "classes:mark",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (
            things.taught.training_class.pk,
            things.taught.training_class.places.all()[0].pk,
            things.taught.half_days[0].pk,
        ),
    ),
    staff(
        "classes:close",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.taught.training_class.pk,),
    ),
    learner("my_classes:sign", signed_in()),
]
