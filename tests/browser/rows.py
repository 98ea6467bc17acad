"""Tells, as JSON, where the pages for eyes are in a demo, and who can sign in and how.

Run by DemoSite in the environment of its site: `python -m tests.browser.rows`.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
django.setup()

from django.conf import settings  # noqa: E402  # models exist only after setup()
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.elections.models import Election  # noqa: E402
from accounts.mergers.actions import prepare_merger  # noqa: E402
from accounts.mergers.lines import Line  # noqa: E402
from accounts.models import Cadre, Level, StaffRole, StaffScope, Unit  # noqa: E402
from accounts.transfers.actions import offer_person  # noqa: E402
from courses.models import CoursePage, LessonPage  # noqa: E402
from lms.certificates.models import Certificate, CertificateStatus  # noqa: E402
from lms.demo.accounts import PASSWORD, accounts  # noqa: E402
from lms.demo.cast import EAST, PARTS, account_number  # noqa: E402
from lms.demo.staff import OTHER_TOWNSHIP  # noqa: E402
from lms.desk.actions import ask_export  # noqa: E402
from lms.desk.models import Export  # noqa: E402
from lms.feedback.models import Suggestion  # noqa: E402
from lms.hours.actions import Worth, freeze_year, grant  # noqa: E402
from lms.hours.models import EntryKind, HoursEntry, HoursRule, Ledger, YearFreeze  # noqa: E402
from lms.jobs import runner  # noqa: E402
from lms.obligations.models import Exemption, Requirement  # noqa: E402
from lms.study.attempts.actions import begin_attempt, hand_in, save_answer  # noqa: E402
from lms.study.models import Attempt  # noqa: E402
from lms.training.claims.actions import refuse  # noqa: E402
from lms.training.claims.models import Claim, ClaimBatch, Evidence  # noqa: E402
from lms.training.classes.models import TrainingClass  # noqa: E402
from lms.training.plans.models import Plan, PlanItem  # noqa: E402
from lms.training.viewings.actions import ProgrammeFacts, schedule, start_viewing  # noqa: E402
from lms.training.viewings.models import Sample, Station  # noqa: E402
from tests.accounts.signin.doors import CHROME, WECHAT  # noqa: E402
from tests.browser.site import Shown  # noqa: E402
from tests.factories import Held, class_with  # noqa: E402
from tests.lms.training.claims import made as claims  # noqa: E402
from tests.lms.training.classes.calling import Calling, call  # noqa: E402
from tests.pages import PAGES, Kind  # noqa: E402
from tests.world import Things, Who, bring_list, bring_roster  # noqa: E402


@dataclass(frozen=True)
class Row:
    """A page and the key of the account that looks at it ("" for a stranger)."""

    name: str
    kind: Kind
    path: str
    account: str


def main() -> None:
    """Print one line of JSON."""
    people = {each.key: each for each in accounts()}
    numbers = {part.key: number_of(part.key) for part in PARTS}
    numbers |= {key: each.number for key, each in people.items()}
    sessions = {"": ""} | {key: session_of(number) for key, number in numbers.items()}
    session_of(people["learner"].number, WECHAT)  # the list of devices has something to end
    things = things_of(Cadre.objects.get(number=people["township"].number))
    told = {
        "shown": [
            asdict(Shown(row.name, row.kind, row.path, sessions[row.account]))
            for row in [*listed(things), *states(things)]
        ],
        "sessions": sessions,
        "numbers": numbers,
        "phones": {key: each.phone for key, each in people.items()},
        "content": {page.slug: page.url for page in [*CoursePage.objects.live(), *LessonPage.objects.live()]},
        "password": PASSWORD,
    }
    sys.stdout.write("\n" + json.dumps(told) + "\n")


def session_of(number: str, agent: str = CHROME) -> str:
    """A signed-in session on a device, as the browser has it in its cookie."""
    client, person = Client(), Cadre.objects.get(number=number)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session.begin(person, agent, at=timezone.now())
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def listed(things: Things) -> Iterator[Row]:
    """The pages of the list that are for eyes."""
    named = {None: "", Who.STRANGER: "", Who.CADRE: "learner"}
    for page in PAGES:
        if page.is_for_eyes:
            account = named[page.shown_to] if page.shown_to in named else _key(page.shown_to)
            yield Row(page.slug, page.kind, page.path(things), account)


def _key(who: Who) -> str:
    """The key of a role's account in the demo."""
    return who.name.lower().replace("_", "-")


def states(things: Things) -> Iterator[Row]:
    """Pages of the list once more, where they look different."""
    learner, public, desk = Kind.LEARNER, Kind.PUBLIC, Kind.DESK
    catalogue = things.course.get_parent().url
    person = reverse("desk:person", args=[things.person.pk])
    owed = things.person.obligations.order_by("requirement__position")[0]
    yield Row("home-fresh", learner, reverse("home"), "fresh")
    yield Row("certificates-mine-none", learner, reverse("certificates:mine"), "fresh")
    yield Row("claims-mine-none", learner, reverse("claims:mine"), "fresh")
    yield Row("claims-list-all", desk, reverse("claims:list") + "?status=ALL", "township")
    yield Row("catalogue-found", learner, f"{catalogue}?q=防汛", "learner")
    yield Row("catalogue-nothing", learner, f"{catalogue}?q=天文望远镜", "learner")
    yield Row("lesson-article", learner, lesson("ARTICLE").url, "learner")
    yield Row("lesson-quiz", learner, things.quiz.url, "learner")
    yield Row("lesson-interactive", learner, things.interactive.url, "learner")
    yield Row("lesson-courseware", learner, lesson("SCORM").url, "learner")
    review = _attempt("learner", lesson("QUIZ", 1), is_over=True)
    yield Row("study-review", learner, reverse("study:attempt", args=[review.pk]), "learner")
    yield Row("lesson-audio", learner, lesson("AUDIO").url, "learner")
    yield Row("lesson-document-text", learner, f"{things.reading.url}?as=text", "learner")
    word = LessonPage.objects.live().get(slug="village-archives")
    yield Row("lesson-document-word", learner, word.url, "learner")
    for status in (CertificateStatus.REPLACED, CertificateStatus.REVOKED):
        token = Certificate.objects.filter(status=status).values_list("token", flat=True)[0]
        yield Row(f"verify-{status.lower()}", public, reverse("certificates:verify", args=[token]), "")
    yield Row("verify-unknown", public, reverse("certificates:verify", args=["AAAAAAAAAAAA"]), "")
    yield Row("missing", public, "/courses/nothing-here/", "")
    yield Row("desk-person-lines", desk, f"{person}?obligation={owed.pk}", "township")
    yield Row("desk-people-nobody", desk, reverse("desk:people") + "?q=没有这个人", "township")
    yield Row("desk-refused", desk, reverse("desk:home"), "learner")
    election = reverse("elections:detail", args=[things.election.pk])
    yield Row("elections-detail-township", desk, election, "township")
    gap = reverse("plans:lacking", args=[things.plan.pk])
    yield Row("plans-lacking-rotation", desk, f"{gap}?slug=rotation", "township")
    yield Row("plans-list-county", desk, reverse("plans:list"), "county")
    calling = reverse("classes:detail", args=[things.calling.held.pk])
    yield Row("classes-detail-calling", desk, calling, "township")
    for account in ("county", "province", "station"):
        yield Row(f"desk-home-{account}", desk, reverse("desk:home"), account)


def lesson(kind: str, number: int = 0) -> LessonPage:
    """A published lesson of a kind, counted from 0."""
    found: LessonPage = LessonPage.objects.live().filter(kind=kind).order_by("path")[number]
    return found


def things_of(township: Cadre) -> Things:
    """What the addresses name; what the demo does not bring is made the way its staff would make it."""
    person = Cadre.objects.get(number=number_of("certified"))
    film = LessonPage.objects.live().get(slug="before-the-rain")
    election = _election(township)
    return Things(
        person=person,
        course=film.get_parent().specific,
        lesson=film,
        quiz=lesson("QUIZ"),
        interactive=lesson("H5P"),
        attempt=_attempt("learner", lesson("QUIZ"), is_over=False),
        reading=LessonPage.objects.live().get(slug="village-flood-plan"),
        entry=HoursEntry.objects.filter(person=person).grants().order_by("-pk")[0],
        certificate=Certificate.objects.filter(person=person, status=CertificateStatus.VALID)[0],
        suggestion=Suggestion.objects.order_by("pk")[0],
        brought=bring_roster(township, timezone.now()),
        export=_export(township),
        exemption=Exemption.objects.filter(person__number=number_of("exempt"))[0],
        requirement=Requirement.objects.filter(slug="online").order_by("pk")[0],
        training=TrainingClass.objects.filter(unit=township.unit).order_by("-pk")[0],
        taught=_taught(township),
        freeze=_frozen_year(township, person),
        election=election,
        results=bring_list(election, township, timezone.now()),
        calling=_calling(township),
        **_claims(township, person),
        **_planned(township),
        **_evenings(township),
        **_merging(township),
    )


def _election(township: Cadre) -> Election:
    """The election that is open in the county."""
    county = Unit.objects.above(township.unit).get(level=Level.COUNTY)
    found: Election = (
        Election.objects.still_open().filter(county=county).select_related("county", "term").get()
    )
    return found


def _planned(township: Cadre) -> dict[str, Plan | PlanItem]:
    """The plan of the township, and its item for the winter's evening."""
    plan = Plan.objects.get(unit=township.unit)
    return {"plan": plan, "plan_item": plan.items.order_by("-starts_on")[0]}


def _evenings(township: Cadre) -> dict[str, object]:
    """The eastern station, an evening that was checked, one that runs now, and its keeper."""
    station = Station.objects.get(unit__code=EAST)
    keeper = StaffScope.objects.filter(unit=station.unit, role=StaffRole.STATION).select_related("person")[0]
    facts = ProgrammeFacts(lesson=LessonPage.objects.live().get(slug="before-the-rain"))
    now = timezone.now()
    programme = schedule(facts=facts, stations=[station], planned_at=now, by=township, at=now)
    running = start_viewing(viewing=programme.viewings.get(), by=keeper.person, at=now)
    sample = Sample.objects.filter(viewing__station=station).select_related("viewing").order_by("pk")[0]
    return {
        "station": station,
        "keeper": keeper,
        "held": sample.viewing,
        "sample": sample,
        "running": running,
    }


def _merging(township: Cadre) -> dict[str, object]:
    """Somebody offered to the neighbouring township, and two villages whose merger waits for a yes."""
    now, today = timezone.now(), timezone.localdate()
    other = Unit.objects.get(code=OTHER_TOWNSHIP)
    village = Unit.objects.filter(parent=other, level=Level.VILLAGE).in_force(today).order_by("code")[0]
    somebody = Cadre.objects.within(township.unit).in_post(today).order_by("-pk")[3]
    offer = offer_person(
        person=somebody, unit=village, on=today, is_shared=False, ending=[], by=township, at=now
    )
    county = _county(township)
    two = Unit.objects.filter(parent=other, level=Level.VILLAGE).in_force(today).order_by("-code")[:2]
    lines = [Line(unit.code, f"{other.code[:9]}390", "新合村") for unit in two]
    merger = prepare_merger(over=county.unit, level=Level.VILLAGE, lines=lines, on=today, by=county, at=now)
    return {"offer": offer, "merger": merger}


def _claims(township: Cadre, person: Cadre) -> dict[str, Claim | Evidence | ClaimBatch]:
    """A claim that waits beside one like it, one that was refused, and a sheet of each kind."""
    now, today = timezone.now(), timezone.localdate()
    days = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=7)}
    written = f"{days['starts_on']}至{days['ends_on']}"
    learner = Cadre.objects.get(number=number_of("learner"))
    others = Cadre.objects.within(township.unit).in_post(today).exclude(pk__in=[person.pk, learner.pk])
    neighbour = others.order_by("-pk")[0]
    claim = claims.claim_of(person, at=now, **days)
    claims.claim_of(person, at=now, **{**days, "title": "果树病虫害防治"})
    claims.claim_of(learner, at=now, **days)
    # Nothing is granted: the journeys count the learner's hours.
    refused = claims.claim_of(learner, at=now, **{**days, "title": "乡村治理夜校"})
    refuse(claim=refused, reason="照片看不清，请重新拍证书。", by=township, at=now)
    login = neighbour.number
    wrong = claims.row("没有此人", title="农技夜校", dates=written)
    good = claims.row(neighbour.name, login, title="农技夜校", dates=written)
    return {
        "claim": claim,
        "evidence": Evidence.objects.for_claim(claim).get(),
        "claim_batch": claims.written(claims.row(neighbour.name, login, dates=written), by=township, at=now),
        "claim_sheet": claims.batch_of(good, wrong, by=township, at=now),
    }


def _taught(township: Cadre) -> Held:
    """A class that began today, to which some people are called; two of them are marked."""
    # Not the learner, whose pages the journeys count on.
    called = Cadre.objects.within(township.unit).exclude(number=number_of("learner")).order_by("pk")[:6]
    held = class_with(
        days=2, unit=township.unit, people=list(called), organiser=township, title="秋季集中培训",
        first=timezone.localdate(),
    )  # fmt: skip
    for person in held.people[:2]:
        held.tick(person, 0, marked_at=timezone.now())
    return held


def _attempt(key: str, page: LessonPage, *, is_over: bool) -> Attempt:
    """Somebody's attempt at a quiz, with a first answer; handed in or still open."""
    person, now = Cadre.objects.get(number=number_of(key)), timezone.now()
    attempt = begin_attempt(person=person, lesson=page, at=now, random=Random(1))
    value = {"SINGLE": 0, "TRUE_FALSE": True}.get(attempt.drawn[0]["kind"])
    save_answer(attempt_id=attempt.pk, place=0, value=value, answered_at=now, at=now)
    if is_over:
        hand_in(attempt_id=attempt.pk, handed_in_at=now, at=now)
    return attempt


def _calling(township: Cadre) -> Calling:
    """A class that the learner is called to."""
    learner = Cadre.objects.select_related("unit").get(number=number_of("learner"))
    now = timezone.now()
    return call(unit=township.unit, quota_unit=learner.unit, person=learner, by=township, at=now)


def _frozen_year(township: Cadre, person: Cadre) -> YearFreeze:
    """Last year, frozen by the county some days ago, and a lesson of December that came in since."""
    now = timezone.now()
    county = Unit.objects.above(township.unit).get(level=Level.COUNTY)
    by = _county(township)
    year = timezone.localdate(now).year - 1
    freeze = freeze_year(unit=county, year=year, by=by, at=now - timedelta(minutes=10))
    grant(
        person=person,
        source="lesson:0",
        kind=EntryKind.LESSON,
        title="冬季防火常识",
        ledger=Ledger.ONLINE,
        worth=Worth(Decimal("0.5")),
        earned_at=datetime(year, 12, 20, 4, tzinfo=UTC),
        at=now,
        rule=HoursRule.objects.order_by("pk")[0],
    )
    return freeze


def _county(township: Cadre) -> Cadre:
    """Who decides for the county around a township."""
    county = Unit.objects.above(township.unit).get(level=Level.COUNTY)
    found: Cadre = Cadre.objects.filter(staff_scopes__unit=county, staff_scopes__role=StaffRole.COUNTY)[0]
    return found


def number_of(key: str) -> str:
    """The account number of a part of the demo's cast."""
    return account_number([part.key for part in PARTS].index(key) + 1)


def _export(by: Cadre) -> Export:
    export = ask_export(kind="STANDINGS", suffix="xlsx", reason="", query="", by=by, at=timezone.now())
    runner.run(export.job_id, now=timezone.now)
    return Export.objects.get(pk=export.pk)


if __name__ == "__main__":
    main()
