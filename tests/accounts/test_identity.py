from datetime import date

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts import identity
from tests.factories import CadreFactory

bases = st.builds(
    lambda region, born, serial: f"{region:06d}{born:%Y%m%d}{serial:03d}",
    st.integers(110000, 659999),
    st.dates(min_value=date(1930, 1, 1), max_value=date(2010, 1, 1)),
    st.integers(0, 999),
)


@given(bases)
def test_number_with_its_check_digit_is_valid_and_with_no_other(base: str) -> None:
    right = identity.check_digit(base)
    assert [digit for digit in "0123456789X" if identity.is_valid(base + digit)] == [right]


@given(bases, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(base: str, place: int, step: int) -> None:
    number = base + identity.check_digit(base)
    wrong = str((int(number[place]) + step) % 10)
    assert not identity.is_valid(number[:place] + wrong + number[place + 1 :])


@given(bases)
def test_encrypted_number_comes_back_and_never_looks_the_same_twice(base: str) -> None:
    number = base + identity.check_digit(base)
    cipher = identity.encrypt(number)
    assert identity.decrypt(cipher) == number
    assert cipher != identity.encrypt(number)
    assert number.encode() not in cipher


def test_known_number_is_valid() -> None:
    assert identity.is_valid("11010519491231002X")  # the example of GB 11643-1999
    assert identity.is_valid(" 11010519491231002x ")
    assert identity.is_valid("１１０１０５１９４９１２３１００２Ｘ")


@pytest.mark.parametrize("number", ["", "1101051949123100", "110105194912310021", "110105194913310028"])
def test_other_things_are_not_numbers(number: str) -> None:
    assert not identity.is_valid(number)


def test_fingerprint_ignores_spaces_width_and_case() -> None:
    assert identity.fingerprint("11010519491231002x ") == identity.fingerprint("11010519491231002X")
    assert identity.fingerprint("11010519491231002X") != identity.fingerprint("110105194912310021")


def test_keys_are_derived_apart_and_from_the_setting(settings: Settings) -> None:
    number = "11010519491231002X"
    mark, cipher = identity.fingerprint(number), identity.encrypt(number)
    settings.IDENTITY_KEY = "another"
    assert identity.fingerprint(number) != mark
    with pytest.raises(identity.UnreadableIdentity):
        identity.decrypt(cipher)
    assert identity._key("a", b"encrypt") != identity._key("a", b"fingerprint")


@pytest.mark.django_db
def test_identity_is_whole_or_absent() -> None:
    with pytest.raises(IntegrityError, match="cadre_identity_whole_or_absent"):
        CadreFactory(identity_last4="002X")
