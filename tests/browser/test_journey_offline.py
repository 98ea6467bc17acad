"""A village without a network: what was kept opens, what is studied there waits and counts once."""

from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import clean
from tests.browser.conftest import SwitchOn
from tests.browser.memory import Entry, until_kept, until_waiting
from tests.browser.network import Network
from tests.browser.site import DemoSite
from tests.browser.test_journey_learner import PAUSE, PLACE, PLAY_MS, state, until

# A film of so many seconds, and how many of them finish it.
FILM, FILM_SECONDS, NEED, TITLE = "leave-early", 20, 19, "二十秒记住转移避险"
NEVER_OPENED = "before-the-rain"
# Who studied on this phone last.
REMEMBERED = """new Promise((resolve) => {
  const asked = indexedDB.open("xiangxue", 1);
  asked.onsuccess = () => {
    const found = asked.result.transaction("about").objectStore("about").get("person");
    found.onsuccess = () => {
      asked.result.close();
      resolve(found.result);
    };
  };
})"""

Phone = Callable[[], BrowserContext]


@pytest.fixture
def phone(switch_on: SwitchOn) -> Phone:
    """Switches the phone of a newcomer on."""
    return partial(switch_on, "fresh")


def page_of(context: BrowserContext, path: str) -> Page:
    """The phone's one page, at an address."""
    page = context.pages[0]
    page.goto(path)
    return page


def look_after(page: Page) -> None:
    """Wait until the site looks after its pages on this phone."""
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    until(page, "Boolean(navigator.serviceWorker.controller)")


def test_lesson_kept_and_studied_without_a_network_counts_once(
    phone: Phone, network: Network, demo: DemoSite
) -> None:
    film = demo.content[FILM]
    with closing(phone()) as context:
        page = page_of(context, film)
        look_after(page)
        keep(page)
        network.pull()
        page.reload()
        expect(page.locator("[data-offline]")).to_be_visible()
        clean(page)
        page.locator("[data-start]").click()
        until(page, f"{PLACE} >= {FILM_SECONDS / 2}")
        page.evaluate(PAUSE)
        expect(page.locator("[data-mark-here][data-is=here]")).to_be_visible()
        expect(page.locator("[data-mark-there][data-is=wait]")).to_be_visible()
        place = int(page.evaluate(PLACE))
        until_waiting(page, lambda entries: any(each["body"]["position"] == place for each in entries))

    with closing(phone()) as context:
        page = page_of(context, film)
        page.locator("[data-start]").click()
        until(page, f"{PLACE} >= {FILM_SECONDS / 2 + 1}")
        assert page.evaluate(PLACE) < FILM_SECONDS / 2 + 4
        until(page, f"{PLACE} >= {FILM_SECONDS - 0.5}")
        until_waiting(page, lambda entries: covered(entries) >= NEED)

    network.plug()
    with closing(phone()) as context:
        page = page_of(context, "/")
        arrive(page, film)
        page.goto("/me/record/")
        expect(page.get_by_text(TITLE)).to_have_count(1)
        page.goto(film)
        page.locator("[data-keep] summary").click()
        page.locator("[data-keep-remove]").click()
        expect(page.locator("[data-keep-start]")).to_be_visible()


def covered(entries: list[Entry]) -> int:
    """How many seconds of a film wait on the phone."""
    ranges = [span for each in entries for span in each["body"]["segments"]]
    return len({second for first, last in ranges for second in range(first, last)})


def keep(page: Page) -> None:
    """Keep the lesson on the phone and see it listed there."""
    page.locator("[data-keep] summary").click()
    clean(page)
    page.locator("[data-keep-start]").click()
    expect(page.locator("[data-keep-remove]")).to_be_visible(timeout=PLAY_MS)
    expect(page.locator("[data-keep-start]")).to_be_hidden(timeout=PLAY_MS)
    page.goto("/phone/")
    expect(page.locator("[data-kept] a")).to_have_text([TITLE])
    clean(page)
    page.locator("[data-kept] a").click()
    expect(page.locator("[data-so-far]")).to_be_visible()


def arrive(page: Page, film: str) -> None:
    """Wait until the server has what waited."""
    address = ""
    for _look in range(PLAY_MS // 500):
        if not address:
            page.goto(film)
            address = page.locator("[data-study]").get_attribute("data-study") or ""
        if state(page)["finished"]:
            return
        page.wait_for_timeout(500)
    pytest.fail("what was studied without a network never arrived")


def test_pages_that_were_open_before_open_again_without_a_network(
    phone: Phone, network: Network, demo: DemoSite
) -> None:
    course = "/courses/flood-safety/"
    with closing(phone()) as context:
        page = page_of(context, course)
        look_after(page)
        page.goto("/")
        page.goto(course)
        until_kept(page, "/", course)

    network.pull()
    with closing(phone()) as context:
        page = page_of(context, course)
        expect(page.locator("ol.steps li").first).to_be_visible()
        expect(page.locator("[data-offline]")).to_be_visible()
        page.locator("nav.tabs a[href='/']").click()
        expect(page.locator("article.owed").first).to_be_visible()
        page.goto(demo.content[NEVER_OPENED])
        expect(page.locator("[data-phone]")).to_be_visible()
        clean(page)


def test_the_phone_does_not_take_the_next_person_for_the_last(phone: Phone, demo: DemoSite) -> None:
    with closing(phone()) as context:
        page = page_of(context, demo.content[FILM])
        look_after(page)
        until(page, f"{REMEMBERED}.then(Boolean)")
        # At the door, whatever comes of it.
        page.evaluate("fetch('/account/login/', { method: 'POST' }).then(() => null)")
        until(page, f"{REMEMBERED}.then((person) => !person)")
