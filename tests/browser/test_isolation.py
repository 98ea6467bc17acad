"""A hostile package tries to get out of its frame, and tells itself that it could not."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import PHONE
from tests.browser.conftest import WAIT_MS
from tests.browser.frames import bring, play, wait_for
from tests.browser.packages import Brought
from tests.browser.site import DemoSite
from tests.courses.h5p import made

HOSTILE = "H5P.Hostile-1.0"
WAYS = {
    *(
        "cookie",
        "storage",
        "innerCookie",
        "database",
        "caches",
        "worker",
        "thread",
        "page",
        "pageAddress",
        "pageStorage",
    ),
    *("topLocation", "topReplace", "frameElement", "fetchPage", "fetchBlind", "uploads", "request", "socket"),
    *("picture", "script", "styles", "popup"),
}


@pytest.fixture(scope="module")
def hostile(demo: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Brought]:
    """The package in the demo, for each of its ways."""
    folder = tmp_path_factory.mktemp("hostile")
    packages = {}
    for way in ("attack", "leave"):
        packages[way] = folder / f"{way}.h5p"
        params = {"site": demo.url, "way": way}
        packages[way].write_bytes(made.package(main=HOSTILE, libraries=[HOSTILE], params=params))
    return dict(zip(packages, bring(demo, *packages.values()), strict=True))


@pytest.fixture
def page(browser: Browser, demo: DemoSite) -> Iterator[Page]:
    """A learner's page; what is refused is written in its console, so that is not looked at."""
    context = demo.context(browser, session=demo.sessions["learner"], size=PHONE)
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


def test_every_way_out_of_the_frame_is_refused(
    page: Page, demo: DemoSite, hostile: dict[str, Brought]
) -> None:
    answered: list[str] = []
    frame = play(page, hostile["attack"]["address"])
    page.context.on("response", lambda response: answered.append(response.url))
    frame.get_by_role("button", name="Try").click()
    told = wait_for(page, "statement", lambda message: "result" in message["statement"])["statement"]
    found = json.loads(told["result"]["response"])
    assert set(found) == WAYS
    assert {way: got for way, got in found.items() if not got.startswith("refused:")} == {}
    assert [url for url in answered if url.startswith(demo.url)] == []
    assert page.url == f"{demo.url}/privacy/"


def test_it_sends_no_form_no_beacon_and_does_not_leave_for_the_site(
    page: Page, demo: DemoSite, hostile: dict[str, Brought]
) -> None:
    answered: list[str] = []
    frame = play(page, hostile["leave"]["address"])
    page.context.on("response", lambda response: answered.append(response.url))
    frame.get_by_role("button", name="Try").click()
    page.wait_for_timeout(1500)
    assert [url for url in answered if "stolen" in url] == []
    assert page.url == f"{demo.url}/privacy/"
    assert page.evaluate("document.querySelectorAll('iframe').length") == 1
    assert page.request.get(f"{demo.url}/me/", max_redirects=0).status == 200  # still signed in


def test_the_frames_page_is_shown_by_the_site_alone(
    page: Page, demo: DemoSite, hostile: dict[str, Brought], tmp_path: Path
) -> None:
    """Opened by itself it has no cookie and nothing to speak to."""
    answer = page.goto(hostile["attack"]["address"])
    assert answer is not None
    assert "set-cookie" not in answer.headers
    assert page.evaluate("window.origin") == "null"
    assert page.locator("button").count() == 0
