"""What the township organises: a plan, a class that was recorded, evenings at a station."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import Cadre, StaffScope
from lms.hours.models import Ledger
from lms.training.classes.actions import ClassFacts, record_class
from lms.training.classes.models import ClassKind, TrainingClass
from lms.training.plans.actions import add_item, approve, change_item, make_plan, submit
from lms.training.plans.models import PlanItem
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
from lms.training.viewings.models import Equipment, Platform, Station, Viewing
from tests.factories import film
from tests.factories.people import CountyTree
from tests.factories.plans import item_facts
from tests.world.who import AT


def plan(tree: CountyTree, township: Cadre, county: Cadre) -> PlanItem:
    """Drawn up by the township, approved by the county, then given other dates."""
    plan = make_plan(unit=tree.township, year=2026, focus="防汛和集体经济", by=township, at=AT)
    item = add_item(plan=plan, facts=item_facts(), seen=1, reason="", by=township, at=AT)
    submit(plan=plan, seen=2, by=township, at=AT)
    approve(plan=plan, seen=3, by=county, at=AT)
    later = item_facts(starts_on=date(2026, 9, 10), ends_on=date(2026, 9, 12))
    change_item(item=item, facts=later, seen=4, reason="农忙", by=township, at=AT)
    return PlanItem.objects.select_related("plan__unit").get(pk=item.pk)


def recorded_class(tree: CountyTree, cadre: Cadre, by: Cadre) -> TrainingClass:
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


def evenings(
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
