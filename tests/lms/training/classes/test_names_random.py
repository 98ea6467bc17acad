"""Whatever units and organisers do in whatever order: no quota is exceeded, and the steps tell the story."""

from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lms.training.classes.actions.calling import set_quotas
from lms.training.classes.actions.names import accept, add_people, reject, withdraw
from lms.training.classes.actions.refusals import Refused
from lms.training.classes.clashes import meets
from lms.training.classes.models import Notice, NoticeKind, Place, PlaceStatus, PlaceStep, Quota
from tests.lms.training.classes.calling import NOW, County
from tests.rules import examples

PEOPLE, CLASSES = 4, 2
ACTS = ["propose", "accept", "accept all", "add", "reject", "withdraw", "more", "less"]
moves = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, CLASSES - 1), st.integers(0, PEOPLE - 1)), max_size=25
)


def replayed(steps: Iterable[PlaceStep]) -> PlaceStatus | None:
    """The status to which the steps lead, each of which must be one that may follow the one before."""
    status: PlaceStatus | None = None
    gone = (None, PlaceStatus.REJECTED, PlaceStatus.WITHDRAWN)
    follows = {
        PlaceStatus.PROPOSED: gone,
        PlaceStatus.ACCEPTED: (*gone, PlaceStatus.PROPOSED),
        PlaceStatus.REJECTED: (PlaceStatus.PROPOSED, PlaceStatus.ACCEPTED),
        PlaceStatus.WITHDRAWN: (PlaceStatus.PROPOSED, PlaceStatus.ACCEPTED),
    }
    for step in steps:
        assert status in follows[PlaceStatus(step.status)]
        status = PlaceStatus(step.status)
    return status


class RandomNames(TestCase):
    """Two classes on the same days, one quota in each, four people."""

    @settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(moves)
    def test_quotas_hold_and_steps_tell_the_story(self, sequence: list[tuple[str, int, int]]) -> None:
        county = County()
        classes = [county.announced({county.tree.township: 2}, days=1) for _ in range(CLASSES)]
        for act, which, who in sequence:
            held, person = classes[which], county.people[who]
            with suppress(Refused, Quota.DoesNotExist):
                self.move(county, act, held, person)
            self.hold()

    def move(self, county: County, act: str, held: object, person: object) -> None:
        place = Place.objects.filter(training_class=held, person=person).first()
        if act == "propose":
            county.proposed(held, person)
        elif act == "add":
            add_people(training_class=held, people=[person], by=county.staff, at=NOW)
        elif act in ("accept", "accept all"):
            places = [place] if act == "accept" and place else list(held.places.all())
            accept(places=places, by=county.staff, at=NOW)
        elif act == "reject" and place:
            reject(place=place, reason="不符", by=county.staff, at=NOW)
        elif act == "withdraw" and place:
            withdraw(place=place, by=county.township, at=NOW)
        elif act in ("more", "less"):
            quota = Quota.objects.filter(training_class=held).first()
            places = (quota.places if quota else 0) + (1 if act == "more" else -1)
            places = {county.tree.township: max(0, places)}
            set_quotas(training_class=held, places=places, by=county.staff, at=NOW)

    def hold(self) -> None:
        room = {(q.training_class_id, q.unit_id): q.places for q in Quota.objects.all()}
        taken: dict[tuple[int, int], int] = {}
        for place in Place.objects.counting().exclude(quota_unit=None):
            key = (place.training_class_id, place.quota_unit_id)
            taken[key] = taken.get(key, 0) + 1
        assert all(number <= room.get(key, 0) for key, number in taken.items())
        for place in Place.objects.prefetch_related("steps"):
            assert replayed(place.steps.all()) == place.status
        accepted: dict[int, list[Place]] = {}
        for place in Place.objects.accepted().prefetch_related("training_class__half_days"):
            for other in accepted.setdefault(place.person_id, []):
                theirs = list(other.training_class.half_days.all())
                assert not any(meets(each, theirs) for each in place.training_class.half_days.all())
            accepted[place.person_id].append(place)
            last = Notice.objects.filter(person=place.person_id, training_class=place.training_class).first()
            assert last is not None
            assert last.what == NoticeKind.CALLED


def test_a_status_without_its_step_would_be_seen() -> None:
    with pytest.raises(AssertionError):
        replayed([PlaceStep(status=PlaceStatus.WITHDRAWN)])
