"""The second factor: set up, asked for, owed by administrators in production, lost."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.actions import (
    drop_second_factor,
    make_one_time_code,
    renew_recovery_codes,
    set_administrator,
    set_second_factor,
)
from accounts.models import AuditLine, Cadre
from accounts.signin import sms
from tests.accounts.signin.doors import LOGIN, PASSWORD, TOWNSHIP, come_in, is_in
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
PAGE, GIVE = "/account/second/", "/account/login/second/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def shown_by_app(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def switched_on(person: Cadre) -> list[str]:
    return set_second_factor(person=person, secret=SECRET, at=timezone.now())


def half_way(person: Cadre) -> Client:
    client = Client(headers={"accept-language": "en"})
    response = client.post(LOGIN, {"login": person.number, "password": PASSWORD})
    assert response.url.startswith(GIVE)
    return client


@pytest.fixture
def administrator(person: Cadre) -> Cadre:
    return set_administrator(person=person, is_administrator=True, by=None, at=timezone.now())


# --- set up ------------------------------------------------------------------------------------------
def test_app_that_shows_the_right_code_is_taken_and_codes_for_paper_are_shown_once(person: Cadre) -> None:
    client = come_in(person)
    page = client.get(PAGE).content.decode()
    assert 'src="data:image/svg+xml' in page
    secret = re.findall(r"<code>([^<]*)</code>", page)[0].replace(" ", "")
    assert client.post(PAGE, {"code": "000000"}).status_code in {200, 422}
    page = client.post(PAGE, {"code": shown_by_app(secret)}).content.decode()
    codes = re.findall(r"<li>(\d{4} \d{4})</li>", page)
    assert len(codes) == 10
    assert codes[0] not in client.get(PAGE).content.decode()
    assert AuditLine.objects.filter(action="account.second_factor_on", by=person).count() == 1


def test_secret_is_kept_as_ciphertext(person: Cadre) -> None:
    codes = switched_on(person)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    assert codes[0] not in kept


def test_setting_up_ends_the_other_sessions(person: Cadre) -> None:
    here, other = come_in(person), come_in(person)
    secret = re.findall(r"<code>([^<]*)</code>", here.get(PAGE).content.decode())[0].replace(" ", "")
    here.post(PAGE, {"code": shown_by_app(secret)})
    assert is_in(here)
    assert not is_in(other)


@pytest.mark.parametrize("wrong", ["", "abc", "1" * 19, "\0"])
def test_wrong_first_code_switches_nothing_on(person: Cadre, wrong: str) -> None:
    client = come_in(person)
    client.get(PAGE)
    assert client.post(PAGE, {"code": wrong}).status_code == 422
    assert not Authenticator.objects.exists()


def test_session_left_open_can_change_nothing(person: Cadre) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = come_in(person)
        clock.shift(601)
        assert "Sign in anew" in client.get(PAGE).content.decode()
        client.post(PAGE, {"code": "123456"})
        switched_on(person)
        client.post(PAGE, {"off": "1"})
        client.post(PAGE, {"codes": "1"})
    assert Authenticator.objects.count() == 2
    assert not AuditLine.objects.filter(action="account.recovery_codes").exists()


# --- asked for ---------------------------------------------------------------------------------------
def test_password_alone_no_longer_lets_in(person: Cadre) -> None:
    switched_on(person)
    client = half_way(person)
    assert not is_in(client)
    assert client.get(GIVE).status_code == 200
    assert client.post(GIVE, {"code": shown_by_app()}).url == "/"
    assert is_in(client)


def test_code_by_message_and_the_township_s_code_are_no_way_around(person: Cadre) -> None:
    switched_on(person)
    by_phone, by_paper = Client(), Client()
    by_phone.post("/account/login/code/", {"phone": "13800126634"})
    by_phone.post("/account/login/code/confirm/", {"code": sms.demo_code("13800126634")})
    clerk = StaffFactory(unit=person.unit.parent).person
    code = make_one_time_code(person=person, by=clerk, at=timezone.now())
    by_paper.post(TOWNSHIP, {"login": person.number, "code": code})
    assert not is_in(by_phone)
    assert not is_in(by_paper)
    by_paper.post(GIVE, {"code": shown_by_app()})
    assert is_in(by_paper)


def test_forgotten_password_comes_after_the_second_factor(person: Cadre) -> None:
    switched_on(person)
    client = Client()
    response = client.post("/account/password/reset/", {"phone": "13800126634"})
    client.post(response.url, {"code": sms.demo_code("13800126634"), "next": "/account/password/new/"})
    assert client.post(GIVE, {"code": shown_by_app()}).url == "/account/password/new/"
    assert client.get("/account/password/new/").status_code == 200


def test_code_on_paper_does_once(person: Cadre) -> None:
    code = switched_on(person)[3]
    client = half_way(person)
    client.post(GIVE, {"code": f"{code[:4]} {code[4:]}"})
    assert is_in(client)
    assert half_way(person).post(GIVE, {"code": code}).status_code == 422


@pytest.mark.usefixtures("cache_by_our_clock")
def test_five_wrong_codes_lock_and_the_right_one_waits(person: Cadre) -> None:
    switched_on(person)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = half_way(person)
        for _ in range(5):
            assert client.post(GIVE, {"code": "0"}).status_code == 422
        page = half_way(person).post(GIVE, {"code": shown_by_app()}).content.decode()
        assert "locked for five minutes" in page
        clock.shift(301)
        client = half_way(person)
        client.post(GIVE, {"code": shown_by_app()})
        assert is_in(client)


@pytest.mark.parametrize("sent", [{}, {"code": ""}, {"credential": "{}"}, {"code": "x" * 5000}])
def test_nonsense_is_refused(person: Cadre, sent: dict[str, str]) -> None:
    switched_on(person)
    client = half_way(person)
    assert client.post(GIVE, sent).status_code == 422
    assert not is_in(client)


def test_page_exists_only_after_the_password(client: Client, person: Cadre) -> None:
    assert client.get(GIVE).url == LOGIN
    assert client.post(GIVE, {"code": "1"}).url == LOGIN


# --- changed, lost -----------------------------------------------------------------------------------
def test_new_codes_for_paper_end_those_before(person: Cadre) -> None:
    before = switched_on(person)
    after = renew_recovery_codes(person=person, at=timezone.now())
    assert not set(before) & set(after)
    assert half_way(person).post(GIVE, {"code": before[0]}).status_code == 422
    assert half_way(person).post(GIVE, {"code": after[0]}).status_code == 302


def test_without_a_second_factor_there_are_no_codes_for_paper(person: Cadre) -> None:
    assert renew_recovery_codes(person=person, at=timezone.now()) == []
    assert not Authenticator.objects.exists()


def test_switched_off_it_is_asked_no_more(person: Cadre) -> None:
    switched_on(person)
    client = half_way(person)
    client.post(GIVE, {"code": shown_by_app()})
    assert client.post(PAGE, {"off": "1"}).url == PAGE
    come_in(person)
    assert AuditLine.objects.filter(action="account.second_factor_off", by=person).count() == 1


def test_dropped_twice_is_dropped_once(person: Cadre) -> None:
    switched_on(person)
    for _ in range(2):
        drop_second_factor(person=person, by=None, at=timezone.now())
    assert AuditLine.objects.filter(action="account.second_factor_off").count() == 1


def test_whoever_keeps_the_server_helps_when_all_is_lost(person: Cadre) -> None:
    switched_on(person)
    call_command("staff", "second-factor-off", person.number)
    come_in(person)


# --- owed by administrators --------------------------------------------------------------------------
def test_administrator_sets_it_up_before_anything_else(administrator: Cadre, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = come_in(administrator)
    for address in ("/me/", "/cms/", "/desk/", "/account/sessions/"):
        assert client.get(address).url == PAGE
    secret = re.findall(r"<code>([^<]*)</code>", client.get(PAGE).content.decode())[0].replace(" ", "")
    client.post(PAGE, {"code": shown_by_app(secret)})
    assert client.get("/cms/").status_code == 200


def test_administrator_who_gave_it_goes_on_and_cannot_switch_it_off(
    administrator: Cadre, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    switched_on(administrator)
    client = half_way(administrator)
    client.post(GIVE, {"code": shown_by_app()})
    assert client.get("/cms/").status_code == 200
    client.post(PAGE, {"off": "1"})
    assert Authenticator.objects.filter(type="totp").exists()


def test_administrator_who_owes_one_may_sign_out(administrator: Cadre, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = come_in(administrator)
    assert client.get("/account/logout/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/me/").url.startswith(LOGIN)


def test_others_are_not_asked(person: Cadre, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    StaffFactory(person=person, unit=person.unit)
    assert is_in(come_in(person))


def test_asking_costs_no_query(administrator: Cadre, settings: Settings) -> None:
    client = come_in(administrator)
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        counts = []
        for is_required in (False, True):
            settings.SECOND_FACTOR_REQUIRED = is_required
            counts.append(queries(client))
    assert counts[1] <= counts[0]


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get("/account/sessions/")
    return len(seen)
