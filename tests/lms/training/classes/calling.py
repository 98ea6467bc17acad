"""A county in which classes are called: its places, its staff, and short ways to do what they do."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Cadre, Role, StaffRole, Unit
from lms.hours.models import Ledger
from lms.training.classes.actions.calling import CallingFacts, announce, call_class, set_quotas
from lms.training.classes.actions.leave import ask_leave
from lms.training.classes.actions.material import add_material
from lms.training.classes.actions.names import accept, propose
from lms.training.classes.actions.timetable import fill_days, set_half_day
from lms.training.classes.models import (
    ClassKind,
    HalfDay,
    Leave,
    Material,
    Part,
    Place,
    Quota,
    TrainingClass,
)
from lms.training.classes.timetable import Line
from tests.factories import CadreFactory, PostFactory, RuleFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
FIRST, LAST = date(2026, 6, 15), date(2026, 6, 19)
PDF = b"%PDF-1.4\n%%EOF\n"


@dataclass(frozen=True)
class Calling:
    """A class with one of everything, for the list of pages."""

    held: TrainingClass
    half_day: HalfDay
    place: Place
    leave: Leave
    material: Material


def facts(unit: Unit, **values: object) -> CallingFacts:
    told = {
        "title": "夏季两委班",
        "organiser": "县委党校",
        "unit": unit,
        "kind": ClassKind.ORDINARY,
        "ledger": Ledger.CONCENTRATED,
        "starts_on": FIRST,
        "ends_on": LAST,
        "venue": "县委党校礼堂",
        **values,
    }
    return CallingFacts(**told)  # type: ignore[arg-type]  # what a test says


def line(on: date = FIRST, part: Part = Part.MORNING, **values: object) -> Line:
    hours = {
        Part.MORNING: (time(8, 30), time(11, 30)),
        Part.AFTERNOON: (time(14, 30), time(17, 30)),
        Part.EVENING: (time(19), time(21)),
    }
    starts, ends = hours[part]
    return Line(**{"on": on, "part": part, "starts": starts, "ends": ends, "topic": "乡村治理", **values})  # type: ignore[arg-type]


def call(*, unit: Unit, quota_unit: Unit, person: Cadre, by: Cadre, at: datetime) -> Calling:
    """A class of two days, five weeks ahead, that the person is called to and asks leave from."""
    first = at.date() + timedelta(weeks=5)
    last = first + timedelta(days=1)
    held = call_class(facts=facts(unit, starts_on=first, ends_on=last), by=by, at=at)
    days = {"first": first, "days": 2, "topic": "乡村治理", "with_weekends": True}
    half_days = fill_days(training_class=held, by=by, at=at, **days)  # type: ignore[arg-type]
    set_quotas(training_class=held, places={quota_unit: 2}, by=by, at=at)
    file = SimpleUploadedFile("手册.pdf", PDF)
    material = add_material(training_class=held, title="学员手册", file=file, by=by, at=at)
    held = announce(training_class=held, by=by, at=at)
    (place,) = propose(quota=held.quotas.get(), people=[person], by=by, at=at)
    accept(places=[place], by=by, at=at)
    leave = ask_leave(place=Place.objects.get(pk=place.pk), reason="家中有事", by=person, at=at)
    return Calling(held, half_days[0], place, leave, material)


class County:
    """A county's staff, its two townships' staff, and people in post in their villages."""

    def __init__(self) -> None:
        self.tree: CountyTree = county_tree()
        self.rule = RuleFactory(unit=self.tree.province)
        self.staff: Cadre = StaffFactory(unit=self.tree.county, role=StaffRole.COUNTY).person
        self.township: Cadre = StaffFactory(unit=self.tree.township).person
        self.other_township: Cadre = StaffFactory(unit=self.tree.other_township).person
        self.people = [self.person(self.tree.village) for _ in range(4)]
        self.far = [self.person(self.tree.far_village) for _ in range(3)]

    def person(self, unit: Unit, role: Role = Role.SECRETARY, **values: object) -> Cadre:
        person: Cadre = PostFactory(person=CadreFactory(unit=unit, **values), role=role).person
        return person

    def begin(self, **values: object) -> TrainingClass:
        by = values.pop("by", self.staff)
        unit = values.pop("unit", self.tree.county)
        return call_class(facts=facts(unit, **values), by=by, at=NOW)  # type: ignore[arg-type]

    def announced(
        self, places: dict[Unit, int] | None = None, days: int = 2, **values: object
    ) -> TrainingClass:
        """A class that takes names, with so many whole days from its first on."""
        by = values.get("by", self.staff)
        held = self.begin(**values)
        told = {"first": held.starts_on, "days": days, "topic": "乡村治理", "with_weekends": True}
        fill_days(training_class=held, by=by, at=NOW, **told)  # type: ignore[arg-type]
        if places is None:
            places = {self.tree.township: 2, self.tree.other_township: 1}
        if places:
            set_quotas(training_class=held, places=places, by=by, at=NOW)  # type: ignore[arg-type]
        return announce(training_class=held, by=by, at=NOW)  # type: ignore[arg-type]

    def quota(self, held: TrainingClass, unit: Unit | None = None) -> Quota:
        return held.quotas.get(unit=unit or self.tree.township)

    def proposed(self, held: TrainingClass, *people: Cadre) -> list[Place]:
        return propose(quota=self.quota(held), people=people, by=self.township, at=NOW)

    def accepted(self, held: TrainingClass, *people: Cadre) -> list[Place]:
        places = self.proposed(held, *people)
        accept(places=places, by=self.staff, at=NOW)
        return list(Place.objects.filter(pk__in=[place.pk for place in places]).order_by("person"))


def evening(held: TrainingClass, by: Cadre) -> HalfDay:
    return set_half_day(training_class=held, line=line(held.starts_on, Part.EVENING), by=by, at=NOW)


HALF_DAY_HOURS = Decimal(3)
