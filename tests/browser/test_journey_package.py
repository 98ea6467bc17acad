"""Interactive contents and a courseware on a phone: played, answered, left half-way, done once more."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests.browser.axe import clean
from tests.browser.conftest import Open
from tests.browser.site import DemoSite
from tests.browser.test_player import REQUESTS
from tests.browser.weight import HANDED, packages_weight

JUDGE, COURSEWARE = "fraud-judge", "open-affairs"
# What is right in the demo's content, one after the other.
TRUTHS = (True, False, True, False, True, False)
SIZE = {"width": 390, "height": 844}
# What a loaded machine may take to open a package, and for half of a minute of study.
OPEN_MS, TIME_MS = 60_000, 90_000
STATE = "async (address) => (await fetch(address)).json()"


def phone_of(open_page: Open, who: str) -> Page:
    return open_page(as_=who, size=SIZE, has_touch=True, is_mobile=True)


def content(page: Page) -> FrameLocator:
    """What plays in the lesson's frame."""
    return page.frame_locator("[data-package] iframe")


def courseware(page: Page) -> FrameLocator:
    """The object that the host of a courseware shows."""
    return content(page).frame_locator("iframe")


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    expect(page.locator("[data-package] iframe")).to_be_visible(timeout=OPEN_MS)
    return page


def told(page: Page) -> dict[str, Any]:
    """What the server says of the package on the page."""
    address = page.locator("[data-package]").get_attribute("data-go")
    found: dict[str, Any] = page.evaluate(STATE, address)
    return found


def progress(page: Page) -> dict[str, Any]:
    """What the server holds of the lesson on the page."""
    address = page.locator("[data-study]").get_attribute("data-study")
    found: dict[str, Any] = page.evaluate(STATE, address)
    return found


def judge(page: Page, number: int, *, is_right: bool = True) -> None:
    """Answer the statement that is shown, and go on; by keyboard, since the frame grows under a finger."""
    answer = TRUTHS[number] if is_right else not TRUTHS[number]
    frame = content(page)
    frame.locator(f"[data-answer={str(answer).lower()}]").press("Enter", timeout=OPEN_MS)
    expect(frame.locator(".xx-told")).to_be_visible()
    expect(frame.locator(".xx-next")).to_be_focused()
    frame.locator(".xx-next").press("Enter")


def until_sent(page: Page) -> None:
    """Wait until nothing waits on the phone."""
    expect(page.locator("[data-mark-there][data-is=sent]")).to_be_visible(timeout=OPEN_MS)


def test_a_content_is_answered_left_resumed_and_finishes_the_lesson(open_page: Open, demo: DemoSite) -> None:
    page = opened(phone_of(open_page, "fresh"), demo.content[JUDGE])
    expect(page.locator("main")).to_contain_text(re.compile(r"60 ?%"))
    judge(page, 0)
    judge(page, 1, is_right=False)
    until_sent(page)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(1_000)

    opened(page, demo.content[JUDGE])
    expect(content(page).locator(".xx-place")).to_contain_text("3", timeout=OPEN_MS)
    for number in range(2, len(TRUTHS)):
        judge(page, number)
    expect(page.locator("[data-result]")).to_contain_text("83", timeout=OPEN_MS)
    clean(page)
    result = told(page)["result"]
    assert (result["score"], result["percent"], result["complete"]) == ("5/6", 83, True)

    expect(page.locator("[data-outcome]")).to_have_attribute("data-is", "good", timeout=TIME_MS)
    assert progress(page)["finished"]
    page.locator("a[href$='/attempts/']").click()
    expect(page.locator("main")).to_contain_text("5/6")
    clean(page)
    page.goto("/me/record/")
    expect(page.get_by_text("是不是骗局，您来判断")).to_have_count(1)


def test_an_answer_without_a_network_is_kept_and_counts_once(open_page: Open, demo: DemoSite) -> None:
    page = opened(phone_of(open_page, "learner"), demo.content[JUDGE])
    judge(page, 0)
    until_sent(page)
    page.context.set_offline(True)
    for number in range(1, len(TRUTHS)):
        judge(page, number)
    expect(page.locator("[data-mark-here][data-is=here]")).to_be_visible()
    expect(page.locator("[data-mark-there]")).to_have_attribute("data-is", "wait")
    page.context.set_offline(False)
    expect(page.locator("[data-result]")).to_contain_text("100", timeout=OPEN_MS)
    until_sent(page)
    found = told(page)
    assert (found["attempts"], found["result"]["score"]) == (1, "6/6")


def test_an_answer_whose_token_ran_out_is_brought_again(open_page: Open, demo: DemoSite) -> None:
    page = phone_of(open_page, "city")
    refused: list[dict[str, Any]] = []

    def expire(route: Route) -> None:
        entries = route.request.post_data_json["entries"]
        if refused or not any(entry["kind"] == "statement" for entry in entries):
            route.continue_()
            return
        refused.extend(entries)
        answers = [{"n": entry["n"], "error": "expired"} for entry in entries]
        route.fulfill(json={"ack": entries[-1]["n"], "answers": answers})

    page.route("**/uploads/", expire)
    opened(page, demo.content[JUDGE])
    judge(page, 0)
    until_sent(page)
    assert refused
    page.locator("a[href$='/attempts/']").click()
    expect(page.locator(".reviewed li")).to_have_count(1)


def test_what_is_too_large_to_be_entered_is_said(open_page: Open, demo: DemoSite) -> None:
    page = opened(phone_of(open_page, "fresh"), demo.content[JUDGE])
    told = "{ xiangxue: 1, type: 'statement', statement: { verb: { id: 'a:b' }, more: 'a'.repeat(300000) } }"
    content(page).locator("body").evaluate(f"() => top.postMessage({told}, '*')")
    words = page.locator("[data-package]").get_attribute("data-say-refused")
    expect(page.locator("[data-note]")).to_have_text(words or "")


def test_what_cannot_be_loaded_says_so_and_can_be_tried_again(open_page: Open, demo: DemoSite) -> None:
    page = phone_of(open_page, "half-way")
    page.route(re.compile(r".*/study/interactive/.*"), lambda route: route.fulfill(body=""))
    page.goto(demo.content[JUDGE])
    again = page.locator("[data-retry]")
    expect(again).to_be_visible(timeout=OPEN_MS)
    expect(page.locator("[data-note]")).to_be_visible()
    clean(page)
    page.unroute_all()
    again.click()
    expect(content(page).locator(".xx-statement")).to_be_visible(timeout=OPEN_MS)
    expect(again).to_be_hidden()


def test_a_courseware_is_left_resumed_on_another_phone_and_passed(open_page: Open, demo: DemoSite) -> None:
    page = opened(phone_of(open_page, "fresh"), demo.content[COURSEWARE])
    pages = courseware(page)
    pages.locator("[data-next]").click(timeout=OPEN_MS)
    pages.locator("[data-next]").click()
    expect(pages.locator("h1:visible")).to_contain_text("第三步")
    clean(page)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    until_sent(page)
    page.goto("/")

    other = opened(phone_of(open_page, "fresh"), demo.content[COURSEWARE])
    pages = courseware(other)
    expect(pages.locator("h1:visible")).to_contain_text("第三步", timeout=OPEN_MS)
    answer(other, "b")
    expect(other.locator("[data-result]")).to_contain_text("100", timeout=OPEN_MS)
    assert told(other)["result"]["success"] is True

    other.locator("[data-again]").click()
    other.locator("[data-yes]").click()
    expect(pages.locator("h1:visible")).to_contain_text("第一步", timeout=OPEN_MS)
    with other.expect_response("**/uploads/"):
        answer(other, "a")
    until_sent(other)
    found = told(other)
    assert found["attempts"] == 2
    assert found["result"]["percent"] == 100


def answer(page: Page, value: str) -> None:
    """Go to the last page and answer its question."""
    pages = courseware(page)
    while pages.locator("[data-next]").is_enabled():
        pages.locator("[data-next]").click()
    pages.locator(f"input[value={value}]").check()
    pages.locator("button[type=submit]").click()
    expect(pages.locator("[data-told]")).to_be_visible()


def test_the_whole_screen_opens_and_closes(open_page: Open, demo: DemoSite) -> None:
    page = phone_of(open_page, "learner")
    page.add_init_script(
        "delete Element.prototype.requestFullscreen; delete Element.prototype.webkitRequestFullscreen"
    )
    opened(page, demo.content[COURSEWARE])
    page.locator("[data-full]").click()
    close = page.locator("[data-full-close]")
    expect(close).to_be_focused()
    box = page.locator("[data-package] iframe").bounding_box()
    assert box is not None
    assert box["height"] > SIZE["height"] * 0.8
    clean(page)
    close.click()
    expect(page.locator("[data-full]")).to_be_focused()


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, {"width": 1280, "height": 900}])
@pytest.mark.parametrize("slug", [JUDGE, COURSEWARE])
def test_it_fits_every_screen(
    open_page: Open, demo: DemoSite, slug: str, size: dict[str, int], elder: bool
) -> None:
    page = open_page(as_="half-way", size=size, elder=elder)
    opened(page, demo.content[slug])
    expect(page.locator("[data-package] [data-note]")).to_be_hidden(timeout=OPEN_MS)
    page.wait_for_timeout(1_000)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    clean(page)


def test_a_second_visit_fetches_next_to_nothing(browser: Browser, demo: DemoSite) -> None:
    with demo.context(browser, session=demo.sessions["county"], size=SIZE) as context:
        page = context.new_page()
        first, again = (packages_weight(page, demo.content[JUDGE], demo.content_origin) for _ in range(2))
        expect(content(page).locator(".xx-statement")).to_be_visible(timeout=OPEN_MS)
    handed = [url for url in first if HANDED.search(url)]
    assert len(handed) == 4
    assert len(first) <= REQUESTS
    assert not set(handed) & set(again)
    assert sum(again.values()) < sum(first.values()) / 5


def test_what_the_page_cannot_hand_over_the_frame_fetches_itself(browser: Browser, demo: DemoSite) -> None:
    refused: list[str] = []

    def refuse(route: Route) -> None:
        if route.request.resource_type != "fetch":
            route.continue_()
            return
        refused.append(route.request.url)
        route.abort()

    with demo.context(browser, session=demo.sessions["county"], size=SIZE) as context:
        page = context.new_page()
        page.route(HANDED, refuse)
        opened(page, demo.content[JUDGE])
        expect(content(page).locator(".xx-statement")).to_be_visible(timeout=OPEN_MS)
    assert len(refused) == 4
