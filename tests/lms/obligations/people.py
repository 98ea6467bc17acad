"""A county under the shipped requirements, and the few steps that the tests of this room share."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from accounts.models import Cadre, Level
from lms.hours.actions import Worth, grant
from lms.hours.models import EntryKind, HoursEntry, Ledger
from lms.obligations.actions import install_default_requirements, refresh
from lms.obligations.models import Obligation
from tests.factories import CadreFactory, PostFactory, RuleFactory, TermFactory, UnitFactory, county_tree
from tests.factories.people import CountyTree

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def under_the_defaults() -> CountyTree:
    """A county whose term runs from December 2025, under the defaults and one hours rule."""
    tree = county_tree()
    province = UnitFactory(code="140000000000", name="山西省", level=Level.PROVINCE)
    RuleFactory(unit=province)
    TermFactory(county=tree.county, starts_on=date(2025, 12, 1), ends_on=date(2030, 11, 30))
    install_default_requirements(province, date(2025, 1, 1))
    return tree


def secretary(tree: CountyTree, **fields: object) -> Cadre:
    """A village party secretary since 2023."""
    person: Cadre = CadreFactory(unit=tree.village, **fields)
    PostFactory(person=person, unit=tree.village, role="SECRETARY", from_on=date(2023, 1, 1))
    return person


def earn(
    person: Cadre,
    hours: float | str,
    *,
    on: date = date(2026, 3, 20),
    ledger: Ledger = Ledger.ONLINE,
    kind: EntryKind = EntryKind.VIEWING,
    days: float | str = 0,
    source: str = "",
) -> HoursEntry:
    """One ledger line, at noon in Shanghai; a class counts as one."""
    earned_at = datetime.combine(on, time(4), tzinfo=UTC)
    entry = grant(
        person=person,
        source=source or f"test:{HoursEntry.objects.count()}",
        kind=kind,
        title="学习",
        ledger=ledger,
        worth=Worth(
            Decimal(str(hours)), Decimal(str(days)), int(kind in (EntryKind.CLASS, EntryKind.ROTATION))
        ),
        earned_at=earned_at,
        at=earned_at,
    )
    assert entry is not None
    return entry


def standing(person: Cadre, slug: str, *, at: datetime = AT) -> Obligation:
    """The person's obligation after a refresh."""
    refresh([person.pk], at=at)
    return Obligation.objects.select_related("requirement").get(person=person, slug=slug)
