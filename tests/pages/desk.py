"""The township's desk: lists, exports, hours, requirements and suggestions."""

from tests.pages.rows import (
    ANSWERED,
    FOREIGN,
    MANAGERS,
    MISSING,
    READERS,
    RULERS,
    SEEN,
    action,
    data,
    desk,
    own,
    owner,
    staff,
)
from tests.world import Who

DESK = [
    staff("desk:home", desk()),
    staff("desk:requirements", desk()),
    staff("desk:calls", desk()),
    staff("desk:people", desk()),
    staff("desk:person", desk(outside=FOREIGN), arguments=lambda things: (things.person.pk,)),
    staff("desk:exports", desk()),
    data(
        "desk:download",
        own(Who.TOWNSHIP, READERS),
        arguments=lambda things: (things.export.pk,),
    ),
    staff("hours:rule", desk(RULERS), Who.COUNTY),
    staff("hours:late", desk()),
    staff("hours:years", desk(RULERS), Who.COUNTY),
    staff(
        "hours:reopen",
        desk(RULERS, outside=FOREIGN),
        Who.COUNTY,
        arguments=lambda things: (things.freeze.pk,),
    ),
    staff("hours:correct", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.entry.pk,)),
    staff("obligations:rules", desk()),
    staff("obligations:exemptions", desk()),
    staff("obligations:requirement", desk(RULERS), Who.COUNTY),
    action(
        "obligations:end_requirement",
        own(Who.PROVINCE, RULERS, ok=ANSWERED),
        arguments=lambda things: (things.requirement.pk,),
    ),
    staff(
        "obligations:exempt", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.person.pk,)
    ),
    action(
        "obligations:end_exemption",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.exemption.pk,),
    ),
    action(
        "obligations:set_helper",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.exemption.pk,),
    ),
    staff("feedback:desk", desk()),
    action(
        "feedback:reply",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.suggestion.pk,),
    ),
    data(
        "jobs:status",
        {**owner(), Who.CADRE: MISSING, Who.TOWNSHIP: SEEN},
        arguments=lambda things: (things.export.job_id,),
    ),
]
