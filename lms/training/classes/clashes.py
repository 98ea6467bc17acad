"""Half-days of other classes at the same time: nobody is called to two places at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lms.training.classes.models import ClassState, HalfDay, Place, TrainingClass


@dataclass(frozen=True)
class Clash:
    """Somebody who is called to a half-day of another class while one of these takes place."""

    person: int
    half_day: HalfDay


def clashes(
    people: Collection[int], half_days: Collection[HalfDay], *, but: TrainingClass
) -> dict[int, Clash]:
    """The first clash of each person who has one; `but` is the class that has these half-days."""
    if not half_days or not people:
        return {}
    places = Place.objects.accepted().filter(person__in=people).exclude(training_class=but)
    called: dict[int, list[int]] = defaultdict(list)
    for person, held in places.order_by("person").values_list("person", "training_class"):
        called[held].append(person)
    others = HalfDay.objects.filter(training_class__in=called).exclude(
        training_class__state=ClassState.CANCELLED
    )
    meeting = others.filter(
        starts_at__lt=max(each.ends_at for each in half_days),
        ends_at__gt=min(each.starts_at for each in half_days),
    )
    found: dict[int, Clash] = {}
    for other in meeting.select_related("training_class"):
        if meets(other, half_days):
            for person in called[other.training_class_id]:
                found.setdefault(person, Clash(person, other))
    return found


def meets(half_day: HalfDay, others: Iterable[HalfDay]) -> bool:
    """Whether a half-day shares some time with one of the others."""
    return any(half_day.starts_at < other.ends_at and half_day.ends_at > other.starts_at for other in others)
