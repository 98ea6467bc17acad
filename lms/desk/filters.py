"""What the desk is asked to show: read from the address bar, kept in it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from accounts.access import scope_unit
from accounts.codes import subtree
from accounts.models import Cadre, Level, Role, Unit
from lms.certificates.models import Certificate
from lms.obligations.models import Obligation, ObligationQuerySet

# What a unit is opened into: the next level below it.
BELOW = {
    Level.PROVINCE: Level.CITY,
    Level.CITY: Level.COUNTY,
    Level.COUNTY: Level.TOWNSHIP,
    Level.TOWNSHIP: Level.VILLAGE,
    Level.VILLAGE: Level.VILLAGE,
}


@dataclass(frozen=True)
class Filters:
    """One question to the desk; unknown values ask nothing."""

    unit: Unit
    role: str = ""
    slug: str = ""
    q: str = ""

    @property
    def below(self) -> Level:
        """The level at which figures of the unit are listed."""
        return BELOW[Level(self.unit.level)]

    @property
    def digits(self) -> int:
        """How many digits of a code name a unit of that level."""
        return self.below.digits

    def people(self, person: str = "") -> Q:
        """The condition on people; `person` is the path from the queried model to the person."""
        path = f"{person}__" if person else ""
        asked = Q(**{f"{path}unit__code__range": subtree(self.unit.code)})
        if self.q:
            asked &= Q(**{f"{path}name__contains": self.q}) | Q(**{f"{path}phone__startswith": self.q})
        return asked

    def obligations(self, user: Cadre, today: date) -> ObligationQuerySet:
        """The obligations running today that the user may see and the filters let through."""
        return self._all(user).running(today)

    def records(self, user: Cadre, today: date) -> ObligationQuerySet:
        """The same, of every year and term that has begun; what was released only with its certificate."""
        proven = Exists(Certificate.objects.filter(obligation=OuterRef("pk")))
        return self._all(user).filter(Q(released_on=None) | proven, starts_on__lte=today)

    def _all(self, user: Cadre) -> ObligationQuerySet:
        found = Obligation.objects.visible_to(user).filter(self.people("person"))
        if self.role:
            found = found.filter(post__role=self.role)
        if self.slug:
            found = found.filter(slug=self.slug)
        return found


def read_filters(query: QueryDict, user: Cadre) -> Filters:
    """Filters from an address; a unit outside the user's reach falls back to the user's own."""
    own = scope_unit(user)
    code = query.get("unit", "")
    reachable = code.isdigit() and len(code) == 12 and any(unit.contains(code) for unit in user.scope_units())
    unit = Unit.objects.filter(code=code).first() if reachable else None
    role = query.get("role", "")
    return Filters(
        unit=unit or own,
        role=role if role in Role.values else "",
        slug=query.get("slug", "")[:40],
        q=query.get("q", "").strip()[:40],
    )
