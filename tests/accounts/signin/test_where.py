"""Where somebody is signed in: seen, ended, ended by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as configured
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import end_own_sessions, grant_scope, set_administrator, set_open
from accounts.models import AuditLine, Cadre, Session, StaffRole
from tests.accounts.signin.doors import CHROME, IPHONE, LOGIN, PASSWORD, WECHAT, come_in, is_in
from tests.factories import CadreFactory, StaffFactory

pytestmark = pytest.mark.django_db
PAGE, END = "/account/sessions/", "/account/sessions/end/"
MORNING = "2026-06-01 08:00:00+08:00"


def mark_of(client: Client) -> str:
    return Session.objects.get(pk=client.session.session_key).mark


def writes(client: Client, address: str = "/me/") -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return sum(query["sql"].startswith(("UPDATE", "INSERT", "DELETE")) for query in queries)


# --- seen --------------------------------------------------------------------------------------------
def test_devices_are_listed_in_words_and_this_one_first(person: Cadre) -> None:
    here, _phone = come_in(person, IPHONE), come_in(person, WECHAT)
    page = here.get(PAGE).content.decode()
    assert page.index("Safari on iPhone") < page.index("WeChat on an Android phone")
    assert page.count("This device") == 1
    assert page.count("Sign out there: ") == 1


def test_list_holds_no_key_that_opens_the_door_and_nobody_else(person: Cadre) -> None:
    here, other = come_in(person), come_in(person)
    stranger = Client()
    stranger.force_login(CadreFactory(unit=person.unit))
    page = here.get(PAGE).content.decode()
    for key in (here.session.session_key, other.session.session_key, mark_of(stranger)):
        assert key not in page
    assert mark_of(other) in page


def test_strangers_are_led_to_the_door(client: Client) -> None:
    assert client.get(PAGE).url == f"{LOGIN}?next={PAGE}"
    assert client.post(END).url == f"{LOGIN}?next={END}"


def test_list_needs_few_queries_however_many_devices(
    person: Cadre, django_assert_max_num_queries: object
) -> None:
    here = come_in(person)
    for _ in range(5):
        come_in(person)
    with django_assert_max_num_queries(4):
        here.get(PAGE)


def test_sessions_that_ran_out_are_not_listed(person: Cadre) -> None:
    here, old = come_in(person), come_in(person, WECHAT)
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=old.session.session_key).update(expire_date=past)
    assert "WeChat" not in here.get(PAGE).content.decode()


# --- ended -------------------------------------------------------------------------------------------
def test_one_is_ended_and_really_gone(person: Cadre) -> None:
    here, lost, kept = come_in(person), come_in(person), come_in(person)
    assert here.post(END, {"session": mark_of(lost)}).url == PAGE
    assert [is_in(client) for client in (here, lost, kept)] == [True, False, True]
    assert AuditLine.objects.get(action="account.sessions_ended").detail == {"count": 1}


def test_all_others_are_ended(person: Cadre) -> None:
    here, *others = [come_in(person) for _ in range(4)]
    here.post(END, {"all": "1"})
    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_ended_twice_is_ended_once_and_said(person: Cadre) -> None:
    here, lost = come_in(person), come_in(person)
    mark = mark_of(lost)
    here.post(END, {"session": mark})
    page = here.post(END, {"session": mark}, follow=True).content.decode()
    assert "That device was signed out already." in page
    assert AuditLine.objects.filter(action="account.sessions_ended").count() == 1


@pytest.mark.parametrize("sent", [{}, {"session": ""}, {"session": "x" * 5000}, {"session": "\0"}])
def test_nonsense_ends_nothing(person: Cadre, sent: dict[str, str]) -> None:
    here, other = come_in(person), come_in(person)
    assert here.post(END, sent).status_code in {302, 400}
    assert is_in(here)
    assert is_in(other)


def test_nobody_ends_the_session_of_another_or_the_present_one(person: Cadre) -> None:
    here, other = come_in(person), Client()
    other.force_login(CadreFactory(unit=person.unit))
    here.post(END, {"session": mark_of(other)})
    here.post(END, {"session": mark_of(here)})
    assert is_in(here)
    assert is_in(other)


def test_looking_ends_nothing(person: Cadre) -> None:
    here, other = come_in(person), come_in(person)
    assert here.get(f"{END}?all=1").status_code == 405
    assert is_in(other)


def test_ended_session_does_not_come_back_with_what_was_still_under_way(person: Cadre) -> None:
    lost = come_in(person)
    under_way = lost.session
    end_own_sessions(person=person, at=timezone.now(), but=None)
    with pytest.raises(UpdateError):
        under_way.save()
    assert not is_in(lost)


def test_new_password_ends_the_others(person: Cadre) -> None:
    here, other = come_in(person), come_in(person)
    new = {"password1": "new-lake-2027", "password2": "new-lake-2027"}
    here.post("/account/password/change/", {"oldpassword": PASSWORD, **new})
    assert is_in(here)
    assert not is_in(other)
    assert Session.objects.of(person.pk).count() == 1


def test_closing_an_account_ends_its_sessions_for_good(person: Cadre) -> None:
    here, at = come_in(person), timezone.now()
    set_open(person=person, is_open=False, by=None, at=at)
    set_open(person=person, is_open=True, by=None, at=at)
    assert not is_in(here)


@pytest.mark.parametrize("right", ["scope", "administrator"])
def test_new_rights_begin_with_a_new_sign_in(person: Cadre, right: str) -> None:
    here, at = come_in(person), timezone.now()
    if right == "scope":
        grant_scope(person=person, unit=person.unit, role=StaffRole.STATION, by=None, at=at)
    else:
        set_administrator(person=person, is_administrator=True, by=None, at=at)
    assert not is_in(here)


# --- ended by itself ---------------------------------------------------------------------------------
def test_desk_left_alone_ends_and_one_in_use_does_not(person: Cadre) -> None:
    StaffFactory(person=person, unit=person.unit)
    with time_machine.travel(MORNING, tick=False) as clock:
        here = come_in(person)
        for _ in range(5):
            clock.shift(configured.STAFF_IDLE_SECONDS - 60)
            assert is_in(here)
        clock.shift(configured.STAFF_IDLE_SECONDS + 60)
        assert not is_in(here)


def test_cookie_of_staff_lasts_no_longer_than_the_session(person: Cadre) -> None:
    StaffFactory(person=person, unit=person.unit)
    assert come_in(person).cookies["sessionid"]["max-age"] == configured.STAFF_IDLE_SECONDS


def test_learner_who_comes_back_within_a_month_is_still_in(person: Cadre) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        here = come_in(person)
        for _ in range(3):
            clock.shift(29 * 86_400)
            assert is_in(here)
            assert here.cookies["sessionid"]["max-age"] == configured.SESSION_COOKIE_AGE
        clock.shift(31 * 86_400)
        assert not is_in(here)


def test_session_is_written_at_most_once_an_hour(person: Cadre) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        here = come_in(person)
        assert [writes(here) for _ in range(3)] == [0, 0, 0]
        clock.shift(3600)
        assert [writes(here) for _ in range(3)] == [1, 0, 0]


def test_stranger_s_visit_writes_no_session(client: Client) -> None:
    assert writes(client, "/") == 0
    assert not Session.objects.exists()


def test_list_says_the_hour_of_the_last_use(person: Cadre) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        come_in(person, WECHAT)
        clock.shift(86_400)
        here = come_in(person, CHROME)
        assert "about 8:00" in here.get(PAGE).content.decode()
