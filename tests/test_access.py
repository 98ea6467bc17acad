"""Nobody in where they don't belong: every address times every role, and no address without a row."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

import pytest
import time_machine
from django.conf import settings as configured
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from accounts.models import Cadre
from tests.pages import EXEMPT, EXEMPT_PREFIXES, PAGES, SEEN, SIGN_IN, Page, addresses
from tests.world import AT, Who, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _alone() -> None:
    """The files of this module's world stay while it lasts."""


@dataclass(frozen=True)
class Visited(World):
    """A world whose people have come in by the door already."""

    cookies: Mapping[Who, str]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visited]:
    """One world for all rows, rolled back in the end."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    clock = time_machine.travel(AT, tick=False)
    with django_db_blocker.unblock(), media, clock, transaction.atomic():
        made = build()
        yield Visited(made.people, made.things, {who: sign_in(made.people[who]) for who in Who})
        transaction.set_rollback(True)


def sign_in(person: Cadre | None) -> str:
    """The cookie of somebody who signed in; empty for a stranger."""
    client = Client()
    if person is None:
        return ""
    client.force_login(person, backend=configured.AUTHENTICATION_BACKENDS[0])
    return client.cookies[configured.SESSION_COOKIE_NAME].value


def visit(path: str, who: Who, world: Visited, *, is_post: bool = False) -> HttpResponse:
    """What somebody is answered; what it wrote is undone."""
    client = Client(raise_request_exception=False)
    cache.clear()
    if world.cookies[who]:
        client.cookies[configured.SESSION_COOKIE_NAME] = world.cookies[who]
    with transaction.atomic():
        response = (client.post if is_post else client.get)(path)
        transaction.set_rollback(True)
    return response


def answer(page: Page, who: Who, world: Visited, query: str = "") -> tuple[int, str]:
    """The status for somebody, and where a redirection leads."""
    response = visit(page.path(world.things) + query, who, world, is_post=page.is_post)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_everybody_gets_the_expected_answer(row: Page, world: Visited) -> None:
    wrong = {}
    for who in Who:
        status, target = answer(row, who, world)
        is_led_to_the_door = status != 302 or target.startswith(resolve_url(configured.LOGIN_URL))
        expected = row.answers[who]
        if status not in expected or (expected == SIGN_IN and not is_led_to_the_door):
            wrong[who.value] = f"{status} {target}, expected {sorted(expected)}"
    assert not wrong


@pytest.mark.parametrize("row", [row for row in PAGES if not row.is_post], ids=lambda row: row.name)
def test_no_page_breaks_on_what_is_typed_behind_its_address(row: Page, world: Visited) -> None:
    who = row.shown_to or Who.TOWNSHIP
    assert answer(row, who, world, "?q=%00")[0] == 400
    digits = "&".join(f"{name}={'9' * 5000}" for name in ("page", "obligation", "year", "basis", "unit"))
    assert answer(row, who, world, f"?{digits}")[0] in row.answers[who] | {404}


@pytest.mark.parametrize("who", [Who.STATION, Who.AUDITOR, Who.TOWNSHIP, Who.TRAINER])
def test_no_link_of_a_page_leads_where_one_may_not_go(who: Who, world: Visited) -> None:
    pages = [row for row in PAGES if row.is_for_eyes and row.answers[who] == SEEN]
    links = {
        link
        for row in pages
        for link in re.findall(r'(?:href|action)="(/[^"#]*)', visit(row.path(world.things), who, world).text)
    }
    assert len(links) > 10
    assert [link for link in sorted(links) if visit(unescape(link), who, world).status_code == 403] == []


def test_every_address_has_a_row_or_a_reason() -> None:
    rows = {page.name for page in PAGES}
    missing = [
        f"{name or '(unnamed)'} {pattern}"
        for name, pattern in addresses()
        if not pattern.startswith(EXEMPT_PREFIXES)
        and name not in rows
        and name not in EXEMPT
        and not is_old_door(name, pattern)
    ]
    assert not missing


def is_old_door(name: str, pattern: str) -> bool:
    """Doors that were put in front of Wagtail's own."""
    return name == "" and (pattern.endswith("/login/") or not pattern.strip("^$()/?:[]\\w-*+"))


def test_no_row_and_no_exemption_is_left_over() -> None:
    known = {name for name, _pattern in addresses()}
    content = {page.name for page in PAGES if page.content}
    assert {page.name for page in PAGES} - content <= known
    assert set(EXEMPT) <= known
    assert len({page.name for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("who", list(Who))
def test_the_publishing_desk_is_for_publishers(who: Who, world: Visited) -> None:
    publishers = {Who.ADMINISTRATOR, Who.TRAINER, Who.REVIEWER}
    status, target = answer(Page("wagtailadmin_home", PAGES[0].kind, {}), who, world)
    if who in publishers:
        assert status == 200
    else:
        assert (status, target) != (200, "")
        assert not target.startswith("/cms/") or "login" in target
