"""What an address may hold."""

import pytest
from django.test import Client

from accounts.addresses import whole_number

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/media/images/%00",
        "/films/1/%00/",
        "/courses/?q=%00",
        "/feedback/?from=a%00b",
        "/desk/?slug=%00",
        "/certificates/%00",
    ],
)
def test_an_address_with_a_nul_is_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400
    assert client.post(address).status_code == 400


@pytest.mark.parametrize("address", ["/privacy/?q=%2500", "/privacy/?q=100%25"])
def test_a_percent_sign_is_no_nul(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("20", 20), ("٣", 3), ("9" * 18, 10**18 - 1), ("9" * 19, None)]
)
def test_a_whole_number_is_read_up_to_what_a_database_holds(text: str, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", [None, "", " 1", "-1", "1.5", "x", "²", "1" * 5000])
def test_anything_else_is_no_number(text: str | None) -> None:
    assert whole_number(text) is None
