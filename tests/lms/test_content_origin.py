"""The content origin answers for its own addresses, knows nobody, and exists nowhere else."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from courses.h5p.player_files import PLAYER
from lms.content_origin import content_door, is_content
from tests.factories import CadreFactory

HOST = urlsplit(configured.CONTENT_ORIGIN).netloc


def player(name: str) -> str:
    return f"/h5p/player/{PLAYER.digest}/{name}"


def test_the_demo_plays_packages_under_another_name_of_its_machine() -> None:
    site, content = urlsplit(configured.SITE_URL), urlsplit(configured.CONTENT_ORIGIN)
    assert {site.hostname, content.hostname} == {"127.0.0.1", "localhost"}
    assert content.port == (site.port or 80) + 1


def test_its_answers_say_what_a_package_may_not_do(client: Client) -> None:
    answer = client.get(player("core/frame.bundle.js"), headers={"host": HOST})
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "geolocation=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_it_asks_and_sets_no_cookie(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(CadreFactory())
    with django_assert_num_queries(0):
        answer = client.get(player("core/frame.bundle.js"), headers={"host": HOST})
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/me/", "/cms/", "/account/login/", "/uploads/", "/static/css/app.css", "/h5p/"]
)
def test_nothing_of_the_site_is_there(path: str, client: Client) -> None:
    client.force_login(CadreFactory())
    answer = client.get(path, headers={"host": HOST})
    assert (answer.status_code, answer.content) == (404, b"")
    assert client.post(path, headers={"host": HOST}).status_code == 404
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "testserver", "127.0.0.1:8001"])
def test_nothing_of_it_is_anywhere_else(host: str, client: Client) -> None:
    for path in (player("core/frame.bundle.js"), "/h5p/libraries/a/b.png", "/scorm/player/a.js"):
        assert client.get(path, headers={"host": host}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["localhost:8000", "localhost"])
def test_whoever_looks_for_the_site_under_its_name_is_led_to_the_site(host: str, client: Client) -> None:
    client.force_login(CadreFactory())
    answer = client.get("/courses/?q=a", headers={"host": host})
    assert (answer.status_code, answer["Location"]) == (302, f"{configured.SITE_URL}/courses/?q=a")
    assert not answer.cookies
    answer = client.post("/account/logout/", headers={"host": host})
    assert (answer.status_code, answer.content) == (421, b"")


def test_a_site_on_the_same_host_is_met_there(settings: Settings) -> None:
    settings.SITE_URL, settings.CONTENT_ORIGIN = "http://10.0.0.7:8000", "http://10.0.0.7:8001"
    request = RequestFactory().get("/", headers={"host": "10.0.0.7:8000"})
    assert content_door(lambda _request: HttpResponse("site"))(request).content == b"site"


@pytest.mark.parametrize(
    ("origin", "host", "is_secure", "is_ours"),
    [
        ("https://content.example.net", "content.example.net", True, True),
        ("https://content.example.net", "CONTENT.example.net", True, True),
        ("https://content.example.net", "content.example.net:443", True, True),
        ("https://content.example.net", "content.example.net:8443", True, False),
        ("https://content.example.net", "study.example.org", True, False),
        ("https://content.example.net", "evil.content.example.net", True, False),
        ("https://content.example.net", "content.example.net.evil.org", True, False),
        ("http://localhost:8001", "localhost:8001", False, True),
        ("http://localhost:8001", "localhost:8000", False, False),
        ("http://localhost:8001", "not a host", False, False),
        ("http://localhost:8001", "", False, False),
    ],
)
def test_it_is_known_by_name_and_port(
    origin: str, host: str, is_secure: bool, is_ours: bool, settings: Settings
) -> None:
    settings.CONTENT_ORIGIN = origin
    settings.ALLOWED_HOSTS = ["*"]
    request = RequestFactory().get("/", headers={"host": host}, secure=is_secure)
    assert is_content(request) is is_ours


def test_a_name_that_is_not_allowed_is_left_to_the_site(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["study.example.org"]
    request = RequestFactory().get("/", headers={"host": HOST})
    assert content_door(lambda _request: HttpResponse("site"))(request).content == b"site"


def test_pages_may_show_frames_of_the_content_origin_only(client: Client) -> None:
    policy = client.get(reverse("privacy"))["Content-Security-Policy"]
    assert f"frame-src {configured.CONTENT_ORIGIN};" in f"{policy};"
