"""How the tests come in."""

from django.test import Client

from accounts.models import Cadre

PASSWORD = "liuwan-2026-lake"
LOGIN, TOWNSHIP = "/account/login/", "/account/login/township/"
ENGINE = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Linux; Android 9; JKM-AL00) {ENGINE} Chrome/96.0.4664.45 Mobile Safari/537.36"
WECHAT = (
    f"Mozilla/5.0 (Linux; Android 10; V1934A) {ENGINE} Version/4.0 Chrome/86.0 MQQBrowser/6.2 "
    "Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.30"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/15.4 Mobile/15E148 Safari/604.1"
)


def come_in(person: Cadre, agent: str = CHROME, word: str = PASSWORD) -> Client:
    """Somebody who has come in with a password, on a device."""
    client = Client(headers={"user-agent": agent, "accept-language": "en"})
    response = client.post(LOGIN, {"login": person.number, "password": word})
    assert response.status_code == 302, response.content.decode()
    return client


def is_in(client: Client) -> bool:
    """Whether the server takes a visitor for somebody."""
    return client.get("/me/").status_code == 200
