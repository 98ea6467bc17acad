"""At the same moment: two places and six proposals, two classes and one person, two answers to one leave."""

import pytest
from django.db import connection

from lms.training.classes.actions.calling import set_quotas
from lms.training.classes.actions.leave import ask_leave, decide_leave
from lms.training.classes.actions.names import accept, add_people, propose
from lms.training.classes.actions.refusals import DecidedAlready, Elsewhere, QuotaFull, QuotaTaken, Refused
from lms.training.classes.models import Leave, Notice, Place, PlaceStatus, PlaceStep
from tests.lms.training.classes.calling import NOW, County
from tests.parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row locks and threads need PostgreSQL")


def tried(work: object) -> object:
    """The work, or the reason why it was refused."""

    def run() -> object:
        try:
            return work()
        except Refused as refused:
            return type(refused)

    return run


def test_two_places_and_six_proposals_give_exactly_two() -> None:
    county = County()
    held = county.announced({county.tree.township: 2})
    quota, people = (
        county.quota(held),
        [*county.people, *(county.person(county.tree.village) for _ in range(2))],
    )
    works = [
        tried(lambda person=person: propose(quota=quota, people=[person], by=county.township, at=NOW))
        for person in people
    ]
    answers = at_once(works)
    assert answers.count(QuotaFull) == 4
    assert Place.objects.counting().count() == PlaceStep.objects.count() == 2


def test_the_same_name_from_many_desks_is_one() -> None:
    county = County()
    held = county.announced({county.tree.township: 2})
    at_once([lambda: county.proposed(held, county.people[0])] * 5)
    assert Place.objects.count() == PlaceStep.objects.count() == 1
    place = Place.objects.get()
    at_once([lambda: accept(places=[place], by=county.staff, at=NOW)] * 5)
    assert (PlaceStep.objects.count(), Notice.objects.count()) == (2, 1)


def test_a_person_is_called_to_one_of_two_classes_at_a_time() -> None:
    county = County()
    classes = [county.announced({}, days=1) for _ in range(4)]
    people = county.people[:2]
    works = [
        tried(
            lambda held=held, order=order: add_people(
                training_class=held, people=order, by=county.staff, at=NOW
            )
        )
        for held, order in zip(classes, [people, people[::-1]] * 2, strict=True)
    ]
    assert at_once(works).count(Elsewhere) == 3
    assert Place.objects.accepted().count() == 2


def test_a_quota_does_not_shrink_below_names_that_come_in() -> None:
    county = County()
    held = county.announced({county.tree.township: 2})
    shrink = tried(
        lambda: set_quotas(training_class=held, places={county.tree.township: 0}, by=county.staff, at=NOW)
    )
    names = [tried(lambda each=each: county.proposed(held, each)) for each in county.people[:2]]
    answers = at_once([shrink, *names])
    taken = Place.objects.counting().count()
    if QuotaTaken in answers:
        assert held.quotas.get().places == 2
        assert taken in (1, 2)
    else:
        assert (held.quotas.count(), taken) == (0, 0)


def test_two_answers_to_one_leave_are_one() -> None:
    county = County()
    (place,) = county.accepted(county.announced(), county.people[0])
    asks = [tried(lambda: ask_leave(place=place, reason="病", by=county.people[0], at=NOW)) for _ in range(4)]
    at_once(asks)
    leave = Leave.objects.get()
    Notice.objects.all().delete()
    works = [
        tried(
            lambda by=by, is_granted=is_granted: decide_leave(
                leave=leave, is_granted=is_granted, answer="已阅", by=by, at=NOW
            )
        )
        for by, is_granted in [(county.staff, True), (county.township, False)] * 2
    ]
    assert at_once(works).count(DecidedAlready) == 2
    assert Notice.objects.count() == 1


def test_statuses_are_those_of_the_last_steps() -> None:
    county = County()
    held = county.announced({county.tree.township: 2})
    at_once([tried(lambda each=each: county.proposed(held, each)) for each in county.people])
    for place in Place.objects.all():
        assert place.steps.last().status == place.status == PlaceStatus.PROPOSED
