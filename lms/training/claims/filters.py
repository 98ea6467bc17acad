"""Which claims the desk is asked to show: read from the address bar, kept in it."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from accounts.access import scope_unit
from accounts.addresses import whole_number
from accounts.codes import is_code
from accounts.models import Cadre, Level, Unit
from lms.training.claims.models import ClaimQuerySet, ClaimStatus

ALL = "ALL"
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Asked:
    """One question to the list of claims; unknown values ask nothing."""

    unit: Unit
    status: str
    year: int | None

    def of_place(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        """The claims of the place and the year, of every status."""
        found = claims.within(self.unit)
        return found.in_year(self.year) if self.year else found

    def of(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        """The claims that are asked for; those that wait longest come first, the others latest first."""
        found = self.of_place(claims)
        if self.status == ClaimStatus.FILED:
            return found.waiting().order_by("filed_at", "pk")
        return found if self.status == ALL else found.filter(status=self.status)

    def places(self, own: Unit, today: date) -> list[Unit]:
        """What the place can be changed to: the opened unit (around a village) and what lies below."""
        around = self.unit.parent if self.unit.level == Level.VILLAGE else None
        opened = around if around and own.contains(around.code) else self.unit
        return [opened, *Unit.objects.filter(parent=opened).in_force(today)]


def read_asked(query: QueryDict, user: Cadre) -> Asked:
    """The question of an address; a unit outside the user's reach falls back to the user's own."""
    code, status = query.get("unit", ""), query.get("status", ClaimStatus.FILED)
    is_ours = is_code(code) and any(unit.contains(code) for unit in user.scope_units())
    unit = Unit.objects.filter(code=code).select_related("parent").first() if is_ours else None
    year = whole_number(query.get("year"))
    return Asked(
        unit=unit or scope_unit(user),
        status=status if status in {*ClaimStatus.values, ALL} else ClaimStatus.FILED,
        year=year if year in YEARS else None,
    )
