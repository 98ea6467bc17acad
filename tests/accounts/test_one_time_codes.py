"""The township's code for somebody without a phone: made once, kept as a hash, given back once."""

from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings as configured
from django.contrib.auth.hashers import identify_hasher
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import AuditLine, Cadre, OneTimeCode, StaffRole
from tests.accounts.rosters import AT
from tests.factories import CadreFactory, PostFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def person(tree: CountyTree) -> Cadre:
    return PostFactory(person__unit=tree.village, person__phone=None).person


@pytest.fixture
def clerk(tree: CountyTree) -> Cadre:
    return StaffFactory(unit=tree.township).person


def make(person: Cadre, clerk: Cadre) -> str:
    return actions.make_one_time_code(person=person, by=clerk, at=AT)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


# --- made --------------------------------------------------------------------------------------------
def test_code_is_eight_digits_kept_as_a_hash_with_a_line_that_does_not_hold_it(
    person: Cadre, clerk: Cadre
) -> None:
    code = make(person, clerk)
    assert len(code) == 8
    assert code.isdecimal()
    kept = OneTimeCode.objects.get()
    assert identify_hasher(kept.code_hash)
    assert code not in kept.code_hash
    line = AuditLine.objects.get(action="account.one_time_code")
    assert (line.by, line.person, line.unit, line.detail) == (clerk, person, person.unit, {})


def test_codes_differ(person: Cadre, clerk: Cadre) -> None:
    assert len({make(person, clerk) for _ in range(5)}) == 5


def test_new_code_ends_the_one_before(person: Cadre, clerk: Cadre) -> None:
    first, second = make(person, clerk), make(person, clerk)
    with pytest.raises(actions.WrongCode):
        actions.use_one_time_code(person=person, code=first, at=LATER)
    assert actions.use_one_time_code(person=person, code=second, at=LATER) == person


def test_account_with_more_rights_gets_none(tree: CountyTree, clerk: Cadre) -> None:
    county = StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person
    for person in (county, CadreFactory(unit=tree.village, is_superuser=True)):
        with pytest.raises(actions.OutOfReach):
            make(person, clerk)
    assert not OneTimeCode.objects.exists()


def test_nobody_makes_one_for_themselves(clerk: Cadre) -> None:
    with pytest.raises(actions.OutOfReach):
        make(clerk, clerk)


def test_closed_account_gets_none_and_loses_the_one_it_has(person: Cadre, clerk: Cadre) -> None:
    code = make(person, clerk)
    for is_open in (False, True):
        actions.set_open(person=person, is_open=is_open, by=clerk, at=AT)
    with pytest.raises(actions.WrongCode):
        actions.use_one_time_code(person=person, code=code, at=LATER)
    actions.set_open(person=person, is_open=False, by=clerk, at=AT)
    with pytest.raises(actions.AccountClosed):
        make(person, clerk)


# --- given back --------------------------------------------------------------------------------------
def test_code_opens_once(person: Cadre, clerk: Cadre) -> None:
    code = make(person, clerk)
    assert actions.use_one_time_code(person=person, code=code, at=LATER) == person
    with pytest.raises(actions.CodeUsed):
        actions.use_one_time_code(person=person, code=code, at=LATER)
    assert AuditLine.objects.filter(action="account.one_time_code_used", by=person).count() == 1


def test_code_holds_for_a_day_and_not_a_second_longer(person: Cadre, clerk: Cadre) -> None:
    end = AT + timedelta(seconds=configured.ONE_TIME_CODE_SECONDS)
    code = make(person, clerk)
    with pytest.raises(actions.CodeRanOut):
        actions.use_one_time_code(person=person, code=code, at=end)
    actions.use_one_time_code(person=person, code=code, at=end - timedelta(seconds=1))


def test_five_wrong_tries_end_it(person: Cadre, clerk: Cadre) -> None:
    code = make(person, clerk)
    for _ in range(5):
        with pytest.raises(actions.WrongCode):
            actions.use_one_time_code(person=person, code=other_than(code), at=LATER)
    with pytest.raises(actions.WrongCode):
        actions.use_one_time_code(person=person, code=code, at=LATER)


def test_fifth_try_may_still_be_the_right_one(person: Cadre, clerk: Cadre) -> None:
    code = make(person, clerk)
    for _ in range(4):
        with pytest.raises(actions.WrongCode):
            actions.use_one_time_code(person=person, code=other_than(code), at=LATER)
    assert actions.use_one_time_code(person=person, code=code, at=LATER) == person


def test_code_of_one_person_opens_for_no_other(person: Cadre, clerk: Cadre, tree: CountyTree) -> None:
    code, other = make(person, clerk), CadreFactory(unit=tree.village)
    for somebody in (other, None):
        with pytest.raises(actions.WrongCode):
            actions.use_one_time_code(person=somebody, code=code, at=LATER)


@pytest.mark.parametrize("wrong", ["", "0", "x" * 5000, "１２３４５６７８"])
def test_nonsense_is_a_wrong_code(person: Cadre, clerk: Cadre, wrong: str) -> None:
    make(person, clerk)
    with pytest.raises(actions.WrongCode):
        actions.use_one_time_code(person=person, code=wrong, at=LATER)


@pytest.mark.parametrize("code_is", ["none", "wrong", "ended"])
def test_every_refusal_costs_one_hash(
    person: Cadre, clerk: Cadre, monkeypatch: pytest.MonkeyPatch, code_is: str
) -> None:
    hashes: list[str] = []
    if code_is != "none":
        make(person, clerk)
    if code_is == "ended":
        OneTimeCode.objects.update(tries=OneTimeCode.TRIES)
    for name in ("make_password", "check_password"):
        monkeypatch.setattr(f"accounts.actions.one_time_codes.{name}", lambda *given: hashes.append("one"))
    with pytest.raises(actions.WrongCode):
        actions.use_one_time_code(person=person, code="00000000", at=LATER)
    assert hashes == ["one"]


def test_old_codes_are_forgotten(person: Cadre, clerk: Cadre) -> None:
    make(person, clerk)
    assert actions.clear_one_time_codes(at=AT + timedelta(days=7)) == 0
    assert actions.clear_one_time_codes(at=AT + timedelta(days=9)) == 1


@pytest.mark.parametrize("wrong", [{"tries": 6}, {"expires_at": AT}])
def test_code_of_too_many_tries_or_without_end_cannot_be_kept(
    person: Cadre, clerk: Cadre, wrong: dict[str, object]
) -> None:
    make(person, clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        OneTimeCode.objects.update(**wrong)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_code_given_back_from_four_places_at_once_lets_one_in(person: Cadre, clerk: Cadre) -> None:
    code = make(person, clerk)

    def give_back() -> str:
        try:
            actions.use_one_time_code(person=person, code=code, at=LATER)
        except actions.CodeUsed:
            return "used"
        return "in"

    assert sorted(at_once([give_back] * 4)) == ["in", "used", "used", "used"]
    assert AuditLine.objects.filter(action="account.one_time_code_used").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_pay_for_five_tries_and_no_more(person: Cadre, clerk: Cadre) -> None:
    code = make(person, clerk)

    def guess(code: str) -> None:
        with pytest.raises(actions.WrongCode):
            actions.use_one_time_code(person=person, code=code, at=LATER)

    at_once([partial(guess, other_than(code))] * 8)
    assert OneTimeCode.objects.get().tries == OneTimeCode.TRIES
    guess(code)


# --- the desk ----------------------------------------------------------------------------------------
def page_of(person: Cadre) -> str:
    return f"/desk/people/{person.pk}/code/"


@pytest.fixture
def desk(clerk: Cadre) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(clerk)
    return client


def shown(page: str) -> str:
    return page.partition('id="one-time-code">')[2].partition("<")[0].replace(" ", "")


def test_desk_shows_the_code_once_in_two_groups_and_keeps_it_nowhere(desk: Client, person: Cadre) -> None:
    assert shown(desk.get(page_of(person)).content.decode()) == ""
    response = desk.post(page_of(person))
    page = response.content.decode()
    code = shown(page)
    assert f"{code[:4]} {code[4:]}" in page
    assert person.number in page
    assert "no-store" in response.headers["Cache-Control"]
    assert actions.use_one_time_code(person=person, code=code, at=timezone.now()) == person
    assert shown(desk.get(page_of(person)).content.decode()) == ""


def test_looking_at_the_page_makes_no_code(desk: Client, person: Cadre) -> None:
    desk.get(page_of(person))
    assert not OneTimeCode.objects.exists()


def test_person_s_page_leads_to_the_code(desk: Client, person: Cadre) -> None:
    assert f'href="{page_of(person)}"' in desk.get(f"/desk/people/{person.pk}/").content.decode()


def test_others_make_no_code(client: Client, tree: CountyTree, person: Cadre) -> None:
    assert client.post(page_of(person)).url.startswith("/account/login/")
    for role, unit, status in (
        (StaffRole.TOWNSHIP, tree.other_township, 404),
        (StaffRole.STATION, tree.township, 403),
        (StaffRole.AUDITOR, tree.county, 403),
        (StaffRole.TRAINER, tree.county, 403),
    ):
        client.force_login(StaffFactory(unit=unit, role=role).person)
        assert client.get(page_of(person)).status_code == status
        assert client.post(page_of(person)).status_code == status
    assert not OneTimeCode.objects.exists()


def test_account_with_more_rights_is_not_found(desk: Client, tree: CountyTree) -> None:
    above = StaffFactory(person__unit=tree.village, unit=tree.county, role=StaffRole.COUNTY).person
    assert desk.post(page_of(above)).status_code == 404


def test_own_and_closed_accounts_are_told_why(desk: Client, clerk: Cadre, person: Cadre) -> None:
    actions.set_open(person=person, is_open=False, by=clerk, at=AT)
    for account, words in ((clerk, "This is your own account"), (person, "This account has been closed")):
        assert words in desk.get(page_of(account)).content.decode()
        refused = desk.post(page_of(account))
        assert refused.status_code == 409
        assert words in refused.content.decode()


def test_page_needs_few_queries(desk: Client, person: Cadre, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(5):
        desk.get(page_of(person))
