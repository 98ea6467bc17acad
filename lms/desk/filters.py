"""What the desk is asked to show: read from the address bar, kept in it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from accounts.access import scope_unit
from accounts.codes import is_code
from accounts.models import Cadre, Level, Post, Role, Unit
from accounts.models.reach import Guest, people_within
from accounts.phones import normal
from lms.certificates.models import Certificate
from lms.obligations.models import Obligation, ObligationQuerySet, Requirement

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
    # Party members on the move in the staff member's units; the lists of their present unit show them too.
    guests: tuple[Guest, ...] = ()

    @property
    def here(self) -> dict[int, str]:
        """The guests of the asked unit, each with the code of the place where they are."""
        found: dict[int, str] = {}
        for guest in self.guests:
            if guest.is_only_guest_of([self.unit]):
                found.setdefault(guest.person_id, guest.code)
        return found

    @property
    def below(self) -> Level:
        """The level at which figures of the unit are listed."""
        return BELOW[Level(self.unit.level)]

    @property
    def digits(self) -> int:
        """How many digits of a code name a unit of that level."""
        return self.below.digits

    def people(self, today: date, person: str = "") -> Q:
        """The condition on people; `person` is the path from the queried model to the person."""
        path = f"{person}__" if person else ""
        asked = people_within([self.unit], self.guests, person)
        if self.role:
            held = Post.objects.held_on(today).filter(role=self.role)
            asked &= Q(**{f"{path}pk__in": held.values("person")})
        return asked & self._searched(path) if self.q else asked

    def _searched(self, path: str) -> Q:
        """A part of the name, the beginning of the phone however it is grouped, or the account."""
        asked = Q(**{f"{path}name__contains": self.q})
        digits = normal(self.q)
        if digits.isdecimal():
            asked |= Q(**{f"{path}phone__startswith": digits}) | Q(**{f"{path}number": digits})
        return asked

    def obligations(self, user: Cadre, today: date) -> ObligationQuerySet:
        """The obligations running today that the user may see and the filters let through."""
        return self._all(user, today).running(today)

    def records(self, user: Cadre, today: date) -> ObligationQuerySet:
        """The same, of every year and term that has begun; what was released only with its certificate."""
        proven = Exists(Certificate.objects.filter(obligation=OuterRef("pk")))
        return self._all(user, today).filter(Q(released_on=None) | proven, starts_on__lte=today)

    def _all(self, user: Cadre, today: date) -> ObligationQuerySet:
        found = Obligation.objects.visible_to(user).filter(self.people(today, "person"))
        return found.filter(slug=self.slug) if self.slug else found

    def places(self, own: Unit, today: date) -> list[Unit]:
        """What the place can be changed to: the opened unit and those below it.

        A village opens the unit around it, unless that lies outside `own`, the staff member's unit.
        """
        around = self.unit.parent if self.unit.level == Level.VILLAGE else None
        opened = around if around and own.contains(around.code) else self.unit
        below = Unit.objects.filter(parent=opened)
        return [opened, *(below.in_force(today) | below.filter(pk=self.unit.pk))]

    def words(self) -> str:
        """The question as people read it: place, post, requirement, what was searched."""
        versions = Requirement.objects.filter(slug=self.slug).order_by("-valid_from")
        name = versions.values_list("name", flat=True).first() if self.slug else ""
        post = str(Role(self.role).label) if self.role else ""
        return " · ".join(filter(None, [self.unit.name, post, name, self.q]))


def read_filters(query: QueryDict, user: Cadre) -> Filters:
    """Filters from an address; a unit outside the user's reach falls back to the user's own."""
    own = scope_unit(user)
    code = query.get("unit", "")
    reachable = is_code(code) and any(unit.contains(code) for unit in user.reach_units())
    unit = Unit.objects.filter(code=code).first() if reachable else None
    role = query.get("role", "")
    return Filters(
        unit=unit or own,
        role=role if role in Role.values else "",
        slug=query.get("slug", "")[:40],
        q=query.get("q", "").strip()[:40],
        guests=tuple(user.guests),
    )
