import re

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts.models import Cadre, StaffRole
from accounts.signin import sms
from tests.factories import CadreFactory, StaffFactory, county_tree

pytestmark = pytest.mark.django_db
PASSWORD = "liuwan-2026-lake"
LOGIN, CODE, CONFIRM = "/account/login/", "/account/login/code/", "/account/login/code/confirm/"


def ask(client: Client, phone: str = "138 0012 6634", **more: str) -> None:
    response = client.post(CODE, {"phone": phone, **more})
    assert response.status_code == 302, response.content.decode()
    assert response.url.startswith(CONFIRM)


def password(client: Client, login: str, word: str = PASSWORD, **more: str) -> object:
    return client.post(LOGIN, {"login": login, "password": word, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- by code -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("phone", ["13800126634", "138 0012 6634", "+8613800126634"])
def test_code_by_phone_opens_the_door(client: Client, person: Cadre, phone: str) -> None:
    ask(client, phone)
    page = client.get(CONFIRM)
    assert "138****6634" in page.content.decode()
    response = client.post(CONFIRM, {"code": sms.demo_code("13800126634")})
    assert (response.status_code, response.url) == (302, "/")
    assert is_in(client)
    person.refresh_from_db()
    assert person.is_phone_verified


def test_code_is_six_digits_and_the_console_prints_it(
    client: Client, person: Cadre, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(client)
    code = sms.demo_code("13800126634")
    assert re.fullmatch(r"\d{6}", code)
    assert code in capsys.readouterr().out


def test_demo_shows_the_code_and_nothing_else_ever_does(
    client: Client, person: Cadre, settings: Settings
) -> None:
    ask(client)
    code = sms.demo_code("13800126634")
    assert code in client.get(CONFIRM).content.decode()
    settings.DEMO = False
    assert code not in client.get(CONFIRM).content.decode()
    assert sms.demo_code("13800126634") == ""


def test_wrong_code_is_refused_and_the_third_ends_it(client: Client, person: Cadre) -> None:
    ask(client)
    right = sms.demo_code("13800126634")
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert client.post(CONFIRM, {"code": wrong}).status_code == 422
    assert client.post(CONFIRM, {"code": "²"}).status_code == 422
    assert client.post(CONFIRM, {"code": wrong}).url == CODE
    assert client.post(CONFIRM, {"code": right}).status_code == 302
    assert not is_in(client)


def test_code_runs_out_after_five_minutes(client: Client, person: Cadre) -> None:
    with time_machine.travel("2026-06-01 08:00:00+08:00", tick=False) as clock:
        ask(client)
        clock.shift(301)
        client.post(CONFIRM, {"code": sms.demo_code("13800126634")})
        assert not is_in(client)


def test_sent_again_it_is_another_code_and_only_twice(client: Client, person: Cadre) -> None:
    ask(client)
    codes = {sms.demo_code("13800126634")}
    for _ in range(4):
        assert client.post(CONFIRM, {"action": "resend"}).status_code in {302, 422}
        codes.add(sms.demo_code("13800126634"))
    assert len(codes) <= 3
    assert client.post(CONFIRM, {"code": sms.demo_code("13800126634")}).status_code == 302


def test_sent_again_says_so(client: Client, person: Cadre) -> None:
    ask(client)
    page = client.post(CONFIRM, {"action": "resend"}, follow=True, headers={"accept-language": "en"})
    assert "Sent again." in page.content.decode()


def test_who_waits_for_a_code_can_go_on_to_the_password(client: Client, person: Cadre) -> None:
    ask(client)
    target = f"{LOGIN}?with=password"
    assert f'value="{target}"' in client.get(CONFIRM).content.decode()
    page = client.post("/account/logout/", {"next": target}, follow=True).content.decode()
    assert '<details class="more" open>' in page
    assert password(client, "20260001").status_code == 302


def test_unknown_phone_looks_the_same_as_a_known_one(client: Client, person: Cadre) -> None:
    pages = []
    for phone in ("13800126634", "13999999999"):
        visitor = Client()
        ask(visitor, phone)
        again = visitor.post(CONFIRM, {"action": "resend"})
        wrong = visitor.post(CONFIRM, {"code": "x"}).content.decode()
        pages.append((again.status_code, again.url, wrong.replace(phone[-4:], "").replace(phone[:3], "")))
    strip = [
        (status, url, re.sub(r'(value="[^"]{64}"|<p class="say" role="status">.*?</p>)', "", page))
        for status, url, page in pages
    ]
    assert strip[0] == strip[1]


def test_unknown_phone_is_told_by_message_only(
    client: Client, person: Cadre, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(client, "13999999999")
    assert "SMS 13999999999" in capsys.readouterr().out
    assert sms.demo_code("13999999999") == ""
    assert client.post(CONFIRM, {"code": ""}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("phone", ["", "123", "0354-5620000", "x" * 500])
def test_other_things_than_a_phone_are_refused_in_words(client: Client, phone: str) -> None:
    response = client.post(CODE, {"phone": phone})
    assert response.status_code == 422
    assert "aria-invalid" in response.content.decode()


def test_too_many_codes_for_one_phone_wait(client: Client, person: Cadre) -> None:
    for _ in range(5):
        ask(Client())
    assert Client().post(CODE, {"phone": "13800126634"}).status_code == 422


def test_closed_account_is_told_after_its_code_only(client: Client, person: Cadre) -> None:
    Cadre.objects.update(is_active=False)
    ask(client)
    response = client.post(CONFIRM, {"code": sms.demo_code("13800126634")}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_inactive")
    assert not is_in(client)


# --- by password -------------------------------------------------------------------------------------
@pytest.mark.parametrize("login", ["138 0012 6634", "+86 13800126634", "20260001", " 20260001 "])
def test_password_with_phone_or_account_number_opens_the_door(
    client: Client, person: Cadre, login: str
) -> None:
    assert password(client, login).url == "/"
    assert is_in(client)


def test_person_without_a_phone_comes_in_by_account_number(client: Client, person: Cadre) -> None:
    Cadre.objects.update(phone=None)
    assert password(client, "20260001").status_code == 302
    assert is_in(client)


def test_person_without_a_password_does_not_come_in_by_one(client: Client, person: Cadre) -> None:
    Cadre.objects.update(password=make_password(None))
    assert password(client, "20260001", "!").status_code == 422
    assert not is_in(client)


@pytest.mark.usefixtures("cache_by_our_clock")
def test_five_wrong_passwords_lock_for_five_minutes_however_the_account_is_written(person: Cadre) -> None:
    with time_machine.travel("2026-06-01 08:00:00+08:00", tick=False) as clock:
        for login in ("13800126634", "20260001", "138 0012 6634", "+8613800126634", "20260001"):
            password(Client(), login, "wrong")
        for login in ("13800126634", "20260001"):
            visitor = Client()
            assert password(visitor, login).status_code == 422
            assert not is_in(visitor)
        clock.shift(301)
        visitor = Client()
        password(visitor, "20260001")
        assert is_in(visitor)


def test_lock_leaves_the_code_open(client: Client, person: Cadre) -> None:
    for _ in range(6):
        password(Client(), "20260001", "wrong")
    ask(client)
    client.post(CONFIRM, {"code": sms.demo_code("13800126634")})
    assert is_in(client)


def test_right_password_forgets_the_wrong_ones(person: Cadre) -> None:
    for _ in range(3):
        for _ in range(4):
            password(Client(), "20260001", "wrong")
        visitor = Client()
        password(visitor, "20260001")
        assert is_in(visitor)


def test_wrong_password_and_unknown_account_answer_alike(person: Cadre) -> None:
    answers = []
    for login in ("20260001", "29999999", "13800126634", "13999999999"):
        cache.clear()
        page = password(Client(), login, "wrong").content.decode()
        answers.append(re.sub(r'value="[^"]*"', "", page))
    assert len(set(answers)) == 1
    assert 'role="alert"' in answers[0]


@pytest.mark.parametrize(
    "fields", [{}, {"login": "20260001"}, {"password": "x"}, {"login": "\0", "password": "\0"}]
)
def test_half_a_form_is_refused(client: Client, fields: dict[str, str]) -> None:
    assert client.post(LOGIN, fields).status_code == 422
    assert not is_in(client)


# --- messages ----------------------------------------------------------------------------------------
class Down:
    """A provider that takes no message."""

    def send(self, phone: str, text: str, *, code: str = "") -> None:
        raise sms.NotSent


@pytest.mark.parametrize("phone", ["13800126634", "13999999999"])
def test_message_that_cannot_be_sent_is_said(
    client: Client, person: Cadre, settings: Settings, phone: str
) -> None:
    settings.SMS_BACKEND = f"{__name__}.Down"
    response = client.post(CODE, {"phone": phone}, headers={"accept-language": "en"})
    assert response.status_code == 422
    assert "could not be sent" in response.content.decode()
    assert client.get(CONFIRM).status_code == 302


def test_message_that_cannot_be_sent_again_is_said(client: Client, person: Cadre, settings: Settings) -> None:
    ask(client)
    code = sms.demo_code("13800126634")
    settings.SMS_BACKEND = f"{__name__}.Down"
    page = client.post(CONFIRM, {"action": "resend"}, follow=True, headers={"accept-language": "en"})
    assert "could not be sent" in page.content.decode()
    client.post(CONFIRM, {"code": code})
    assert is_in(client)


def test_one_phone_gets_five_codes_in_ten_minutes_and_twenty_a_day(person: Cadre) -> None:
    with time_machine.travel("2026-06-01 08:00:00+08:00", tick=False) as clock:
        sent = 0
        for _ in range(10):
            statuses = [Client().post(CODE, {"phone": "13800126634"}).status_code for _ in range(6)]
            sent += statuses.count(302)
            assert statuses.count(302) <= 5
            clock.shift(601)
        assert sent == 20
        assert Client().post(CODE, {"phone": "138 0012 6634"}).status_code == 422
        clock.shift(86_400)
        assert Client().post(CODE, {"phone": "13800126634"}).status_code == 302


def test_code_that_begins_like_a_country_is_typed_as_it_is(
    client: Client, person: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allauth.core.internal.cryptokit.get_random_string", lambda *given, **more: "008612")
    ask(client)
    assert sms.demo_code("13800126634") == "008612"
    client.post(CONFIRM, {"code": "００8 612"})
    assert is_in(client)


# --- where it leads ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "target"),
    [
        (StaffRole.TOWNSHIP, "/desk/"),
        (StaffRole.COUNTY, "/desk/"),
        (StaffRole.AUDITOR, "/desk/"),
        (StaffRole.TRAINER, "/cms/"),
        (StaffRole.REVIEWER, "/cms/"),
    ],
)
def test_staff_come_to_their_own_desk(client: Client, role: str, target: str) -> None:
    staff = StaffFactory(role=role, unit=county_tree().county).person
    Cadre.objects.filter(pk=staff.pk).update(password=make_password(PASSWORD))
    assert password(client, staff.number).url == target


def test_staff_who_also_hold_a_post_come_to_their_study(client: Client, person: Cadre) -> None:
    StaffFactory(person=person, unit=person.unit)
    assert password(client, "20260001").url == "/"


def test_door_leads_back_to_the_page_that_asked_but_never_away(client: Client, person: Cadre) -> None:
    assert password(client, "20260001", next="/me/").url == "/me/"
    assert password(Client(), "20260001", next="https://example.com/").url == "/"
    visitor = Client()
    ask(visitor, next="/me/")
    assert "/me/" in visitor.get(f"{CONFIRM}?next=/me/").content.decode()
    response = visitor.post(CONFIRM, {"code": sms.demo_code("13800126634"), "next": "/me/"})
    assert response.url == "/me/"


def test_who_is_in_already_is_led_on(client: Client, person: Cadre) -> None:
    client.force_login(person)
    assert client.get(LOGIN).url == "/"


@pytest.mark.parametrize("address", ["/cms/", "/desk/", "/me/", "/cms/login/", "/_util/login/"])
def test_every_door_leads_to_the_one(client: Client, address: str) -> None:
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)
    assert response.status_code == 200


@pytest.mark.parametrize("name", ["signup", "email", "change_phone", "verify_phone", "reauthenticate"])
def test_pages_that_nobody_needs_do_not_exist(client: Client, name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"account_{name}")
    assert client.get(f"/account/{name}/").status_code == 404


# --- passwords ---------------------------------------------------------------------------------------
def test_forgotten_password_is_replaced_by_code_without_the_township(client: Client, person: Cadre) -> None:
    response = client.post("/account/password/reset/", {"phone": "13800126634"})
    assert response.url == f"{CONFIRM}?next=/account/password/new/"
    code = sms.demo_code("13800126634")
    response = client.post(response.url, {"code": code})
    assert response.url == "/account/password/new/"
    fields = {"password1": "new-lake-2027", "password2": "new-lake-2027"}
    assert client.post(response.url, fields).url == "/"
    assert is_in(client)
    visitor = Client()
    password(visitor, "20260001", "new-lake-2027")
    assert is_in(visitor)


def test_new_password_without_a_fresh_code_asks_for_the_old_one(client: Client, person: Cadre) -> None:
    password(client, "20260001")
    assert client.get("/account/password/new/").url == "/account/password/change/"
    fields = {"password1": "new-lake-2027", "password2": "new-lake-2027"}
    assert client.post("/account/password/new/", fields).url == "/account/password/change/"
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_code_is_fresh_for_ten_minutes_only(client: Client, person: Cadre) -> None:
    with time_machine.travel("2026-06-01 08:00:00+08:00", tick=False) as clock:
        ask(client)
        client.post(CONFIRM, {"code": sms.demo_code("13800126634")})
        assert client.get("/account/password/new/").status_code == 200
        clock.shift(601)
        assert client.get("/account/password/new/").status_code == 302


def test_password_is_changed_by_who_knows_the_old_one(client: Client, person: Cadre) -> None:
    other = Client()
    for visitor in (client, other):
        password(visitor, "20260001")
    fields = {"password1": "new-lake-2027", "password2": "new-lake-2027"}
    assert client.post("/account/password/change/", {"oldpassword": "wrong", **fields}).status_code == 422
    assert client.post("/account/password/change/", {"oldpassword": PASSWORD, **fields}).url == "/"
    assert client.get("/account/password/change/").status_code == 200
    assert other.get("/account/password/change/").status_code == 302


def test_first_password_needs_no_old_one(client: Client, person: Cadre) -> None:
    Cadre.objects.update(password=make_password(None))
    client.force_login(Cadre.objects.get(pk=person.pk))
    assert client.get("/account/password/change/").url == "/account/password/set/"
    fields = {"password1": "new-lake-2027", "password2": "new-lake-2027"}
    assert client.post("/account/password/set/", fields).url == "/"


@pytest.mark.parametrize(
    ("one", "two"), [("short", "short"), ("password", "password"), ("new-lake-2027", "other")]
)
def test_weak_or_mistyped_password_is_refused(client: Client, person: Cadre, one: str, two: str) -> None:
    ask(client)
    client.post(CONFIRM, {"code": sms.demo_code("13800126634")})
    assert client.post("/account/password/new/", {"password1": one, "password2": two}).status_code == 422
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_signing_out_is_asked_then_done(client: Client, person: Cadre) -> None:
    client.force_login(person)
    assert client.get("/account/logout/").status_code == 200
    assert is_in(client)
    assert client.post("/account/logout/").url == "/"
    assert not is_in(client)


# --- pages -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", [LOGIN, CODE, "/account/password/reset/", "/account/closed/"])
def test_public_page_is_ours_and_needs_few_queries(
    client: Client, address: str, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(2):
        page = client.get(address).content.decode()
    assert 'class="top"' in page
    assert "style=" not in page
    assert "<script>" not in page


def test_sign_in_page_has_one_heading_and_both_ways(client: Client) -> None:
    page = client.get(LOGIN).content.decode()
    assert page.count("<h1") == 1
    assert f'action="{CODE}"' in page
    assert f'action="{LOGIN}"' in page


# --- the publishing desk -----------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/cms/users/", "/cms/users/new/", "/cms/users/edit/1/"])
def test_publishing_desk_makes_no_accounts(client: Client, address: str) -> None:
    client.force_login(CadreFactory(is_superuser=True, is_staff=True))
    response = client.get(address)
    assert response.status_code in {302, 403, 404}
    assert "/cms/users" not in getattr(response, "url", "")


def test_publishing_desk_opens_for_who_may_and_shows_no_users(client: Client) -> None:
    client.force_login(CadreFactory(is_superuser=True, is_staff=True))
    page = client.get("/cms/")
    assert page.status_code == 200
    assert "/cms/users/" not in page.content.decode()
    assert client.get("/cms/account/").status_code == 200


def test_too_many_sign_ins_from_one_address_get_our_page(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    password(client, "20260001")
    response = password(client, "20260001")
    assert response.status_code == 429
    assert 'class="empty"' in response.content.decode()
