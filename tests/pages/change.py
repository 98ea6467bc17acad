"""What changes people and places: elections, transfers, mergers."""

from tests.pages.rows import ANSWERED, FOREIGN, MANAGERS, RULERS, action, data, desk, own, staff
from tests.world import Who

CHANGE = [
    staff("elections:list", desk(MANAGERS)),
    staff("elections:new", desk(RULERS), Who.COUNTY),
    staff(
        "elections:detail",
        desk(MANAGERS, outside={Who.OTHER_COUNTY}),
        Who.COUNTY,
        arguments=lambda things: (things.election.pk,),
    ),
    staff(
        "elections:close",
        desk(RULERS, outside={Who.OTHER_COUNTY}),
        Who.COUNTY,
        arguments=lambda things: (things.election.pk,),
    ),
    staff(
        "elections:village",
        desk(MANAGERS, outside=FOREIGN),
        arguments=lambda things: (things.election.pk, things.person.unit.code),
    ),
    staff(
        "elections:bring",
        desk(MANAGERS, outside={Who.OTHER_COUNTY}),
        arguments=lambda things: (things.election.pk,),
    ),
    data(
        "elections:present",
        desk(MANAGERS, outside={Who.OTHER_COUNTY}),
        arguments=lambda things: (things.election.pk,),
    ),
    staff("elections:preview", own(Who.TOWNSHIP, MANAGERS), arguments=lambda things: (things.results.pk,)),
    action(
        "elections:write",
        own(Who.TOWNSHIP, MANAGERS, ok=ANSWERED),
        arguments=lambda things: (things.results.pk,),
    ),
    action(
        "elections:drop",
        own(Who.TOWNSHIP, MANAGERS, ok=ANSWERED),
        arguments=lambda things: (things.results.pk,),
    ),
    data("elections:to_correct", own(Who.TOWNSHIP, MANAGERS), arguments=lambda things: (things.results.pk,)),
    staff("accounts:transfer", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.person.pk,)),
    staff("accounts:transfers", desk(MANAGERS)),
    staff(
        "accounts:offer",
        desk(MANAGERS, outside={Who.OTHER_COUNTY}),
        Who.OTHER_TOWNSHIP,
        arguments=lambda things: (things.offer.pk,),
    ),
    action(
        "accounts:decline_offer",
        desk(MANAGERS, outside={Who.OTHER_COUNTY}, ok=ANSWERED),
        arguments=lambda things: (things.offer.pk,),
    ),
    action(
        "accounts:withdraw_offer",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.offer.pk,),
    ),
    staff("mergers:list", desk(RULERS), Who.COUNTY),
    staff("mergers:new", desk(RULERS), Who.COUNTY),
    *[
        staff(name, desk(RULERS, outside=FOREIGN), Who.COUNTY, arguments=lambda things: (things.merger.pk,))
        for name in ("mergers:detail", "mergers:codes")
    ],
    data("mergers:sheet", desk(RULERS, outside=FOREIGN), arguments=lambda things: (things.merger.pk,)),
    *[
        action(name, desk(RULERS, outside=FOREIGN, ok=ANSWERED), arguments=lambda things: (things.merger.pk,))
        for name in ("mergers:write", "mergers:drop")
    ],
]
