"""Who looks at the pages: the people of the world."""

from datetime import UTC, datetime
from enum import StrEnum

from accounts.actions import grant_scope
from accounts.models import Cadre, Level, StaffRole, Unit
from courses.actions import install_groups
from tests.factories import CadreFactory, PostFactory, UnitFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import secretary

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


def cadres(tree: CountyTree) -> dict[Who, Cadre]:
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


def staff(tree: CountyTree) -> dict[Who, Cadre]:
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
