"""From what is still missing to the item that would meet it."""

from decimal import ROUND_UP, Decimal
from urllib.parse import urlencode

from lms.desk.foresight import Outlook
from lms.hours.figures import plain
from lms.hours.models import Ledger
from lms.obligations.models import Measure
from lms.training.plans.models import ItemKind

HALF = Decimal("0.5")


def item_for(outlook: Outlook, day_hours: Decimal) -> str:
    """What a new item for those who are left would say, as the query of the form's address."""
    definition = outlook.definition
    is_class = Ledger.CONCENTRATED in definition.ledgers or definition.min_classes > 0
    kind = ItemKind.ORDINARY if is_class else ItemKind.VIEWING
    fields = {
        "purpose": outlook.name,
        "kind": ItemKind.ROTATION if definition.is_rotation else kind,
        "ledger": Ledger.CONCENTRATED if Ledger.CONCENTRATED in definition.ledgers else Ledger.COLLECTIVE,
        "expected": len(outlook.left),
        **_length(outlook, day_hours, is_class=is_class),
    }
    if definition.is_for_party_members:
        fields["is_for_party_members"] = "on"
    roles = {lack.owed.role for lack in outlook.left} if definition.roles else set()
    return urlencode([*fields.items(), *(("role", role) for role in sorted(roles) if role)])


def _length(outlook: Outlook, day_hours: Decimal, *, is_class: bool) -> dict[str, str]:
    """Days and hours for whoever misses most; times say nothing of how long."""
    most = max((lack.missing.amount for lack in outlook.left), default=Decimal(0))
    measure = outlook.definition.measure
    if not most or measure == Measure.TIMES:
        return {}
    if measure == Measure.DAYS:
        days = _halves(most)
        return {"days": plain(days), "hours": plain(days * day_hours)}
    days = _halves(most / day_hours) if is_class else Decimal(0)
    return {"days": plain(days), "hours": plain(most)}


def _halves(days: Decimal) -> Decimal:
    """Days, rounded up to half ones."""
    return (days / HALF).quantize(Decimal(1), ROUND_UP) * HALF
