"""What a learner sees of classes: called, when, where, and leave in two taps."""

from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lms.hours.actions import Worth, grant
from lms.hours.models import EntryKind, Ledger
from lms.training.classes.actions.calling import cancel_class
from lms.training.classes.actions.material import set_lesson
from lms.training.classes.actions.names import reject
from lms.training.classes.models import ClassState, Leave, LeaveStatus, Notice, Place, TrainingClass
from tests.factories import film
from tests.lms.training.classes.calling import NOW, County


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(county: County) -> Place:
    (place,) = county.accepted(county.announced(), county.people[0])
    return place


@pytest.fixture
def learner(client: Client, county: County) -> Client:
    client.force_login(county.people[0])
    return client


def test_a_place_is_news_on_the_home_until_the_class_is_opened(learner: Client, place: Place) -> None:
    home = learner.get("/")
    assert home.context["next_place"] == place
    assert [notice.what for notice in home.context["class_notices"]] == ["CALLED"]
    assert list(learner.get("/classes/").context["ahead"]) == [place]
    page = learner.get(f"/classes/{place.training_class_id}/")
    assert [notice.seen_at for notice in page.context["notices"]] == [None]
    assert Notice.objects.get().seen_at == NOW
    assert not learner.get("/").context["class_notices"]


def test_a_name_that_is_only_proposed_shows_nothing(learner: Client, county: County) -> None:
    held = county.announced()
    county.proposed(held, county.people[0])
    assert learner.get("/").context["next_place"] is None
    assert learner.get(f"/classes/{held.pk}/").status_code == 404


def test_a_class_of_others_does_not_exist(learner: Client, county: County) -> None:
    (place,) = county.accepted(county.announced(), county.people[1])
    held = place.training_class_id
    leave = Leave.objects.create(place=place, reason="病", asked_at=NOW)
    assert learner.get(f"/classes/{held}/").status_code == 404
    assert learner.post(f"/classes/{held}/leave/", {"reason": "ill"}).status_code == 404
    assert learner.post(f"/classes/leave/{leave.pk}/withdraw/").status_code == 404


def test_whoever_lost_the_place_or_whose_class_is_cancelled_reads_it(
    learner: Client, county: County, place: Place
) -> None:
    held = place.training_class
    reject(place=place, reason="名额调整", by=county.staff, at=NOW)
    page = learner.get(f"/classes/{held.pk}/")
    assert "名额调整" in page.text
    assert page.context["place"] is None
    assert learner.get("/").context["next_place"] is None
    (other,) = county.accepted(county.announced(), county.people[0])
    cancel_class(training_class=other.training_class, reason="防汛", by=county.staff, at=NOW)
    assert learner.get("/").context["next_place"] is None
    assert "防汛" in learner.get(f"/classes/{other.training_class_id}/").text


def test_leave_is_two_taps_and_can_be_taken_back(learner: Client, place: Place) -> None:
    page = f"/classes/{place.training_class_id}/"
    assert "1/7" in learner.get(page).text
    assert learner.post(f"{page}leave/", {"reason": "ill"}).status_code == 302
    leave = Leave.objects.get()
    assert (leave.half_days.count(), str(leave.reason) != "") == (4, True)
    assert learner.get(page).context["asked"] == leave
    learner.post(f"{page}leave/", {"reason": "ill"})
    assert Leave.objects.count() == 1
    assert learner.post(f"/classes/leave/{leave.pk}/withdraw/").status_code == 302
    assert Leave.objects.get().status == LeaveStatus.WITHDRAWN
    assert learner.get(page).context["asked"] is None


def test_a_reason_is_typed_and_some_half_days_chosen(learner: Client, place: Place) -> None:
    page = f"/classes/{place.training_class_id}/"
    first = place.training_class.half_days.first()
    for nothing in ({}, {"reason": "", "words": " \0"}, {"reason": "x", "words": ""}):
        learner.post(f"{page}leave/", nothing)
    for odd in (["999999"], ["9" * 18]):
        learner.post(f"{page}leave/", {"reason": "ill", "half": odd})
    assert not Leave.objects.exists()
    learner.post(f"{page}leave/", {"reason": "", "words": "女儿\0婚礼", "half": [first.pk, "x"]})
    leave = Leave.objects.get()
    assert (leave.reason, list(leave.half_days.all())) == ("女儿 婚礼", [first])


def test_a_past_class_says_what_it_gave(learner: Client, county: County, place: Place) -> None:
    held = place.training_class
    TrainingClass.objects.filter(pk=held.pk).update(state=ClassState.CLOSED)
    worth = Worth(Decimal("4.5"), days=Decimal("1.5"), times=1)
    grant(
        person=place.person, source=held.source, kind=EntryKind.CLASS, title=held.title,
        ledger=Ledger.CONCENTRATED, worth=worth, earned_at=NOW, at=NOW,
    )  # fmt: skip
    page = learner.get("/classes/")
    assert (list(page.context["ahead"]), page.context["past"]) == (
        [],
        [(place, (Decimal("4.5"), Decimal("1.5")))],
    )
    assert learner.get(f"/classes/{held.pk}/").context["total"].hours == Decimal("4.5")


def test_pages_stay_within_their_budget(
    learner: Client, county: County, place: Place, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    set_lesson(training_class=place.training_class, lesson=film(), is_wanted=True, by=county.staff, at=NOW)
    for half_day in place.training_class.half_days.all():
        leave = Leave.objects.create(place=place, reason="病", status="WITHDRAWN", asked_at=NOW)
        leave.half_days.set([half_day])
    learner.post(f"/classes/{place.training_class_id}/leave/", {"reason": "ill"})
    learner.get("/courses/")
    for page in ("/", "/classes/", f"/classes/{place.training_class_id}/"):
        with django_assert_max_num_queries(12):
            assert learner.get(page).status_code == 200


def test_strangers_are_led_to_the_door(client: Client, place: Place) -> None:
    for page in ("/classes/", f"/classes/{place.training_class_id}/"):
        assert client.get(page).status_code == 302
