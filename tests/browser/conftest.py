"""The demo in a real browser, at the size of a phone and of a desktop."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Page, Request

from tests.browser.chromium import DESKTOP, PHONE, executable, launch_options
from tests.browser.network import Network
from tests.browser.site import DemoSite
from tests.databases import NAME, Databases

# Playwright's loop runs in this thread; the ORM is used between its calls, never inside one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
WAIT_MS = 15_000
REASON = "no Chromium found: install it, or name its path in CHROMIUM"

Open = Callable[..., Page]
SwitchOn = Callable[[str], BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; without one it is skipped and says so, or fails if REQUIRE_BROWSER."""
    mine = [item for item in items if Path(__file__).parent in item.path.parents]
    is_here = executable() is not None
    for item in mine:
        item.add_marker(pytest.mark.browser)
        if not is_here:
            item.add_marker(pytest.mark.skip(reason=REASON))
    if mine and not is_here and os.environ.get("REQUIRE_BROWSER"):
        raise pytest.UsageError(REASON)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[DemoSite]:
    """The demo, running; shared by all journeys, so each works with people of its own."""
    folder = tmp_path_factory.mktemp("demo") / "site"
    databases.copy_demo(folder / "var" / NAME, folder / "media")
    with DemoSite(folder) as site:
        yield site


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type: BrowserType) -> dict[str, Any]:  # as launch() takes them
    """Which browser, and how."""
    return launch_options(browser_type, Path(configured.VAR_DIR) / "browser")


class Watch:
    """What a page must not do: fail in a script, be refused by its policy, speak to a third party."""

    def __init__(self, *sites: str) -> None:
        self.sites = sites
        self.faults: list[str] = []

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._heard)
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        # Chromium calls it an error too when a form is refused with 4xx, or the test cut the network.
        meant = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
        if message.type == "error" and not any(words in message.text for words in meant):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((*self.sites, "data:", "blob:", "about:")):
            self.faults.append(f"foreign host: {request.url}")


@pytest.fixture
def open_page(browser: Browser, demo: DemoSite) -> Iterator[Open]:
    """Opens a page: `open_page(as_="township", size=DESKTOP, elder=True)`; its faults fail the test."""
    contexts: list[BrowserContext] = []
    watch = Watch(demo.url, demo.content_origin)

    def opened(*, as_: str = "", session: str = "", size: dict[str, int] = PHONE, **more: Any) -> Page:
        context = demo.context(browser, session=session or demo.sessions[as_], size=size, **more)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not watch.faults


@pytest.fixture
def phone(open_page: Open) -> Page:
    """A stranger's phone."""
    return open_page(size=PHONE, has_touch=True)


@pytest.fixture
def desktop(open_page: Open) -> Page:
    """A stranger's desktop."""
    return open_page(size=DESKTOP)


@pytest.fixture
def network(demo: DemoSite) -> Iterator[Network]:
    """The network between a phone and the site."""
    with Network(demo.port) as network:
        yield network


@pytest.fixture
def switch_on(browser_type: BrowserType, demo: DemoSite, network: Network, tmp_path: Path) -> SwitchOn:
    """Switches the phone of an account on: the same phone each time, with all that it kept."""
    options = launch_options(browser_type, Path(configured.VAR_DIR) / "browser")

    def switched_on(key: str) -> BrowserContext:
        context = browser_type.launch_persistent_context(
            tmp_path / key,
            viewport=PHONE,
            base_url=network.url,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.set_default_timeout(WAIT_MS)
        context.add_cookies([{"name": "sessionid", "value": demo.sessions[key], "url": network.url}])
        return context

    return switched_on
