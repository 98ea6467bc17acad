"""The demo's people and calendar before anything is written: plain data that must be plausible."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import identity, phones
from accounts.models import Role
from lms.demo.accounts import account, accounts
from lms.demo.dates import Calendar
from lms.demo.load import UNITS
from lms.demo.names import RARE, SURNAMES
from lms.demo.people import plan_people
from lms.demo.shapes import PersonPlan
from tests.rules import examples

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2045, 12, 31), timezones=st.just(UTC))


def villages() -> list[str]:
    with UNITS.open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file) if row["level"] == "village"]


@pytest.fixture(scope="module")
def people() -> list[PersonPlan]:
    return plan_people(villages(), Calendar(AT))


def test_units_are_the_whole_county():
    with UNITS.open(encoding="utf-8", newline="") as file:
        levels = Counter(row["level"] for row in csv.DictReader(file))
    assert levels == {"province": 1, "city": 1, "county": 1, "township": 16, "village": 227}


def test_people_are_about_1200_and_about_50_years_old(people):
    assert 1150 <= len(people) <= 1250
    ages = [2026 - person.birth_year for person in people]
    assert 46 <= sum(ages) / len(ages) <= 52
    assert min(ages) >= 22


def test_people_are_the_same_every_time(people):
    assert plan_people(villages(), Calendar(AT)) == people


def test_people_have_their_own_numbers_phones_and_identities(people):
    for values in (
        [person.number for person in people],
        [person.phone for person in people if person.phone],
        [person.identity for person in people if person.identity],
    ):
        assert len(values) == len(set(values))


def test_phones_are_telephones_that_are_plainly_nobodys(people):
    given_phones = [person.phone for person in people if person.phone]
    assert all(phones.is_valid(phone) and phone[3:7] == "0000" for phone in given_phones)
    assert 0 < len(people) - len(given_phones) < 120


def test_account_numbers_are_never_taken_for_phones(people):
    assert not any(phones.is_valid(person.number) for person in people)


def test_identities_add_up_and_agree_with_the_birth_year(people):
    known = [person for person in people if person.identity]
    assert 300 < len(known) < 700
    for person in known:
        assert identity.is_valid(person.identity)
        assert person.identity[:6] == "140728"
        assert identity.birth_date(person.identity).year == person.birth_year


def test_names_hold_rare_characters_compound_surnames_and_single_given_names(people):
    names = [person.name for person in people]
    assert all(any(character in name for name in names) for character in RARE)
    assert any(name[:2] in SURNAMES for name in names)
    assert sum(len(name) == 2 for name in names) > 50
    assert Counter(names).most_common(1)[0][1] <= 5


def test_every_village_has_a_secretary_and_a_director_and_every_role_is_held(people):
    held = {(post.unit, post.role) for person in people for post in person.posts if post.to_on is None}
    for role in (Role.SECRETARY, Role.DIRECTOR):
        assert {unit for unit, kind in held if kind == role} == set(villages())
    assert {role for _unit, role in held} == set(Role)


def test_accounts_have_keys_of_their_own():
    keys = [item.key for item in accounts()]
    assert len(keys) == len(set(keys))
    assert account("learner").name == "梁晓燕"
    with pytest.raises(KeyError):
        account("nobody")


@given(at=MOMENTS)
def test_calendar_always_leaves_time_to_have_learned_something(at):
    calendar = Calendar(at)
    assert calendar.opening <= calendar.ago(60)
    assert calendar.term.starts_on <= calendar.today <= calendar.term.ends_on
    assert calendar.served.starts_on <= calendar.opening


@given(at=MOMENTS, month=st.integers(1, 11), day=st.integers(1, 28), days=st.integers(1, 40))
def test_calendar_gives_only_days_that_are_over(at, month, day, days):
    calendar = Calendar(at)
    spans = calendar.past(month, day, days)
    assert all(calendar.opening <= span.starts_on <= span.ends_on < calendar.today for span in spans)
    assert all(span.starts_on.weekday() == 0 for span in spans)
    assert all(first.ends_on < second.starts_on for first, second in pairwise(spans))


@given(at=MOMENTS, ago=st.integers(0, 400), hour=st.integers(0, 23))
def test_calendar_has_no_moment_after_the_loading(at, ago, hour):
    calendar = Calendar(at)
    assert calendar.moment(calendar.ago(ago), hour) <= at


@settings(max_examples=examples(15), deadline=None)
@given(at=MOMENTS)
def test_people_hold_each_post_once_whenever_they_are_planned(at):
    calendar = Calendar(at)
    for person in plan_people(villages()[:40], calendar):
        for post in person.posts:
            assert post.to_on is None or post.from_on <= post.to_on < calendar.today
            assert post.from_on <= calendar.today + timedelta(days=10)
        held = [(post.unit, post.role) for post in person.posts if post.to_on is None]
        assert held
        assert len(held) == len(set(held))
