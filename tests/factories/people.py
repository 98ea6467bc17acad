"""Units, people, posts, terms and staff."""

from dataclasses import dataclass
from datetime import date

import factory
from factory.django import DjangoModelFactory

from accounts.codes import ancestors
from accounts.models import Cadre, Level, Post, Role, StaffRole, StaffScope, Term, Unit


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit
        django_get_or_create = ("code",)

    code = "140728000000"
    name = factory.LazyAttribute(lambda unit: f"单位{unit.code}")
    level = Level.COUNTY


@dataclass(frozen=True)
class CountyTree:
    """A county with two townships; the first has two villages, the second one."""

    province: Unit
    city: Unit
    county: Unit
    township: Unit
    other_township: Unit
    village: Unit
    other_village: Unit
    far_village: Unit


# The county's tree: codes, each parent before its children, with names and levels.
TREE = {
    "140000000000": ("山西省", Level.PROVINCE),
    "140700000000": ("晋中市", Level.CITY),
    "140728000000": ("平遥县", Level.COUNTY),
    "140728100000": ("古陶镇", Level.TOWNSHIP),
    "140728101000": ("段村镇", Level.TOWNSHIP),
    "140728100201": ("东城村", Level.VILLAGE),
    "140728100202": ("西城村", Level.VILLAGE),
    "140728101201": ("段村", Level.VILLAGE),
}


def county_tree() -> CountyTree:
    """The smallest tree in which every question of scope can be asked; what is there already stays."""
    units = Unit.objects.in_bulk(list(TREE), field_name="code")
    for code, (name, level) in TREE.items():
        if code not in units:
            *above, _ = ancestors(code)
            parent = units[above[-1]] if above else None
            units[code] = Unit.objects.create(code=code, name=name, level=level, parent=parent)
    return CountyTree(*(units[code] for code in TREE))


class CadreFactory(DjangoModelFactory):
    class Meta:
        model = Cadre

    number = factory.Sequence(lambda n: f"10{n:08d}")
    name = factory.Sequence(lambda n: f"学员{n}")
    phone = factory.Sequence(lambda n: f"139{n:08d}")
    is_phone_verified = True
    unit = factory.SubFactory(UnitFactory)
    birth_year = 1975


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    person = factory.SubFactory(CadreFactory)
    unit = factory.SelfAttribute("person.unit")
    role = Role.SECRETARY
    from_on = date(2025, 1, 1)


class StaffFactory(DjangoModelFactory):
    """A staff scope with its person: `StaffFactory(unit=township, role=...)`."""

    class Meta:
        model = StaffScope

    person = factory.SubFactory(CadreFactory, unit=factory.SelfAttribute("..unit"))
    unit = factory.SubFactory(UnitFactory)
    role = StaffRole.TOWNSHIP


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term

    county = factory.SubFactory(UnitFactory)
    number = 12
    starts_on = date(2025, 1, 1)
    ends_on = date(2029, 12, 31)
