"""People and their posts; rosters."""

from tests.pages.rows import ANSWERED, FOREIGN, MANAGERS, action, data, desk, own, staff
from tests.world import Who

PEOPLE = [
    staff("accounts:add", desk(MANAGERS)),
    staff("accounts:import", desk(MANAGERS)),
    data("accounts:import_sheet", desk(MANAGERS)),
    staff(
        "accounts:import_preview",
        own(Who.TOWNSHIP, MANAGERS),
        arguments=lambda things: (things.brought.pk,),
    ),
    data(
        "accounts:import_errors", own(Who.TOWNSHIP, MANAGERS), arguments=lambda things: (things.brought.pk,)
    ),
    action(
        "accounts:import_write",
        own(Who.TOWNSHIP, MANAGERS, ok=ANSWERED),
        arguments=lambda things: (things.brought.pk,),
    ),
    action(
        "accounts:import_drop",
        own(Who.TOWNSHIP, MANAGERS, ok=ANSWERED),
        arguments=lambda things: (things.brought.pk,),
    ),
    staff("accounts:edit", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.person.pk,)),
    staff(
        "accounts:one_time_code",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.person.pk,),
    ),
    staff("accounts:appoint", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.person.pk,)),
    staff(
        "accounts:end_post",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.person.posts.first().pk,),
    ),
    action(
        "accounts:withdraw_post",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.person.posts.first().pk,),
    ),
    action(
        "accounts:correct_end",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.person.posts.first().pk,),
    ),
]
