"""A year that was frozen, and what came in afterwards."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from accounts.models import Cadre
from lms.hours.actions import Worth, freeze_year, grant
from lms.hours.models import EntryKind, Ledger, YearFreeze
from tests.factories.people import CountyTree
from tests.world.who import AT


def frozen_year(tree: CountyTree, cadre: Cadre, by: Cadre) -> YearFreeze:
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
