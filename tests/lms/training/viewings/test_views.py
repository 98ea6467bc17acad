"""The keeper's evening through the browser's eyes, and the township's pages about it."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lms.training.models import Presence
from lms.training.rolls import write_roll_token
from lms.training.viewings.actions import end_viewing
from lms.training.viewings.entries import write_played_token
from lms.training.viewings.models import Equipment, Programme, Sample, Station, Viewing
from tests.factories import film
from tests.lms.training.viewings.evenings import (
    AT,
    MINUTE,
    Town,
    held,
    hours,
    planned,
    running,
    tick,
    town,
    villager,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def place(db: None) -> Town:
    return town()


@pytest.fixture
def keeper(client: Client, place: Town) -> Client:
    client.force_login(place.keeper)
    return client


@pytest.fixture
def desk(place: Town) -> Client:
    client = Client()
    client.force_login(place.township)
    return client


def test_the_keepers_own_page_leads_to_the_station(keeper: Client, desk: Client) -> None:
    assert 'href="/station/"' in keeper.get("/me/").text
    assert 'href="/station/"' not in desk.get("/me/").text


def step(client: Client, viewing: Viewing, name: str, **told: str) -> str:
    """What the page says after a step."""
    return client.post(reverse("station:step", args=[viewing.pk, name]), told, follow=True).text


def test_an_evening_without_scripts(keeper: Client, place: Town) -> None:
    ours, guest = (
        villager(place.tree.village, name="李秀兰"),
        villager(place.tree.other_village, name="张有财"),
    )
    viewing = planned(place.near)
    assert "党课直播" in keeper.get("/station/").text
    step(keeper, viewing, "start")
    roll = reverse("roll:viewing", args=[viewing.pk])
    sent = {"there": ["here.0", f"here.{ours.pk}"], "guest": guest.phone}
    assert "张有财" in keeper.post(roll, sent, follow=True).text
    with time_machine.travel(AT + 90 * MINUTE, tick=False):
        step(keeper, viewing, "end")
        step(keeper, viewing, "discussion", discussion="谈了防火。")
        step(keeper, viewing, "close")
    viewing.refresh_from_db()
    assert (viewing.state, viewing.discussion, viewing.recorder) == ("CLOSED", "谈了防火。", place.keeper)
    assert hours(ours) == hours(guest) == 1
    # Unticked and sent again, the mark is taken back.
    keeper.post(roll, {"there": ["here.0", f"here.{guest.pk}"]})
    assert (hours(ours), hours(guest)) == (0, 1)


def test_a_roll_is_not_taken_before_the_start(keeper: Client, place: Town) -> None:
    viewing = planned(place.near)
    answer = keeper.get(reverse("roll:viewing", args=[viewing.pk]))
    assert answer.headers["Location"] == reverse("station:viewing", args=[viewing.pk])


def test_an_unknown_guest_is_refused_in_words(keeper: Client, place: Town) -> None:
    viewing = running(place.near)
    roll = reverse("roll:viewing", args=[viewing.pk])
    page = keeper.post(roll, {"there": ["here.0"], "guest": "13999999999"}, follow=True)
    assert [str(message) for message in page.context["messages"]]
    assert not Presence.objects.exists()


def upload(
    client: Client, kind: str, token: str, *bodies: dict[str, object], age_ms: int = 0
) -> list[dict[str, object]]:
    """What a phone is answered for entries that it made so long ago."""
    sent = 10**12
    entries = [
        {"n": n, "kind": kind, "token": token, "at": sent - age_ms, "body": body}
        for n, body in enumerate(bodies, start=1)
    ]
    told = {"device": "phone-a", "after": 0, "sent": sent, "entries": entries}
    answer = client.post("/uploads/", json.dumps(told), content_type="application/json")
    assert answer.json()["ack"] == len(bodies)
    return answer.json()["answers"]


def test_worked_case_10_through_the_phones_door(place: Town) -> None:
    person = villager(place.tree.village)
    first = running(place.near)
    tokens = [write_roll_token(kind="viewing", pk=first.pk, by=place.keeper.pk, at=AT)]
    later = AT + 60 * MINUTE
    with time_machine.travel(later, tick=False):
        second = running(place.other, at=later)
    tokens.append(write_roll_token(kind="viewing", pk=second.pk, by=place.other_keeper.pk, at=later))
    body = {"slot": "here", "is": True}
    with time_machine.travel(AT + timedelta(days=7), tick=False):
        week = 7 * 24 * 3600 * 1000
        (late,) = upload(
            Client(), "viewing_roll", tokens[1], {**body, "guest": person.phone}, age_ms=week - 65 * 60_000
        )
        assert late["is"] is True
        (early,) = upload(
            Client(), "viewing_roll", tokens[0], {**body, "person": person.pk}, age_ms=week - 5 * 60_000
        )
        assert (early["is"], early["refused"]) == (True, "")
    beaten = Presence.objects.get(source=second.source)
    assert beaten.lost_to.source == first.source
    client = Client()
    client.force_login(place.other_keeper)
    sheet = client.get(reverse("roll:viewing", args=[second.pk])).context["sheet"]
    assert "14:00–15:30" in next(
        refused for seat, _ticked, refused in sheet.lines if seat.person == person.pk
    )


def test_a_screen_reports_through_the_phones_door(place: Town) -> None:
    viewing = running(place.near, lesson=film(seconds=1800))
    token = write_played_token(viewing=viewing, by=place.keeper)
    with time_machine.travel(AT + 10 * MINUTE, tick=False):
        (told,) = upload(Client(), "viewing_played", token, {"segments": [[0, 300], [290, 1200]]})
    assert (told["covered"], told["unpaid"], told["over"]) == (602, 598, False)
    assert told["ranges"] == [[0, 602]]


@pytest.mark.parametrize(
    "body",
    [{}, {"segments": [[0, 1801]]}, {"segments": [[5, 5]]}, {"segments": "x"}, {"segments": [[True, 5]]}],
)
def test_a_report_that_cannot_be_right_is_answered_with_its_error(
    place: Town, body: dict[str, object]
) -> None:
    viewing = running(place.near, lesson=film(seconds=1800))
    (told,) = upload(Client(), "viewing_played", write_played_token(viewing=viewing, by=place.keeper), body)
    assert told["error"]


@pytest.mark.parametrize("token", ["", "x", "WzEsMl0:1u:abc"])
def test_a_forged_token_opens_nothing(place: Town, token: str) -> None:
    for kind in ("viewing_played", "viewing_roll"):
        (told,) = upload(Client(), kind, token, {"segments": [], "slot": "here", "is": True, "person": 1})
        assert told["error"] == "token"


def test_the_screen_shows_a_lesson_that_runs(keeper: Client, place: Town) -> None:
    viewing = running(place.near, lesson=film(seconds=1800))
    page = keeper.get(reverse("station:play", args=[viewing.pk]))
    assert f'data-showing="{viewing.pk}"' in page.text
    end_viewing(viewing=viewing, by=place.keeper, at=AT + MINUTE)
    assert keeper.get(reverse("station:play", args=[viewing.pk])).status_code == 302


@pytest.mark.parametrize("name", ["start", "end", "close", "cancel"])
def test_a_step_that_does_not_go_is_refused_in_words(keeper: Client, place: Town, name: str) -> None:
    viewing = held(place.near, [])
    page = step(keeper, viewing, name, reason="x")
    viewing.refresh_from_db()
    assert viewing.state == "CLOSED"
    assert ('data-is="stop"' in page) == (name in {"start", "cancel"})


def test_a_discussion_that_is_too_long_is_shown_again(keeper: Client, place: Town) -> None:
    viewing = running(place.near)
    address = reverse("station:step", args=[viewing.pk, "discussion"])
    assert keeper.post(address, {"discussion": "长" * 2001}).status_code == 422


def test_a_keeper_plans_a_lesson_for_the_own_station(keeper: Client, place: Town) -> None:
    lesson = film(seconds=1800, title="秸秆还田")
    assert "秸秆还田" in keeper.get("/station/schedule/?q=秸秆").text
    address = f"/station/schedule/?lesson={lesson.pk}"
    form = keeper.get(address).context["form"]
    sent = {"key": str(form["key"].value()), "planned_at": "2026-05-09T19:30"}
    for _ in range(2):
        assert keeper.post(address, sent).status_code == 302
    viewing = Viewing.objects.get()
    assert (viewing.station, viewing.programme.lesson, viewing.seconds) == (place.near, lesson, 1800)


def test_a_township_pushes_a_broadcast_to_its_stations(desk: Client, place: Town) -> None:
    address = "/desk/stations/schedule/?broadcast=1"
    form = desk.get(address).context["form"]
    sent = {
        "key": str(form["key"].value()),
        "title": "市级直播课",
        "platform": "CITY",
        "minutes": "45",
        "planned_at": "2026-05-10T15:00",
        "stations": [place.near.pk, place.other.pk],
    }
    assert desk.post(address, {**sent, "stations": [place.far.pk]}).status_code == 422
    assert desk.post(address, sent).status_code == 302
    assert set(Viewing.objects.values_list("station", flat=True)) == {place.near.pk, place.other.pk}


def test_a_county_pushes_to_whole_townships(place: Town) -> None:
    client = Client()
    client.force_login(place.county)
    address = "/desk/stations/schedule/?broadcast=1"
    form = client.get(address).context["form"]
    sent = {
        "key": str(form["key"].value()),
        "title": "省级直播课",
        "platform": "PROVINCE",
        "minutes": "60",
        "planned_at": "2026-05-10T15:00",
        "townships": [place.tree.township.pk, place.tree.other_township.pk],
    }
    assert client.post(address, sent).status_code == 302
    assert Programme.objects.get().viewings.count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"planned_at": "morgen"},
        {"planned_at": "2020-01-01T08:00"},
        {"minutes": "0"},
        {"minutes": "99999"},
        {"platform": "MARS"},
        {"title": ""},
        {"stations": ["x"]},
        {"stations": []},
        {"key": "no key"},
    ],
)
def test_a_form_that_cannot_be_right_is_shown_again(
    desk: Client, place: Town, wrong: dict[str, object]
) -> None:
    sent = {
        "key": "8a1b2c3d-0000-4000-8000-000000000001",
        "title": "直播",
        "platform": "CITY",
        "minutes": "45",
        "planned_at": "2026-05-10T15:00",
        "stations": [place.near.pk],
        **wrong,
    }
    assert desk.post("/desk/stations/schedule/?broadcast=1", sent).status_code == 422
    assert not Programme.objects.exists()


def test_a_station_is_opened_named_and_closed(desk: Client, place: Town) -> None:
    Station.objects.filter(pk=place.near.pk).delete()
    person = villager(place.tree.village)
    desk.post("/desk/stations/add/", {"unit": place.tree.village.pk, "name": "", "from_on": "2026-05-08"})
    station = Station.objects.get(unit=place.tree.village)
    assert "东城村" in station.name
    address = reverse("viewings:keeper", args=[station.pk])
    assert desk.post(address, {"who": "13999999999"}).status_code == 422
    desk.post(address, {"who": person.phone})
    assert person.staff_scopes.filter(role="STATION").exists()
    scope = person.staff_scopes.get()
    desk.post(reverse("viewings:dismiss", args=[station.pk, scope.pk]))
    assert not person.staff_scopes.exists()
    desk.post(reverse("viewings:end", args=[station.pk]), {"to_on": "2026-05-08"})
    station.refresh_from_db()
    assert station.to_on is not None
    again = desk.post("/desk/stations/add/", {"unit": place.tree.other_village.pk, "from_on": "2026-05-08"})
    assert again.status_code == 422


def test_the_equipment_book_takes_lines_and_refuses_nonsense(keeper: Client, place: Town) -> None:
    address = reverse("viewings:equipment", args=[place.near.pk])
    line = {"equipment-0-name": "电视", "equipment-0-count": "2", "equipment-0-condition": "WORKS"}
    frame = {"equipment-TOTAL_FORMS": "1", "equipment-INITIAL_FORMS": "0"}
    assert keeper.post(address, {**frame, **line, "equipment-0-count": "0"}).status_code == 422
    assert keeper.post(address, line).status_code == 422
    assert keeper.post(address, {**frame, **line}).status_code == 302
    assert Equipment.objects.get().count == 2


def test_the_township_reopens_and_strikes_out_with_a_reason(desk: Client, place: Town) -> None:
    person = villager(place.tree.village)
    viewing = held(place.near, [person])
    address = reverse("viewings:reopen", args=[viewing.pk])
    desk.post(address, {"reason": ""})
    viewing.refresh_from_db()
    assert viewing.state == "CLOSED"
    desk.post(address, {"reason": "点名有误"})
    desk.post(reverse("viewings:strike", args=[viewing.pk]), {"reason": "没有放映"})
    assert hours(person) == 0
    assert "没有放映" in desk.get(reverse("viewings:detail", args=[viewing.pk])).text


def test_a_check_that_differs_leads_to_reopening(desk: Client, place: Town) -> None:
    viewing = held(place.near, [villager(place.tree.village)])
    sent = {"from_on": "2026-05-01", "to_on": "2026-05-31", "wanted": "3"}
    desk.post("/desk/stations/samples/", sent)
    sample = Sample.objects.get()
    address = reverse("viewings:sample", args=[sample.pk])
    assert desk.post(address, {"found": "0", "finding": "DIFFERS", "note": ""}).status_code == 422
    answer = desk.post(address, {"found": "0", "finding": "DIFFERS", "note": "无人在场"})
    assert answer.headers["Location"] == reverse("viewings:detail", args=[viewing.pk])
    assert desk.post(address, {"found": "1", "finding": "AGREES", "note": ""}).status_code == 422
    assert desk.post("/desk/stations/samples/", sent).status_code == 422


def test_a_guest_of_another_township_is_a_name_and_a_village_only(desk: Client, place: Town) -> None:
    guest = villager(place.tree.far_village, name="赵远")
    page = desk.get(reverse("viewings:detail", args=[held(place.near, [guest]).pk])).text
    assert "赵远" in page
    assert reverse("desk:person", args=[guest.pk]) not in page
    assert guest.phone not in page


@pytest.mark.parametrize(
    "address",
    ["/desk/stations/", "/desk/stations/held/", "/desk/stations/samples/", "/desk/stations/months/"],
)
def test_lists_ask_the_database_the_same_whatever_they_hold(
    desk: Client, place: Town, django_assert_max_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    for day in range(4):
        held(place.near, [villager(place.tree.village)], at=AT - timedelta(days=day + 1))
    with django_assert_max_num_queries(16):
        assert desk.get(address).status_code == 200


def test_the_pages_of_a_viewing_ask_the_same_for_one_person_and_for_many(
    keeper: Client, desk: Client, place: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    viewing = running(place.near)
    for _ in range(12):
        tick(viewing, villager(place.tree.village), at=AT)
    with django_assert_max_num_queries(12):
        keeper.get("/station/")
    with django_assert_max_num_queries(12):
        keeper.get(reverse("station:viewing", args=[viewing.pk]))
    with django_assert_max_num_queries(12):
        keeper.get(reverse("roll:viewing", args=[viewing.pk]))
    with django_assert_max_num_queries(18):
        desk.get(reverse("viewings:detail", args=[viewing.pk]))
