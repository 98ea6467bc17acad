"""A production site has keys of its own and says what it lacks."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from lms.checks import (
    content_origin,
    production_address,
    production_content_origin,
    production_keys,
    production_services,
    refuse_weak_keys,
)
from tests.check import production


@pytest.fixture
def own_keys(settings: Settings) -> None:
    settings.SECRET_KEY = "s" * 50
    settings.IDENTITY_KEY = "i" * 50


@pytest.fixture
def is_production(settings: Settings, own_keys: None) -> None:
    settings.DEMO = False


def test_the_demo_may_use_its_own_keys(settings: Settings) -> None:
    settings.DEMO = True
    assert production_keys(None) == []
    refuse_weak_keys()


@pytest.mark.usefixtures("is_production")
def test_production_with_its_own_keys_starts() -> None:
    assert production_keys(None) == []
    refuse_weak_keys()


@pytest.mark.usefixtures("is_production")
@pytest.mark.parametrize("name", ["SECRET_KEY", "IDENTITY_KEY"])
@pytest.mark.parametrize("key", ["demo", "short"])
def test_production_refuses_the_demos_keys_and_short_ones(name: str, key: str, settings: Settings) -> None:
    setattr(settings, name, settings.DEMO_KEYS[name] if key == "demo" else key)
    assert [error.id for error in production_keys(None)] == [f"lms.{name}"]
    with pytest.raises(ImproperlyConfigured, match=name):
        refuse_weak_keys()


def test_production_without_cache_or_messages_is_warned(settings: Settings) -> None:
    settings.REDIS_URL = ""
    settings.SMS_BACKEND = "accounts.signin.sms.ConsoleSms"
    settings.SECOND_FACTOR_REQUIRED = False
    assert [warning.id for warning in production_services(None)] == [
        "lms.REDIS_URL",
        "lms.SMS_BACKEND",
        "lms.SECOND_FACTOR_REQUIRED",
    ]
    settings.REDIS_URL = "redis://somewhere"
    settings.SMS_BACKEND = "a.provider.of.Messages"
    settings.SECOND_FACTOR_REQUIRED = True
    assert production_services(None) == []


@pytest.mark.parametrize(
    ("address", "is_fit"),
    [
        ("https://study.example.gov.cn", True),
        ("https://study.example.gov.cn:8443", True),
        ("http://study.example.gov.cn", False),
        ("http://127.0.0.1:8000", False),
        ("https://127.0.0.1", False),
        ("https://localhost", False),
        ("study.example.gov.cn", False),
        ("", False),
    ],
)
def test_production_is_warned_of_an_address_that_no_certificate_should_bear(
    address: str, is_fit: bool, settings: Settings
) -> None:
    settings.SITE_URL = address
    assert [warning.id for warning in production_address(None)] == ([] if is_fit else ["lms.SITE_URL"])


def in_production(code: str, without: str = "-") -> subprocess.CompletedProcess[str]:
    """Run a line of code as production does, but without the settings that end like this."""
    given = {name: value for name, value in production().items() if not name.endswith(without)}
    kept = {name: value for name, value in os.environ.items() if name not in production()}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env={**kept, **given}, capture_output=True, text=True)


@pytest.mark.slow
def test_the_web_process_of_production_does_not_start_with_the_demos_keys() -> None:
    tried = in_production("import lms.wsgi", without="_KEY")
    assert tried.returncode != 0
    assert "SECRET_KEY and IDENTITY_KEY" in tried.stderr


@pytest.mark.slow
def test_the_web_process_of_production_starts_and_believes_one_proxy() -> None:
    tried = in_production(
        "import lms.wsgi; from django.conf import settings as s;"
        "print(s.ALLAUTH_TRUSTED_PROXY_COUNT, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEBUG);"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    )
    told, names = tried.stdout.splitlines()
    assert told.split() == ["1", "True", "True", "False"], tried.stderr
    # Content hosts are neighbours, and their scripts can set cookies for the whole domain.
    assert all(name.startswith("__Host-") for name in names.split())


@pytest.mark.parametrize(
    ("origin", "is_fit"),
    [
        ("https://content.example.net", True),
        ("https://content.example.net:8443", True),
        ("http://content.example.net", False),
        ("https://study.example.org:8443", False),
        ("https://content.example.net/h5p", False),
        ("https://", False),
        ("", False),
    ],
)
def test_production_plays_packages_on_another_host(origin: str, is_fit: bool, settings: Settings) -> None:
    settings.SITE_URL = "https://study.example.org"
    settings.CONTENT_ORIGIN = origin
    assert [error.id for error in production_content_origin(None)] == (
        [] if is_fit else ["lms.CONTENT_ORIGIN"]
    )


def test_packages_never_play_on_the_sites_own_origin(settings: Settings) -> None:
    assert content_origin(None) == []
    settings.CONTENT_ORIGIN = settings.SITE_URL
    assert [error.id for error in content_origin(None)] == ["lms.CONTENT_ORIGIN"]
