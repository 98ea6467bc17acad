"""A document read on a phone: page by page, with a jump, and on another phone later."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import clean
from tests.browser.chromium import PHONE
from tests.browser.conftest import Open
from tests.browser.site import DemoSite

PLAN, ARCHIVES = "village-flood-plan", "village-archives"
READ_MS = 30_000
STATE = "async (address) => (await fetch(address)).json()"


@pytest.fixture
def phone(open_page: Open) -> Page:
    return open_page(as_="fresh", size=PHONE, has_touch=True, is_mobile=True)


def state(page: Page) -> dict[str, Any]:
    """What the server holds of the lesson on the page."""
    found: dict[str, Any] = page.evaluate(STATE, page.locator("[data-study]").get_attribute("data-study"))
    return found


def read_for(page: Page, pattern: str) -> None:
    """Leave the page as it stands until so much is said to be read, and have it sent."""
    expect(page.locator("[data-seen]")).to_have_text(re.compile(pattern), timeout=READ_MS)
    with page.expect_response("**/uploads/"):
        page.evaluate("dispatchEvent(new Event('pagehide'))")


def test_what_is_on_the_screen_counts_and_what_was_jumped_over_does_not(
    phone: Page, open_page: Open, demo: DemoSite
) -> None:
    phone.goto(demo.content[PLAN])
    expect(phone.locator("[data-so-far]")).to_be_visible()
    phone.locator("#p4").scroll_into_view_if_needed()
    starts = int(phone.locator("#p4").get_attribute("data-from") or 0)
    read_for(phone, r"^已学 ([4-9]|\d\d) 秒")
    kept = state(phone)
    assert kept["ranges"]
    assert all(starts - 60 < first for first, _last in kept["ranges"]), kept["ranges"]
    assert sum(last - first for first, last in kept["ranges"]) < 40
    clean(phone)

    other = open_page(as_="fresh", size=PHONE)
    other.goto(demo.content[PLAN])
    expect(other.locator("#p4 img")).to_be_in_viewport()


def test_without_scripts_every_page_can_be_seen_read_and_had(open_page: Open, demo: DemoSite) -> None:
    page = open_page(as_="learner", size=PHONE, java_script_enabled=False)
    page.goto(demo.content[PLAN])
    expect(page.locator(".pieces img")).to_have_count(4)
    page.get_by_role("link", name=re.compile("3")).filter(has_text=re.compile("Page|文字")).first.click()
    expect(page.locator("section#p3")).to_contain_text("转移")
    with page.expect_download() as download:
        page.locator("a[download]").click()
    assert download.value.suggested_filename.endswith(".pdf")


def test_a_text_of_word_fits_a_small_phone(open_page: Open, demo: DemoSite) -> None:
    page = open_page(as_="learner", size=PHONE)
    page.goto(demo.content[ARCHIVES])
    expect(page.locator(".pieces table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    clean(page)
