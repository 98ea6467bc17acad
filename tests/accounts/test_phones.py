import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import phones


@pytest.mark.parametrize(
    "written",
    [
        "13800126634",
        "138 0012 6634",
        "138-0012-6634",
        "+8613800126634",
        "+86 138 0012 6634",
        "0086 13800126634",
        "8613800126634",
        "１３８００１２６６３４",
        "(138)00126634",
        "\t13800126634\n",
    ],
)
def test_number_as_people_write_it_is_eleven_digits(written: str) -> None:
    assert phones.normal(written) == "13800126634"
    assert phones.is_valid(phones.normal(written))


@pytest.mark.parametrize("written", ["", "1380012663", "138001266341", "12800126634", "١٣٨٠٠١٢٦٦٣٤"])
def test_other_things_are_not_numbers(written: str) -> None:
    assert not phones.is_valid(phones.normal(written))


@given(st.text(max_size=30))
def test_normal_is_idempotent_on_what_it_accepts(written: str) -> None:
    once = phones.normal(written)
    if phones.is_valid(once):
        assert phones.normal(once) == once


def test_masked_number_can_be_recognised_but_not_called() -> None:
    assert phones.masked("13800126634") == "138****6634"
    assert phones.masked("") == "****"
