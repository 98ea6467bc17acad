"""Hours earned elsewhere."""

from tests.pages.rows import (
    ANSWERED,
    FOREIGN,
    MANAGERS,
    READERS,
    action,
    data,
    desk,
    learner,
    own,
    owner,
    signed_in,
    staff,
)
from tests.world import Who

CLAIMS = [
    learner("claims:mine", signed_in()),
    learner("claims:new", signed_in()),
    action("claims:withdraw", owner(ok=ANSWERED), arguments=lambda things: (things.claim.pk,)),
    data("claims:evidence", owner(*(READERS - FOREIGN)), arguments=lambda things: (things.evidence.pk,)),
    staff("claims:list", desk()),
    staff("claims:file", desk(MANAGERS)),
    staff("claims:detail", desk(outside=FOREIGN), arguments=lambda things: (things.claim.pk,)),
    action(
        "claims:approve",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.claim.pk,),
    ),
    action(
        "claims:refuse",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.claim.pk,),
    ),
    staff("claims:sheets", desk(MANAGERS)),
    data("claims:sheet", desk(MANAGERS)),
    staff("claims:preview", own(Who.TOWNSHIP, MANAGERS), arguments=lambda things: (things.claim_sheet.pk,)),
    data("claims:errors", own(Who.TOWNSHIP, MANAGERS), arguments=lambda things: (things.claim_sheet.pk,)),
    action(
        "claims:again",
        own(Who.TOWNSHIP, MANAGERS, ok=ANSWERED),
        arguments=lambda things: (things.claim_sheet.pk,),
    ),
    action(
        "claims:write",
        own(Who.TOWNSHIP, MANAGERS, ok=ANSWERED),
        arguments=lambda things: (things.claim_sheet.pk,),
    ),
    action(
        "claims:drop",
        own(Who.TOWNSHIP, MANAGERS, ok=ANSWERED),
        arguments=lambda things: (things.claim_sheet.pk,),
    ),
    staff(
        "claims:together",
        desk(outside=FOREIGN | {Who.STATION}),
        Who.COUNTY,
        arguments=lambda things: (things.claim_batch.pk,),
    ),
    action(
        "claims:approve_together",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.claim_batch.pk,),
    ),
    action(
        "claims:refuse_together",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.claim_batch.pk,),
    ),
]
