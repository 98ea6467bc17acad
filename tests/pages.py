"""The one list of pages: who may see each, which are for eyes, and where their things are.

Used by the permission matrix, the axe journeys, the page budgets and `run.py shots`; an address of the
site without a row here fails tests/test_access.py.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import Things, Who

Statuses = frozenset[int]
Table = Mapping[Who, Statuses]

SEEN = frozenset({200})
ELSEWHERE = frozenset({302})
SIGN_IN = frozenset({302, 401})  # to the door, which the test looks at; a script is told in JSON
FORBIDDEN = frozenset({403})
MISSING = frozenset({404})
# An empty form sent to an action that one may take: done, or refused for its content.
ANSWERED = frozenset({200, 302, 400, 401, 409, 415, 422})

RULERS = frozenset({Who.COUNTY, Who.OTHER_COUNTY, Who.CITY, Who.PROVINCE})
MANAGERS = RULERS | {Who.TOWNSHIP, Who.OTHER_TOWNSHIP}
# Trainers and reviewers are not among them: they learn nothing by name.
READERS = MANAGERS | {Who.STATION, Who.AUDITOR}
# Who runs a station: its keeper, and the staff above.
RUNNING = MANAGERS | {Who.STATION}
# Of the right length and of nobody's key.
FORGED = "A" * 40
# Staff over other places than the things of the world.
FOREIGN = frozenset({Who.OTHER_TOWNSHIP, Who.OTHER_COUNTY})


class Kind(StrEnum):
    """How a page looks and what it may cost."""

    LEARNER = "learner"
    DESK = "desk"
    PUBLIC = "public"
    # Not for eyes: JSON, files, actions.
    DATA = "data"


def public(ok: Statuses = SEEN) -> Table:
    """For everybody in the world."""
    return dict.fromkeys(Who, ok)


def signed_in(ok: Statuses = SEEN) -> Table:
    """For everybody with an account."""
    return {**dict.fromkeys(Who, ok), Who.STRANGER: SIGN_IN}


def only_strangers() -> Table:
    """The door: whoever is inside is led on."""
    return {**dict.fromkeys(Who, ELSEWHERE), Who.STRANGER: SEEN}


def owner(*also: Who, ok: Statuses = SEEN) -> Table:
    """For the person it belongs to (and some more); it does not exist for anybody else."""
    return {**dict.fromkeys(Who, MISSING), **dict.fromkeys([Who.CADRE, *also], ok), Who.STRANGER: SIGN_IN}


def desk(roles: Collection[Who] = READERS, *, outside: Collection[Who] = (), ok: Statuses = SEEN) -> Table:
    """For staff of some roles; what lies outside their units, or is another's, does not exist for them."""
    inside = {who: MISSING if who in outside else ok for who in roles}
    return {**dict.fromkeys(Who, FORBIDDEN), **inside, Who.STRANGER: SIGN_IN}


def own(by: Who, roles: Collection[Who], *, ok: Statuses = SEEN) -> Table:
    """For one staff member alone; the colleagues of the same roles find nothing."""
    return desk(roles, outside=set(roles) - {by}, ok=ok)


Arguments = Callable[[Things], tuple[object, ...]]


@dataclass(frozen=True)
class Page:
    """One address with its expected answers; `shown_to` is as whom eyes and axe look at it."""

    name: str
    kind: Kind
    answers: Table
    arguments: Arguments = field(default=lambda things: ())
    is_post: bool = False
    shown_to: Who | None = None
    # A page of the CMS tree instead of an address of the URLconf.
    content: Callable[[Things], str] | None = None

    def path(self, things: Things) -> str:
        """The address for the things of a world."""
        return self.content(things) if self.content else reverse(self.name, args=self.arguments(things))

    @property
    def slug(self) -> str:
        """The name as part of a file name."""
        return self.name.replace(":", "-").replace("_", "-")

    @property
    def is_for_eyes(self) -> bool:
        """Whether somebody looks at it."""
        return self.kind != Kind.DATA


def learner(name: str, answers: Table, **more: object) -> Page:
    return Page(name, Kind.LEARNER, answers, shown_to=Who.CADRE, **more)  # type: ignore[arg-type]  # passed on


def staff(name: str, answers: Table, who: Who = Who.TOWNSHIP, **more: object) -> Page:
    return Page(name, Kind.DESK, answers, shown_to=who, **more)  # type: ignore[arg-type]  # passed on


def keeping(name: str, answers: Table, **more: object) -> Page:
    return Page(name, Kind.LEARNER, answers, shown_to=Who.STATION, **more)  # type: ignore[arg-type]  # passed on


def outside(name: str, answers: Table, who: Who = Who.STRANGER, **more: object) -> Page:
    return Page(name, Kind.PUBLIC, answers, shown_to=who, **more)  # type: ignore[arg-type]  # passed on


def data(name: str, answers: Table, **more: object) -> Page:
    return Page(name, Kind.DATA, answers, **more)  # type: ignore[arg-type]  # passed on


def action(name: str, answers: Table, **more: object) -> Page:
    return Page(name, Kind.DATA, answers, is_post=True, **more)  # type: ignore[arg-type]  # passed on


PAGES = [
    # the learner
    outside("front", public(), content=lambda things: "/"),
    learner("home", public()),
    learner("me", signed_in()),
    learner("record", signed_in()),
    learner("catalogue", public(), content=lambda things: things.course.get_parent().url),
    learner("course", public(), content=lambda things: things.course.url),
    learner("lesson", signed_in(), content=lambda things: things.lesson.url),
    learner("certificates:mine", signed_in()),
    learner("feedback:new", public()),
    outside("phone", public()),
    data("service_worker", public()),
    outside("privacy", public()),
    # the door
    outside("account_login", only_strangers()),
    outside("account_request_login_code", only_strangers()),
    outside("account_township_code", only_strangers()),
    outside("account_reset_password", only_strangers()),
    outside("account_inactive", public()),
    learner("account_logout", {**public(), Who.STRANGER: ELSEWHERE}),
    learner(
        "account_change_password",
        {**signed_in(), **dict.fromkeys(set(Who) - {Who.STRANGER}, SEEN | ELSEWHERE)},
    ),
    learner("account_sessions", signed_in()),
    outside("account_second_factor", signed_in(), Who.TOWNSHIP),
    action("account_end_sessions", signed_in(ANSWERED)),
    # the public check
    outside("certificates:search", public()),
    outside("certificates:verify", public(), arguments=lambda things: (things.certificate.token,)),
    # the desk
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
    # elections
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
    # accounts: last days, moves, offers and mergers
    action(
        "accounts:correct_end",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.person.posts.first().pk,),
    ),
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
    staff("classes:list", desk()),
    staff("classes:record", desk(MANAGERS)),
    staff(
        "classes:detail",
        desk(outside=FOREIGN | {Who.STATION}),
        arguments=lambda things: (things.training.pk,),
    ),
    # claims
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
    # yearly plans
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
    # classes: calling people
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
    # classes: the roll, marks, closing
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
    staff("certificates:contradicted", desk()),
    staff(
        "certificates:replace",
        desk(RULERS, outside=FOREIGN),
        Who.COUNTY,
        arguments=lambda things: (things.certificate.serial,),
    ),
    staff(
        "certificates:revoke",
        desk(RULERS, outside=FOREIGN),
        Who.COUNTY,
        arguments=lambda things: (things.certificate.serial,),
    ),
    staff("feedback:desk", desk()),
    action(
        "feedback:reply",
        desk(MANAGERS, outside=FOREIGN, ok=ANSWERED),
        arguments=lambda things: (things.suggestion.pk,),
    ),
    # stations: the keeper's own pages, the township's, and the registers
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
    # not for eyes
    action("elder", public(ANSWERED)),
    action("set_language", public(ANSWERED)),
    data("study:state", signed_in(), arguments=lambda things: (things.lesson.pk,)),
    data("study:course", public(), arguments=lambda things: (things.course.pk,)),
    learner("study:quiz", signed_in(), arguments=lambda things: (things.quiz.pk,)),
    action("study:quiz_begin", signed_in(ANSWERED), arguments=lambda things: (things.quiz.pk,)),
    learner("study:attempt", owner(), arguments=lambda things: (things.attempt.pk,)),
    action("uploads", public(ANSWERED)),
    data(
        "films:play",
        signed_in(),
        arguments=lambda things: (things.lesson.film.pk, things.lesson.film.digest),
    ),
    data("films:sources", signed_in(), arguments=lambda things: (things.lesson.film.pk,)),
    # The signature opens, not the person (tests/courses/films/test_signed.py); a forged one opens to nobody.
    data("films:master", public(FORBIDDEN), arguments=lambda things: (FORGED, things.lesson.film.pk)),
    data(
        "films:original",
        public(FORBIDDEN),
        arguments=lambda things: (FORGED, things.lesson.film.pk, things.lesson.film.digest, "mp4"),
    ),
    data(
        "films:piece",
        public(FORBIDDEN),
        arguments=lambda things: (FORGED, things.lesson.film.pk, "hls240", 1, "index.m3u8"),
    ),
    data(
        "films:caption",
        public(FORBIDDEN),
        arguments=lambda things: (FORGED, things.lesson.film.pk, "zh-Hans", "0" * 64),
    ),
    learner("lesson-document", signed_in(), content=lambda things: things.reading.url),
    data(
        "documents:file",
        signed_in(),
        arguments=lambda things: (things.reading.document.pk, things.reading.document.digest),
    ),
    data(
        "documents:picture",
        signed_in(),
        arguments=lambda things: (things.reading.document.pk, things.reading.document.digest, 1),
    ),
    data(
        "certificates:pdf",
        owner(*(READERS - FOREIGN)),
        arguments=lambda things: (things.certificate.serial,),
    ),
    data(
        "jobs:status",
        {**owner(), Who.CADRE: MISSING, Who.TOWNSHIP: SEEN},
        arguments=lambda things: (things.export.job_id,),
    ),
]

# Addresses without a row, and why.
EXEMPT = {
    "films:poster": "a public picture, named by the film's digest (tests/courses/films)",
    "picture": "public pictures of courses, and nothing else below media/ (tests/courses/films)",
    "account_confirm_login_code": "exists only while a code is on its way (tests/accounts)",
    "mfa_authenticate": "exists only between the password and the second factor (tests/accounts)",
    "account_new_password": "exists only after a code was given back (tests/accounts)",
    "account_set_password": "leads to account_change_password for whoever has a password (tests/accounts)",
    "wagtail_serve": "the pages of the CMS tree: front, catalogue, course and lesson above",
    "wagtailcore_authenticate_with_password": "shared passwords are switched off",
    "wagtailcore_login": "leads to the one door",
}
# Wagtail asks for its own permissions inside; that nobody else comes in is a test of its own.
EXEMPT_PREFIXES = ("cms/",)


def addresses() -> Iterator[tuple[str, str]]:
    """Name and pattern of every address of the site."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(
    patterns: Collection[URLPattern | URLResolver], prefix: str, namespace: str
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or ""), where
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, where, namespace + inner)
