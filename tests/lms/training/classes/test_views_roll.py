"""Marks put right at the desk, and the page that closes and reopens a class."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import StaffRole
from lms.hours.models import HoursEntry, HoursRule
from lms.training.classes.actions import close_class
from lms.training.classes.models import ClassState, Closing, Mark, MarkChange, Place, TrainingClass
from tests.factories import Held, StaffFactory, class_with

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def held() -> Held:
    return class_with(days=5, people=2)


@pytest.fixture
def desk(client: Client, held: Held) -> Client:
    client.force_login(held.organiser)
    return client


@pytest.fixture(autouse=True)
def _clock(held: Held) -> object:
    with time_machine.travel(held.ends_at + HOUR, tick=False):
        yield


def address(held: Held, page: str) -> str:
    return f"/desk/classes/{held.training_class.pk}/{page}/"


def cell(held: Held, who: int = 0, half_day: int = 0) -> str:
    place = Place.objects.get(person=held.people[who])
    return address(held, f"marks/{place.pk}/{held.half_days[half_day].pk}")


def test_matrix_says_what_every_mark_is(desk: Client, held: Held) -> None:
    first, second = held.people
    rival = class_with(people=[second], days=1, tree=held.tree, organiser=held.organiser, title="专题班")
    rival.tick(second, 0, marked_at=held.half_days[0].starts_at)
    held.tick(first, 0)
    held.tick(second, 0)
    held.tick(first, 1, is_present=False)
    rows = desk.get(address(held, "marks")).context["rows"]
    assert [[is_ for _half_day, is_, _elsewhere in cells][:3] for _place, cells in rows] == [
        ["there", "absent", "none"],
        ["refused", "none", "none"],
    ]


def test_a_mark_is_put_right_with_a_reason_and_keeps_its_history(desk: Client, held: Held) -> None:
    assert desk.post(cell(held), {"edge": "IN", "is_present": "1", "reason": ""}).status_code == 422
    told = {"edge": "IN", "is_present": "1", "reason": "签到表有名"}
    assert desk.post(cell(held), told).status_code == 302
    desk.post(cell(held), told)
    assert Mark.objects.get().in_at == held.ends_at + HOUR
    assert MarkChange.objects.get().reason == "签到表有名"
    assert "签到表有名" in desk.get(cell(held)).content.decode()
    # Leaving is not ticked in this class.
    assert desk.post(cell(held), {**told, "edge": "OUT"}).status_code == 422


def test_a_mark_of_a_closed_class_waits_for_reopening(desk: Client, held: Held) -> None:
    held.tick_all()
    close_class(training_class=held.training_class, by=held.organiser, at=held.ends_at)
    assert "#reopen" in desk.get(cell(held)).content.decode()
    response = desk.post(cell(held), {"edge": "IN", "is_present": "0", "reason": "不在场"})
    assert (response.status_code, MarkChange.objects.filter(is_present=False).count()) == (409, 0)


@pytest.mark.parametrize("which", ["marks", "close", "code"])
def test_pages_are_for_those_who_organise(client: Client, held: Held, which: str) -> None:
    for unit, role, status in [
        (held.tree.county, StaffRole.COUNTY, 200),
        (held.tree.other_township, StaffRole.TOWNSHIP, 404),
        (held.tree.township, StaffRole.AUDITOR, 403),
    ]:
        client.force_login(StaffFactory(unit=unit, role=role).person)
        assert client.get(address(held, which)).status_code == status
    client.force_login(held.people[0])
    assert client.get(address(held, which)).status_code == 403
    client.logout()
    assert client.get(address(held, which)).status_code == 302


def test_a_cell_of_another_class_is_not_found(desk: Client, held: Held) -> None:
    other = class_with(days=1, people=1, tree=held.tree, organiser=held.organiser, title="另一班")
    place, half_day = Place.objects.get(person=other.people[0]), held.half_days[0]
    assert desk.get(address(held, f"marks/{place.pk}/{half_day.pk}")).status_code == 404
    mine = Place.objects.get(person=held.people[0])
    assert desk.get(address(held, f"marks/{mine.pk}/{other.half_days[0].pk}")).status_code == 404


def test_closing_shows_who_gets_what_and_yes_closes_once(desk: Client, held: Held) -> None:
    late, _whole = held.people
    held.tick_all(but={late: [0]})
    page = desk.get(address(held, "close"))
    assert [str(result.worth.hours) for result in page.context["results"]] == ["27.00", "30.00"]
    assert page.context["unticked"] == 1
    assert not HoursEntry.objects.exists()
    seen = page.context["seen"]
    for _time in range(2):
        assert desk.post(address(held, "close"), {"confirm": seen}).status_code == 302
    assert (Closing.objects.count(), HoursEntry.objects.count()) == (1, 2)
    shown = desk.get(address(held, "close"))
    assert [total.hours for _place, total in shown.context["rows"]] == [27, 30]


def test_yes_to_something_else_than_was_seen_is_another_look(desk: Client, held: Held) -> None:
    held.tick_all()
    seen = desk.get(address(held, "close")).context["seen"]
    held.tick(held.people[0], 0, is_present=False, marked_at=held.ends_at)
    response = desk.post(address(held, "close"), {"confirm": seen})
    assert (response.status_code, response.context["is_changed"]) == (409, True)
    assert not Closing.objects.exists()


def test_what_stops_a_closing_is_said_in_words(desk: Client, held: Held) -> None:
    with time_machine.travel(held.ends_at - HOUR, tick=False):
        page = desk.get(address(held, "close"))
    assert (page.status_code, "17:30" in page.context["stop"], page.context["results"]) == (200, True, [])
    Place.objects.all().delete()
    assert desk.get(address(held, "close")).context["stop"]
    TrainingClass.objects.update(hours=0)
    assert desk.post(address(held, "close"), {"confirm": "x"}).status_code == 409
    held.training_class.half_days.all().delete()
    assert desk.get(address(held, "close")).context["stop"]
    TrainingClass.objects.update(state=ClassState.DRAFT)
    assert desk.get(address(held, "close")).context["stop"]


def test_late_marks_are_told_and_reopening_is_offered(desk: Client, held: Held) -> None:
    late, _whole = held.people
    held.tick_all(but={late: [0]})
    close_class(training_class=held.training_class, by=held.organiser, at=held.ends_at)
    held.tick(late, 0, at=held.ends_at + HOUR)
    for page in ("marks", "close"):
        assert desk.get(address(held, page)).context["waiting"] == 1
    assert desk.post(address(held, "close"), {"reason": " "}).status_code == 422
    assert desk.post(address(held, "close"), {"reason": "手机晚到"}).status_code == 302
    assert TrainingClass.objects.get().state == ClassState.CALLING
    assert "手机晚到" in desk.get(address(held, "close")).content.decode()


def test_pages_take_as_many_queries_for_many_people_as_for_two(desk: Client, held: Held) -> None:
    many = class_with(days=5, people=60, tree=held.tree, organiser=held.organiser, title="大班")
    for one in (held, many):
        for person in one.people[:4]:
            one.tick(person, 0)
    for page, most in (("marks", 20), ("close", 25)):
        counts = []
        for one in (held, held, many):
            with CaptureQueriesContext(connection) as counted:
                assert desk.get(address(one, page)).status_code == 200
            counts.append(len(counted))
        assert counts[1] == counts[2] <= most


def test_the_class_itself_says_that_marks_arrived_late(desk: Client, held: Held) -> None:
    held.tick_all(but={held.people[0]: [0]})
    assert "#reopen" not in desk.get(f"/desk/classes/{held.training_class.pk}/").content.decode()
    close_class(training_class=held.training_class, by=held.organiser, at=held.ends_at)
    held.tick(held.people[0], 0, at=held.ends_at + HOUR)
    page = desk.get(f"/desk/classes/{held.training_class.pk}/").content.decode()
    assert "#reopen" in page
    assert address(held, "marks") in page


def test_look_before_closing_shows_what_a_limit_of_the_rule_leaves(desk: Client, held: Held) -> None:
    held.tick_all(but={held.people[0]: [0]})
    HoursRule.objects.update(class_cap=28)
    rows = desk.get(address(held, "close")).context["rows"]
    foreseen = [granted.hours for _result, granted in rows]
    assert foreseen == [27, 28]
    close_class(training_class=held.training_class, by=held.organiser, at=held.ends_at)
    assert [HoursEntry.objects.of(person.pk).total().hours for person in held.people] == foreseen
