"""A small county in which every page has something to show and everybody somewhere to be refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

from accounts.actions import bring_sheet, grant_scope
from accounts.elections.actions import TermFacts, bring_results, open_election
from accounts.elections.models import Election, ResultSheet
from accounts.mergers.actions import prepare_merger
from accounts.mergers.lines import Line
from accounts.mergers.models import Merger
from accounts.models import Cadre, Level, PeopleImport, Post, Role, StaffRole, StaffScope, Unit
from accounts.roster.sheets import read_rows
from accounts.transfers.actions import offer_person
from accounts.transfers.models import TransferOffer
from courses.actions import install_groups
from courses.models import CoursePage, LessonPage
from lms.certificates.actions import issue
from lms.certificates.models import Certificate
from lms.desk.actions import ask_export
from lms.desk.models import Export
from lms.feedback.actions import suggest
from lms.feedback.models import Suggestion
from lms.hours.actions import Worth, freeze_year, grant
from lms.hours.models import EntryKind, HoursEntry, Ledger, YearFreeze
from lms.jobs import runner
from lms.obligations.actions import exempt
from lms.obligations.models import Exemption, Requirement
from lms.study.attempts.actions import begin_attempt
from lms.study.models import Attempt
from lms.training.claims.models import Claim, ClaimBatch, Evidence
from lms.training.classes.actions import ClassFacts, record_class
from lms.training.classes.models import ClassKind, TrainingClass
from lms.training.plans.actions import add_item, approve, change_item, make_plan, submit
from lms.training.plans.models import Plan, PlanItem
from lms.training.viewings.actions import (
    ProgrammeFacts,
    add_station,
    close_viewing,
    draw_samples,
    end_viewing,
    note_discussion,
    schedule,
    start_viewing,
    tick_roll,
)
from lms.training.viewings.models import Equipment, Platform, Sample, Station, Viewing
from tests.accounts.rosters import csv_file, line
from tests.factories import CadreFactory, Held, PostFactory, UnitFactory, class_with, document, film, quiz
from tests.factories.people import CountyTree
from tests.factories.plans import item_facts
from tests.lms.obligations.people import earn, secretary, standing, under_the_defaults
from tests.lms.training.claims import made as claims
from tests.lms.training.classes.calling import Calling, call

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)


class Who(StrEnum):
    """Whom the doors know; the things of the world belong to CADRE and to what TOWNSHIP did."""

    STRANGER = "stranger"
    CADRE = "cadre"
    NEIGHBOUR = "cadre of another village"
    FAR_CADRE = "cadre of another township"
    STATION = "station keeper"
    TOWNSHIP = "township staff"
    OTHER_TOWNSHIP = "another township's staff"
    TRAINER = "trainer"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    COUNTY = "county staff"
    OTHER_COUNTY = "another county's staff"
    CITY = "city staff"
    PROVINCE = "province staff"
    ADMINISTRATOR = "administrator"


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
    people = {Who.STRANGER: None, **_cadres(tree), **_staff(tree)}
    cadre, township, county = people[Who.CADRE], people[Who.TOWNSHIP], people[Who.COUNTY]
    station, neighbour = people[Who.STATION], people[Who.NEIGHBOUR]
    assert cadre is not None
    assert township is not None
    assert county is not None
    assert station is not None
    assert neighbour is not None
    evenings = _evenings(tree, station, township, cadre, neighbour)
    return World(people, _things(tree, cadre, township, county, evenings))


def _cadres(tree: CountyTree) -> dict[Who, Cadre]:
    people = {
        Who.CADRE: secretary(
            tree, name="李秀兰", identity_last4="0624", identity_hash="h", identity_cipher=b"c"
        ),
        Who.NEIGHBOUR: CadreFactory(name="张有财", unit=tree.other_village),
        Who.FAR_CADRE: CadreFactory(name="赵远", unit=tree.far_village),
        Who.ADMINISTRATOR: CadreFactory(name="尹明远", unit=tree.county, is_staff=True, is_superuser=True),
    }
    for who in (Who.NEIGHBOUR, Who.FAR_CADRE):
        PostFactory(person=people[who], unit=people[who].unit)
    return people


def _staff(tree: CountyTree) -> dict[Who, Cadre]:
    elsewhere = UnitFactory(code="140726000000", name="太谷区", level=Level.COUNTY, parent=tree.city)
    places: dict[Who, tuple[Unit, StaffRole]] = {
        Who.STATION: (tree.village, StaffRole.STATION),
        Who.TOWNSHIP: (tree.township, StaffRole.TOWNSHIP),
        Who.OTHER_TOWNSHIP: (tree.other_township, StaffRole.TOWNSHIP),
        Who.TRAINER: (tree.county, StaffRole.TRAINER),
        Who.REVIEWER: (tree.county, StaffRole.REVIEWER),
        Who.AUDITOR: (tree.county, StaffRole.AUDITOR),
        Who.COUNTY: (tree.county, StaffRole.COUNTY),
        Who.OTHER_COUNTY: (elsewhere, StaffRole.COUNTY),
        Who.CITY: (tree.city, StaffRole.CITY),
        Who.PROVINCE: (tree.province, StaffRole.PROVINCE),
    }
    install_groups()
    return {who: _employ(who, unit, role) for who, (unit, role) in places.items()}


def _employ(who: Who, unit: Unit, role: StaffRole) -> Cadre:
    person: Cadre = CadreFactory(name=who.title(), unit=unit)
    grant_scope(person=person, unit=unit, role=role, by=None, at=AT)
    return Cadre.objects.get(pk=person.pk)


def _things(
    tree: CountyTree, cadre: Cadre, township: Cadre, county: Cadre, evenings: Mapping[str, object]
) -> Things:
    lesson = film()
    planned = _plan(tree, township, county)
    test = begin_attempt(person=cadre, lesson=quiz(), at=AT, random=Random(1))
    entry = earn(cadre, 52)
    export = ask_export(kind="STANDINGS", suffix="csv", reason="", query="", by=township, at=AT)
    runner.run(export.job_id, now=lambda: AT)
    election = _election(tree, county)
    return Things(
        person=cadre,
        course=lesson.get_parent().specific,
        lesson=lesson,
        quiz=test.lesson,
        attempt=test,
        reading=document(),
        entry=entry,
        certificate=issue(obligation=standing(cadre, "online"), at=AT),
        suggestion=suggest(text="视频有些卡。", contact="", page="/", person=cadre, at=AT),
        brought=bring_roster(township, AT),
        export=Export.objects.get(pk=export.pk),
        exemption=exempt(
            person=cadre, reason="年老", from_on=date(2026, 9, 1), to_on=None, by=township, at=AT
        ),
        requirement=Requirement.objects.filter(slug="online").get(),
        training=_class(tree, cadre, township),
        taught=class_with(days=2, people=[cadre], tree=tree, organiser=township, first=AT.date()),
        freeze=_frozen_year(tree, cadre, county),
        offer=_offer(tree, township),
        merger=_merger(tree, county),
        claim=(claim := claims.claim_of(cadre, at=AT)),
        evidence=Evidence.objects.for_claim(claim).get(),
        claim_batch=claims.written(claims.row("张有财"), by=township, at=AT),
        claim_sheet=claims.batch_of(claims.row("张有财", title="夜校"), claims.row("没有此人"), by=township),
        plan=planned.plan,
        plan_item=planned,
        calling=call(unit=tree.township, quota_unit=tree.village, person=cadre, by=township, at=AT),
        election=election,
        results=bring_list(election, township, AT),
        **evenings,  # type: ignore[arg-type]  # passed on
    )


def _election(tree: CountyTree, by: Cadre) -> Election:
    """The county's next term, which begins in July."""
    facts = TermFacts(tree.county, 13, date(2026, 7, 1), date(2031, 6, 30))
    return open_election(facts=facts, by=by, at=AT)


def bring_list(election: Election, by: Cadre, at: datetime) -> ResultSheet:
    """A list of results with a good row and a wrong one, judged and not yet written."""
    villages = Unit.objects.within(by.unit).filter(level=Level.VILLAGE).order_by("code")
    post = Post.objects.filter(unit=villages[0], role=Role.SECRETARY, to_on=None).select_related("person")[0]
    header = ["单位代码", "姓名", "职务", "是否新当选"]
    good = [villages[0].code, post.person.name, "书记", ""]
    file = csv_file(good, [villages[1].code, "周新", "村长", "是"], header=header)
    return bring_results(
        election=election,
        sheet=read_rows(file),
        file_name="换届结果.csv",
        begins_on=election.term.starts_on,
        scope=[by.unit],
        by=by,
        at=at,
    )


def _offer(tree: CountyTree, by: Cadre) -> TransferOffer:
    person = CadreFactory(name="钱明", unit=tree.village)
    return offer_person(
        person=person, unit=tree.far_village, on=AT.date(), is_shared=False, ending=[], by=by, at=AT
    )


def _merger(tree: CountyTree, by: Cadre) -> Merger:
    lines = [Line(unit.code, "140728100210", "新合村") for unit in (tree.village, tree.other_village)]
    return prepare_merger(over=tree.county, level=Level.VILLAGE, lines=lines, on=AT.date(), by=by, at=AT)


def _plan(tree: CountyTree, township: Cadre, county: Cadre) -> PlanItem:
    """Drawn up by the township, approved by the county, then given other dates."""
    plan = make_plan(unit=tree.township, year=2026, focus="防汛和集体经济", by=township, at=AT)
    item = add_item(plan=plan, facts=item_facts(), seen=1, reason="", by=township, at=AT)
    submit(plan=plan, seen=2, by=township, at=AT)
    approve(plan=plan, seen=3, by=county, at=AT)
    later = item_facts(starts_on=date(2026, 9, 10), ends_on=date(2026, 9, 12))
    change_item(item=item, facts=later, seen=4, reason="农忙", by=township, at=AT)
    return PlanItem.objects.select_related("plan__unit").get(pk=item.pk)


def _evenings(
    tree: CountyTree, keeper: Cadre, township: Cadre, cadre: Cadre, guest: Cadre
) -> dict[str, object]:
    """A broadcast in May with a guest, closed and drawn, and a lesson that runs now before the cadre."""
    station = add_station(
        unit=tree.village, name="东城村收看点", from_on=date(2026, 1, 5), by=township, at=AT
    )
    Equipment.objects.create(station=station, name="55 寸电视", since_on=date(2024, 3, 1))
    facts = ProgrammeFacts("乡村振兴大讲堂", None, Platform.PROVINCE, 45 * 60)
    held = _begun(station, facts, guest, keeper, AT - timedelta(days=12))
    held = end_viewing(viewing=held, by=keeper, at=AT - timedelta(days=12) + timedelta(minutes=45))
    note_discussion(viewing=held, text="大家谈了村里的路。", by=keeper, at=AT - timedelta(days=11))
    close_viewing(viewing=held, by=keeper, at=AT - timedelta(days=11))
    first, last = date(2026, 5, 1), date(2026, 5, 31)
    draw = draw_samples(unit=tree.township, from_on=first, to_on=last, wanted=1, seed=1, by=township, at=AT)
    lesson = film(seconds=2400)
    running = _begun(station, ProgrammeFacts(lesson=lesson), cadre, keeper, AT - timedelta(minutes=10))
    return {
        "station": station,
        "keeper": StaffScope.objects.get(person=keeper),
        "held": held,
        "sample": draw.samples.get(),
        "running": running,
    }


def _begun(station: Station, facts: ProgrammeFacts, person: Cadre, keeper: Cadre, at: datetime) -> Viewing:
    programme = schedule(facts=facts, stations=[station], planned_at=at, by=keeper, at=at)
    viewing = start_viewing(viewing=programme.viewings.get(), by=keeper, at=at)
    tick_roll(viewing=viewing, person=person, is_present=True, marked_at=at, by=keeper, at=at)
    return viewing


def _frozen_year(tree: CountyTree, cadre: Cadre, by: Cadre) -> YearFreeze:
    """Last year, frozen in April; the cadre's phone brought a lesson of December in June."""
    freeze = freeze_year(unit=tree.county, year=2025, by=by, at=AT - timedelta(days=50))
    grant(
        person=cadre,
        source="lesson:0",
        kind=EntryKind.LESSON,
        title="冬季防火常识",
        ledger=Ledger.ONLINE,
        worth=Worth(Decimal("0.5")),
        earned_at=datetime(2025, 12, 20, 4, tzinfo=UTC),
        at=AT - timedelta(hours=1),
    )
    return freeze


def bring_roster(by: Cadre, at: datetime) -> PeopleImport:
    """A roster with a good row and a wrong one, judged and not yet written."""
    file = csv_file(line(unit=by.unit.code[:9] + "201"), line(name="没有单位", unit="99"))
    return bring_sheet(
        sheet=read_rows(file), file_name="花名册.csv", scope=[by.unit], on=at.date(), by=by, at=at
    )


def _class(tree: CountyTree, cadre: Cadre, by: Cadre) -> TrainingClass:
    facts = ClassFacts(
        title="春季集中培训",
        organiser="古陶镇党校",
        unit=tree.township,
        kind=ClassKind.ORDINARY,
        ledger=Ledger.CONCENTRATED,
        starts_on=date(2026, 3, 2),
        ends_on=date(2026, 3, 4),
        days=Decimal(3),
        hours=Decimal(18),
    )
    return record_class(facts=facts, absent={cadre: 1}, by=by, at=AT)
