"""Stations, their keepers and evenings."""

from tests.pages.rows import (
    ANSWERED,
    ELSEWHERE,
    FOREIGN,
    MANAGERS,
    RUNNING,
    SEEN,
    action,
    data,
    desk,
    keeping,
    staff,
)
from tests.world import Who

VIEWINGS = [
    keeping("station:home", {**desk(MANAGERS, ok=ELSEWHERE), Who.STATION: SEEN}),
    keeping("station:schedule", desk({Who.STATION})),
    keeping("station:viewing", desk(RUNNING, outside=FOREIGN), arguments=lambda things: (things.running.pk,)),
    keeping("station:play", desk(RUNNING, outside=FOREIGN), arguments=lambda things: (things.running.pk,)),
    keeping("roll:viewing", desk(RUNNING, outside=FOREIGN), arguments=lambda things: (things.running.pk,)),
    action(
        "station:step",
        desk(RUNNING, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.running.pk, "discussion"),
    ),
    staff("viewings:stations", desk()),
    staff("viewings:add", desk(MANAGERS)),
    staff("viewings:schedule", desk(MANAGERS)),
    staff("viewings:list", desk()),
    staff("viewings:detail", desk(outside=FOREIGN), arguments=lambda things: (things.held.pk,)),
    staff("viewings:samples", desk()),
    staff("viewings:sample", desk(MANAGERS, outside=FOREIGN), arguments=lambda things: (things.sample.pk,)),
    staff("viewings:months", desk()),
    staff("viewings:register", desk(), arguments=lambda things: ("viewings",)),
    data(
        "viewings:book",
        {**desk(), **dict.fromkeys((Who.CITY, Who.PROVINCE), ELSEWHERE)},
        arguments=lambda things: ("people",),
    ),
    staff("viewings:station", desk(outside=FOREIGN), arguments=lambda things: (things.station.pk,)),
    staff(
        "viewings:equipment",
        desk(RUNNING, outside=FOREIGN),
        arguments=lambda things: (things.station.pk,),
    ),
    action(
        "viewings:keeper",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.station.pk,),
    ),
    action(
        "viewings:dismiss",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.station.pk, things.keeper.pk),
    ),
    action(
        "viewings:end",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.station.pk,),
    ),
    *[
        action(
            f"viewings:{deed}",
            desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
            arguments=lambda things: (things.held.pk,),
        )
        for deed in ("close", "reopen", "strike")
    ],
]
