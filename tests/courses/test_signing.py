"""Signatures of addresses: what they are for, and until when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from courses.signing import BadAddress, expiry, read_signature, sign

FILMS = b"films.address"


@given(st.integers(1, 2_000_000))
def test_addresses_asked_for_again_soon_are_the_same(quarters: int) -> None:
    quarter = 15 * 60
    assert expiry(quarters * quarter) == expiry((quarters + 1) * quarter - 1)
    assert expiry((quarters + 1) * quarter) == expiry(quarters * quarter) + quarter


def test_a_short_life_is_kept_to_the_second(settings: Settings) -> None:
    settings.ADDRESS_SECONDS = 2
    assert 2 <= expiry(100.4) - 100 <= 3


def test_a_signature_outlives_a_change_of_key_when_the_old_one_is_named(settings: Settings) -> None:
    written = sign(purpose=FILMS, thing_id=1, person_id=2, expires=200)
    settings.SECRET_KEY, old = "another-key" * 5, settings.SECRET_KEY
    with pytest.raises(BadAddress):
        read_signature(written, purpose=FILMS, thing_id=1, now=100)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_signature(written, purpose=FILMS, thing_id=1, now=100) == 200


@given(st.text(max_size=60), st.integers(0, 10**18))
def test_what_was_not_signed_here_opens_nothing(signature: str, thing_id: int) -> None:
    with pytest.raises(BadAddress):
        read_signature(signature, purpose=FILMS, thing_id=thing_id, now=0)


@given(st.integers(1, 10**12), st.integers(1, 10**12), st.integers(1, 2**32 - 1), st.data())
def test_a_signature_is_valid_until_its_moment_and_nothing_of_it_can_be_changed(
    thing_id: int, person_id: int, expires: int, data: st.DataObject
) -> None:
    written = sign(purpose=FILMS, thing_id=thing_id, person_id=person_id, expires=expires)
    assert read_signature(written, purpose=FILMS, thing_id=thing_id, now=expires - 1) == expires
    with pytest.raises(BadAddress):
        read_signature(written, purpose=FILMS, thing_id=thing_id, now=expires)
    with pytest.raises(BadAddress):
        read_signature(written, purpose=FILMS, thing_id=thing_id + 1, now=0)
    place = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJ0123456789-_").filter(lambda sign: sign != written[place]))
    with pytest.raises(BadAddress):
        read_signature(
            written[:place] + other + written[place + 1 :], purpose=FILMS, thing_id=thing_id, now=0
        )


def test_a_signature_serves_one_purpose() -> None:
    written = sign(purpose=FILMS, thing_id=1, person_id=2, expires=200)
    with pytest.raises(BadAddress):
        read_signature(written, purpose=b"h5p.address", thing_id=1, now=100)
