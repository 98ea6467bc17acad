"""Classes with a timetable, called and ready for the roll."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from accounts.models import Cadre, StaffRole, Unit
from lms.hours.models import HoursRule, Ledger
from lms.training.classes.actions import mark
from lms.training.classes.models import (
    ClassKind,
    ClassState,
    Edge,
    HalfDay,
    MarkHow,
    Part,
    Place,
    PlaceStatus,
    TrainingClass,
)

from .people import CadreFactory, CountyTree, StaffFactory, county_tree
from .rules import RuleFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 5, 11)
# From and to of each part of the day: three hours, three hours, two hours.
SPANS = {
    Part.MORNING: (time(8, 30), time(11, 30)),
    Part.AFTERNOON: (time(14, 30), time(17, 30)),
    Part.EVENING: (time(19), time(21)),
}
BY_DAY = (Part.MORNING, Part.AFTERNOON)
_numbers = count(1)


@dataclass(frozen=True)
class Held:
    """A class with its half-days in order, its people and who organises it."""

    training_class: TrainingClass
    half_days: Sequence[HalfDay]
    people: Sequence[Cadre]
    organiser: Cadre
    # The tree of the tests' county; none for a class of another place.
    tree: CountyTree | None

    @property
    def ends_at(self) -> datetime:
        """When the last half-day ends."""
        return max(half_day.ends_at for half_day in self.half_days)

    def tick(
        self,
        person: Cadre,
        half_day: int,
        *,
        edge: Edge = Edge.IN,
        is_present: bool = True,
        marked_at: datetime | None = None,
        at: datetime | None = None,
        by: Cadre | None = None,
        how: MarkHow = MarkHow.TICK,
        reason: str = "",
    ) -> None:
        """One tick by the organiser, a minute after the half-day began where nothing else is said."""
        when = self.half_days[half_day]
        moment = marked_at or when.starts_at + timedelta(minutes=1)
        mark(
            half_day=when,
            person=person,
            edge=edge,
            is_present=is_present,
            how=how,
            marked_at=moment,
            by=by or self.organiser,
            at=at or moment,
            reason=reason,
        )

    def tick_all(self, *, but: dict[Cadre, Iterable[int]] | None = None) -> None:
        """Everybody at every half-day, but for those half-days (by their number) that somebody missed."""
        for number in range(len(self.half_days)):
            for person in self.people:
                if number not in set((but or {}).get(person, ())):
                    self.tick(person, number)


def class_with(
    *,
    days: int = 5,
    people: int | Sequence[Cadre] = 2,
    evenings: int = 0,
    hours: Decimal | None = None,
    unit: Unit | None = None,
    first: date = FIRST,
    tree: CountyTree | None = None,
    organiser: Cadre | None = None,
    kind: ClassKind = ClassKind.ORDINARY,
    has_sign_out: bool = False,
    state: ClassState = ClassState.CALLING,
    title: str = "春季集中培训",
    spans: dict[Part, tuple[time, time]] | None = None,
) -> Held:
    """A class of `days` whole days and so many evenings, whose people have their places; rules are there."""
    if tree is None and (unit is None or isinstance(people, int)):
        tree = county_tree()
    if not HoursRule.objects.exists():
        RuleFactory(**({"unit": tree.province} if tree else {}))
    place = unit or tree.township
    by = organiser or StaffFactory(unit=place, role=_role_of(place)).person
    parts = [(first + timedelta(day), part) for day in range(days) for part in BY_DAY]
    parts += [(first + timedelta(day), Part.EVENING) for day in range(evenings)]
    spans = spans or SPANS
    training_class = TrainingClass.objects.create(
        title=title,
        organiser=place.name,
        unit=place,
        kind=kind,
        ledger=Ledger.CONCENTRATED,
        starts_on=first,
        ends_on=max(on for on, _part in parts),
        days=Decimal(days),
        hours=hours if hours is not None else Decimal(6 * days + 2 * evenings),
        has_sign_out=has_sign_out,
        state=state,
        recorded_at=datetime.combine(first, time(9), SHANGHAI) - timedelta(days=20),
        by=by,
    )
    half_days = [_half_day(training_class, on, part, spans) for on, part in sorted(parts, key=_order)]
    called = _people(people, tree) if isinstance(people, int) else people
    for person in called:
        Place.objects.create(training_class=training_class, person=person, status=PlaceStatus.ACCEPTED)
    return Held(training_class, half_days, called, by, tree)


def _role_of(unit: Unit) -> StaffRole:
    return StaffRole(unit.level) if unit.level in StaffRole.values else StaffRole.TOWNSHIP


def _order(line: tuple[date, Part]) -> tuple[date, int]:
    return line[0], list(Part).index(line[1])


def _half_day(
    training_class: TrainingClass, on: date, part: Part, spans: dict[Part, tuple[time, time]]
) -> HalfDay:
    starts, ends = spans[part]
    return HalfDay.objects.create(
        training_class=training_class,
        on=on,
        part=part,
        starts_at=datetime.combine(on, starts, SHANGHAI),
        ends_at=datetime.combine(on, ends, SHANGHAI),
        topic="村集体经济",
    )


def _people(number: int, tree: CountyTree) -> list[Cadre]:
    return [CadreFactory(unit=tree.village, name=f"学员{next(_numbers)}号") for _ in range(number)]
