"""In with the township's code, by account number and without a phone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.actions import make_one_time_code
from accounts.models import Cadre, OneTimeCode
from tests.accounts.signin.doors import LOGIN, PASSWORD, TOWNSHIP, is_in
from tests.factories import StaffFactory
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
NEW = {"password1": "new-lake-2027", "password2": "new-lake-2027"}


@pytest.fixture
def clerk(person: Cadre) -> Cadre:
    return StaffFactory(unit=person.unit.parent).person


@pytest.fixture
def code(person: Cadre, clerk: Cadre) -> str:
    return make_one_time_code(person=person, by=clerk, at=timezone.now())


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def give(client: Client, code: str, login: str = "20260001") -> object:
    return client.post(TOWNSHIP, {"login": login, "code": code})


def said(response: object) -> str:
    return re.findall(r'role="alert">([^<]*)', response.content.decode())[0]


@pytest.mark.parametrize("login", ["20260001", "13800126634", "138 0012 6634"])
def test_code_lets_in_and_leads_to_a_password_of_one_s_own(
    client: Client, person: Cadre, code: str, login: str
) -> None:
    response = give(client, f"{code[:4]} {code[4:]}", login)
    assert response.url == "/account/password/new/"
    assert client.get(response.url).status_code == 200
    assert client.post(response.url, NEW).url == "/"
    visitor = Client()
    visitor.post(LOGIN, {"login": person.number, "password": NEW["password1"]})
    assert is_in(visitor)


def test_full_width_digits_are_the_same(client: Client, code: str) -> None:
    give(client, code.translate({ord("0") + digit: ord("０") + digit for digit in range(10)}))
    assert is_in(client)


def test_code_opens_once_and_says_so(client: Client, person: Cadre, code: str) -> None:
    give(client, code)
    visitor = Client(headers={"accept-language": "en"})
    response = give(visitor, code)
    assert response.status_code == 422
    assert "opened the door before" in said(response)
    assert not is_in(visitor)


def test_code_that_ran_out_says_so_to_whoever_holds_it(client: Client, code: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        response = give(client, code)
        assert "has run out" in said(response)
        assert not is_in(client)


def test_wrong_code_and_unknown_account_answer_alike(client: Client, person: Cadre, code: str) -> None:
    StaffFactory(person__number="20260002", unit=person.unit)
    answers = set()
    for login in ("20260001", "20260002", "29999999", "13999999999"):
        cache.clear()
        response = give(Client(), "11112222", login)
        assert response.status_code == 422
        answers.add(re.sub(r'value="[^"]*"', "", response.content.decode()))
    assert len(answers) == 1


@pytest.mark.usefixtures("cache_by_our_clock")
def test_five_wrong_tries_lock_and_end_the_code(client: Client, person: Cadre, code: str) -> None:
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        words = [said(give(client, wrong)) for _ in range(5)]
        assert "4 more tries" in words[0]
        assert "locked for five minutes" in words[4]
        assert "locked" in said(give(client, code))
        clock.shift(301)
        assert "4 more tries" in said(give(client, code))
    assert not is_in(client)


def test_tries_count_together_with_passwords(client: Client, person: Cadre, code: str) -> None:
    for _ in range(3):
        client.post(LOGIN, {"login": "13800126634", "password": "wrong"})
    for _ in range(2):
        give(client, "0")
    assert client.post(LOGIN, {"login": "20260001", "password": PASSWORD}).status_code == 422
    assert not is_in(client)


def test_right_code_forgets_the_wrong_passwords(client: Client, person: Cadre, code: str) -> None:
    for _ in range(4):
        client.post(LOGIN, {"login": "20260001", "password": "wrong"})
    give(client, code)
    visitor = Client()
    for _ in range(4):
        visitor.post(LOGIN, {"login": "20260001", "password": "wrong"})
    visitor.post(LOGIN, {"login": "20260001", "password": PASSWORD})
    assert is_in(visitor)


def test_code_of_an_account_closed_meanwhile_is_wrong(client: Client, person: Cadre, code: str) -> None:
    Cadre.objects.update(is_active=False)
    assert "not right" in said(give(client, code))


def test_password_may_be_chosen_for_ten_minutes(client: Client, person: Cadre, code: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        give(client, code)
        clock.shift(601)
        assert client.get("/account/password/new/").url == "/account/password/change/"


@pytest.mark.parametrize("sent", [{}, {"login": "20260001"}, {"code": "1"}, {"login": "\0", "code": "\0"}])
def test_half_a_form_is_refused_and_costs_no_try(
    client: Client, person: Cadre, code: str, sent: dict[str, str]
) -> None:
    assert client.post(TOWNSHIP, sent).status_code == 422
    assert OneTimeCode.objects.get().tries == 0


def test_who_is_in_already_is_led_on(client: Client, person: Cadre) -> None:
    client.force_login(person)
    assert client.get(TOWNSHIP).url == "/"


def test_sign_in_page_leads_to_it(client: Client) -> None:
    assert f'href="{TOWNSHIP}"' in client.get(LOGIN).content.decode()


def test_page_needs_no_query(client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(1):
        client.get(TOWNSHIP)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_same_code_from_two_phones_at_once_lets_one_in(person: Cadre, code: str) -> None:
    phones = [Client(), Client()]
    statuses = at_once([lambda phone=phone: give(phone, code).status_code for phone in phones])
    assert sorted(statuses) == [302, 422]
    assert sorted(is_in(phone) for phone in phones) == [False, True]
