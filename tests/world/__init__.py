"""A small county in which every page has something to show and everybody somewhere to be refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from accounts.elections.models import Election, ResultSheet
from accounts.mergers.models import Merger
from accounts.models import Cadre, PeopleImport, StaffScope
from accounts.transfers.models import TransferOffer
from courses.models import CoursePage, LessonPage
from lms.certificates.actions import issue
from lms.certificates.models import Certificate
from lms.desk.actions import ask_export
from lms.desk.models import Export
from lms.feedback.actions import suggest
from lms.feedback.models import Suggestion
from lms.hours.models import HoursEntry, YearFreeze
from lms.jobs import runner
from lms.obligations.actions import exempt
from lms.obligations.models import Exemption, Requirement
from lms.study.attempts.actions import begin_attempt
from lms.study.models import Attempt
from lms.training.claims.models import Claim, ClaimBatch, Evidence
from lms.training.classes.models import TrainingClass
from lms.training.plans.models import Plan, PlanItem
from lms.training.viewings.models import Sample, Station, Viewing
from tests.factories import Held, class_with, document, film, interactive, quiz
from tests.factories.people import CountyTree
from tests.lms.obligations.people import earn, standing, under_the_defaults
from tests.lms.training.claims import made as claims
from tests.lms.training.classes.calling import Calling, call
from tests.world.changes import bring_list, bring_roster, election, merger, offer
from tests.world.hours import frozen_year
from tests.world.training import evenings, plan, recorded_class
from tests.world.who import AT, Who, cadres, staff

__all__ = ["AT", "Things", "Who", "World", "bring_list", "bring_roster", "build"]


@dataclass(frozen=True)
class Things:
    """What the addresses name."""

    person: Cadre
    course: CoursePage
    lesson: LessonPage
    quiz: LessonPage
    attempt: Attempt
    # A lesson that is a document.
    reading: LessonPage
    # A lesson that is an interactive content.
    interactive: LessonPage
    entry: HoursEntry
    certificate: Certificate
    suggestion: Suggestion
    brought: PeopleImport
    export: Export
    exemption: Exemption
    requirement: Requirement
    training: TrainingClass
    # A class with a timetable, whose first half-day is about now; the cadre has a place.
    taught: Held
    freeze: YearFreeze
    # Somebody of the cadre's township, offered to the other; and villages of the first that wait for a yes.
    offer: TransferOffer
    merger: Merger
    claim: Claim
    evidence: Evidence
    # Claims of the neighbour out of a sheet, filed; and a sheet that waits for its yes.
    claim_batch: ClaimBatch
    claim_sheet: ClaimBatch
    # The township's plan, approved once, changed since and waiting again; one item of it.
    plan: Plan
    plan_item: PlanItem
    # A class that people are called to, with a half-day, a quota, a place, a leave and a document.
    calling: Calling
    # The election of the cadre's county, and a list of results that township staff brought.
    election: Election
    results: ResultSheet
    # A station with its keeper, an evening that was held and drawn for a check, and one that runs.
    station: Station
    keeper: StaffScope
    held: Viewing
    sample: Sample
    running: Viewing


@dataclass(frozen=True)
class World:
    """People by who they are, and the things of theirs."""

    people: Mapping[Who, Cadre | None]
    things: Things


def build() -> World:
    """Make the county; files go to MEDIA_ROOT."""
    tree = under_the_defaults()
    people = {Who.STRANGER: None, **cadres(tree), **staff(tree)}
    cadre, township, county = people[Who.CADRE], people[Who.TOWNSHIP], people[Who.COUNTY]
    station, neighbour = people[Who.STATION], people[Who.NEIGHBOUR]
    assert cadre is not None
    assert township is not None
    assert county is not None
    assert station is not None
    assert neighbour is not None
    evening = evenings(tree, station, township, cadre, neighbour)
    return World(people, _things(tree, cadre, township, county, evening))


def _things(
    tree: CountyTree, cadre: Cadre, township: Cadre, county: Cadre, evening: Mapping[str, object]
) -> Things:
    lesson = film()
    planned = plan(tree, township, county)
    test = begin_attempt(person=cadre, lesson=quiz(), at=AT, random=Random(1))
    entry = earn(cadre, 52)
    export = ask_export(kind="STANDINGS", suffix="csv", reason="", query="", by=township, at=AT)
    runner.run(export.job_id, now=lambda: AT)
    begun = election(tree, county)
    return Things(
        person=cadre,
        course=lesson.get_parent().specific,
        lesson=lesson,
        quiz=test.lesson,
        attempt=test,
        reading=document(),
        interactive=interactive(),
        entry=entry,
        certificate=issue(obligation=standing(cadre, "online"), at=AT),
        suggestion=suggest(text="视频有些卡。", contact="", page="/", person=cadre, at=AT),
        brought=bring_roster(township, AT),
        export=Export.objects.get(pk=export.pk),
        exemption=exempt(
            person=cadre, reason="年老", from_on=date(2026, 9, 1), to_on=None, by=township, at=AT
        ),
        requirement=Requirement.objects.filter(slug="online").get(),
        training=recorded_class(tree, cadre, township),
        taught=class_with(days=2, people=[cadre], tree=tree, organiser=township, first=AT.date()),
        freeze=frozen_year(tree, cadre, county),
        offer=offer(tree, township),
        merger=merger(tree, county),
        claim=(claim := claims.claim_of(cadre, at=AT)),
        evidence=Evidence.objects.for_claim(claim).get(),
        claim_batch=claims.written(claims.row("张有财"), by=township, at=AT),
        claim_sheet=claims.batch_of(claims.row("张有财", title="夜校"), claims.row("没有此人"), by=township),
        plan=planned.plan,
        plan_item=planned,
        calling=call(unit=tree.township, quota_unit=tree.village, person=cadre, by=township, at=AT),
        election=begun,
        results=bring_list(begun, township, AT),
        **evening,  # type: ignore[arg-type]  # passed on
    )
